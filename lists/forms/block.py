"""Numbers to block, under a name, in one or more lists."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..intents import Planned
from ..names import short
from ..plusofon.values import Contact, ListEntry
from ..sameness import digest_of
from .base import ManyOfMany
from .numbers import NumbersForm
from .seen import read_seen

LIST_IS_GONE = _("This list no longer exists. Choose another.")


class IntoListsForm(NumbersForm):
    """Numbers, and a field called `list` that offers these lists."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lists: Iterable[ListEntry],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.entries = {entry.id: entry for entry in lists}
        field = self.fields["list"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, short(entry.name) or "—") for key, entry in self.entries.items()]


class BlockForm(IntoListsForm):
    name = forms.CharField(
        label=_("Name"),
        error_messages={"required": _("Enter a name.")},
        help_text=_("Who it is, or why it is here. Everybody sees this in the list."),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    list = ManyOfMany(
        label=_("Lists"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one list."), "invalid_choice": LIST_IS_GONE},
    )

    @property
    def contact(self) -> Contact:
        """What goes into each list."""
        return Contact(self.cleaned_data["name"], self.stored)

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def chosen(self) -> tuple[ListEntry, ...]:
        return tuple(self.entries[key] for key in self.cleaned_data["list"])

    @property
    def agreed(self) -> tuple[Planned, ...] | None:
        """What the person saw in the preview and confirmed; None where something else was typed since.

        A form that carries no preview, such as a script's, agrees to whatever is new.
        """
        if not (text := self.cleaned_data["shown"]):
            return tuple(map(Planned, self.chosen))
        digest, masks = _read_shown(text)
        chosen = sorted(self.chosen, key=_by_id)
        if digest != self._digest or len(masks) != len(chosen):
            return None
        return tuple(
            Planned(entry, _unmasked(mask, self.stored))
            for entry, mask in zip(chosen, masks, strict=True)
        )

    def shown_as(self, plans: Iterable[Planned]) -> str:
        """What a preview of these lists carries along."""
        in_order = sorted(plans, key=lambda planned: planned.list.id)
        masks = [_masked(planned.numbers, self.stored) for planned in in_order]
        return json.dumps([self._digest, *masks])

    @property
    def _digest(self) -> str:
        chosen = [
            text
            for entry in sorted(self.chosen, key=_by_id)
            for text in (str(entry.id), entry.name, entry.type)
        ]
        return digest_of([self.cleaned_data["name"], *self.stored, "", *chosen])


def _by_id(entry: ListEntry) -> int:
    return entry.id


def _masked(numbers: tuple[str, ...] | None, stored: tuple[str, ...]) -> str:
    """Which of the numbers are meant, a bit each, as hexadecimal; "" where none was named."""
    if numbers is None:
        return ""
    meant = set(numbers)
    return format(sum(1 << place for place, n in enumerate(stored) if n in meant), "x")


def _unmasked(mask: str, stored: tuple[str, ...]) -> tuple[str, ...] | None:
    if not mask:
        return None
    bits = int(mask[-len(stored) :], 16)  # four of them a sign; what is more no page has sent
    return tuple(number for place, number in enumerate(stored) if bits >> place & 1)


def _read_shown(text: str) -> tuple[str, list[str]]:
    """The digest and the masks; nothing that fits where this is not what a page sent."""
    match read_seen(text):
        case [digest, *masks] if all(re.fullmatch("[0-9a-f]*", mask) for mask in masks):
            return digest, masks
    return "", []

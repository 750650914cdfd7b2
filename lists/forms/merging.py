"""Which lists are merged into which, and what becomes of them then."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..intents import Emptied
from ..names import short
from ..plusofon.values import UNUSED_TYPE, ListEntry
from ..wording.types import type_name
from .base import Form, ManyOfMany
from .block import LIST_IS_GONE

MOST_LISTS = 50  # at once: all of them are read, and written in one act


class MergeForm(Form):
    """`shown`: of the preview, what it said (`services.merging.Lists.digest`); `once`: the form's one-time token.

    The target may be among the chosen lists: it is not merged into itself.
    """

    list = ManyOfMany(
        label=_("Lists to merge"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one list."), "invalid_choice": LIST_IS_GONE},
    )
    target = forms.TypedChoiceField(
        label=_("Merge into"),
        coerce=int,
        error_messages={
            "required": _("Choose the list that keeps the contacts."),
            "invalid_choice": LIST_IS_GONE,
        },
    )
    emptied = forms.ChoiceField(
        label=_("What becomes of the merged lists"),
        widget=forms.RadioSelect,
        choices=[
            (Emptied.DELETED.value, _("Delete them")),
            (Emptied.EMPTY.value, _("Keep them, empty")),
            (Emptied.KEPT.value, _("Leave them as they are")),
        ],
        error_messages={"required": _("Choose what becomes of the merged lists.")},
    )
    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    once = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lists: Iterable[ListEntry],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.entries = {entry.id: entry for entry in lists}
        self.initial.setdefault("emptied", Emptied.DELETED.value)
        self.initial["once"] = uuid4()
        choices = [(str(key), _choice(entry)) for key, entry in self.entries.items()]
        self._choose("list", choices)
        self._choose("target", [("", _("Choose a list")), *choices])

    def _choose(self, name: str, choices: Iterable[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def clean(self) -> None:
        chosen, target = self.cleaned_data.get("list"), self.cleaned_data.get("target")
        if chosen and target:
            if not self.source_ids:
                self.add_error(
                    "list", _("Choose at least one list besides the one that keeps them.")
                )
            elif len(self.source_ids) > MOST_LISTS:
                most = _("Choose %(most)s lists at most at once.")
                self.add_error("list", forms.ValidationError(most, params={"most": MOST_LISTS}))

    @property
    def into(self) -> ListEntry:
        return self.entries[self.cleaned_data["target"]]

    @property
    def source_ids(self) -> tuple[int, ...]:
        target = self.cleaned_data["target"]
        return tuple(key for key in self.cleaned_data["list"] if key != target)

    @property
    def afterwards(self) -> Emptied:
        return Emptied(self.cleaned_data["emptied"])


def token_of(sent: QueryDict) -> str | None:
    """The one-time token of a form that confirms a preview: another one for another preview, so that a page that
    was gone back to and changed is an act of its own. None where no page of ours has sent it."""
    try:
        once = UUID(sent.get("once", ""))
    except ValueError:
        return None
    words = (sent.get("emptied", ""), sent.get("shown", ""))
    return str(uuid5(once, "\x00".join(words)))


def _choice(entry: ListEntry) -> str:
    name = short(entry.name) or "—"
    return f"{name} · {type_name(entry.type)}" if entry.type == UNUSED_TYPE else name

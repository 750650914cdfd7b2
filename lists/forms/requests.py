"""Asking for a block or an unblock, and saying no to it."""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import phones
from ..phones import NotANumber, normalise
from ..plusofon.values import ListEntry
from .base import Form
from .block import LIST_IS_GONE, IntoListsForm
from .numbers import fault_of

LEFT_TO_MANAGER = "manager"  # instead of a list


class ReasonForm(Form):
    """`once`: a token of this form alone; however often it is sent, it asks once."""

    reason = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Give a reason: a manager decides by it.")},
        help_text=_("Managers see it, and it becomes the name in the list unless they change it."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial["once"] = uuid4()

    def clean_once(self) -> str:
        token: UUID | None = self.cleaned_data["once"]
        return str(token or uuid4())


def _list_id(value: str) -> int | None:
    return None if value == LEFT_TO_MANAGER else int(value)


class AskForm(ReasonForm, IntoListsForm):
    """To block. `checked`: the numbers of which the person was told what is known already."""

    list = forms.TypedChoiceField(
        label=_("List"),
        coerce=_list_id,
        error_messages={"required": _("Choose a list."), "invalid_choice": LIST_IS_GONE},
    )
    checked = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, last: int | None = None, **kwargs: Any
    ) -> None:
        """`last`: the list that was chosen last, the first of all; the manager's choice comes next."""
        super().__init__(data, **kwargs)
        field = self.fields["list"]
        assert isinstance(field, forms.ChoiceField)
        named = [*cast("Iterable[tuple[Any, Any]]", field.choices)]
        place = 1 if last in self.entries else 0
        left = (LEFT_TO_MANAGER, _("Let the manager choose"))
        field.choices = [*named[:place], left, *named[place:]]

    @property
    def entry(self) -> ListEntry | None:
        """None: the manager chooses."""
        list_id: int | None = self.cleaned_data["list"]
        return None if list_id is None else self.entries[list_id]

    @property
    def unchecked(self) -> tuple[str, ...]:
        checked = read_checked(self.cleaned_data["checked"])
        return tuple(number for number in self.stored if normalise(number) not in checked)


def read_checked(text: str) -> frozenset[str]:
    """The normalised numbers that a form carries in `checked`."""
    return frozenset(filter(None, text.split(",")))


class AskUnblockForm(ReasonForm):
    """One number, as a lookup found it."""

    number = forms.CharField(max_length=200, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"].help_text = _("Managers see it.")

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"])
        except NotANumber as error:
            raise fault_of(error) from error


class DeclineForm(Form):
    why = forms.CharField(
        label=_("Reason for declining"),
        error_messages={"required": _("Give a reason: the person who asked will read it.")},
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

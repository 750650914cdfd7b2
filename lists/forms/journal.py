"""What to look for in the journal."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import phones
from ..names import short
from ..plusofon.values import ID
from ..wording.journal import ACTIONS
from ..wording.outcomes import ENDS
from .base import Form
from .numbers import fault_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Beside the actions: several of them in one, and what took one back.
GROUPS = [("blocked", _("All blocks")), ("unblocked", _("All unblocks"))]
UNDONE = ("undo", _("Undone"))


def _day(label: "StrOrPromise") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("No such date. Write it like 31.12.2026.")},
    )


class JournalForm(Form):
    """All of it stands in the address; nothing is required."""

    person = forms.ChoiceField(label=_("Who"), required=False)
    list = forms.TypedChoiceField(label=_("List"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("Action"), required=False)
    outcome = forms.ChoiceField(label=_("Result"), required=False)
    number = forms.CharField(
        label=_("Number or name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    since = _day(_("From"))
    until = _day(_("To"))

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        people: Iterable[str],
        lists: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        everything = ("", _("all"))
        named = {str(list_id): f"{short(name)} · {list_id}" for list_id, name in lists}
        asked = data.get("list", "")
        if re.fullmatch(ID, asked):  # no entry is about it (yet)
            named.setdefault(asked, asked)
        self._choose("person", [everything, *((name, name) for name in people)])
        self._choose("list", [everything, *named.items()])
        self._choose("action", [everything, *GROUPS, *ACTIONS.items(), UNDONE])
        self._choose("outcome", [everything, *ENDS.items()])

    def _choose(self, name: str, choices: Sequence[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        field.error_messages["invalid_choice"] = _("Nothing found.")

    def clean_number(self) -> str:
        """Digits mean a number, normalised; letters mean a name, as typed (see `is_name`)."""
        text: str = self.cleaned_data["number"]
        if not text or is_name(text):
            return text
        try:
            return phones.parse(text)
        except phones.NotANumber as error:
            raise fault_of(error) from error


def is_name(text: str) -> bool:
    return any(letter.isalpha() for letter in text)

"""A number that leaves contacts: which of those where it was found."""

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .. import phones
from ..intents import UnblockNumber
from ..phones import NotANumber
from ..plusofon.values import ID, Contact, ListEntry
from .base import Form
from .numbers import fault_of
from .seen import read_seen


@dataclass(frozen=True, slots=True)
class Place:
    """A contact as the person saw it, and its list."""

    list: ListEntry
    contact: Contact


def place_as(place: Place) -> str:
    """What the form carries along of a place."""
    return json.dumps(
        [str(place.list.id), place.list.name, place.contact.name, *place.contact.phones]
    )


def read_place(text: str) -> Place | None:
    """None where this is not what a page sent."""
    match read_seen(text):
        case [list_id, list_name, name, *numbers] if re.fullmatch(ID, list_id):
            return Place(ListEntry(int(list_id), list_name, ""), Contact(name, tuple(numbers)))
    return None


class UnblockForm(Form):
    """`offered`: where the number was found; `contact`: the ones chosen of them."""

    number = forms.CharField(max_length=200, widget=forms.HiddenInput)
    contact = forms.MultipleChoiceField(
        error_messages={"required": _("Choose at least one contact.")}
    )

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offered = {
            text: place for text in data.getlist("offered") if (place := read_place(text))
        }
        self.chosen = data.getlist("contact")
        field = self.fields["contact"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(text, text) for text in self.offered]

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"])
        except NotANumber as error:
            raise fault_of(error) from error

    @property
    def intents(self) -> dict[ListEntry, UnblockNumber]:
        """What shall become of each list in which something was chosen."""
        chosen: defaultdict[ListEntry, list[Contact]] = defaultdict(list)
        spared: defaultdict[ListEntry, list[Contact]] = defaultdict(list)
        for text, place in self.offered.items():
            is_chosen = text in self.cleaned_data["contact"]
            (chosen if is_chosen else spared)[place.list].append(place.contact)
        number = self.cleaned_data["number"]
        return {
            entry: UnblockNumber(number, tuple(contacts), tuple(spared[entry]))
            for entry, contacts in chosen.items()
        }

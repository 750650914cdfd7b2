"""Which contacts lose a number: those that were chosen of a lookup's hits."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .. import phones
from ..intents import UnblockNumber
from ..names import short
from ..phones import NotANumber
from ..plusofon.values import ID, Contact, ListEntry
from ..resolving import without
from ..sameness import contact_key
from .base import Form, ManyOfMany
from .numbers import fault_of

MOST_PLACES = 10_000  # that a form carries along: about a megabyte
MOST_LEFT = 5  # numbers that a contact would keep, as it is shown
_KEY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Place:
    """A contact as the person saw it, by its key (see `contact_key`), and its list. `name` and `left`,
    the first numbers that it keeps, are shown; `more`: how many others it keeps."""

    list: ListEntry
    key: str
    name: str
    left: tuple[str, ...]
    more: int = 0

    @property
    def value(self) -> str:
        """What the form sends where it is chosen."""
        return f"{self.list.id}-{self.key}"


def place_of(entry: ListEntry, contact: Contact, number: str) -> Place:
    """Where this number was found."""
    left = without(number, contact)
    kept = left.phones if left else ()
    shown = tuple(map(short, kept[:MOST_LEFT]))
    key = contact_key(contact)
    return Place(entry, key, short(contact.name), shown, len(kept) - len(shown))


def places_as(places: Iterable[Place]) -> str:
    """Serialise them for one field, each list named once."""
    lists = [
        [
            list_id,
            short(name),
            [[place.key, place.name, place.more, *place.left] for place in there],
        ]
        for (list_id, name), there in groupby(
            places, lambda place: (place.list.id, place.list.name)
        )
    ]
    return json.dumps(lists, ensure_ascii=False, separators=(",", ":"))


def read_places(text: str) -> tuple[Place, ...]:
    """Empty where this is not what a page sent."""
    try:
        lists = json.loads(text or "[]")
        return tuple(
            Place(_entry(list_id, name), *_shown(*row))
            for list_id, name, rows in lists
            for row in rows
        )
    except (ValueError, TypeError, RecursionError):
        return ()


def _entry(list_id: int, name: str) -> ListEntry:
    if not re.fullmatch(ID, str(list_id)):
        raise ValueError("no id")
    return ListEntry(int(list_id), _readable(name), "")


def _shown(key: str, name: str, more: int, *left: str) -> tuple[str, str, tuple[str, ...], int]:
    if not _KEY.fullmatch(key):
        raise ValueError("no key")
    return key, _readable(name), tuple(map(_readable, left)), more + 0


def _readable(text: str) -> str:
    """Raises `TypeError` or `ValueError` for what is no text, or half of one."""
    "".join(text).encode()
    return text


class UnblockForm(Form):
    """`offered`: where the number was found; `contact`: the ones chosen of them."""

    number = forms.CharField(max_length=200, widget=forms.HiddenInput)
    contact = ManyOfMany(error_messages={"required": _("Choose at least one contact.")})

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        places = read_places(data.get("offered", ""))
        self.offered = {place.value: place for place in places}
        self.chosen = frozenset(data.getlist("contact"))
        field = self.fields["contact"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, value) for value in self.offered]

    def clean_number(self) -> str:
        try:
            return phones.parse(self.cleaned_data["number"])
        except NotANumber as error:
            raise fault_of(error) from error

    @property
    def intents(self) -> dict[ListEntry, UnblockNumber]:
        """What shall become of each list in which something was chosen."""
        chosen: defaultdict[ListEntry, set[str]] = defaultdict(set)
        spared: defaultdict[ListEntry, set[str]] = defaultdict(set)
        for value, place in self.offered.items():
            (chosen if value in self.chosen else spared)[place.list].add(place.key)
        number = self.cleaned_data["number"]
        return {
            entry: UnblockNumber(number, frozenset(keys), frozenset(spared[entry]))
            for entry, keys in chosen.items()
        }

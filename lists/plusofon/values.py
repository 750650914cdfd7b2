"""What the API speaks of: frozen, typed, and keeping the fields that we do not know."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Extra = Mapping[str, Any]
# An id as text. A longer one is none: no database would take it.
ID = r"[0-9]{1,18}"
# Shared by all who have none: a long list would make ten thousand.
NOTHING: Extra = {}
UNUSED_TYPE = "white"  # the vendor does not use white lists yet: being in one blocks nobody


@dataclass(frozen=True, slots=True)
class Contact:
    """A name and its numbers, spelled as stored. The API gives a contact no id."""

    name: str
    phones: tuple[str, ...]
    extra: Extra = field(default_factory=lambda: NOTHING, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A list as the page of lists names it: without its contacts."""

    id: int
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class ContactList:
    """One whole list, as `GET contact-lists/{id}` answers it."""

    id: int
    name: str
    type: str
    contacts: tuple[Contact, ...]
    extra: Extra = field(default_factory=dict, compare=False, repr=False)

    @property
    def entry(self) -> ListEntry:
        """As the page of lists would name it."""
        return ListEntry(self.id, self.name, self.type)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of `GET contact-lists`. `number` is the page that the API says it answered."""

    entries: tuple[ListEntry, ...]
    number: int
    last: int
    per_page: int
    total: int


@dataclass(frozen=True, slots=True)
class ListType:
    """A kind of list that can be created: its code ("black") and the vendor's title for it."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The person whose account a token opens (`GET authuser`)."""

    id: int
    name: str
    email: str

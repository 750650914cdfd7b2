"""Blocking numbers: what it would mean for each, and writing it, one replacement a list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User

from ..changes import Conflict, ContactChange, ListChange
from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact, ContactList, ListEntry
from . import editing, lookup
from .lookup import Scan
from .outcomes import Confirmed, Unknown


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one list. `error`: nothing was changed there."""

    list: ListEntry
    outcome: Confirmed | Unknown | None
    error: PlusofonError | Conflict | None = None

    @property
    def is_confirmed(self) -> bool:
        return isinstance(self.outcome, Confirmed)


def where(numbers: Iterable[str], *, api: Plusofon) -> Scan:
    """Every list, read for these numbers. Raises `PlusofonError` if not even the first page answers."""
    *_, scan = lookup.scan(api.get_lists(1), lookup.has_number(*numbers), api=api)
    return scan


def block(
    contact: Contact, lists: Iterable[ListEntry], *, api: Plusofon, by: User
) -> Iterator[Done]:
    """Add the contact to each list, with those of its numbers that are not there yet.

    A list that already has them all is a success that sends nothing. One list's trouble does not
    keep the others from being written.
    """
    for entry in lists:
        try:
            outcome = editing.write(_adding(contact), entry.id, api=api, by=by)
        except (PlusofonError, Conflict) as error:
            yield Done(entry, None, error)
        else:
            yield Done(entry, outcome)


def _adding(contact: Contact) -> editing.Intent:
    def change(found: ContactList) -> ListChange:
        there = {normalise(phone) for other in found.contacts for phone in other.phones}
        new = tuple(phone for phone in contact.phones if normalise(phone) not in there)
        if not new:
            return ListChange()
        return ListChange(contacts=(ContactChange(None, Contact(contact.name, new)),))

    return change

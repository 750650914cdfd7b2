"""Blocking and unblocking numbers, one replacement a list."""

from collections.abc import Iterable, Iterator, Mapping
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
    return (_done(entry, _adding(contact), api=api, by=by) for entry in lists)


def unblock(
    number: str, chosen: Mapping[ListEntry, Iterable[Contact]], *, api: Plusofon, by: User
) -> Iterator[Done]:
    """Take the number from the chosen contacts of each list; a contact that loses its last is removed.

    A list in which nobody has it any more is a success that sends nothing.
    """
    return (
        _done(entry, _removing(number, contacts), api=api, by=by)
        for entry, contacts in chosen.items()
    )


def without(number: str, contact: Contact) -> Contact | None:
    """What is left of a contact that loses a number: None where that was its last."""
    unwanted = normalise(number)
    left = tuple(phone for phone in contact.phones if normalise(phone) != unwanted)
    return Contact(contact.name, left) if left else None


def _done(entry: ListEntry, intent: editing.Intent, *, api: Plusofon, by: User) -> Done:
    try:
        return Done(entry, editing.write(intent, entry.id, api=api, by=by))
    except (PlusofonError, Conflict) as error:
        return Done(entry, None, error)


def _adding(contact: Contact) -> editing.Intent:
    def change(found: ContactList) -> ListChange:
        there = {normalise(phone) for other in found.contacts for phone in other.phones}
        new = tuple(phone for phone in contact.phones if normalise(phone) not in there)
        if not new:
            return ListChange()
        return ListChange(contacts=(ContactChange(None, Contact(contact.name, new)),))

    return change


def _removing(number: str, contacts: Iterable[Contact]) -> editing.Intent:
    has_number = lookup.has_number(number)

    def change(found: ContactList) -> ListChange:
        if not any(map(has_number, found.contacts)):
            return ListChange()
        return ListChange(
            contacts=tuple(ContactChange(seen, without(number, seen)) for seen in contacts)
        )

    return change

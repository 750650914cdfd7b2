"""When two contacts or lists are the same: to a person, to a form, to what was sent. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from .phones import normalise
from .plusofon.values import Contact, ContactList

Meaning = tuple[str, frozenset[str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """Contacts that one list has and another has not, by meaning: `missing` as sent, `surplus` as found."""

    missing: tuple[Contact, ...]
    surplus: tuple[Contact, ...]


def difference(sent: ContactList, found: ContactList) -> Difference | None:
    """None where both mean the same contacts, in any order, under any spelling."""
    if sent.contacts == found.contacts:
        return None
    # What is exactly alike is no difference: to normalise twenty thousand numbers for each save would be felt.
    only_sent = _without(sent.contacts, Counter(found.contacts))
    only_found = _without(found.contacts, Counter(sent.contacts))
    missing = _left_over(only_sent, Counter(map(meaning, only_found)))
    surplus = _left_over(only_found, Counter(map(meaning, only_sent)))
    return Difference(missing, surplus) if missing or surplus else None


def is_same(sent: ContactList, found: ContactList) -> bool:
    """Whether a list that was read back means what was sent."""
    return (
        sent.name.strip() == found.name.strip()
        and sent.type == found.type
        and difference(sent, found) is None
    )


def meaning(contact: Contact) -> Meaning:
    """What makes two contacts the same to a person, however the API trims, orders or spells them."""
    return contact.name.strip(), frozenset(map(normalise, contact.phones))


def alike(contacts: Iterable[Contact], wanted: Contact) -> Contact | None:
    """The first that means the same."""
    return next(_alike(contacts, wanted), None)


def counterpart(
    contacts: Iterable[Contact], before: Contact, after: Contact | None = None
) -> Contact | None:
    """The contact that `before` seems to have become: the one with most numbers in common with it or
    with `after`. Never by name alone: there are many "Спам" in a list."""
    numbers = set(map(normalise, before.phones))
    if after:
        numbers |= set(map(normalise, after.phones))
    best, most = None, 0
    for contact in contacts:
        shared = len(numbers.intersection(map(normalise, contact.phones)))
        if shared > most:
            best, most = contact, shared
    return best


def stored_form(contact: Contact, stored: ContactList) -> Contact:
    """A contact as the list that was read back spells it."""
    if contact in stored.contacts:
        return contact
    return alike(stored.contacts, contact) or contact


def contact_key(contact: Contact) -> str:
    """A contact's place in a URL: a short hash of what the person saw, name and numbers in order."""
    return digest_of([contact.name, *contact.phones])


def find_contact(contacts: Iterable[Contact], key: str) -> Contact | None:
    return next((contact for contact in contacts if contact_key(contact) == key), None)


def list_digest(contact_list: ContactList) -> str:
    """Tells whether a list is still as the person saw it: name, type, contacts in order."""
    words = [contact_list.name, contact_list.type]
    for contact in contact_list.contacts:  # how many numbers it has tells where the next begins
        words += (contact.name, str(len(contact.phones)), *contact.phones)
    return digest_of(words)


def digest_of(words: Iterable[str]) -> str:
    """A short hash of texts in their order."""
    seen = "\x00".join(words).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(seen, digest_size=8).hexdigest()


def _alike(contacts: Iterable[Contact], wanted: Contact) -> Iterator[Contact]:
    name, numbers = meaning(wanted)
    return (
        contact
        for contact in contacts
        # The name first: normalising ten thousand contacts for each question would be felt.
        if contact.name.strip() == name and frozenset(map(normalise, contact.phones)) == numbers
    )


def _without(contacts: Iterable[Contact], taken: Counter[Contact]) -> tuple[Contact, ...]:
    return tuple(contact for contact in contacts if not _take(taken, contact))


def _left_over(contacts: Iterable[Contact], taken: Counter[Meaning]) -> tuple[Contact, ...]:
    return tuple(contact for contact in contacts if not _take(taken, meaning(contact)))


def _take(taken: Counter[T], what: T) -> bool:
    """Whether there was one to take."""
    if is_there := taken[what] > 0:
        taken[what] -= 1
    return is_there

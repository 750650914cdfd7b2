"""What a person wants to be different in a list, as a value: applied to a list read that moment.

The API can only replace whole lists. Two people who each post a whole list lose one change; two
people who each post a change lose none. Pure: nothing here does I/O.

>>> change = ListChange(contacts=(ContactChange(before=old, after=new),))
>>> change.inverse().apply_to(change.apply_to(contact_list))  # the same contacts as before
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .phones import normalise
from .plusofon.values import Contact, ContactList

Meaning = tuple[str, frozenset[str]]


class Conflict(Exception):
    """Something is no longer as the person saw it. Nothing may be sent.

    `theirs` is what stands there now: the contact that `before` seems to have become, the other
    name or type, the whole list; None where nothing like it is left.
    """

    def __init__(self, theirs: Contact | ContactList | str | None) -> None:
        super().__init__(theirs)
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class ContactChange:
    """Add (no `before`), remove (no `after`) or replace one contact.

    `before` is the contact as the person saw it; its unknown fields do not count, and stay.
    """

    before: Contact | None
    after: Contact | None

    def apply_to(self, contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
        """Raises `Conflict`. What is added goes to the end; what is replaced keeps its place."""
        if self.before is None:
            return contacts if self.after is None else (*contacts, self.after)
        try:
            place = contacts.index(self.before)
        except ValueError:
            raise Conflict(counterpart(contacts, self.before, self.after)) from None
        if self.after is None:
            return contacts[:place] + contacts[place + 1 :]
        extra = contacts[place].extra
        return (*contacts[:place], replace(self.after, extra=extra), *contacts[place + 1 :])

    def inverse(self) -> "ContactChange":
        return ContactChange(before=self.after, after=self.before)

    def fitted_to(self, contacts: tuple[Contact, ...]) -> "ContactChange | None":
        """The same for contacts that may be spelled otherwise by now; None where nothing is left to
        do. Raises `Conflict`."""
        done = self.after is not None and _alike(contacts, self.after) is not None
        if self.before is None:
            return None if done else self
        found = self.before if self.before in contacts else _alike(contacts, self.before)
        if found is not None:
            return replace(self, before=found)
        theirs = counterpart(contacts, self.before, self.after)
        if done or (self.after is None and theirs is None):
            return None
        raise Conflict(theirs)


@dataclass(frozen=True, slots=True)
class TextChange:
    """A list's name or type, as the person saw it and as it shall be."""

    before: str
    after: str

    def apply_to(self, text: str) -> str:
        """Raises `Conflict` unless the text is as the person saw it, or already as it shall be."""
        if text not in (self.before, self.after):
            raise Conflict(text)
        return self.after

    def inverse(self) -> "TextChange":
        return TextChange(before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class ListChange:
    """Everything that one save does to one list: rename, other type, contacts in their order."""

    contacts: tuple[ContactChange, ...] = ()
    name: TextChange | None = None
    type: TextChange | None = None

    def apply_to(self, contact_list: ContactList) -> ContactList:
        """The list as it shall be. Raises `Conflict`; what nobody touched comes out as it went in."""
        contacts = contact_list.contacts
        for change in self.contacts:
            contacts = change.apply_to(contacts)
        return replace(
            contact_list,
            name=self.name.apply_to(contact_list.name) if self.name else contact_list.name,
            type=self.type.apply_to(contact_list.type) if self.type else contact_list.type,
            contacts=contacts,
        )

    def inverse(self) -> "ListChange":
        """Undoes this change, on any list that has it: applied after it, the contacts are the old ones."""
        return ListChange(
            contacts=tuple(change.inverse() for change in reversed(self.contacts)),
            name=self.name.inverse() if self.name else None,
            type=self.type.inverse() if self.type else None,
        )

    def as_found_in(self, contact_list: ContactList) -> "ListChange":
        """The same, with contacts as they stand in a list that it applies to, unknown fields
        included: a contact that comes back by undoing has them again."""
        contacts, found = contact_list.contacts, []
        for change in self.contacts:
            before = change.before and contacts[contacts.index(change.before)]
            found.append(ContactChange(before=before, after=change.after))
            contacts = change.apply_to(contacts)
        return replace(self, contacts=tuple(found))

    def inverse_in(self, contact_list: ContactList) -> "ListChange":
        """The inverse, merged with what others did since: what is as it was before is left alone.

        Raises `Conflict` where something has become another since.
        """
        inverse, contacts, merged = self.inverse(), contact_list.contacts, []
        for change in inverse.contacts:
            if fitted := change.fitted_to(contacts):
                merged.append(fitted)
                contacts = fitted.apply_to(contacts)
        return replace(inverse, contacts=tuple(merged))

    @property
    def adds(self) -> bool:
        """Whether some contact is new or another: such a change can be told from its result."""
        return any(change.after for change in self.contacts)

    @property
    def only_adds(self) -> bool:
        return self.adds and not (
            self.name or self.type or any(change.before for change in self.contacts)
        )

    def is_visible_in(self, contact_list: ContactList) -> bool:
        """Whether a list that was read shows this change, by meaning (see `meaning`)."""
        there = {meaning(contact) for contact in contact_list.contacts}
        wanted = {meaning(change.after) for change in self.contacts if change.after}
        unwanted = {meaning(change.before) for change in self.contacts if change.before} - wanted
        return (
            wanted <= there
            and not unwanted & there
            and (self.name is None or self.name.after.strip() == contact_list.name.strip())
            and (self.type is None or self.type.after == contact_list.type)
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """How a list that was read back differs in meaning from the one that was sent."""

    missing: tuple[Contact, ...]
    surplus: tuple[Contact, ...]


def difference(sent: ContactList, found: ContactList) -> Difference | None:
    """None where both mean the same contacts, in any order, under any spelling."""
    missing = _left_over(sent.contacts, Counter(map(meaning, found.contacts)))
    surplus = _left_over(found.contacts, Counter(map(meaning, sent.contacts)))
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


def counterpart(
    contacts: Iterable[Contact], before: Contact, after: Contact | None = None
) -> Contact | None:
    """The contact that `before` seems to have become: most numbers in common, else the same name."""
    numbers = set(map(normalise, before.phones))
    if after:
        numbers |= set(map(normalise, after.phones))
    names = {before.name.strip(), after.name.strip() if after else before.name.strip()} - {""}
    best = max(
        contacts,
        key=lambda c: (len(numbers & set(map(normalise, c.phones))), c.name.strip() in names),
        default=None,
    )
    if best is None:
        return None
    alike = numbers & set(map(normalise, best.phones)) or best.name.strip() in names
    return best if alike else None


def stored_form(contact: Contact, stored: ContactList) -> Contact:
    """A contact as the list that was read back spells it."""
    if contact in stored.contacts:
        return contact
    return _alike(stored.contacts, contact) or contact


def contact_key(contact: Contact) -> str:
    """A contact's place in a URL: a short hash of what the person saw, name and numbers in order."""
    seen = "\x00".join((contact.name, *contact.phones)).encode()
    return hashlib.blake2b(seen, digest_size=8).hexdigest()


def list_digest(contact_list: ContactList) -> str:
    """Tells whether a list is still as the person saw it: name, type, contacts in order."""
    seen = [contact_list.name, contact_list.type, *map(contact_key, contact_list.contacts)]
    return hashlib.blake2b("\x00".join(seen).encode(), digest_size=8).hexdigest()


def find_contact(contacts: Iterable[Contact], key: str) -> Contact | None:
    return next((contact for contact in contacts if contact_key(contact) == key), None)


def _alike(contacts: Iterable[Contact], wanted: Contact) -> Contact | None:
    means = meaning(wanted)
    return next((contact for contact in contacts if meaning(contact) == means), None)


def _left_over(contacts: tuple[Contact, ...], taken: Counter[Meaning]) -> tuple[Contact, ...]:
    left = []
    for contact in contacts:
        if taken[meaning(contact)] > 0:
            taken[meaning(contact)] -= 1
        else:
            left.append(contact)
    return tuple(left)

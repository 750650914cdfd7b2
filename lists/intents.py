"""What a person asked for, as frozen values: resolved against the list that is read under its lock.

A form gives an intent; `resolve` makes of it the change that it means for the list as it is at that
moment. Pure: nothing here does I/O.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from .changes import ContactChange, ListChange, TextChange
from .conflicts import Conflict, ContactChanged, ContactGone, PlanChanged, TextChanged
from .numbers import Number, read_numbers
from .phones import normalise
from .placing import change_for, equalise, place
from .plusofon.values import Contact, ContactList, ListEntry
from .sameness import contact_key, counterpart, digest_of, find_contact


@dataclass(frozen=True, slots=True)
class AddContact:
    contact: Contact


@dataclass(frozen=True, slots=True)
class EditContact:
    """Save what was typed for the contact that the person `seen`; where the form did not carry it,
    for the one that has the `key` (see `contact_key`)."""

    key: str
    seen: Contact | None
    name: str
    typed: str

    def after(self, before: Contact | None) -> Contact:
        """The contact as it shall be: numbers of `before` that nobody touched stay as they are stored."""
        read = read_numbers(self.typed, before)
        numbers = (n.stored for n in read if isinstance(n, Number) and not n.is_repeated)
        return Contact(self.name, tuple(numbers))


@dataclass(frozen=True, slots=True)
class RemoveContact:
    key: str
    seen: Contact | None


@dataclass(frozen=True, slots=True)
class RenameList:
    """Another name or type. `seen`: both as the page showed them; None takes them as they are.

    `seen_digest`: of the name that was seen (`digest_of`), where that was too long to be carried along; then
    `seen_name` does not count.
    """

    name: str
    type: str
    seen_name: str | None
    seen_type: str | None
    seen_digest: str = ""


@dataclass(frozen=True, slots=True)
class BlockNumbers:
    """One contact with those of its numbers that the list does not have yet.

    `planned`: the numbers that the preview named as new there; None where nobody was shown any.
    """

    contact: Contact
    planned: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A list to block numbers in. `numbers`: those that the preview named as new there; None where
    nobody was shown any."""

    list: ListEntry
    numbers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UnblockNumber:
    """Take the number from the contacts with these keys (see `contact_key`), by which they are as the
    person saw them; one that loses its last goes.

    `spared`: the keys of others with the number that the person saw, and left alone.
    """

    number: str
    keys: frozenset[str]
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AddContacts:
    """Bring contacts into a list, as `placing.place` says: those that are there already stay as they are."""

    contacts: tuple[Contact, ...]
    joins_by_name: bool = False


@dataclass(frozen=True, slots=True)
class EqualContacts:
    """Make the list have these contacts and no others, as `placing.equalise` says.

    `going`: the `digest_of_going` of what the preview said would go; `PlanChanged` where by now it is something
    else.
    """

    contacts: tuple[Contact, ...]
    going: str


@dataclass(frozen=True, slots=True)
class RemoveContacts:
    """Take out those of the contacts that are still as the person saw them; the others stay, and stop none."""

    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class CheckNumbers:
    """Change nothing, and raise `PlanChanged` unless the list has each of these numbers in a text of its own."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MendContacts:
    """A change that a preview has shown, merged with what others did since. `kept`: contacts that have what others
    lose by it, and so have to be there as they were seen: else it is a conflict."""

    change: ListChange
    kept: tuple[Contact, ...]


class Emptied(StrEnum):
    """What shall become of a list whose contacts all are in another now."""

    DELETED = "delete"
    EMPTY = "empty"
    KEPT = "keep"


@dataclass(frozen=True, slots=True)
class Undo:
    """The inverse of a change of long ago, merged with what others did since. `spares`: contacts that have become
    others stay as they are, and stop none; nor do those that the API would refuse as they were."""

    change: ListChange
    spares: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A change that was overwritten, or of which nobody knows, once more, merged with what others did since.
    `spares` as in `Undo`."""

    change: ListChange
    spares: bool = False


Intent = (
    ListChange
    | AddContact
    | EditContact
    | RemoveContact
    | RenameList
    | BlockNumbers
    | UnblockNumber
    | AddContacts
    | EqualContacts
    | RemoveContacts
    | CheckNumbers
    | MendContacts
    | Undo
    | Repeat
)


def resolve(intent: Intent, found: ContactList) -> ListChange:
    """What an intent means for a list just read: a change that applies to it.

    Empty where the list shows it already. Raises `Conflict` where something is no longer as the
    person saw it.
    """
    change = _meant(intent, found)
    try:
        in_found, wanted = change.found_in(found)
    except Conflict:
        if change.adds and change.is_visible_in(found):
            return ListChange()
        raise
    if wanted == found or (change.only_adds and change.is_visible_in(found)):
        return ListChange()
    return in_found


def without(number: str, contact: Contact) -> Contact | None:
    """What is left of a contact that loses a number: None where that was its last."""
    unwanted = normalise(number)
    left = tuple(phone for phone in contact.phones if normalise(phone) != unwanted)
    return Contact(contact.name, left) if left else None


def digest_of_going(contacts: Iterable[Contact]) -> str:
    """Tells whether what would go is still what a preview named."""
    return digest_of(sorted(map(contact_key, contacts)))


def who_has(number: str, contacts: Iterable[Contact]) -> tuple[Contact, ...]:
    """The contacts with this number, in any spelling."""
    wanted = normalise(number)
    return tuple(c for c in contacts if wanted in map(normalise, c.phones))


def missing(numbers: Iterable[str], found: ContactList) -> tuple[str, ...]:
    """Those of the numbers that nobody in the list has, in any spelling."""
    there = {normalise(phone) for contact in found.contacts for phone in contact.phones}
    return tuple(number for number in numbers if normalise(number) not in there)


def _meant(intent: Intent, found: ContactList) -> ListChange:
    match intent:
        case AddContact(contact):
            return _one(None, contact)
        case EditContact():
            return _edited(intent, found)
        case RemoveContact(key, seen):
            before = seen or find_contact(found.contacts, key)
            if before is None:
                raise ContactGone(None)
            return _one(before, None)
        case RenameList():
            seen_name = intent.seen_name
            if intent.seen_digest:
                if digest_of([found.name]) != intent.seen_digest and found.name != intent.name:
                    raise TextChanged(found.name)
                seen_name = found.name
            return ListChange(
                name=_text(seen_name, intent.name, found.name),
                type=_text(intent.seen_type, intent.type, found.type),
            )
        case BlockNumbers(contact, planned):
            new = missing(contact.phones, found)
            if new and planned is not None and new != planned:
                raise PlanChanged
            return _one(None, Contact(contact.name, new)) if new else ListChange()
        case UnblockNumber():
            return _unblocked(intent, found)
        case AddContacts(contacts, joins_by_name):
            return change_for(place(contacts, found.contacts, joins_by_name=joins_by_name))
        case EqualContacts(contacts, going):
            equal = equalise(contacts, found.contacts)
            if digest_of_going(equal.going) != going:
                raise PlanChanged
            return equal.change
        case RemoveContacts(contacts):
            there = Counter(found.contacts) & Counter(contacts)
            return ListChange(contacts=tuple(ContactChange(one, None) for one in there.elements()))
        case CheckNumbers(numbers):
            if missing(numbers, found):
                raise PlanChanged
            return ListChange()
        case MendContacts(change, kept):
            for contact in (Counter(kept) - Counter(found.contacts)).elements():
                theirs = counterpart(found.contacts, contact)
                raise ContactChanged(contact, theirs) if theirs else ContactGone(contact)
            return change.merged_into(found)
        case Undo(change, spares):
            inverse = change.inverse()
            if spares:
                inverse = replace(inverse, contacts=tuple(_savable(inverse.contacts)))
            return inverse.merged_into(found, spares=spares)
        case Repeat(change, spares):
            return change.merged_into(found, spares=spares)
    return intent


def is_savable(contact: Contact) -> bool:
    """Whether it has what the API demands of a contact: a name and numbers, none of them empty."""
    texts = (contact.name, *contact.phones)
    return bool(contact.phones) and all(text.strip() for text in texts)


def _savable(changes: Iterable[ContactChange]) -> Iterator[ContactChange]:
    """Those that the API would take; of a contact that it would not, without the empty texts if that is enough."""
    for change in changes:
        after = change.after
        if after is not None and not is_savable(after):
            after = replace(after, phones=tuple(text for text in after.phones if text.strip()))
        if after is None or is_savable(after):
            yield replace(change, after=after)


def _one(before: Contact | None, after: Contact | None) -> ListChange:
    return ListChange(contacts=(ContactChange(before, after),))


def _edited(intent: EditContact, found: ContactList) -> ListChange:
    before = intent.seen or find_contact(found.contacts, intent.key)
    after = intent.after(before)
    if before is not None:
        return _one(before, after)
    if after in found.contacts:
        return ListChange()  # pressed twice: it is done already
    theirs = counterpart(found.contacts, after)
    raise ContactChanged(None, theirs) if theirs else ContactGone(None)


def _unblocked(intent: UnblockNumber, found: ContactList) -> ListChange:
    """A contact that has lost the number meanwhile, or is gone, needs nothing; unless another one has the
    number now that the person did not see."""
    having = [(contact_key(contact), contact) for contact in who_has(intent.number, found.contacts)]
    is_missing = bool(intent.keys - {key for key, _ in having})
    for key, contact in having if is_missing else ():
        if key not in intent.keys and key not in intent.spared:
            raise ContactChanged(None, contact)
    chosen = (contact for key, contact in having if key in intent.keys)
    return ListChange(
        contacts=tuple(ContactChange(seen, without(intent.number, seen)) for seen in chosen)
    )


def _text(seen: str | None, wanted: str, found: str) -> TextChange | None:
    """Only what the person changed: a rename must not undo another's change of the type."""
    before = found if seen is None else seen
    return TextChange(before, wanted) if before != wanted else None

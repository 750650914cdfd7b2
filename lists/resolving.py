"""What an intent means for a list: the change that it comes to, as the list is when it is read under its lock.

Pure: nothing here does I/O.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from .changes import ContactChange, ListChange, TextChange
from .conflicts import Conflict, ContactChanged, ContactGone, PlanChanged, TextChanged
from .intents import (
    AddContact,
    AddContacts,
    BlockNumbers,
    CheckNumbers,
    EditContact,
    EqualContacts,
    Intent,
    MendContacts,
    RemoveContact,
    RemoveContacts,
    RenameList,
    Repeat,
    UnblockNumber,
    Undo,
)
from .phones import normalise
from .placing import change_for, equalise, place
from .plusofon.values import Contact, ContactList
from .sameness import contact_key, counterpart, digest_of, find_contact


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

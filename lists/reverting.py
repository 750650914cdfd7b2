"""What makes a list again what it was at another time. Pure."""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator

from .changes import ContactChange, ListChange, TextChange
from .phones import normalise
from .plusofon.values import Contact, ContactList


def change_back(found: ContactList, kept: ContactList) -> ListChange:
    """What makes of the list as it was `found` the one that was `kept`: name, type and contacts, spelled
    as they were, each as often. Empty where it is that already.

    A contact that has become another is told by a number that both have (by the name alone never), and keeps its
    place; what is added comes at the end. Unknown fields of contacts that are there stay.
    """
    surplus = Counter(found.contacts) - Counter(kept.contacts)
    added: list[ContactChange] = []
    replaced: list[ContactChange] = []
    become = _Become(surplus.elements())
    for contact in (Counter(kept.contacts) - Counter(found.contacts)).elements():
        if theirs := become.of(contact):
            replaced.append(ContactChange(theirs, contact))
        else:
            added.append(ContactChange(None, contact))
    removed = [ContactChange(contact, None) for contact in become.left()]
    change = ListChange(
        contacts=(*replaced, *removed, *added),
        name=None if found.name == kept.name else TextChange(found.name, kept.name),
        type=None if found.type == kept.type else TextChange(found.type, kept.type),
    )
    # With the equal ones counted: of contacts that are there twice, else nobody could tell whether one more came.
    return change.as_found_in(found)


Contacts = tuple[Contact, ...]


def parts_of(change: ListChange) -> tuple[Contacts, Contacts, Contacts]:
    """The contacts that it brings back, that it takes out, and that it makes what they were."""
    each = change.contacts
    missing = tuple(c.after for c in each if c.after and not c.before)
    added = tuple(c.before for c in each if c.before and not c.after)
    return missing, added, tuple(c.after for c in each if c.after and c.before)


class _Become:
    """The contacts that some others may have become, by their numbers: each is given away once."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._free = dict(enumerate(contacts))
        self._places: defaultdict[Hashable, deque[int]] = defaultdict(deque)
        for place, contact in self._free.items():
            for key in _keys(contact):
                self._places[key].append(place)

    def of(self, contact: Contact) -> Contact | None:
        """First one of its name with one of its numbers, then one with one of its numbers."""
        for key in _keys(contact):
            places = self._places.get(key)
            while places:
                if (theirs := self._free.pop(places.popleft(), None)) is not None:
                    return theirs
        return None

    def left(self) -> Iterable[Contact]:
        return self._free.values()


def _keys(contact: Contact) -> Iterator[Hashable]:
    numbers = list(dict.fromkeys(map(normalise, contact.phones)))
    yield from ((contact.name.strip(), number) for number in numbers)
    yield from numbers

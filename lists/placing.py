"""Where contacts go that come into a list: new there, there already, or joined to a contact of theirs. Pure.

What a preview shows and what is written are both told here, each for the list as it is at its moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from .changes import ContactChange, ListChange
from .phones import normalise
from .plusofon.values import Contact
from .sameness import Meaning, meaning

MOST_CANDIDATES = 20  # of one name that share a number with what comes in


class Place(StrEnum):
    NEW = "new"
    THERE = "there"  # all of its numbers are in a contact of its name
    JOINED = "joined"  # its numbers are added to a contact of its name


@dataclass(frozen=True, slots=True)
class Placed:
    """One incoming contact. `into`: the contact of the list that has it, or gets its numbers, as it was before;
    None for a new one. `missing`: those of its numbers that come into the list by it, as spelled."""

    contact: Contact
    place: Place
    missing: tuple[str, ...]
    into: Contact | None = None


def place(
    incoming: Iterable[Contact], found: Iterable[Contact], *, joins_by_name: bool = False
) -> list[Placed]:
    """What becomes of each incoming contact, in their order; an equal one comes in once.

    A contact joins one of its name with which it shares a number: by a name alone never, there are many “Спам” in
    a list. `joins_by_name`: it does, if the list has a single contact of that name: rows of a table.
    """
    there = _There(found)
    return [there.place(contact, joins_by_name=joins_by_name) for contact in incoming]


def change_for(placed: Iterable[Placed]) -> ListChange:
    """What puts them there: what joins a contact replaces it once, however many join it."""
    new: list[ContactChange] = []
    joined: dict[int, tuple[Contact, list[str]]] = {}
    for one in placed:
        if one.place is Place.NEW:
            new.append(ContactChange(None, one.contact))
        elif one.place is Place.JOINED and one.into:
            joined.setdefault(id(one.into), (one.into, []))[1].extend(one.missing)
    replaced = [
        ContactChange(into, Contact(into.name, (*into.phones, *phones)))
        for into, phones in joined.values()
    ]
    return ListChange(contacts=(*replaced, *new))


class _There:
    """The contacts of a list by name and number, and what has come to them since: a question looks at few."""

    def __init__(self, found: Iterable[Contact]) -> None:
        self._meanings: dict[Meaning, Contact] = {}
        self._of_name: defaultdict[str, list[_Standing]] = defaultdict(list)
        self._with: defaultdict[tuple[str, str], list[_Standing]] = defaultdict(list)
        for contact in found:
            standing = _Standing(contact, set(map(normalise, contact.phones)))
            self._meanings.setdefault(meaning(contact), contact)
            self._of_name[contact.name.strip()].append(standing)
            for number in standing.numbers:
                self._with[contact.name.strip(), number].append(standing)

    def place(self, contact: Contact, *, joins_by_name: bool) -> Placed:
        if same := self._meanings.get(meaning(contact)):
            return Placed(contact, Place.THERE, (), same)
        numbers = {normalise(phone): phone for phone in reversed(contact.phones)}
        candidates = list(islice(self._sharing(contact, numbers), MOST_CANDIDATES))
        for standing in candidates:
            if numbers.keys() <= standing.numbers:
                return Placed(contact, Place.THERE, (), standing.contact)
        of_name = self._of_name[contact.name.strip()]
        if joins_by_name and len(of_name) == 1:
            candidates = of_name
        if candidates and not contact.extra:
            return self._joined(contact, numbers, candidates[0])
        self._meanings[meaning(contact)] = contact
        return Placed(contact, Place.NEW, contact.phones)

    def _sharing(self, contact: Contact, numbers: Iterable[str]) -> "Iterator[_Standing]":
        name = contact.name.strip()
        return (standing for number in numbers for standing in self._with.get((name, number), ()))

    def _joined(self, contact: Contact, numbers: dict[str, str], to: "_Standing") -> Placed:
        new = numbers.keys() - to.numbers
        missing = tuple(phone for phone in contact.phones if numbers.get(normalise(phone)) == phone)
        missing = tuple(dict.fromkeys(phone for phone in missing if normalise(phone) in new))
        to.numbers.update(new)
        for number in new:
            self._with[contact.name.strip(), number].append(to)
        return Placed(contact, Place.JOINED, missing, to.contact)


@dataclass(frozen=True, slots=True)
class _Standing:
    contact: Contact
    numbers: set[str]

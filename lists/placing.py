"""Where contacts go that come into a list: new there, there already, or joined to a contact of theirs. Pure.

What a preview shows and what is written are both told here, each for the list as it is at its moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
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
class Equalised:
    """What makes a list what a table says. `placed`: what comes, or is there; `going`: contacts that go, or lose
    some of their numbers, as they are."""

    placed: tuple["Placed", ...]
    change: ListChange
    going: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """One incoming contact. `into`: the contact that has it, or gets its numbers, as it was before: of the list,
    or one that comes in before it; None for a new one. `missing`: those of its numbers that come into the list by
    it, as spelled."""

    contact: Contact
    place: Place
    missing: tuple[str, ...]
    into: Contact | None = None


def place(
    incoming: Iterable[Contact], found: Iterable[Contact], *, joins_by_name: bool = False
) -> list[Placed]:
    """What becomes of each incoming contact, in their order; an equal one comes in once.

    A contact joins one of its name with which it shares a number: by a name alone never, there are many “Спам” in
    a list. `joins_by_name`: it does, if the list has a single contact of that name; and what any contact of its
    name has is there already: rows of a table, in which one name is one contact.
    """
    incoming = tuple(incoming)
    names = {contact.name.strip() for contact in incoming}
    there = _There(contact for contact in found if contact.name.strip() in names)
    return [there.place(contact, joins_by_name=joins_by_name) for contact in incoming]


def change_for(placed: Iterable[Placed]) -> ListChange:
    """What puts them there: what joins a contact replaces it once, however many join it."""
    new: dict[int, tuple[Contact, list[str]]] = {}
    joined: dict[int, tuple[Contact, list[str]]] = {}
    for one in placed:
        if one.place is Place.NEW:
            new[id(one.contact)] = (one.contact, [])
        elif one.place is Place.JOINED and one.into:
            among = new if id(one.into) in new else joined
            among.setdefault(id(one.into), (one.into, []))[1].extend(one.missing)
    return ListChange(
        contacts=(
            *(ContactChange(into, _with(into, phones)) for into, phones in joined.values()),
            *(ContactChange(None, _with(one, phones)) for one, phones in new.values()),
        )
    )


def _with(contact: Contact, phones: Sequence[str]) -> Contact:
    return replace(contact, phones=(*contact.phones, *phones)) if phones else contact


def equalise(wanted: Iterable[Contact], found: Iterable[Contact]) -> Equalised:
    """What becomes of a list that shall have these contacts, each of another name, and no others.

    Contacts of one name that together have all of its numbers, and no other, stay as they are; what has to be
    different is replaced where it stands; the rest goes.
    """
    of_name: defaultdict[str, list[Contact]] = defaultdict(list)
    for contact in found:
        of_name[contact.name.strip()].append(contact)
    placed: list[Placed] = []
    changes: list[ContactChange] = []
    going: list[Contact] = []
    for contact in wanted:
        standing = of_name.pop(contact.name.strip(), [])
        one, changed = _equal(contact, standing)
        placed.append(one)
        changes += changed
        going += (c.before for c in changed if c.before and loses(c))
    for rest in of_name.values():
        changes += (ContactChange(contact, None) for contact in rest)
        going += rest
    # What is new comes last, as a list shows it.
    changes.sort(key=lambda change: change.before is None)
    return Equalised(tuple(placed), ListChange(contacts=tuple(changes)), tuple(going))


def _equal(wanted: Contact, standing: list[Contact]) -> tuple[Placed, list[ContactChange]]:
    numbers = {normalise(phone): phone for phone in reversed(wanted.phones)}
    if not standing:
        return Placed(wanted, Place.NEW, wanted.phones), [ContactChange(None, wanted)]
    kept: list[Contact] = []
    others: list[Contact] = []
    for one in standing:
        (kept if numbers.keys() >= _numbers(one) else others).append(one)
    for one in kept:
        for phone in one.phones:
            numbers.pop(normalise(phone), None)
    spelled = set(numbers.values())
    missing = tuple(phone for phone in wanted.phones if phone in spelled)
    if not missing:
        return Placed(wanted, Place.THERE, (), kept[0]), [
            ContactChange(one, None) for one in others
        ]
    into = others[0] if others else kept[0]
    stays = tuple(p for p in into.phones if not others or normalise(p) in numbers)
    there = set(map(normalise, stays))
    missing = tuple(phone for phone in missing if normalise(phone) not in there)
    changes = [ContactChange(into, Contact(into.name, (*stays, *missing), into.extra))]
    changes += [ContactChange(one, None) for one in others[1:]]
    return Placed(wanted, Place.JOINED if missing else Place.THERE, missing, into), changes


def gains(change: ContactChange) -> bool:
    """Whether a contact comes in, or gets numbers."""
    return not _numbers(change.before) >= _numbers(change.after)


def loses(change: ContactChange) -> bool:
    """Whether a contact goes, or loses numbers."""
    return not _numbers(change.after) >= _numbers(change.before)


def _numbers(contact: Contact | None) -> set[str]:
    return set(map(normalise, contact.phones)) if contact else set()


class _There:
    """The contacts of a list by name and number, and what has come to them since: a question looks at few."""

    def __init__(self, found: Iterable[Contact]) -> None:
        self._meanings: dict[Meaning, Contact] = {}
        self._of_name: defaultdict[str, list[_Standing]] = defaultdict(list)
        self._with: defaultdict[tuple[str, str], list[_Standing]] = defaultdict(list)
        for contact in found:
            self._add(contact)

    def _add(self, contact: Contact) -> None:
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
        if joins_by_name and (of_name := self._of_name[contact.name.strip()]):
            return self._joined_by_name(contact, numbers, candidates, of_name)
        if candidates and not contact.extra:
            return self._joined(contact, numbers, candidates[0])
        return self._new(contact)

    def _new(self, contact: Contact) -> Placed:
        self._add(contact)
        return Placed(contact, Place.NEW, contact.phones)

    def _joined_by_name(
        self,
        contact: Contact,
        numbers: dict[str, str],
        candidates: "list[_Standing]",
        of_name: "list[_Standing]",
    ) -> Placed:
        name = contact.name.strip()
        numbers = {n: phone for n, phone in numbers.items() if not self._with.get((name, n))}
        if not numbers:
            return Placed(contact, Place.THERE, (), of_name[0].contact)
        if candidates or len(of_name) == 1:
            return self._joined(contact, numbers, (candidates or of_name)[0])
        return self._new(contact)

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

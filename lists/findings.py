"""What is out of order in the lists of an account: doubled, contradictory, odd, empty. Pure.

Contacts are compared by the numbers that they certainly have, in whatever spelling: a text of two numbers has
both. What is said of a list is true of it alone; what is said of several lists, of all that were given.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TypeVar

from .names import folded, short
from .phones import spell
from .plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry
from .sameness import contact_key, digest_of
from .stored_text import Oddity, StoredText, read_text

K = TypeVar("K", bound=Hashable)


class Kind(StrEnum):
    """What is out of order, in the order in which it matters."""

    NUMBERLESS = "numberless"
    NAMELESS = "nameless"
    CONTRADICTION = "contradiction"  # a number in a list that blocks and in a white one
    MASK = "mask"
    SEVERAL = "several"  # numbers in one text
    NO_NUMBER = "no-number"
    UNASSIGNED = "unassigned"
    TWICE = "twice"  # a number in one contact
    EQUAL = "equal"  # contacts of a list with one name and the same numbers
    NAMESAKES = "namesakes"  # contacts of a list with one name that share a number
    SHARED = "shared"  # a number in contacts of a list with several names
    ACROSS = "across"  # a number in several lists
    SPELLING = "spelling"
    EMPTY = "empty"  # list
    ONE_NAME = "one-name"  # of several lists


OF_TEXTS = {
    Oddity.SPELLED: Kind.SPELLING,
    Oddity.UNASSIGNED: Kind.UNASSIGNED,
    Oddity.SEVERAL: Kind.SEVERAL,
    Oddity.MASK: Kind.MASK,
    Oddity.NO_NUMBER: Kind.NO_NUMBER,
}


@dataclass(frozen=True)
class Place:
    """Where something was found; a whole list without `contact`."""

    list: ListEntry
    contact: Contact | None = None

    @cached_property
    def key(self) -> str:
        """Of the contact (see `contact_key`): one with thousands of numbers is asked for it as often."""
        return contact_key(self.contact) if self.contact else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is out of order. `what`: the number (normalised), the stored text or the name that it is
    about. `is_mendable`: there is a safe way to put it in order (see `mending`)."""

    kind: Kind
    what: str
    places: tuple[Place, ...]
    is_mendable: bool = False

    @property
    def id(self) -> str:
        """Another one as soon as it is found in other places, or in contacts that have changed."""
        places = (f"{at.list.id} {at.key}" for at in self.places)
        return digest_of([self.kind, self.what, *places])

    @property
    def list_ids(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(place.list.id for place in self.places))


@dataclass(frozen=True, slots=True)
class _Held:
    """A contact with the numbers that it certainly has, as often as they stand there, and its odd texts."""

    place: Place
    contact: Contact
    numbers: tuple[str, ...]
    odd: tuple[tuple[str, StoredText], ...]

    @property
    def holds(self) -> frozenset[str]:
        if not self.odd:
            return frozenset(self.numbers)
        texts = {text.strip() for text, read in self.odd if not read.numbers}
        return frozenset(self.numbers).union(texts) - {""}

    @property
    def name(self) -> str:
        return name_for(self.contact)


def name_for(contact: Contact) -> str:
    """Its name; of a contact without one, its first number or text, if it has any."""
    if name := contact.name.strip():
        return name
    texts = [text.strip() for text in contact.phones if text.strip()]
    numbers = [number for text in texts for number in read_text(text).numbers]
    return short(spell(numbers[0]) if numbers else "".join(texts[:1]))


Group = list[_Held]


@dataclass(frozen=True, slots=True)
class Inspected:
    """A list that was looked through: what is out of order in it alone, and what is compared with other lists."""

    list: ListEntry
    findings: tuple[Finding, ...]
    held: tuple[_Held, ...]


def find(lists: Iterable[ContactList]) -> list[Finding]:
    """In the order of kinds, and within a kind of the lists."""
    return found_in(map(inspect, lists))


def inspect(found: ContactList) -> Inspected:
    entry = found.entry
    held = tuple(_read(Place(entry, contact), contact) for contact in found.contacts)
    return Inspected(entry, tuple(_in_list(entry, held)), held)


def found_in(lists: Iterable[Inspected]) -> list[Finding]:
    """As `find`, for lists that were looked through one by one, as they came."""
    lists = list(lists)
    found = chain(
        chain.from_iterable(one.findings for one in lists),
        _in_several([one.held for one in lists]),
        _of_one_name(one.list for one in lists),
    )
    order = {kind: place for place, kind in enumerate(Kind)}
    return sorted(found, key=lambda finding: order[finding.kind])


def _read(place: Place, contact: Contact) -> _Held:
    numbers: list[str] = []
    odd: list[tuple[str, StoredText]] = []
    for text in contact.phones:
        read = read_text(text)
        numbers += read.numbers
        if read.oddity:
            odd.append((text, read))
    return _Held(place, contact, tuple(numbers), tuple(odd))


def _in_list(entry: ListEntry, held: Sequence[_Held]) -> Iterator[Finding]:
    may_go = _may_go(held)
    if not held:
        yield Finding(Kind.EMPTY, entry.name, (Place(entry),))
    for equal in _by(lambda one: one.contact, held).values():
        yield from _in_contact(equal, may_go=may_go)
    groups = list(_doubled(held))
    for group in groups:
        yield _of_one(group, may_go=may_go)
    yield from _shared(held, groups)


def _may_go(held: Iterable[_Held]) -> bool:
    """Whether contacts may be taken out of a list. Where some have fields that we do not know, of two contacts
    that look the same one may be another all the same, and what it has besides would go with it."""
    return not any(one.contact.extra for one in held)


def _in_contact(equal: Group, *, may_go: bool) -> Iterator[Finding]:
    """Of contacts that are exactly alike it is told once."""
    one, places = equal[0], tuple(other.place for other in equal)
    contact = one.contact
    if not contact.name.strip():
        is_nameable = bool(one.name)
        yield Finding(Kind.NAMELESS, one.name, places, is_mendable=is_nameable)
    if not contact.phones:
        yield Finding(Kind.NUMBERLESS, contact.name, places, is_mendable=may_go)
    for text, read in dict.fromkeys(one.odd):
        assert read.oddity
        is_left = may_go or bool(one.holds)
        yield Finding(OF_TEXTS[read.oddity], text, places, read.is_safe and is_left)
    if len(one.numbers) > 1:
        for number, times in Counter(one.numbers).items():
            if times > 1:
                yield Finding(Kind.TWICE, number, places, is_mendable=True)


def _doubled(held: Iterable[_Held]) -> Iterator[Group]:
    """Contacts of one name that are connected by numbers, and those of one name that have the same and no number;
    those without a name count by the one that they would get."""
    for namesakes in _by(lambda one: one.name, held).values():
        if len(namesakes) > 1:
            without = [one for one in namesakes if one.holds and not one.numbers]
            groups = _connected([one for one in namesakes if one.numbers])
            groups += _by(lambda one: one.holds, without).values()
            yield from (group for group in groups if len(group) > 1)


def _by(what: Callable[[_Held], K], held: Iterable[_Held]) -> dict[K, Group]:
    groups: defaultdict[K, Group] = defaultdict(list)
    for one in held:
        groups[what(one)].append(one)
    return groups


def _connected(held: Sequence[_Held]) -> list[Group]:
    """The components of the graph in which contacts are joined by numbers that both have (union-find; Tarjan,
    "Efficiency of a good but not linear set union algorithm", 1975). Each is in the order of the list."""
    parent = list(range(len(held)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first_with: dict[str, int] = {}
    for place, one in enumerate(held):
        for number in one.numbers:
            parent[root(place)] = root(first_with.setdefault(number, place))
    groups: defaultdict[int, Group] = defaultdict(list)
    for place, one in enumerate(held):
        groups[root(place)].append(one)
    return list(groups.values())


def _of_one(group: Group, *, may_go: bool) -> Finding:
    """Nobody knows what a text that is no number means: of contacts with nothing else none is taken out."""
    kind = Kind.EQUAL if len({one.holds for one in group}) == 1 else Kind.NAMESAKES
    places = tuple(one.place for one in group)
    return Finding(kind, group[0].name, places, is_mendable=may_go and bool(group[0].numbers))


def _shared(held: Sequence[_Held], groups: Iterable[Group]) -> Iterator[Finding]:
    """Numbers in contacts that are no group of one name."""
    group_of = {id(one): number for number, group in enumerate(groups) for one in group}
    for number, having in _by_number(held).items():
        if len(having) > 1 and len({group_of.get(id(one), id(one)) for one in having}) > 1:
            yield Finding(Kind.SHARED, number, tuple(one.place for one in having))


def _in_several(lists: Sequence[Sequence[_Held]]) -> Iterator[Finding]:
    fixed = {one.place.list.id for held in lists if not _may_go(held) for one in held}
    for number, having in _by_number(chain.from_iterable(lists)).items():
        if len(having) < 2:
            continue
        blocking = tuple(one.place for one in having if one.place.list.type != UNUSED_TYPE)
        white = tuple(one.place for one in having if one.place.list.type == UNUSED_TYPE)
        if blocking and white:
            may_go = fixed.isdisjoint(place.list.id for place in white)
            yield Finding(Kind.CONTRADICTION, number, blocking + white, is_mendable=may_go)
        for side in (blocking, white):
            if len({place.list.id for place in side}) > 1:
                yield Finding(Kind.ACROSS, number, side)


def _by_number(held: Iterable[_Held]) -> dict[str, Group]:
    found: defaultdict[str, Group] = defaultdict(list)
    for one in held:
        for number in dict.fromkeys(one.numbers):
            found[number].append(one)
    return found


def _of_one_name(entries: Iterable[ListEntry]) -> Iterator[Finding]:
    of_name: defaultdict[str, list[ListEntry]] = defaultdict(list)
    for entry in entries:
        of_name[folded(" ".join(entry.name.split()))].append(entry)
    for name, named in of_name.items():
        if name and len(named) > 1:
            yield Finding(Kind.ONE_NAME, named[0].name, tuple(map(Place, named)))

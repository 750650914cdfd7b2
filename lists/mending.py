"""Putting in order what was found: what each list becomes. Pure.

No number is lost: a text becomes the numbers that it is, of a number that a contact has twice one stays, the one
that is spelled as it is stored, and what become one contact has all that they had. Only from a white list a number
goes, where a list that blocks has it.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .changes import ContactChange, ListChange
from .findings import Finding, Kind, Place, name_for
from .plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry
from .sameness import contact_key
from .stored_text import read_text


@dataclass(frozen=True, slots=True)
class Mended:
    """What becomes of one list. `kept`: contacts that have to be there still, for they have what others lose.
    `loses`: whether numbers go from the list, which another has to have then."""

    list: ContactList
    change: ListChange
    kept: tuple[Contact, ...] = ()
    loses: bool = False


@dataclass(frozen=True, slots=True)
class Mending:
    """What becomes of several lists. `blocked`: by the list that blocks, the numbers that it has to have before
    they go from a white one."""

    lists: tuple[Mended, ...]
    blocked: Mapping[ListEntry, tuple[str, ...]]

    @property
    def total(self) -> int:
        """How many contacts change."""
        return sum(len(one.change.contacts) for one in self.lists)


@dataclass(slots=True)
class _OfContact:
    """What shall be done to a contact: texts that become the numbers they are, numbers that it has once then."""

    is_named: bool = False
    goes: bool = False
    spelled: set[str] = field(default_factory=set)
    once: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Wishes:
    """What shall be done to one list: to contacts, by their keys; numbers that go; contacts that become one."""

    contacts: defaultdict[str, _OfContact] = field(default_factory=lambda: defaultdict(_OfContact))
    dropped: set[str] = field(default_factory=set)
    joined: list[tuple[str, ...]] = field(default_factory=list)


def mend(lists: Iterable[ContactList], chosen: Iterable[Finding]) -> Mending:
    """What puts these in order. They have to be mendable, and found in these lists as they are."""
    wishes: defaultdict[int, _Wishes] = defaultdict(_Wishes)
    blocked: defaultdict[ListEntry, list[str]] = defaultdict(list)
    for finding in chosen:
        if finding.kind is Kind.CONTRADICTION:
            blocked[_contradiction(finding, wishes).list].append(finding.what)
        else:
            _note(finding, wishes[finding.places[0].list.id])
    mended = (_mended_list(found, wishes[found.id]) for found in lists if found.id in wishes)
    return Mending(
        tuple(one for one in mended if not one.change.is_empty),
        {entry: tuple(numbers) for entry, numbers in blocked.items()},
    )


def _contradiction(finding: Finding, wishes: Mapping[int, _Wishes]) -> Place:
    """The number goes from white lists. Where it is blocked, which is the answer, it stands by itself then."""
    blocking = next(at for at in finding.places if at.list.type != UNUSED_TYPE)
    for place in finding.places:
        if place.list.type == UNUSED_TYPE:
            wishes[place.list.id].dropped.add(finding.what)
    assert blocking.contact
    for text in blocking.contact.phones:
        numbers = read_text(text).numbers
        if len(numbers) > 1 and finding.what in numbers:
            wishes[blocking.list.id].contacts[blocking.key].spelled.add(text)
    return blocking


def _note(finding: Finding, wishes: _Wishes) -> None:
    keys = tuple(place.key for place in finding.places)
    match finding.kind:
        case Kind.NAMELESS:
            wishes.contacts[keys[0]].is_named = True
        case Kind.NUMBERLESS:
            wishes.contacts[keys[0]].goes = True
        case Kind.SPELLING | Kind.SEVERAL | Kind.NO_NUMBER:
            wishes.contacts[keys[0]].spelled.add(finding.what)
        case Kind.TWICE:
            wishes.contacts[keys[0]].once.add(finding.what)
        case Kind.EQUAL | Kind.NAMESAKES:
            wishes.joined.append(keys)
        case _:
            raise AssertionError(finding)


def _mended_list(found: ContactList, wishes: _Wishes) -> Mended:
    keys = list(map(contact_key, found.contacts))
    now = [
        _mended(contact, wishes.contacts.get(key, _OfContact()), wishes.dropped)
        for key, contact in zip(keys, found.contacts, strict=True)
    ]
    kept = _join(now, keys, wishes.joined)
    pairs = list(zip(found.contacts, now, strict=True))
    return Mended(
        found,
        ListChange(contacts=tuple(ContactChange(was, one) for was, one in pairs if was != one)),
        kept=tuple(was for was, one in map(pairs.__getitem__, kept) if was == one),
        loses=bool(wishes.dropped),
    )


def _join(
    now: list[Contact | None], keys: Iterable[str], groups: Iterable[Sequence[str]]
) -> list[int]:
    """Each group becomes one contact, in the first place of it that is left; these places."""
    places: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, key in enumerate(keys):
        places[key].append(place)
    kept: list[int] = []
    for group in groups:
        standing = sorted(places[key].popleft() for key in group)
        left = [(place, one) for place in standing if (one := now[place])]
        for place in standing:
            now[place] = None
        if left:
            kept.append(left[0][0])
            now[kept[-1]] = _joined([one for _place, one in left])
    return kept


def _mended(contact: Contact, wish: _OfContact, dropped: Collection[str]) -> Contact | None:
    """None where nothing is left of it."""
    if wish.goes:
        return None
    if wish.is_named:
        contact = replace(contact, name=name_for(contact))
    numbers = [n for text in contact.phones for n in read_text(text).numbers] if dropped else []
    goes = {number for number in numbers if number in dropped}
    if not (wish.spelled or wish.once or goes):
        return contact
    pieces = (piece for text in contact.phones for piece in _pieces(text, wish, goes))
    phones = _once((one for one in pieces if one[1] not in goes), wish.once)
    return replace(contact, phones=phones) if phones else None


Piece = tuple[
    str, str
]  # a text, and the number that it is; of none, and of several, the text again


def _pieces(text: str, wish: _OfContact, goes: set[str]) -> Iterator[Piece]:
    """A stored text, or the numbers that it becomes: chosen, or because one of them goes or is there twice."""
    numbers = read_text(text).numbers
    is_parted = len(numbers) > 1 and not (wish.once | goes).isdisjoint(numbers)
    if text in wish.spelled or is_parted:
        yield from ((number, number) for number in numbers)
    else:
        yield text, numbers[0] if len(numbers) == 1 else text


def _once(pieces: Iterable[Piece], numbers: Collection[str] | None = None) -> tuple[str, ...]:
    """All texts, and of these numbers (None: of all) each once, spelled as stored if it is so anywhere."""
    phones: list[str] = []
    place_of: dict[str, int] = {}
    for text, number in pieces:
        is_there = number in place_of and (numbers is None or number in numbers)
        if not is_there:
            place_of[number] = len(phones)
            phones.append(text)
        elif text == number:
            phones[place_of[number]] = text
    return tuple(phones)


def _joined(contacts: Sequence[Contact]) -> Contact:
    """The first, with what the others have; each number stands by itself then, and once."""
    pieces: list[Piece] = []
    for text in (text for contact in contacts for text in contact.phones):
        numbers = read_text(text).numbers
        if len(numbers) > 1:
            pieces += ((number, number) for number in numbers)
        else:
            pieces.append((text, numbers[0] if numbers else text.strip()))
    name = next((one.name for one in contacts if one.name.strip()), contacts[0].name)
    return replace(contacts[0], name=name, phones=_once(pieces))

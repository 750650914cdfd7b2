"""Putting in order what was found: what each list becomes. Pure.

No number is lost: a text becomes the numbers that it is, of a number that a contact has twice one stays, and what
become one contact has all that they had. Only from a white list a number goes, where a list that blocks has it.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .changes import ContactChange, ListChange
from .findings import Finding, Kind, name_for
from .plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry
from .stored_text import read_text


@dataclass(frozen=True, slots=True)
class Mended:
    """What becomes of one list. `loses`: whether numbers go from it, which other lists have to have before."""

    list: ContactList
    change: ListChange
    loses: bool = False


@dataclass(frozen=True, slots=True)
class Mending:
    """What becomes of several lists. `kept`: by the list that blocks, contacts whose numbers it has to have before
    they go from a white one."""

    lists: tuple[Mended, ...]
    kept: Mapping[ListEntry, tuple[Contact, ...]]

    @property
    def total(self) -> int:
        """How many contacts change."""
        return sum(len(one.change.contacts) for one in self.lists)


@dataclass(slots=True)
class _Wishes:
    """What shall be done to one list: contacts that get a name, texts that become the numbers they are, numbers
    that a contact shall have once, numbers that go, contacts that go, contacts that become one."""

    named: set[Contact] = field(default_factory=set)
    spelled: set[tuple[Contact, str]] = field(default_factory=set)
    once: set[tuple[Contact, str]] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    going: set[Contact] = field(default_factory=set)
    joined: list[tuple[Contact, ...]] = field(default_factory=list)


def mend(lists: Iterable[ContactList], chosen: Iterable[Finding]) -> Mending:
    """What puts these in order. They have to be mendable, and found in these lists as they are."""
    wishes: defaultdict[int, _Wishes] = defaultdict(_Wishes)
    kept: defaultdict[ListEntry, list[Contact]] = defaultdict(list)
    for finding in chosen:
        if finding.kind is Kind.CONTRADICTION:
            entry, contact = _kept(finding)
            kept[entry].append(contact)
        _note(finding, wishes)
    mended = (_mended_list(found, wishes[found.id]) for found in lists if found.id in wishes)
    return Mending(
        tuple(one for one in mended if not one.change.is_empty),
        {entry: tuple(contacts) for entry, contacts in kept.items()},
    )


def _kept(contradiction: Finding) -> tuple[ListEntry, Contact]:
    """The first list that blocks, and the contact that it gets should it have lost the number meanwhile."""
    blocking = next(at for at in contradiction.places if at.list.type != UNUSED_TYPE)
    assert blocking.contact
    return blocking.list, Contact(blocking.contact.name, (contradiction.what,))


def _note(finding: Finding, wishes: Mapping[int, _Wishes]) -> None:
    first = finding.places[0]
    wish, contacts = wishes[first.list.id], tuple(at.contact for at in finding.places if at.contact)
    match finding.kind:
        case Kind.NAMELESS:
            wish.named.add(contacts[0])
        case Kind.SPELLING | Kind.SEVERAL | Kind.NO_NUMBER:
            wish.spelled.add((contacts[0], finding.what))
        case Kind.TWICE:
            wish.once.add((contacts[0], finding.what))
        case Kind.NUMBERLESS:
            wish.going.add(contacts[0])
        case Kind.EQUAL | Kind.NAMESAKES:
            wish.joined.append(contacts)
        case Kind.CONTRADICTION:
            for place in finding.places:
                if place.list.type == UNUSED_TYPE:
                    wishes[place.list.id].dropped.add(finding.what)
        case _:
            raise AssertionError(finding)


def _mended_list(found: ContactList, wishes: _Wishes) -> Mended:
    touched = wishes.named | {contact for contact, _what in wishes.spelled | wishes.once}
    now = [
        _mended(contact, wishes) if contact in touched or wishes.dropped else contact
        for contact in found.contacts
    ]
    places: defaultdict[Contact, deque[int]] = defaultdict(deque)
    for place, contact in enumerate(found.contacts):
        if contact in wishes.going:
            now[place] = None
        places[contact].append(place)
    for group in wishes.joined:
        first, *others = sorted(places[contact].popleft() for contact in group)
        now[first] = _joined([one for place in (first, *others) if (one := now[place])])
        for place in others:
            now[place] = None
    changes = tuple(
        ContactChange(before, after)
        for before, after in zip(found.contacts, now, strict=True)
        if before != after
    )
    return Mended(found, ListChange(contacts=changes), loses=bool(wishes.dropped))


def _mended(contact: Contact, wishes: _Wishes) -> Contact | None:
    """None where nothing is left of it."""
    seen: set[str] = set()
    phones: list[str] = []
    for text in contact.phones:
        for spelled, number in _pieces(contact, text, wishes):
            is_there = number in seen
            seen.add(number)
            if number in wishes.dropped or (is_there and (contact, number) in wishes.once):
                continue
            phones.append(spelled)
    name = name_for(contact) if contact in wishes.named else contact.name
    return replace(contact, name=name, phones=tuple(phones)) if phones else None


def _pieces(contact: Contact, text: str, wishes: _Wishes) -> Iterator[tuple[str, str]]:
    """A stored text, or the numbers that it becomes, each with the number that it is; of no number, itself."""
    numbers = read_text(text).numbers
    if not numbers:
        if (contact, text) not in wishes.spelled:
            yield text, text
    elif (contact, text) in wishes.spelled or (
        len(numbers) > 1
        and any(n in wishes.dropped or (contact, n) in wishes.once for n in numbers)
    ):
        yield from ((number, number) for number in numbers)
    elif len(numbers) == 1:
        yield text, numbers[0]
    else:
        yield text, text


def _joined(contacts: Sequence[Contact]) -> Contact | None:
    """The first, with what the others have and it has not."""
    if not contacts:
        return None
    phones = list(contacts[0].phones)
    there = {what for text in phones for what in _holds(text)}
    for text in (text for contact in contacts[1:] for text in contact.phones):
        missing = [what for what in _holds(text) if what not in there]
        phones += missing if len(missing) < len(_holds(text)) else [text] if missing else []
        there.update(missing)
    name = next((one.name for one in contacts if one.name.strip()), contacts[0].name)
    return replace(contacts[0], name=name, phones=tuple(phones))


def _holds(text: str) -> tuple[str, ...]:
    return read_text(text).numbers or (text.strip(),)

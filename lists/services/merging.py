"""What a merge of lists would do: looked at before anything is written (`moving.merge` begins it)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .. import bulkhead
from ..connection import Connection
from ..placing import Place, Placed, place
from ..plusofon.values import Contact, ContactList
from ..sameness import digest_of, list_digest
from ..threads import RequestThreads

READS_AT_ONCE = 4  # of the calls that scans may have, as for counting
MOST_NAMESAKES = 20  # shown


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a merge, as they were read just now."""

    target: ContactList
    sources: tuple[ContactList, ...]

    @property
    def digest(self) -> str:
        """Tells whether all of them still are as the person saw them."""
        every = (self.target, *self.sources)
        return digest_of(word for one in every for word in (str(one.id), list_digest(one)))


@dataclass(frozen=True, slots=True)
class Share:
    """What becomes of a source's contacts: how many are new in the target, there already, or join one of there."""

    source: ContactList
    new: int
    there: int
    joined: int


@dataclass(frozen=True, slots=True)
class Namesake:
    """A contact of a source, and one of its name with other numbers: in the target, or in another source.
    `is_joined`: they become one, for they share a number; else both are there."""

    contact: Contact
    source: ContactList
    other: Contact
    is_joined: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """`total`: of the target's contacts afterwards; `more`: namesakes beyond the first."""

    lists: Lists
    shares: tuple[Share, ...]
    namesakes: tuple[Namesake, ...]
    more: int
    total: int


def read(target_id: int, source_ids: Iterable[int], *, by: Connection) -> Lists:
    """All of them, a call each, some at once. Raises `PlusofonError` where one cannot be read, `BulkheadFull`."""
    api = by.api.scanning()
    with (
        bulkhead.scans.enter(),
        RequestThreads(READS_AT_ONCE, thread_name_prefix="merge") as pool,
    ):
        target, *sources = pool.map(api.get_list, [target_id, *source_ids])
    return Lists(target, tuple(sources))


def preview(lists: Lists) -> Preview:
    """As the merge will place them: equal contacts once, those of the first source first."""
    incoming = [contact for source in lists.sources for contact in source.contacts]
    placed = place(incoming, lists.target.contacts)
    by_source = list(_by_source(lists.sources, placed))
    namesakes = list(_namesakes(lists.target, by_source))
    return Preview(
        lists,
        tuple(_share(source, own) for source, own in by_source),
        tuple(namesakes[:MOST_NAMESAKES]),
        len(namesakes[MOST_NAMESAKES:]),
        len(lists.target.contacts) + sum(one.place is Place.NEW for one in placed),
    )


def _by_source(
    sources: Iterable[ContactList], placed: Sequence[Placed]
) -> Iterator[tuple[ContactList, Sequence[Placed]]]:
    first = 0
    for source in sources:
        until = first + len(source.contacts)
        yield source, placed[first:until]
        first = until


def _share(source: ContactList, placed: Iterable[Placed]) -> Share:
    places = Counter(one.place for one in placed)
    return Share(source, places[Place.NEW], places[Place.THERE], places[Place.JOINED])


def _namesakes(
    target: ContactList, by_source: Iterable[tuple[ContactList, Sequence[Placed]]]
) -> Iterator[Namesake]:
    """Two of one name within the same source were side by side before: they are no news."""
    named = _by_name(target.contacts)
    for source, placed in by_source:
        for one in placed:
            if one.place is Place.JOINED and one.into:
                yield Namesake(one.contact, source, one.into, is_joined=True)
            elif one.place is Place.NEW and (other := named.get(one.contact.name.strip())):
                yield Namesake(one.contact, source, other, is_joined=False)
        own = _by_name(one.contact for one in placed if one.place is Place.NEW)
        named = {**own, **named}


def _by_name(contacts: Iterable[Contact]) -> dict[str, Contact]:
    """The first of each name."""
    named: dict[str, Contact] = {}
    for contact in contacts:
        if name := contact.name.strip():
            named.setdefault(name, contact)
    return named

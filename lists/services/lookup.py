"""Where is this number? The API cannot search, so every list is read, six at a time.

"In none" is never said unless all were: the pages of lists are read before and after, until two
readings agree, and each list that they name has been read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from enum import StrEnum

from .. import bulkhead
from ..asked import Kind
from ..bulkhead import Seat
from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotUnderstood, PlusofonError
from ..plusofon.index import Index, read_index
from ..plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry, Page
from ..readings import Wanted
from .browsing import digits_matcher, name_matcher, words_matcher

LONGEST_SCAN = 120.0  # seconds; lists that are not read by then make the answer incomplete
ROUNDS = 3  # of reading what appeared meanwhile, before the answer is incomplete
MOST_POSSIBLE = 100  # contacts that are told for each of many numbers

Matcher = Callable[[Contact], bool]


class Verdict(StrEnum):
    """`NONE` only where every list was read, and nothing in them could mean the whole number; of a
    short one that is `ABSENT`, and of what seems to be a part of a number `DOUBTFUL`."""

    BLOCKED = "blocked"
    POSSIBLE = "possible"
    NONE = "none"
    ABSENT = "absent"
    DOUBTFUL = "doubtful"
    INCOMPLETE = "incomplete"


# What "in none" means where it was not asked for a whole number.
NONE_OF = {Kind.SHORT: Verdict.ABSENT, Kind.DOUBTFUL: Verdict.DOUBTFUL}


@dataclass(frozen=True, slots=True)
class Hit:
    """A contact that matches, and the list it is in."""

    list: ListEntry
    contact: Contact


@dataclass(frozen=True, slots=True)
class Unread:
    """A list that could not be read, and why."""

    list: ListEntry
    error: PlusofonError


@dataclass(slots=True)
class Scan:
    """How far a search is; complete once `is_over` and nothing is `unread` or `trouble`.

    `possible`: contacts with a stored text that is no number and could mean the one looked for: a
    mask, two numbers in one, a number with an extension. What Plusofon makes of such is not known.
    `similar`: those that have the digits somewhere. `lists`: those whose own name was looked for.
    `trouble`: why the lists themselves are not all known.
    """

    total: int
    read: int = 0
    hits: list[Hit] = field(default_factory=list)
    possible: list[Hit] = field(default_factory=list)
    similar: list[Hit] = field(default_factory=list)
    lists: list[ListEntry] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    trouble: PlusofonError | None = None
    is_over: bool = False

    @property
    def is_complete(self) -> bool:
        return self.is_over and not self.unread and self.trouble is None

    def verdict_on(self, hits: list[Hit], possible: list[Hit], kind: Kind = Kind.NUMBER) -> Verdict:
        """For these of the hits: all of them, or one number's."""
        if any(hit.list.type != UNUSED_TYPE for hit in hits):
            return Verdict.BLOCKED
        if not self.is_complete:
            return Verdict.INCOMPLETE
        if any(hit.list.type != UNUSED_TYPE for hit in possible):
            return Verdict.POSSIBLE
        return NONE_OF.get(kind, Verdict.NONE)

    @property
    def verdict(self) -> Verdict:
        return self.verdict_on(self.hits, self.possible)


def has_number(*numbers: str) -> Matcher:
    """Contacts with one of these numbers, in any spelling. Whole numbers only."""
    wanted = set(map(normalise, numbers))
    return lambda contact: not wanted.isdisjoint(map(normalise, contact.phones))


def may_mean(*typed: str) -> Matcher:
    """Contacts with a stored text that is not one of these numbers, and could mean it all the same."""
    wanted = Wanted(*typed)
    return lambda contact: any(map(wanted.may_be, contact.phones))


def has_name(text: str) -> Matcher:
    return name_matcher(text)


def has_digits(text: str) -> Matcher:
    """Contacts with a number that this may be a part of."""
    return digits_matcher(text)


def named(text: str) -> Callable[[str], bool]:
    """Names with all of these words."""
    return words_matcher(text)


def any_of(*matchers: Matcher) -> Matcher:
    return lambda contact: any(matches(contact) for matches in matchers)


def by_number(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The hits under each of their numbers, normalised."""
    found = defaultdict(list)
    for hit in hits:
        for number in {normalise(phone) for phone in hit.contact.phones}:
            found[number].append(hit)
    return dict(found)


def possible_by_number(
    typed: Iterable[str], hits: Sequence[Hit], *, most: int = MOST_POSSIBLE
) -> dict[str, list[Hit]]:
    """The hits under each of the numbers that they may mean, normalised: those in lists that block come
    first, and no more than `most` for each. Masks may cover a thousand numbers each."""
    if not hits:  # the rule; then the numbers need not be spelled out
        return {}
    wanted, found = Wanted(*typed), defaultdict(list)
    for hit in sorted(hits, key=lambda hit: hit.list.type == UNUSED_TYPE):
        for number in set().union(*map(wanted.perhaps, hit.contact.phones)):
            found[number].append(hit)
            if len(found[number]) >= most:
                wanted.forget(number)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: contacts for each field of `Scan`, and names of lists."""

    matches: Matcher
    may_match: Matcher | None = None
    resembles: Matcher | None = None
    names_list: Callable[[str], bool] | None = None


def scan(
    first: Page, matches: Matcher | Search, *, may_match: Matcher | None = None, api: Plusofon
) -> Iterator[Scan]:
    """The same `Scan` again and again, a little further each time, until it `is_over`.

    `first`: the first page of lists, read by the caller, who so knows that the API answers. Closing
    the iterator stops the work. Raises `BulkheadFull`, at once, where enough others scan.
    """
    search = matches if isinstance(matches, Search) else Search(matches, may_match)
    return _steps(first, search, api.scanning(within=LONGEST_SCAN), bulkhead.scans.enter())


def _steps(first: Page, search: Search, api: Plusofon, seat: Seat) -> Iterator[Scan]:
    pool = ThreadPoolExecutor(api.calls_at_once, thread_name_prefix="lookup")
    with seat:
        try:
            yield from _scan(first, search, api, pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _scan(first: Page, search: Search, api: Plusofon, pool: ThreadPoolExecutor) -> Iterator[Scan]:
    index = read_index(api=api, first=first, each=pool.map)
    state = Scan(total=len(index.entries))
    yield state
    known: set[int] = set()
    for _round in range(ROUNDS):
        reading = {
            pool.submit(api.get_list, entry.id): entry
            for entry in index.entries
            if entry.id not in known
        }
        for future in as_completed(reading):
            entry = reading[future]
            known.add(entry.id)
            try:
                found = future.result()
            except PlusofonError as error:
                state.unread.append(Unread(entry, error))
                _note_name(state, search, entry)
            else:
                _note(state, search, entry.id, found)
            state.read += 1
            yield state
        again = read_index(api=api, expected=index.pages, each=pool.map)
        if again.trouble or again.ids == index.ids:
            state.trouble = again.trouble
            break
        index, state.total = again, len(again.entries)
    else:
        state.trouble = NotUnderstood(detail="the lists keep changing")
    _tidy(state, index)
    state.is_over = True
    yield state


def _note(state: Scan, search: Search, list_id: int, found: ContactList) -> None:
    """Name and type as the list itself says: since the page of lists was read, it may have changed."""
    entry = ListEntry(list_id, found.name, found.type)
    _note_name(state, search, entry)
    for hits, matches in (
        (state.hits, search.matches),
        (state.possible, search.may_match),
        (state.similar, search.resembles),
    ):
        if matches is not None:
            hits += [Hit(entry, contact) for contact in found.contacts if matches(contact)]


def _note_name(state: Scan, search: Search, entry: ListEntry) -> None:
    if search.names_list is not None and search.names_list(entry.name):
        state.lists.append(entry)


def _tidy(state: Scan, index: Index) -> None:
    """In the order of the lists, and without those that have gone meanwhile."""
    place = {list_id: place for place, list_id in enumerate(index.ids)}
    for hits in (state.hits, state.possible, state.similar):
        there = [hit for hit in hits if hit.list.id in place]
        hits[:] = sorted(there, key=lambda hit: place[hit.list.id])
    lists = [entry for entry in state.lists if entry.id in place]
    state.lists = sorted(lists, key=lambda entry: place[entry.id])
    state.unread = [unread for unread in state.unread if unread.list.id in place]
    state.read = state.total - len(state.unread)

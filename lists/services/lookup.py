"""Where is this number? The API cannot search, so every list is read, six at a time.

"In none" is never said unless all were: the pages of lists are read before and after, until two
readings agree, and each list that they name has been read. Lists that held the number when this
process last read them are read first (see `hints`): "blocked" then stands after about two calls.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from .. import bulkhead
from ..bulkhead import Seat
from ..connection import Connection
from ..hints import Hints, hints_of
from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotFound, NotUnderstood, PlusofonError
from ..plusofon.index import Index, read_index
from ..plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry, Page
from ..readings import Wanted
from ..search_input import InputKind
from ..threads import RequestThreads
from ..verdict import Verdict
from .filtering import digits_matcher, name_matcher, words_matcher

LONGEST_SCAN = 120.0  # seconds; lists that are not read by then make the answer incomplete
ROUNDS = 3  # of reading what appeared meanwhile, before the answer is incomplete
MOST_POSSIBLE = 100  # contacts that are told for each of many numbers
MOST_HINTED = 12  # lists: two rounds of calls, should nothing that was remembered be true any more

Matcher = Callable[[Contact], bool]


# What "in none" means where it was not asked for a whole number.
NONE_OF = {InputKind.SHORT: Verdict.ABSENT, InputKind.DOUBTFUL: Verdict.DOUBTFUL}


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


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is. `hits`: those that are new since the step before."""

    read: int
    total: int
    hits: tuple[Hit, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether one of these hits blocks: what is still unread cannot change that."""
        return _blocks(self.hits)


@dataclass(frozen=True, slots=True)
class Result:
    """What a scan has found, in the order of the lists; complete if nothing is `unread` or `trouble`.

    `possible`: contacts with a stored text that is no number and could mean the one looked for: a
    mask, two numbers in one, a number with an extension. What Plusofon makes of such is not known.
    `similar`: those that have the digits somewhere. `lists`: those whose own name was looked for.
    `trouble`: why the lists themselves are not all known.
    """

    total: int
    read: int
    hits: tuple[Hit, ...]
    possible: tuple[Hit, ...]
    similar: tuple[Hit, ...]
    lists: tuple[ListEntry, ...]
    unread: tuple[Unread, ...]
    trouble: PlusofonError | None

    @property
    def is_complete(self) -> bool:
        return not self.unread and self.trouble is None

    def verdict_on(
        self, hits: Sequence[Hit], possible: Sequence[Hit], kind: InputKind = InputKind.NUMBER
    ) -> Verdict:
        """For these of the hits: all of them, or one number's."""
        if _blocks(hits):
            return Verdict.BLOCKED
        if not self.is_complete:
            return Verdict.INCOMPLETE
        if _blocks(possible):
            return Verdict.POSSIBLE
        return NONE_OF.get(kind, Verdict.NONE)

    @property
    def verdict(self) -> Verdict:
        return self.verdict_on(self.hits, self.possible)


def _blocks(hits: Iterable[Hit]) -> bool:
    return any(hit.list.type != UNUSED_TYPE for hit in hits)


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
    """What to look for: contacts for each field of `Result`, and names of lists. `numbers`: the lists that
    held one of these when they were last read are read first."""

    matches: Matcher
    may_match: Matcher | None = None
    resembles: Matcher | None = None
    names_list: Callable[[str], bool] | None = None
    numbers: tuple[str, ...] = ()


def for_numbers(*typed: str) -> Search:
    """Contacts with one of these numbers, or with a stored text that may mean one."""
    numbers = typed if len(typed) == 1 else ()
    return Search(has_number(*typed), may_mean(*typed), numbers=numbers)


Steps = Generator[Progress | Result, None, None]


def scan(search: Search, *, by: Connection, within: float = LONGEST_SCAN) -> Steps:
    """Yield progress until every list was read, then the result. Closing the generator stops the work.
    `within`: seconds; what is not read by then makes the result incomplete.

    Raises, before anything is yielded, `PlusofonError` where not even the first page of lists answers,
    and `BulkheadFull` where enough others scan.
    """
    steps = _steps(search, by, bulkhead.scans.enter(), within)
    next(steps)  # as far as the first page of lists
    return steps


def result_of(steps: Steps) -> Result:
    """Run a scan to its end."""
    *_, result = steps
    assert isinstance(result, Result)
    return result


def _steps(search: Search, by: Connection, seat: Seat, within: float) -> Steps:
    """The first step is for `scan` itself: the API answers."""
    api, hints = by.api.scanning(within=within), hints_of(by.account)
    # One thread more than calls: who reads the index waits for those who read its pages.
    pool = RequestThreads(api.calls_at_once + 1, thread_name_prefix="lookup")
    with seat:
        try:
            hinted = {
                list_id: pool.submit(_read_hinted, list_id, api, hints)
                for list_id in hints.lists_with(search.numbers)[:MOST_HINTED]
            }
            first = by.api.get_lists(1)
            yield Progress(read=0, total=first.total)
            yield from _scan(first, hinted, search, api, pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read_hinted(list_id: int, api: Plusofon, hints: Hints) -> ContactList:
    try:
        return api.get_list(list_id)
    except NotFound:
        hints.forget(list_id)
        raise


Reading = dict[int, "Future[ContactList]"]  # by list id


def _scan(
    first: Page, reading: Reading, search: Search, api: Plusofon, pool: RequestThreads
) -> Steps:
    """`reading`: lists that are being read while the index is not known yet."""
    yield Progress(read=0, total=first.total)
    indexing = pool.submit(read_index, api=api, first=first, each=pool.map)
    read: dict[int, _Read] = {}
    for found in _before(indexing, reading.values()):
        read[found.id] = _searched(found, search)
        yield Progress(len(read), first.total, read[found.id].hits)
    index = indexing.result()
    for _round in range(ROUNDS):
        read = {entry.id: read[entry.id] for entry in index.entries if entry.id in read}
        for entry in index.entries:
            if entry.id not in reading:
                reading[entry.id] = pool.submit(api.get_list, entry.id)
        entries = {reading[e.id]: e for e in index.entries if e.id not in read}
        for future in as_completed(entries):
            entry = entries[future]
            read[entry.id] = _outcome(future, entry, search)
            yield Progress(len(read), len(index.entries), read[entry.id].hits)
        again = read_index(api=api, expected=index.pages, each=pool.map)
        if again.trouble or again.ids == index.ids:
            yield _result(index, read, again.trouble, search)
            return
        index = again
    yield _result(index, read, NotUnderstood(detail="the lists keep changing"), search)


def _before(
    indexing: "Future[Index]", reading: Collection["Future[ContactList]"]
) -> Iterator[ContactList]:
    """Those that arrive before the index does. What fails is told later, by the name that it has there."""
    futures: list[Future[Any]] = [indexing, *reading]
    for future in takewhile(lambda future: future is not indexing, as_completed(futures)):
        if future.exception() is None:
            yield future.result()


@dataclass(frozen=True, slots=True)
class _Read:
    """One list: what was found in it, or why it could not be read."""

    list: ListEntry
    hits: tuple[Hit, ...] = ()
    possible: tuple[Hit, ...] = ()
    similar: tuple[Hit, ...] = ()
    error: PlusofonError | None = None


def _outcome(future: "Future[ContactList]", entry: ListEntry, search: Search) -> _Read:
    try:
        return _searched(future.result(), search)
    except PlusofonError as error:
        return _Read(entry, error=error)


def _searched(found: ContactList, search: Search) -> _Read:
    """Name and type as the list itself says: since the page of lists was read, it may have changed."""
    entry = found.entry

    def hits(matches: Matcher | None) -> tuple[Hit, ...]:
        if matches is None:
            return ()
        return tuple(Hit(entry, contact) for contact in found.contacts if matches(contact))

    return _Read(entry, hits(search.matches), hits(search.may_match), hits(search.resembles))


def _result(
    index: Index, read: dict[int, _Read], trouble: PlusofonError | None, search: Search
) -> Result:
    """In the order of the lists, and without those that have gone meanwhile."""
    there = [read[list_id] for list_id in index.ids if list_id in read]
    is_named = search.names_list or (lambda _name: False)
    return Result(
        total=len(index.entries),
        read=sum(one.error is None for one in there),
        hits=tuple(hit for one in there for hit in one.hits),
        possible=tuple(hit for one in there for hit in one.possible),
        similar=tuple(hit for one in there for hit in one.similar),
        lists=tuple(one.list for one in there if is_named(one.list.name)),
        unread=tuple(Unread(one.list, one.error) for one in there if one.error),
        trouble=trouble,
    )

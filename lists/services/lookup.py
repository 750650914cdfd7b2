"""Where is this number? The API cannot search, so every list is read, six at a time.

"In none" is never said unless all were: the pages of lists are read before and after, until two
readings agree, and each list that they name has been read.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from enum import StrEnum

from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotUnderstood, PlusofonError
from ..plusofon.index import Index, read_index
from ..plusofon.values import UNUSED_TYPE, Contact, ListEntry, Page
from .browsing import name_matcher

ROUNDS = 3  # of reading what appeared meanwhile, before the answer is incomplete

# What stands between the parts of a stored text: all but digits and what belongs into a number.
_BETWEEN_NUMBERS = re.compile(r"[^0-9\s()+.\-‐‑‒–—−]+")

Matcher = Callable[[Contact], bool]


class Verdict(StrEnum):
    """`NONE` only where every list was read, and nothing in them could mean the number."""

    BLOCKED = "blocked"
    POSSIBLE = "possible"
    NONE = "none"
    INCOMPLETE = "incomplete"


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
    `trouble`: why the lists themselves are not all known.
    """

    total: int
    read: int = 0
    hits: list[Hit] = field(default_factory=list)
    possible: list[Hit] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    trouble: PlusofonError | None = None
    is_over: bool = False

    @property
    def is_complete(self) -> bool:
        return self.is_over and not self.unread and self.trouble is None

    def verdict_on(self, hits: list[Hit], possible: list[Hit]) -> Verdict:
        """For these of the hits: all of them, or one number's."""
        if any(hit.list.type != UNUSED_TYPE for hit in hits):
            return Verdict.BLOCKED
        if not self.is_complete:
            return Verdict.INCOMPLETE
        may_be = any(hit.list.type != UNUSED_TYPE for hit in possible)
        return Verdict.POSSIBLE if may_be else Verdict.NONE

    @property
    def verdict(self) -> Verdict:
        return self.verdict_on(self.hits, self.possible)


def has_number(*numbers: str) -> Matcher:
    """Contacts with one of these numbers, in any spelling. Whole numbers only."""
    wanted = set(map(normalise, numbers))
    return lambda contact: not wanted.isdisjoint(map(normalise, contact.phones))


def may_mean(*numbers: str) -> Matcher:
    """Contacts with a stored text that is no number, and could mean one of these all the same."""
    wanted = set(map(normalise, numbers))
    lines = "\n".join(wanted)

    def may_be(phone: str) -> bool:
        if phone.isascii() and phone.isdigit():
            return False
        if "*" in phone:
            return re.search(_mask(phone), lines, re.MULTILINE) is not None
        pieces = map(normalise, _BETWEEN_NUMBERS.split(phone))
        return normalise(phone) not in wanted and not wanted.isdisjoint(pieces)

    return lambda contact: any(map(may_be, contact.phones))


def has_name(text: str) -> Matcher:
    return name_matcher(text)


def by_number(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """The hits under each of their numbers, normalised."""
    found = defaultdict(list)
    for hit in hits:
        for number in {normalise(phone) for phone in hit.contact.phones}:
            found[number].append(hit)
    return dict(found)


def scan(
    first: Page, matches: Matcher, *, may_match: Matcher | None = None, api: Plusofon
) -> Iterator[Scan]:
    """The same `Scan` again and again, a little further each time, until it `is_over`.

    `first`: the first page of lists, read by the caller, who so knows that the API answers. Closing
    the iterator stops the work.
    """
    api = api.scanning()
    pool = ThreadPoolExecutor(api.calls_at_once, thread_name_prefix="lookup")
    try:
        yield from _scan(first, matches, may_match or (lambda _contact: False), api, pool)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _scan(
    first: Page, matches: Matcher, may_match: Matcher, api: Plusofon, pool: ThreadPoolExecutor
) -> Iterator[Scan]:
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
            else:
                state.hits += [Hit(entry, c) for c in found.contacts if matches(c)]
                state.possible += [Hit(entry, c) for c in found.contacts if may_match(c)]
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


def _tidy(state: Scan, index: Index) -> None:
    """In the order of the lists, and without those that have gone meanwhile."""
    place = {list_id: place for place, list_id in enumerate(index.ids)}
    for hits in (state.hits, state.possible):
        there = [hit for hit in hits if hit.list.id in place]
        hits[:] = sorted(there, key=lambda hit: place[hit.list.id])
    state.unread = [unread for unread in state.unread if unread.list.id in place]
    state.read = state.total - len(state.unread)


def _mask(phone: str) -> str:
    """A stored mask as a pattern of a whole line: digits and stars, 8… as 7…."""
    mask = re.sub(r"[^0-9*]+", "", phone)
    if mask.startswith("8"):
        mask = "7" + mask[1:]
    return "^" + re.sub(r"[*]+", "[0-9]*", mask) + "$"

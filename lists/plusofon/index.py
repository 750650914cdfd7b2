"""Every page of lists: the API has no other way to say which lists there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .client import Plusofon
from .errors import NotUnderstood, PlusofonError
from .values import ListEntry, Page

MOST_PAGES = 1000  # of lists, 15 each
MOST_LISTS = 15 * MOST_PAGES
MOST_TEXT = (
    32 * 1024 * 1024
)  # characters of their names: an honest account's are less than a tenth of it
AT_A_TIME = 24  # pages; of those that there should be, until some bring nothing new


@dataclass(frozen=True, slots=True)
class Index:
    """All pages of lists, and how many those are. `trouble`: why some may be missing."""

    entries: tuple[ListEntry, ...]
    pages: int
    trouble: PlusofonError | None

    @property
    def ids(self) -> list[int]:
        return [entry.id for entry in self.entries]


def read_index(
    *,
    api: Plusofon,
    first: Page | None = None,
    expected: int = 1,
    each: Callable[..., Iterable[Any]] = map,
) -> Index:
    """Every page of lists, in order. `first`: the first one, where it was read already; `expected`:
    how many there should be; `each`: how they are read (`map`, or that of a pool of threads)."""

    def read(number: int) -> Page | PlusofonError:
        try:
            return api.get_lists(number)
        except PlusofonError as error:
            return error

    pages = [first] if first else list(each(read, range(1, expected + 1)))
    entries = _entries(pages)
    while len(pages) < (last := min(_last(pages), MOST_PAGES)) and _fits(entries):
        until = min(last, len(pages) + AT_A_TIME)
        pages += each(read, range(len(pages) + 1, until + 1))
        known, entries = entries, _entries(pages)
        if len(entries) == len(known):
            break
    trouble = next((page for page in pages if isinstance(page, PlusofonError)), None)
    if trouble is None and not _adds_up(pages, entries):
        trouble = NotUnderstood(detail="the pages of lists do not add up")
    return Index(tuple(entries.values()), len(pages), trouble)


Pages = list[Page | PlusofonError]


def _entries(pages: Pages) -> dict[int, ListEntry]:
    """By id: what moved from page to page while they were read would stand there twice."""
    read = (page for page in pages if isinstance(page, Page))
    return {entry.id: entry for page in read for entry in page.entries}


def _fits(entries: dict[int, ListEntry]) -> bool:
    text = sum(len(entry.name) for entry in entries.values())
    return len(entries) <= MOST_LISTS and text <= MOST_TEXT


def _last(pages: Pages) -> int:
    return max((page.last for page in pages if isinstance(page, Page)), default=0)


def _adds_up(pages: Pages, entries: dict[int, ListEntry]) -> bool:
    """Whether there are as many lists as each page says, and no more pages than were read."""
    totals = {page.total for page in pages if isinstance(page, Page)}
    return totals == {len(entries)} and _last(pages) <= len(pages)


def all_lists(api: Plusofon) -> tuple[ListEntry, ...]:
    """Every page of lists, in order. Raises `PlusofonError`, also if the pages do not add up."""
    index = read_index(api=api)
    if index.trouble:
        raise index.trouble
    return index.entries

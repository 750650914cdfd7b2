"""Which lists there are, of which types, and how many contacts they have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache

from .. import bulkhead
from ..connection import Connection
from ..ordering import By, Key, Order, in_order, name_key
from ..plusofon.client import Plusofon
from ..plusofon.errors import PlusofonError
from ..plusofon.index import read_index
from ..plusofon.values import ListEntry, ListType, Page
from ..threads import RequestThreads
from .filtering import words_matcher

TYPES_ARE_KEPT_FOR = 60 * 60  # seconds
NEWEST_IS_KNOWN_FOR = 2 * 60  # seconds: from the page of lists to the new one
LISTS_PER_PAGE = 50  # where all of them are read and sorted here
PAGES_AT_ONCE = 4
COUNTS_AT_ONCE = 4  # of the calls that scans may have: a number that is looked up comes between


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lists, in which order. `words`: of their names; `type`: "" means any; `order`: None as the API has
    them."""

    words: str = ""
    type: str = ""
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the wanted lists. `counts`: of their contacts by id, where those were counted, None where a list
    could not be read."""

    page: Page
    counts: Mapping[int, int | None] = field(default_factory=dict)


def list_types(*, by: Connection) -> tuple[ListType, ...]:
    """The types that can be created: one call an hour for each account."""
    key = f"list-types:{by.account}"
    types: tuple[ListType, ...] | None = cache.get(key)
    if types is None:
        types = by.api.get_list_types()
        cache.set(key, types, TYPES_ARE_KEPT_FOR)
    return types


def page_of_lists(number: int, *, by: Connection) -> Page:
    """One page of lists, from 1."""
    page = by.api.get_lists(number)
    if page.last <= 1:
        _remember_newest(page.entries, by=by)
    return page


def wanted_lists(wanted: Wanted, number: int, *, by: Connection) -> Found:
    """One page of the lists that are wanted, from 1. Without a wish it is the API's own; else all pages are read,
    and with a sort by the number of contacts all lists that are wanted. Raises `BulkheadFull`."""
    if wanted == Wanted():
        return Found(page_of_lists(number, by=by))
    has_words = words_matcher(wanted.words) if wanted.words else None
    entries = [
        entry
        for entry in lists_of(by)
        if wanted.type in ("", entry.type) and (has_words is None or has_words(entry.name))
    ]
    counted: dict[int, int | None] = {}
    if wanted.order and wanted.order.by is By.COUNT:
        counted = counts((entry.id for entry in entries), api=by.api)
    if wanted.order:
        entries = _sorted(entries, wanted.order, counted)
    last = max(1, -(-len(entries) // LISTS_PER_PAGE))
    first = (number - 1) * LISTS_PER_PAGE
    shown = tuple(entries[first : first + LISTS_PER_PAGE])
    return Found(Page(shown, number, last, LISTS_PER_PAGE, len(entries)), counted)


def _sorted(
    entries: Iterable[ListEntry], order: Order, counted: Mapping[int, int | None]
) -> list[ListEntry]:
    """By name where they are equal otherwise."""

    def key(entry: ListEntry) -> Key | None:
        match order.by:
            case By.COUNT:
                count = counted.get(entry.id)
                return None if count is None else (count,)
            case By.TYPE:
                return (entry.type,)
        return name_key(entry.name)

    by_name = in_order(entries, lambda entry: name_key(entry.name), is_reversed=False)
    return in_order(by_name, key, is_reversed=order.is_reversed)


def lists_of(by: Connection) -> tuple[ListEntry, ...]:
    """Every list, some pages at once. Raises `PlusofonError`, also if the pages do not add up."""
    api = by.api.scanning()
    first = api.get_lists(1)
    with RequestThreads(PAGES_AT_ONCE, thread_name_prefix="pages") as pool:
        index = read_index(api=api, first=first, each=pool.map)
    if index.trouble:
        raise index.trouble
    _remember_newest(index.entries, by=by)
    return index.entries


def newest_known(*, by: Connection) -> int | None:
    """The highest id of a list when somebody of the account has just seen all of them, in this process: a
    list that is to be created will have a higher one. None where that is not known."""
    newest: int | None = cache.get(f"newest-list:{by.account}")
    return newest


def _remember_newest(entries: Iterable[ListEntry], *, by: Connection) -> None:
    newest = max((entry.id for entry in entries), default=0)
    cache.set(f"newest-list:{by.account}", newest, NEWEST_IS_KNOWN_FOR)


def counts(list_ids: Iterable[int], *, api: Plusofon) -> dict[int, int | None]:
    """How many contacts each list has: a call each. None where it could not be read. Raises
    `BulkheadFull`."""

    def count(list_id: int) -> int | None:
        try:
            return len(api.get_list(list_id).contacts)
        except PlusofonError:
            return None

    ids, api = list(list_ids), api.scanning()
    with (
        bulkhead.scans.enter(),
        RequestThreads(COUNTS_AT_ONCE, thread_name_prefix="counts") as pool,
    ):
        return dict(zip(ids, pool.map(count, ids), strict=True))

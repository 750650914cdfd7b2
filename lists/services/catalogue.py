"""Which lists there are, of which types, and how many contacts they have."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from django.core.cache import cache

from .. import bulkhead
from ..connection import Connection
from ..plusofon.client import Plusofon
from ..plusofon.errors import PlusofonError
from ..plusofon.index import all_lists
from ..plusofon.values import ListEntry, ListType, Page

TYPES_ARE_KEPT_FOR = 60 * 60  # seconds
NEWEST_IS_KNOWN_FOR = 2 * 60  # seconds: from the page of lists to the new one
COUNTS_AT_ONCE = 4  # of the calls that scans may have: a number that is looked up comes between


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


def lists_of(by: Connection) -> tuple[ListEntry, ...]:
    """Every list. Raises `PlusofonError`, also if the pages do not add up."""
    entries = all_lists(by.api.scanning())
    _remember_newest(entries, by=by)
    return entries


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
        ThreadPoolExecutor(COUNTS_AT_ONCE, thread_name_prefix="counts") as pool,
    ):
        return dict(zip(ids, pool.map(count, ids), strict=True))

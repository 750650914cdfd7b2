"""How large every list is, and which were changed past this dashboard: all of them read, a few at a time, and of
their contacts nothing kept. Counted once in five minutes for each account and process, however many people ask."""

from concurrent.futures import as_completed
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from .. import bulkhead
from ..connection import Connection
from ..models import JournalEntry, Outcome
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotFound, PlusofonError
from ..plusofon.values import ListEntry
from ..sameness import list_digest
from ..threads import RequestThreads
from .catalogue import lists_of
from .outside import ChangedOutside, compared, last_writes

LONGEST = 60.0  # seconds; lists that are not read by then are told as unread
LISTS_AT_ONCE = 2  # of the calls that scans may have: whoever looks a number up comes between
KEPT_FOR = 5 * 60  # seconds
UNDER_WAY_FOR = 2 * LONGEST


class UnderWay(Exception):
    """Somebody of the account is counting just now."""


@dataclass(frozen=True, slots=True)
class Sized:
    """A list, how many contacts it has, and whether others have changed it since the last save here."""

    list: ListEntry
    contacts: int
    outside: ChangedOutside | None


@dataclass(frozen=True, slots=True)
class Survey:
    """`lists`: those that could be read, the largest first; `total`: how many there are."""

    counted_at: datetime
    total: int
    lists: tuple[Sized, ...]

    @property
    def unread(self) -> int:
        return self.total - len(self.lists)

    @property
    def contacts(self) -> int:
        return sum(each.contacts for each in self.lists)


def survey(*, by: Connection, anew: bool = False) -> Survey:
    """What is known of the last five minutes; or all lists read, `anew` in any case.

    Raises `UnderWay`, `BulkheadFull`, and `PlusofonError` where it cannot be told which lists there are.
    """
    key = f"survey:{by.account}"
    known: Survey | None = None if anew else cache.get(key)
    if known is not None:
        return known
    if not cache.add(f"{key}:under-way", True, UNDER_WAY_FOR):
        raise UnderWay
    try:
        counted = _counted(by)
        cache.set(key, counted, KEPT_FOR)
    finally:
        cache.delete(f"{key}:under-way")
    return counted


def changed_outside(found: Survey) -> list[Sized]:
    """The lists of which that still holds: none that was written since."""
    changed = {each.list.id: each.outside.entry_id for each in found.lists if each.outside}
    if not changed:
        return []
    later = JournalEntry.objects.filter(list_id__in=changed, pk__gt=min(changed.values()))
    written = {
        entry.list_id
        for entry in later.exclude(Q(digest_after="") | Q(outcome=Outcome.REFUSED)).only("list_id")
        if entry.list_id is not None and entry.pk > changed[entry.list_id]
    }
    return [each for each in found.lists if each.outside and each.list.id not in written]


@dataclass(frozen=True, slots=True)
class _Read:
    """What is kept of a list that was read."""

    contacts: int
    digest: str
    asked_at: datetime


def _counted(by: Connection) -> Survey:
    counted_at = timezone.now()
    with bulkhead.scans.enter():
        entries = lists_of(by)
        api, sized, gone = by.api.scanning(within=LONGEST), [], 0
        pool = RequestThreads(LISTS_AT_ONCE, thread_name_prefix="survey")
        try:
            reading = {pool.submit(_read, entry.id, api): entry for entry in entries}
            for future in as_completed(reading):
                try:
                    sized.append(_sized(reading[future], future.result()))
                except NotFound:
                    gone += 1
                except PlusofonError:
                    continue
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    sized.sort(key=lambda each: (-each.contacts, each.list.name))
    return Survey(counted_at, len(entries) - gone, tuple(sized))


def _read(list_id: int, api: Plusofon) -> _Read:
    asked_at = timezone.now()
    found = api.get_list(list_id)
    return _Read(len(found.contacts), list_digest(found), asked_at)


def _sized(entry: ListEntry, read: _Read) -> Sized:
    outside = compared(last_writes(entry.id), read.digest, asked_at=read.asked_at)
    return Sized(entry, read.contacts, outside)

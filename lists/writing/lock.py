"""A list's lock: the journal's row that has not ended, of which the database allows one for each list.

It works across threads, processes and machines, and whoever dies with it leaves a row that says what
was under way. The row is a lease: it lapses when nothing of the write can happen any more.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import uuid4
from weakref import WeakValueDictionary

from django.db import Error as DatabaseTrouble
from django.db import IntegrityError
from django.utils import timezone

from ..bulkhead import Bulkhead, BulkheadFull, upstream
from ..connection import Connection
from ..database import once_more
from ..models import HOLDING, JournalEntry, Outcome
from . import journal, lease, reconciling
from .links import ALONE, Links
from .outcomes import Busy, HeldInDoubt

LONGEST_WAIT = 30.0  # seconds
SHORT_WAIT = 1.0  # seconds, which anybody may wait
LONGEST_PAUSE = 0.2
SLOW = 10.0  # seconds that a step of a write seldom takes

# Threads that may wait for long at once; the other half keeps everybody else's pages alive.
_waiting = Bulkhead(max(1, upstream.seats // 2))


@dataclass(frozen=True, slots=True)
class OfList:
    """The lock of a list. Its id is enough: whoever may reach the list shares it."""

    list_id: int


@dataclass(frozen=True, slots=True)
class OfCreation:
    """An account creates one list at a time, so that a new one can be told from the others."""

    account: str


Lock = OfList | OfCreation


@contextmanager
def held(
    lock: Lock,
    *,
    by: Connection,
    links: Links = ALONE,
) -> Iterator[JournalEntry]:
    """Hold a lock. Raises `Busy` after half a minute, or after a second where enough others wait already,
    and `HeldInDoubt` at once. Nobody waits longer than the time for all of their calls; `OutOfTime` where
    that is over.

    A row of which nothing was sent is gone afterwards: it was no write.
    """
    until = time.monotonic() + min(LONGEST_WAIT, by.api.time_left())
    with _turn(lock, until, by=by):
        entry = _take(lock, until, by=by, links=links)
        try:
            yield entry
        finally:
            if entry.outcome == Outcome.LOCKED:
                with suppress(DatabaseTrouble):  # the lease lapses by itself
                    journal.drop(entry)


def _take(
    lock: Lock,
    until: float,
    *,
    by: Connection,
    links: Links,
) -> JournalEntry:
    taken = partial(_taken, lock, until, by=by, links=links)
    pause, is_long = 0.01, time.monotonic() + SHORT_WAIT
    with ExitStack() as place:
        while not (entry := taken()):
            if time.monotonic() + pause > until:
                raise _said(Busy, _holder(lock), by)
            if time.monotonic() > is_long:
                place.enter_context(_place_to_wait(lock, by=by))
                is_long = math.inf
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        return entry


def _taken(
    lock: Lock,
    until: float,
    *,
    by: Connection,
    links: Links,
) -> JournalEntry | None:
    """Our row, or None where somebody else's may go soon. Raises `Busy` where it will not."""
    entry, is_ours = _unended(lock, by, links)
    if entry and not is_ours and lease.is_over(entry):
        reconciling.settle(entry, by=by)
        if entry.outcome not in HOLDING:
            entry, is_ours = _unended(lock, by, links)
    if entry is None or is_ours:
        return entry
    if lease.is_in_doubt(entry):
        raise _said(HeldInDoubt, entry, by)
    if _is_vain(entry, until):
        raise _said(Busy, entry, by)
    return None


@contextmanager
def _place_to_wait(lock: Lock, *, by: Connection) -> Iterator[None]:
    """Raises `Busy` where enough others wait."""
    try:
        place = _waiting.enter()
    except BulkheadFull:
        raise _said(Busy, _holder(lock), by) from None
    with place:
        yield


def _is_vain(entry: JournalEntry, until: float) -> bool:
    """Whether whoever holds the lock seems to have died, and it will not be free while we wait."""
    since = entry.sent_at or entry.started_at
    seems_dead = timezone.now() - since > timedelta(seconds=SLOW)
    waits = timedelta(seconds=until - time.monotonic())
    return seems_dead and lease.frees_at(entry) > timezone.now() + waits


def _said(error: type[Busy], holder: JournalEntry | None, by: Connection) -> Busy:
    """Who holds it, and until when; a stranger is told no name."""
    known = holder if holder and holder.account == by.account else None
    return error(known, lease.frees_at(holder) if holder else None)


def _unended(lock: Lock, by: Connection, links: Links) -> tuple[JournalEntry | None, bool]:
    """The row that holds the lock, and whether it is ours. None where it came and went as we looked."""
    token = uuid4()
    row = {
        "account": by.account,
        "list_id": lock.list_id if isinstance(lock, OfList) else None,
        "user": by.user,
        "username": by.user.get_username(),
        "started_at": timezone.now(),
        "undoes": links.undoes,
        "repeats": links.repeats,
        "part_of": links.part_of,
        "step": links.step,
        "lock_token": token,
    }
    try:
        entry, _is_new = once_more(JournalEntry.objects.get_or_create)(
            **_held_by(lock), defaults=row
        )
    except IntegrityError:
        return None, False
    return entry, entry.lock_token == token


def _seconds_until(until: float) -> float:
    return max(0.0, until - time.monotonic())


def _holder(lock: Lock) -> JournalEntry | None:
    return JournalEntry.objects.filter(**_held_by(lock)).first()


def _held_by(lock: Lock) -> dict[str, object]:
    if isinstance(lock, OfList):
        return {"list_id": lock.list_id, "outcome__in": HOLDING}
    return {"account": lock.account, "list_id": None, "outcome__in": HOLDING}


# Threads of one process queue here, so that only one of them keeps asking the database.
_turns: WeakValueDictionary[Lock, "_Turn"] = WeakValueDictionary()
_making_turns = threading.Lock()


class _Turn:
    def __init__(self) -> None:
        self.lock = threading.Lock()


@contextmanager
def _turn(lock: Lock, until: float, *, by: Connection) -> Iterator[None]:
    with _making_turns:
        turn = _turns.setdefault(lock, _Turn())
    if not turn.lock.acquire(timeout=min(SHORT_WAIT, _seconds_until(until))):
        with _place_to_wait(lock, by=by):
            if not turn.lock.acquire(timeout=_seconds_until(until)):
                raise _said(Busy, _holder(lock), by)
    try:
        yield
    finally:
        turn.lock.release()

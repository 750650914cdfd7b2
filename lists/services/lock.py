"""A list's lock: the journal's pending row, of which the database allows one for each list.

It works across threads, processes and machines, and whoever dies with it leaves a row that says what
was under way.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils import timezone

from ..models import JournalEntry, Outcome
from ..plusofon.client import Plusofon
from ..plusofon.errors import PlusofonError
from . import journal, settling

NEW_LIST = 0  # stands for the list that is being created: an account creates one at a time
LONGEST_WAIT = 30.0  # seconds
LONGEST_PAUSE = 0.2


class Busy(PlusofonError):
    """Somebody else has been saving this list for longer than we wait. Nothing was sent."""

    def __init__(self, holder: JournalEntry | None) -> None:
        super().__init__(detail="the list is locked")
        self.username = holder.username if holder else ""
        self.since = holder.started_at if holder else None


@contextmanager
def held(
    list_id: int, *, api: Plusofon, by: User, undoes: JournalEntry | None = None
) -> Iterator[JournalEntry]:
    """Hold a list's lock. Raises `Busy` after half a minute.

    A row of which nothing was sent (`journal.sending`) is gone afterwards: it was no write.
    """
    account = by.credential.account
    until = time.monotonic() + LONGEST_WAIT
    with _turn(account, list_id, until):
        entry = _take(list_id, account, until, api=api, by=by, undoes=undoes)
        try:
            yield entry
        finally:
            if not entry.action:
                journal.drop(entry)


def _take(
    list_id: int,
    account: str,
    until: float,
    *,
    api: Plusofon,
    by: User,
    undoes: JournalEntry | None,
) -> JournalEntry:
    pause = 0.01
    while True:
        entry, is_ours = _pending(list_id, account, by, undoes)
        if entry and is_ours:
            return entry
        if entry and journal.is_left_over(entry):
            settling.settle(entry, api=api)
            continue
        if time.monotonic() + pause > until:
            raise Busy(entry)
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)


def _pending(
    list_id: int, account: str, by: User, undoes: JournalEntry | None
) -> tuple[JournalEntry | None, bool]:
    """The list's pending row, and whether it is ours. None where it came and went as we looked."""
    try:
        return JournalEntry.objects.get_or_create(
            account=account,
            list_id=list_id,
            outcome=Outcome.PENDING,
            defaults={
                "user": by,
                "username": by.get_username(),
                "started_at": timezone.now(),
                "undoes": undoes,
            },
        )
    except IntegrityError:
        return None, False


# Threads of one process queue here, so that only one of them keeps asking the database.
_turns: WeakValueDictionary[tuple[str, int], "_Turn"] = WeakValueDictionary()
_making_turns = threading.Lock()


class _Turn:
    def __init__(self) -> None:
        self.lock = threading.Lock()


@contextmanager
def _turn(account: str, list_id: int, until: float) -> Iterator[None]:
    with _making_turns:
        turn = _turns.setdefault((account, list_id), _Turn())
    if not turn.lock.acquire(timeout=max(0.0, until - time.monotonic())):
        holder = JournalEntry.objects.filter(
            account=account, list_id=list_id, outcome=Outcome.PENDING
        ).first()
        raise Busy(holder)
    try:
        yield
    finally:
        turn.lock.release()

"""Probes for monitoring: liveness (`healthz`) and readiness (`readyz`). Neither waits for Plusofon."""

import threading
import time
from datetime import UTC, datetime
from enum import StrEnum

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from ..database import once_more
from ..telemetry import reachability
from .bearer import is_monitoring

KEPT = 2.0  # seconds: whoever asks more often, a stranger too, causes no more writes
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class State(StrEnum):
    """What keeps the dashboard from working, in a word."""

    OK = "ok"
    DATABASE = "database"
    MIGRATIONS = "migrations"


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseTrouble:
        return _answer(State.DATABASE)
    return _answer(State.OK)


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while it can also be written to, and has the tables of this release: people can sign in and save.

    Who shows the token of monitoring is told more: also whether Plusofon answers, which fails nothing."""
    state = _last.state()
    if not is_monitoring(request):
        return _answer(state)
    told = {
        "database": "fails" if state is State.DATABASE else "ok",
        "migrations": {State.OK: "ok", State.MIGRATIONS: "missing"}.get(state, "not known"),
        "plusofon": _plusofon(),
    }
    return JsonResponse(told, status=_answer(state).status_code)


def _answer(state: State) -> HttpResponse:
    status = 200 if state is State.OK else 503
    return HttpResponse(state, content_type="text/plain", status=status)


def _plusofon() -> str:
    """As this process's own last calls went: none is made for it."""
    last = reachability.last()
    if last.failing_since:
        return f"does not answer since {_time(last.failing_since)}"
    return f"answered at {_time(last.answered_at)}" if last.answered_at else "not asked yet"


def _time(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


class LastWrite:
    """What became of the last write that was tried, for a moment; one thread of the process tries."""

    def __init__(self) -> None:
        self._trying = threading.Lock()
        self._tried_at = -KEPT
        self._state = State.DATABASE
        self._is_migrated = False

    def state(self) -> State:
        """Also `DATABASE` while a try takes long: a database that is locked is waited for."""
        if self._is_fresh() or not self._trying.acquire(blocking=False):
            return self._state if time.monotonic() - self._tried_at < 2 * KEPT else State.DATABASE
        try:
            self._state = self._found()
            self._tried_at = time.monotonic()
        finally:
            self._trying.release()
        return self._state

    def _found(self) -> State:
        if not _can_write():
            return State.DATABASE
        # Of this release they stay applied: once they are, nothing is looked for again.
        self._is_migrated = self._is_migrated or _is_migrated()
        return State.OK if self._is_migrated else State.MIGRATIONS

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._tried_at < KEPT


_last = LastWrite()


def _can_write() -> bool:
    """A session that ended long ago: one row, which `clearsessions` takes away. Committed, because a disk
    that is full is often noticed only then."""
    try:
        once_more(Session.objects.update_or_create)(
            session_key="readyz", defaults={"session_data": "", "expire_date": LONG_AGO}
        )
    except DatabaseTrouble:
        return False
    return True


def _is_migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseTrouble:
        return False
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())

"""Probes for monitoring: liveness (`healthz`) and readiness (`readyz`)."""

import threading
import time
from datetime import UTC, datetime

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.db import Error as DatabaseTrouble
from django.db import connection
from django.http import HttpRequest, HttpResponse

from ..database import once_more

KEPT = 2.0  # seconds: whoever asks more often, a stranger too, causes no more writes
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process and its database answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseTrouble:
        return _failing()
    return _well()


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 while it can also be written to: people can sign in and save."""
    return _well() if _last.is_well() else _failing()


def _well() -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def _failing() -> HttpResponse:
    return HttpResponse("database", content_type="text/plain", status=503)


class LastWrite:
    """What became of the last write that was tried, for a moment; one thread of the process tries."""

    def __init__(self) -> None:
        self._trying = threading.Lock()
        self._tried_at = -KEPT
        self._succeeded = False

    def is_well(self) -> bool:
        """Also False while a try takes long: a database that is locked is waited for."""
        if self._is_fresh() or not self._trying.acquire(blocking=False):
            return self._succeeded and time.monotonic() - self._tried_at < 2 * KEPT
        try:
            self._succeeded = _can_write()
            self._tried_at = time.monotonic()
        finally:
            self._trying.release()
        return self._succeeded

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

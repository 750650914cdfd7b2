"""How many of this process's threads may work with Plusofon at once; the others answer what needs none.

Else an API that hangs takes thread after thread, until the login and the journal wait for it too.
(A bulkhead keeps one flooded part of a ship from sinking the rest.)
"""

import threading

from django.conf import settings

RETRY_AFTER = 2.0  # seconds
LONGEST_WAIT = 0.5  # seconds for a seat, of those few that may wait for one


class BulkheadFull(Exception):
    """All of those threads are at work. Nothing was asked and nothing was sent."""

    retry_after = RETRY_AFTER


class Bulkhead:
    """`seats` for the threads of one process; `waiting`: how many may wait a moment for one. Whoever waits
    takes a thread as well, so that the others are told at once."""

    def __init__(self, seats: int, *, waiting: int = 0) -> None:
        self.seats = seats
        self._free = threading.Semaphore(seats)
        self._may_wait = threading.Semaphore(waiting)

    def enter(self) -> "Seat":
        """Raises `BulkheadFull`."""
        if self._free.acquire(blocking=False) or self._gets_free():
            return Seat(self._free)
        raise BulkheadFull

    def _gets_free(self) -> bool:
        if not self._may_wait.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=LONGEST_WAIT)
        finally:
            self._may_wait.release()


class Seat:
    """A place behind the bulkhead, for a `with` block. Left once; leaving again does nothing."""

    def __init__(self, free: threading.Semaphore) -> None:
        self._free: threading.Semaphore | None = free

    def __enter__(self) -> None:
        pass

    def __exit__(self, *exc_info: object) -> None:
        self._leave()

    def __del__(self) -> None:
        """An answer that is lost on its way out is never closed: its seat would be lost as well."""
        self._leave()

    def _leave(self) -> None:
        free, self._free = self._free, None
        if free is not None:
            free.release()


def seats_of(threads: int) -> int:
    """Three quarters of them."""
    return max(1, threads * 3 // 4)


upstream = Bulkhead(seats_of(settings.THREADS), waiting=settings.THREADS // 8)
# Of those, so many may read all lists: a scan takes as long as hundreds of pages do, which would find no seat.
scans = Bulkhead(max(1, upstream.seats // 2), waiting=1)

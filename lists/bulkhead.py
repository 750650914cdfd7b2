"""How many of this process's threads may work with Plusofon at once; the others answer what needs none.

Else an API that hangs takes thread after thread, until the login and the journal wait for it too.
(A bulkhead keeps one flooded part of a ship from sinking the rest.)
"""

import threading
from queue import Empty, SimpleQueue

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
        # A queue, since seats that are lost come back whenever Python collects them: putting into this one
        # may interrupt even the thread that takes from it. A semaphore would wait for itself for ever.
        self._free: SimpleQueue[None] = SimpleQueue()
        for _ in range(seats):
            self._free.put(None)
        self._may_wait = threading.Semaphore(waiting)

    def enter(self) -> "Seat":
        """Raises `BulkheadFull`."""
        try:
            self._free.get_nowait()
        except Empty:
            self._wait()
        return Seat(self._free)

    def _wait(self) -> None:
        if not self._may_wait.acquire(blocking=False):
            raise BulkheadFull
        try:
            self._free.get(timeout=LONGEST_WAIT)
        except Empty:
            raise BulkheadFull from None
        finally:
            self._may_wait.release()


class Seat:
    """A place behind the bulkhead, for a `with` block. Left once; leaving again does nothing."""

    def __init__(self, free: "SimpleQueue[None]") -> None:
        self._free: SimpleQueue[None] | None = free

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
            free.put(None)


def seats_of(threads: int) -> int:
    """Three quarters of them."""
    return max(1, threads * 3 // 4)


upstream = Bulkhead(seats_of(settings.THREADS), waiting=settings.THREADS // 8)
# Of those, so many may read all lists: a scan takes as long as hundreds of pages do, which would find no seat.
scans = Bulkhead(max(1, upstream.seats // 2), waiting=1)

"""How many of this process's threads may work with Plusofon at once; the others answer what needs none.

Else an API that hangs takes thread after thread, until the login and the journal wait for it too.
(A bulkhead keeps one flooded part of a ship from sinking the rest.)
"""

import threading

from django.conf import settings

RETRY_AFTER = 2.0  # seconds


class BulkheadFull(Exception):
    """All of those threads are at work. Nothing was asked and nothing was sent."""

    retry_after = RETRY_AFTER


class Bulkhead:
    """`seats` for the threads of one process. Nobody waits for one: that would take a thread as well."""

    def __init__(self, seats: int) -> None:
        self.seats = seats
        self._free = threading.Semaphore(seats)

    def enter(self) -> "Seat":
        """Raises `BulkheadFull`."""
        if not self._free.acquire(blocking=False):
            raise BulkheadFull
        return Seat(self._free)


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


upstream = Bulkhead(seats_of(settings.THREADS))

"""How many calls are under way at once, and whose turn is next: a first-in, first-out semaphore.

`threading.Semaphore` promises no order: whoever happens to ask just as a permit comes back takes it,
and a page can wait for whole lookups.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .errors import NoPermit


class _Place:
    """One caller's place in the queue."""

    def __init__(self, *, scanning: bool) -> None:
        self.scanning = scanning
        self.admitted = threading.Event()


class Permits:
    """`total` permits, handed to whoever waits longest; for the threads of one process.

    The calls of long scans hold `scans` of them at most, by default all but a quarter. A scan that
    waits for nothing but its share lets others by. `on_wait` is told the seconds of who had to wait, also in vain.
    """

    def __init__(
        self,
        total: int,
        *,
        scans: int | None = None,
        on_wait: Callable[[float], None] | None = None,
    ) -> None:
        self.total, self._on_wait = total, on_wait
        self.scans = max(1, total - -(-total // 4)) if scans is None else scans
        self._free, self._free_for_scans = self.total, self.scans
        self._queue: deque[_Place] = deque()
        self._lock = threading.Lock()
        self._this_thread = threading.local()

    @property
    def is_held(self) -> bool:
        """Whether this thread has its permit."""
        return getattr(self._this_thread, "has_one", False)

    @property
    def in_use(self) -> int:
        return self.total - self._free

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @contextmanager
    def held(self, *, longest_wait: float, scanning: bool = False) -> Iterator[None]:
        """Hold one permit. Raises `NoPermit` after `longest_wait` seconds.

        Within the block this thread has its permit: what it asks for there it gets at once, and no
        second one is taken.
        """
        if self.is_held:
            yield
            return
        place = _Place(scanning=scanning)
        self._queue_up(place)
        try:
            if not (place.admitted.is_set() or self._waited(place, longest_wait)):
                raise NoPermit(detail="too many calls at once")
            self._this_thread.has_one = True
            yield
        finally:
            self._this_thread.has_one = False
            self._leave(place)

    def _waited(self, place: _Place, longest_wait: float) -> bool:
        """Whether its turn has come."""
        began = time.monotonic()
        try:
            return place.admitted.wait(longest_wait)
        finally:
            if self._on_wait:
                self._on_wait(time.monotonic() - began)

    def _queue_up(self, place: _Place) -> None:
        with self._lock:
            self._queue.append(place)
            self._hand_out()

    def _leave(self, place: _Place) -> None:
        """Gives back the permit, also one that came just as its caller gave up waiting."""
        with self._lock:
            if place.admitted.is_set():
                self._free += 1
                self._free_for_scans += place.scanning
                self._hand_out()
            else:
                self._queue.remove(place)

    def _hand_out(self) -> None:
        for place in tuple(self._queue):
            if not self._free:
                return
            if place.scanning and not self._free_for_scans:
                continue
            self._queue.remove(place)
            self._free -= 1
            self._free_for_scans -= place.scanning
            place.admitted.set()

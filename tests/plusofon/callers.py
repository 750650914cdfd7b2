"""Threads that hold permits for as long as a test likes."""

import threading
from contextlib import contextmanager

from lists.plusofon.errors import NoPermit

PROMPT = 1.0  # seconds in which a thread that may go on does


class Caller:
    """A thread that waits for a permit, holds it until it is told to leave, and says when it came."""

    def __init__(self, permits, *, scanning=False, longest_wait=5.0):
        self.came, self.leave = threading.Event(), threading.Event()
        self.error = None
        self._thread = threading.Thread(target=self._call, args=(permits, scanning, longest_wait))
        self._thread.start()

    def _call(self, permits, scanning, longest_wait):
        try:
            with permits.held(longest_wait=longest_wait, scanning=scanning):
                self.came.set()
                self.leave.wait(5)
        except NoPermit as error:
            self.error = error

    def has_come(self):
        return self.came.wait(PROMPT)

    def waits(self):
        return not self.came.wait(0.05)

    def end(self):
        self.leave.set()
        self._thread.join()


@contextmanager
def in_use(permits, *, free=0):
    """Somebody else has all permits but the free ones, until the callers given are told to end."""
    callers = [Caller(permits) for _ in range(permits.total - free)]
    assert all(caller.has_come() for caller in callers)
    try:
        yield callers
    finally:
        for caller in callers:
            caller.end()

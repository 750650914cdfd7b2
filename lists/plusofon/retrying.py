"""How long a call goes on trying: its time budget, and the pauses between its tries."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from . import wire
from .transport import deadline
from .wire import Answer

LONGEST_RETRY_AFTER = 3.0  # seconds
RETRY_STATUSES = {502, 503, 504}


@dataclass(slots=True)
class Budget:
    """The seconds that a call has left for all its tries and the pauses between them."""

    left: float

    @contextmanager
    def spent(self) -> Iterator[None]:
        """Ends with the budget, and is taken off it."""
        started = time.monotonic()
        try:
            with deadline(self.left):
                yield
        finally:
            self.left -= time.monotonic() - started

    def sleep(self, seconds: float) -> bool:
        """Sleep, unless the budget would be used up by it."""
        if seconds >= self.left:
            return False
        time.sleep(seconds)
        self.left -= seconds
        return True


def pause_before_retry(answer: Answer, attempt: int) -> float | None:
    """Seconds until the next try, or None where another try would not help."""
    if answer.status in RETRY_STATUSES:
        return backoff(attempt)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        asked = wire.retry_after(answer)
        wait = backoff(attempt) if asked is None else asked
        return wait if wait <= LONGEST_RETRY_AFTER else None
    return None


def backoff(attempt: int) -> float:
    """0.1, 0.2 … seconds, spread so that many threads do not come back together."""
    return float(0.1 * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25)  # noqa: S311

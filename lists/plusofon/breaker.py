"""A circuit breaker: while the API answers nothing, its callers are told so at once.

The packages for this let one trial through and wait for its end. An API that hangs lets the trial
hang too, so here another one starts every few seconds, whatever became of those before, and takes few
seconds; but now and then one takes its time, or an API that has become slow would seem dead for ever.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import CircuitOpen, PlusofonError

TRIPS_AFTER = 3  # time-outs, with no answer between them
TRIAL_EVERY = 3.0  # seconds; so long, at most, an API is back and nobody has noticed
SHORT_TRIAL = 4.0  # seconds
PATIENT_TRIALS = 5  # every so many of them is not short


class Breaker:
    """Opens after some time-outs in a row, closes with the first answer; for the threads of one process."""

    def __init__(self, *, trips_after: int = TRIPS_AFTER, trial_every: float = TRIAL_EVERY) -> None:
        self.trips_after, self.trial_every = trips_after, trial_every
        self._timeouts = 0
        self._next_trial = 0.0
        self._trials = 0
        self._answered_at = -math.inf
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self._timeouts >= self.trips_after

    def admit(self) -> float | None:
        """Of a read that is a trial, how many seconds it may take; None where all is well. Raises
        `CircuitOpen` where it shall not be made."""
        with self._lock:
            if not self.is_open:
                return None
            now = time.monotonic()
            if now < self._next_trial:
                raise CircuitOpen(retry_after=self._next_trial - now)
            self._next_trial = now + self.trial_every
            self._trials += 1
            return math.inf if self._trials % PATIENT_TRIALS == 0 else SHORT_TRIAL

    def check(self) -> None:
        """Raises `CircuitOpen`: for whoever already queued, and for writes, which are no trials."""
        with self._lock:
            if self.is_open:
                raise CircuitOpen(retry_after=self.trial_every)

    @contextmanager
    def watching(self, *, had_its_time: bool = True) -> Iterator[None]:
        """Note how the call in the block ends: any answer, a refusal too, closes the circuit. A time-out
        counts of a call that `had_its_time`, and while none was answered since it began."""
        began = time.monotonic()
        try:
            yield
        except PlusofonError as error:
            if not error.timed_out:
                self._note_answer()
            elif had_its_time:
                self._note_time_out(began)
            raise
        self._note_answer()

    def _note_answer(self) -> None:
        with self._lock:
            self._timeouts = self._trials = 0
            self._answered_at = time.monotonic()

    def _note_time_out(self, began: float) -> None:
        with self._lock:
            if began < self._answered_at:
                return  # it hung before the API was back
            self._timeouts += 1
            if self._timeouts == self.trips_after:
                self._next_trial = time.monotonic() + self.trial_every

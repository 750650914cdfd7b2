"""What a caller may watch of the calls: how each ended, how long it took, how often it was tried."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .errors import PlusofonError

OK = "ok"


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it ended. `operation`: the method of `Plusofon`. `outcome`: `ok`, or the error's name in
    lower case (`timed_out`, `not_found` …): as many as `errors` has. `seconds`: at the network, without
    waiting for a permit or between tries. `tries`: how often it was sent, 0 where it was not tried."""

    operation: str
    outcome: str
    seconds: float
    tries: int


@dataclass(slots=True)
class Tries:
    """What the tries of one call have taken so far."""

    count: int = 0
    seconds: float = 0.0

    @contextmanager
    def one_more(self) -> Iterator[None]:
        self.count += 1
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds += time.monotonic() - began


@contextmanager
def told(operation: str, on_call: Callable[[Call], None] | None) -> Iterator[Tries]:
    """Tell `on_call` how the call in the block has ended."""
    tries, outcome = Tries(), ""
    try:
        yield tries
        outcome = OK
    except PlusofonError as error:
        outcome = outcome_of(error)
        raise
    finally:
        if on_call and outcome:  # without one it was a defect of ours
            on_call(Call(operation, outcome, tries.seconds, tries.count))


def outcome_of(error: PlusofonError) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()

"""What is compared, and what came out of it."""

import statistics
import time
from dataclasses import dataclass

WARM_UP = 3


@dataclass(frozen=True)
class Row:
    """`what` we do, `against` what it is held. Measured in seconds or bytes, shown in `unit`. `bound`: the ratio
    that is promised; `reason`: why it is missed, on a page that says so."""

    what: str
    against: str
    unit: str = "ms"
    bound: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """`pairs`: ours and theirs, run by run."""

    row: Row
    pairs: list[tuple[float, float]]

    @property
    def ours(self):
        return statistics.median(ours for ours, _ in self.pairs)

    @property
    def theirs(self):
        return statistics.median(theirs for _, theirs in self.pairs)

    @property
    def ratios(self):
        return sorted(ours / theirs for ours, theirs in self.pairs)

    @property
    def ratio(self):
        """In the middle of the runs: what disturbs one run disturbs both of its sides."""
        return statistics.median(self.ratios)

    @property
    def spread(self):
        """The ratios between which half of the runs lie."""
        if len(self.pairs) == 1:
            return self.ratio, self.ratio
        low, _, high = statistics.quantiles(self.ratios, n=4, method="inclusive")
        return low, high

    @property
    def holds(self):
        return self.row.bound is None or self.ratio <= self.row.bound


@dataclass(frozen=True)
class Section:
    """What a topic found."""

    title: str
    about: str
    results: list[Result]


def alternating(*measures, runs, warm_up=WARM_UP):
    """What each gives, run by run: they take turns, so that all meet the same noise."""
    for _ in range(warm_up):
        for measure in measures:
            measure()
    return [tuple(measure() for measure in measures) for _ in range(runs)]


def timed(act, *args, clock=time.perf_counter):
    """A measure of the seconds that this takes."""

    def measure():
        started = clock()
        act(*args)
        return clock() - started

    return measure


def promised(row, seconds, taken):
    """Held against what is promised instead of something measured."""
    return Result(row, [(each, seconds) for each in taken])

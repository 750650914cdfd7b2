"""Whether Plusofon answers, as this process knows of its own last calls: none is made to find out."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ..plusofon.calls import Call

# Of these outcomes nothing can be told: no call was made, or it was none of the API's.
SILENT = {"no_permit", "circuit_open", "out_of_time", "too_large"}
NO_ANSWER = {
    "not_sent",
    "no_answer",
    "timed_out",
    "connection_cut",
    "not_understood",
    "unavailable",
}


@dataclass(frozen=True, slots=True)
class Reachability:
    """When it last answered, and since when it does not; both None where nothing was asked yet."""

    answered_at: datetime | None = None
    failing_since: datetime | None = None


_last = Reachability()


def note(call: Call) -> None:
    global _last
    if call.outcome in SILENT:
        return
    now = datetime.now(UTC)
    if call.outcome not in NO_ANSWER:
        _last = Reachability(answered_at=now)
    elif _last.failing_since is None:
        _last = replace(_last, failing_since=now)


def last() -> Reachability:
    return _last

"""What happened, told once: it is added to the request's own line, and to the metrics where there are any."""

from collections.abc import Callable
from dataclasses import dataclass

from ..plusofon.calls import Call
from . import reachability
from .context import RequestContext, current


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody had to wait for a permit."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Write:
    """A write of a list has come to this outcome (`models.Outcome`)."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A request, to the end of its answer. `route`: the name of its address, "" where none matched."""

    route: str
    method: str
    status: int
    seconds: float


Observation = Call | Wait | Write | Answered
listeners: list[Callable[[Observation], None]] = []


def observe(what: Observation) -> None:
    if context := current():
        with context.lock:
            _note(what, context)
    if isinstance(what, Call):
        reachability.note(what)
    for tell in listeners:
        tell(what)


def waited(seconds: float) -> None:
    observe(Wait(seconds))


def _note(what: Observation, context: RequestContext) -> None:
    match what:
        case Call(outcome=outcome, seconds=seconds, tries=tries):
            context.calls[outcome] += 1
            context.call_seconds += seconds
            context.retries += max(0, tries - 1)
        case Wait(seconds):
            context.waits += 1
            context.wait_seconds += seconds
        case Write(outcome):
            context.writes[outcome] += 1

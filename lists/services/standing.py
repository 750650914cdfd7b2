"""Which lists block some numbers already: what who asks to block them is warned of."""

from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from time import monotonic

from ..bulkhead import BulkheadFull
from ..connection import Connection
from ..phones import normalise
from ..plusofon.errors import PlusofonError
from ..plusofon.values import UNUSED_TYPE, ListEntry
from . import lookup
from .lookup import Hit, Result

PATIENCE = 10.0  # seconds: who asks has a caller on the line


@dataclass(frozen=True, slots=True)
class Standing:
    """Which lists block each of some numbers (normalised). `possible`: lists that block, with an entry
    that may mean the number. `is_complete`: of the others it is known that none does."""

    lists: dict[str, list[ListEntry]]
    possible: dict[str, list[ListEntry]]
    is_complete: bool


def standing_of(numbers: Iterable[str], *, by: Connection) -> Standing:
    """What of it can be read within `PATIENCE`. A failure is no reason not to ask: it only leaves the
    answer incomplete."""
    numbers, began = list(numbers), monotonic()
    wanted = set(map(normalise, numbers))
    hits: list[Hit] = []
    possible: tuple[Hit, ...] = ()
    is_complete = False
    with (
        suppress(PlusofonError, BulkheadFull),
        closing(lookup.scan(lookup.for_numbers(*numbers), by=by)) as steps,
    ):
        for step in steps:
            if isinstance(step, Result):
                hits, possible, is_complete = list(step.hits), step.possible, step.is_complete
            else:
                hits += step.hits
                if monotonic() - began > PATIENCE:
                    break
    lists = _blocking(lookup.by_number(hits))
    perhaps = _blocking(lookup.possible_by_number(numbers, possible))
    return Standing({n: lists[n] for n in wanted & lists.keys()}, perhaps, is_complete)


def _blocking(found: Mapping[str, Iterable[Hit]]) -> dict[str, list[ListEntry]]:
    """The lists that block, each once; without the numbers that have none."""
    lists = {
        number: list(dict.fromkeys(hit.list for hit in hits if hit.list.type != UNUSED_TYPE))
        for number, hits in found.items()
    }
    return {number: of for number, of in lists.items() if of}

"""Writing several lists at once, and what became of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import Error as DatabaseTrouble
from django.db import connection

from ..conflicts import Conflict, Overtaken
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact, ListEntry
from ..threads import RequestThreads
from ..writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    Confirmed,
    Created,
    Deleted,
    DoneBefore,
    InDoubt,
    MadeAndGone,
    NotNoted,
    StepOutcome,
    Waits,
)
from ..writing.undoing import NotConfirmed

WRITES_AT_ONCE = 5  # of an account's eight calls; the others leave pages and lookups their turns


CONFIRMED = (Confirmed, AlreadyDone, Created, AlreadyCreated, Deleted, DoneBefore)
Trouble = (
    PlusofonError | Conflict | DatabaseTrouble | Overtaken | Waits | NotConfirmed | MadeAndGone
)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one list: its name and type as it was read. `error`: nothing was changed there.
    `left`: contacts that were to go, and are still there, as another or with the number all the same."""

    list: ListEntry
    outcome: StepOutcome | None
    error: Trouble | None = None
    left: tuple[Contact, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        is_short = isinstance(self.outcome, Created) and self.outcome.is_short
        return isinstance(self.outcome, CONFIRMED) and not is_short

    @property
    def may_land(self) -> bool:
        return isinstance(self.outcome, InDoubt) or isinstance(self.error, NotNoted)


def attempt(entry: ListEntry, write_it: Callable[[], StepOutcome]) -> Done:
    """What becomes of one list. Raises `DatabaseTrouble` (nothing was sent)."""
    try:
        outcome = write_it()
    except (PlusofonError, Conflict, NotConfirmed, MadeAndGone) as error:
        return Done(entry, None, error)
    if isinstance(outcome, Confirmed | AlreadyDone | Created):
        entry = outcome.list.entry
    return Done(entry, outcome)


def side_by_side(writes: Sequence[tuple[ListEntry, Callable[[], Done]]]) -> list[Done]:
    """Write several lists at once, and tell what became of each, in their order.

    Where our database fails the rest is not tried: each would wait for it in vain. Raises
    `DatabaseTrouble` only if nothing was sent.
    """
    troubles: list[DatabaseTrouble] = []

    def done(entry: ListEntry, write_it: Callable[[], Done]) -> Done:
        if troubles:
            return Done(entry, None, troubles[0])
        try:
            return write_it()
        except DatabaseTrouble as trouble:
            troubles.append(trouble)
            return Done(entry, None, trouble)

    outcomes = _in_threads([partial(done, *one) for one in writes])
    if troubles and all(isinstance(one.error, DatabaseTrouble) for one in outcomes):
        raise troubles[0]
    return outcomes


def _in_threads(works: Sequence[Callable[[], Done]]) -> list[Done]:
    """One at a time needs no thread, nor a connection to our database of its own."""
    if min(WRITES_AT_ONCE, len(works)) == 1:
        return [work() for work in works]
    pool = RequestThreads(WRITES_AT_ONCE, thread_name_prefix="write")
    try:
        futures = [pool.submit(_with_own_connection, work) for work in works]
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)  # after a defect of ours no other is begun


def _with_own_connection(work: Callable[[], Done]) -> Done:
    try:
        return work()
    finally:
        connection.close()

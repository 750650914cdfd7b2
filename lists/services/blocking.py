"""Blocking and unblocking numbers, one replacement a list; several lists are written side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial

from django.db import Error as DatabaseTrouble
from django.db import connection

from ..conflicts import Conflict, Overtaken
from ..connection import Connection
from ..intents import BlockNumbers, Intent, Planned, UnblockNumber, who_has
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact, ListEntry
from ..writing.outcomes import AlreadyDone, ChangeOutcome, Confirmed, InDoubt, NotNoted
from ..writing.write import write
from . import lookup
from .lookup import Result

WRITES_AT_ONCE = 4  # of an account's calls; the others leave pages and lookups their turns


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one list: its name and type as it was read. `error`: nothing was changed there.
    `left`: contacts that have the unblocked number all the same."""

    list: ListEntry
    outcome: ChangeOutcome | None
    error: PlusofonError | Conflict | DatabaseTrouble | Overtaken | None = None
    left: tuple[Contact, ...] = ()

    @property
    def is_confirmed(self) -> bool:
        return isinstance(self.outcome, Confirmed | AlreadyDone)

    @property
    def may_land(self) -> bool:
        return isinstance(self.outcome, InDoubt) or isinstance(self.error, NotNoted)


def where(numbers: Iterable[str], *, by: Connection) -> Result:
    """Every list, read for these numbers, and for entries that may mean one (`Result.possible`).

    Raises `PlusofonError` if not even the first page answers.
    """
    return lookup.result_of(lookup.scan(lookup.for_numbers(*numbers), by=by))


def block(contact: Contact, plans: Iterable[Planned], *, by: Connection) -> list[Done]:
    """Add the contact to each list, with those of its numbers that are not there yet.

    A list that already has them all is a success that sends nothing. One list's trouble does not
    keep the others from being written. Raises as `side_by_side`.
    """
    return side_by_side(
        [
            (
                planned.list,
                partial(_done, planned.list, BlockNumbers(contact, planned.numbers), by=by),
            )
            for planned in plans
        ]
    )


def unblock(intents: Mapping[ListEntry, UnblockNumber], *, by: Connection) -> list[Done]:
    """Take the number from the chosen contacts of each list; a contact that loses its last is removed.

    A list in which none of them has it any more is a success that sends nothing. Raises as `block`.
    """
    return side_by_side(
        [(entry, partial(_unblock, entry, intent, by=by)) for entry, intent in intents.items()]
    )


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
    pool = ThreadPoolExecutor(WRITES_AT_ONCE, thread_name_prefix="write")
    try:
        futures = [pool.submit(copy_context().run, _with_own_connection, work) for work in works]
        return [future.result() for future in futures]
    finally:
        pool.shutdown(cancel_futures=True)  # after a defect of ours no other is begun


def _with_own_connection(work: Callable[[], Done]) -> Done:
    try:
        return work()
    finally:
        connection.close()


def _unblock(entry: ListEntry, intent: UnblockNumber, *, by: Connection) -> Done:
    done = _done(entry, intent, by=by)
    match done.outcome:
        case Confirmed(found) | AlreadyDone(found):
            return replace(done, left=who_has(intent.number, found.contacts))
    return done


def _done(entry: ListEntry, intent: Intent, *, by: Connection) -> Done:
    try:
        outcome = write(intent, entry.id, by=by)
    except (PlusofonError, Conflict) as error:
        return Done(entry, None, error)
    if isinstance(outcome, Confirmed | AlreadyDone):
        entry = ListEntry(outcome.list.id, outcome.list.name, outcome.list.type)
    return Done(entry, outcome)

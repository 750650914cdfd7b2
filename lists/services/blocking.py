"""Blocking and unblocking numbers, one replacement a list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import Error as DatabaseTrouble

from ..conflicts import Conflict
from ..connection import Connection
from ..intents import BlockNumbers, Intent, Planned, UnblockNumber, who_has
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact, ListEntry
from ..writing.outcomes import AlreadyDone, ChangeOutcome, Confirmed, InDoubt, NotNoted
from ..writing.write import write
from . import lookup
from .lookup import Result, Search


class Overtaken(Exception):
    """Somebody else decides the request meanwhile: this list was not tried."""


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
    """Every list, read for these numbers. Raises `PlusofonError` if not even the first page answers."""
    return lookup.result_of(lookup.scan(Search(lookup.has_number(*numbers)), by=by))


def block(contact: Contact, plans: Iterable[Planned], *, by: Connection) -> Iterator[Done]:
    """Add the contact to each list, with those of its numbers that are not there yet.

    A list that already has them all is a success that sends nothing. One list's trouble does not
    keep the others from being written. Each list is written when its outcome is asked for.

    Raises `DatabaseTrouble` only while nothing was sent.
    """
    intents = ((planned.list, BlockNumbers(contact, planned.numbers)) for planned in plans)
    yield from _one_by_one(intents, by=by)


def unblock(intents: Mapping[ListEntry, UnblockNumber], *, by: Connection) -> Iterator[Done]:
    """Take the number from the chosen contacts of each list; a contact that loses its last is removed.

    A list in which none of them has it any more is a success that sends nothing. Raises as `block`.
    """
    for intent, done in zip(intents.values(), _one_by_one(intents.items(), by=by), strict=True):
        match done.outcome:
            case Confirmed(found) | AlreadyDone(found):
                left = who_has(intent.number, found.contacts)
                yield Done(done.list, done.outcome, left=left)
            case _:
                yield done


def _one_by_one(intents: Iterable[tuple[ListEntry, Intent]], *, by: Connection) -> Iterator[Done]:
    """Whatever happens, what became of the lists before is told. Where our database fails the rest is
    not tried: each would wait for it in vain."""
    trouble: DatabaseTrouble | None = None
    is_first = True
    for entry, intent in intents:
        if trouble:
            yield Done(entry, None, trouble)
            continue
        try:
            yield _done(entry, intent, by=by)
        except DatabaseTrouble as error:
            if is_first:
                raise
            trouble = error
            yield Done(entry, None, trouble)
        is_first = False


def _done(entry: ListEntry, intent: Intent, *, by: Connection) -> Done:
    try:
        outcome = write(intent, entry.id, by=by)
    except (PlusofonError, Conflict) as error:
        return Done(entry, None, error)
    if isinstance(outcome, Confirmed | AlreadyDone):
        entry = ListEntry(outcome.list.id, outcome.list.name, outcome.list.type)
    return Done(entry, outcome)

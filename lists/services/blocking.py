"""Blocking and unblocking numbers, one replacement a list; several lists are written side by side."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..conflicts import Overtaken
from ..connection import Connection
from ..intents import BlockNumbers, Planned, UnblockNumber
from ..models import Action
from ..plusofon.values import Contact, ListEntry
from ..writing import operation
from ..writing.plans import Step
from . import lookup, operations
from .lookup import Result
from .side_by_side import Done
from .steps import do


def where(numbers: Iterable[str], *, by: Connection) -> Result:
    """Every list, read for these numbers, and for entries that may mean one (`Result.possible`).

    Raises `PlusofonError` if not even the first page answers.
    """
    return lookup.result_of(lookup.scan(lookup.for_numbers(*numbers), by=by))


def block(
    contact: Contact,
    plans: Sequence[Planned],
    *,
    by: Connection,
    is_ours: Callable[[], bool] = operations.always,
) -> list[Done]:
    """Add the contact to each list, with those of its numbers that are not there yet.

    A list that already has them all is a success that sends nothing. One list's trouble does not keep the others
    from being written. Several lists are one act (see `operations`). Asks before each list whether to go on
    (`is_ours`). Raises as `operations.carry_out`.
    """
    steps = [Step(0, one.list, BlockNumbers(contact, one.numbers)) for one in plans]
    return _together(Action.BLOCK, steps, [contact], by=by, is_ours=is_ours)


def unblock(
    intents: Mapping[ListEntry, UnblockNumber],
    *,
    by: Connection,
    is_ours: Callable[[], bool] = operations.always,
) -> list[Done]:
    """Take the number from the chosen contacts of each list; a contact that loses its last is removed.

    A list in which none of them has it any more is a success that sends nothing. Asks, and raises, as `block`.
    """
    steps = [Step(0, entry, intent) for entry, intent in intents.items()]
    numbers = tuple(dict.fromkeys(intent.number for intent in intents.values()))
    return _together(Action.UNBLOCK, steps, [Contact("", numbers)], by=by, is_ours=is_ours)


def _together(
    action: Action,
    steps: Sequence[Step],
    contacts: Sequence[Contact],
    *,
    by: Connection,
    is_ours: Callable[[], bool],
) -> list[Done]:
    if not steps:
        return []
    if len(steps) == 1:
        return [do(steps[0], by=by) if is_ours() else Done(steps[0].list, None, Overtaken())]
    whole = operation.begin(action, tuple(steps), contacts=contacts, by=by)
    return operations.carry_out(whole, by=by, is_ours=is_ours)

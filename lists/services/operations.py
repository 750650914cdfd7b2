"""Acts over several lists: noted whole, done step by step, told list by list, undone as one.

What brings contacts into lists is confirmed before anything is taken out of others (see `plans`): an act that
stops halfway leaves a contact in both lists, never in none.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby

from django.db import Error as DatabaseTrouble

from ..conflicts import Overtaken
from ..connection import Connection
from ..models import HOLDING, Action, JournalEntry, Operation, Outcome
from ..plusofon.values import Contact, ListEntry
from ..resolving import is_savable
from ..telemetry import events
from ..writing import operation
from ..writing.entries import change_of
from ..writing.journal import OPEN
from ..writing.links import Links
from ..writing.outcomes import AlreadyDone, Waits
from ..writing.plans import DeleteList, Plan, Step, UndoEntry
from .side_by_side import Done, side_by_side
from .steps import do, do_again, settled


def always() -> bool:
    return True


def begun_by(form_token: str | None, *, by: Connection) -> Operation | None:
    """What the form with this token has begun before: pressed twice, it is gone on with."""
    return operation.of_form(form_token, by=by) if form_token else None


class StillOpen(Exception):
    """Of some of its writes it is not known yet how they end: nothing of the act is undone before."""


class GoneElsewhere(Exception):
    """Somebody else has deleted a list whose contacts it brought into another: undone, they would be in none."""


class Ended(Exception):
    """The act is done, or is being undone: nothing of it is left to do."""


def whole_of(entry: JournalEntry) -> JournalEntry | None:
    """The act with which an entry is undone: itself, or the one of which it is a stage among others. One half of
    a move taken back by itself would leave the contacts in no list."""
    if hasattr(entry, "operation"):
        return entry
    whole = entry.part_of
    return whole if whole and operation.has_stages(whole.operation) else None


def begin_undo(whole: JournalEntry, *, by: Connection) -> Operation | None:
    """The inverse of what is confirmed of an act, the last stage first; None where nothing is left of it. From now
    on the act is not gone on with. An undo that has begun before is gone on with itself.

    Raises `Claimed` where somebody is at the act, `StillOpen`, and `PlusofonError` where it cannot be read how a
    write has ended; `GoneElsewhere`.
    """
    operation.claim(whole.operation)
    try:
        if (earlier := operation.undo_of(whole)) and earlier.entry.outcome != Outcome.CONFIRMED:
            return earlier
        for part in whole.parts.filter(outcome__in=OPEN):
            settled(part, by=by)
        if is_open(whole.operation):
            raise StillOpen
        if _has_lost(whole.operation):
            raise GoneElsewhere
        plan = _inverse_of(whole)
        return operation.begin(Action.UNDO, plan, by=by, undoes=whole) if plan else None
    finally:
        with suppress(DatabaseTrouble):  # the claim lapses by itself
            operation.release(whole.operation)


def refused_by_the_api(whole: Operation) -> tuple[Contact, ...]:
    """Contacts that an undo does not bring back as they were: without a name, or a number, the API takes none. As
    they are called now, if they are there. None, if it is no undo."""
    if whole.entry.action != Action.UNDO:
        return ()
    undone = [
        step.act.entry_id for step in operation.plan_of(whole) if isinstance(step.act, UndoEntry)
    ]
    entries = JournalEntry.objects.filter(pk__in=undone).order_by("pk")
    changes = (change for entry in entries for change in change_of(entry).contacts)
    return tuple(
        change.after or change.before
        for change in changes
        if change.before and not is_savable(change.before)
    )


def is_open(whole: Operation) -> bool:
    """Whether it is not known of some step how it ended, or a write may land yet. What a later write of the same
    step was built upon is known by that."""
    if whole.entry.parts.filter(outcome__in=HOLDING).exists():
        return True
    return any(part.outcome == Outcome.UNKNOWN for part in operation.parts_of(whole).values())


def _has_lost(whole: Operation) -> bool:
    needless = operation.needless_of(whole)
    return any(
        number in needless and isinstance(step.act, DeleteList)
        for number, step in enumerate(operation.plan_of(whole))
    )


def _inverse_of(whole: JournalEntry) -> Plan:
    stages = [step.stage for step in operation.plan_of(whole.operation)]
    parts = whole.parts.filter(outcome=Outcome.CONFIRMED, overwritten_by=None).order_by("-pk")
    return tuple(
        Step(
            max(stages) - stages[part.step or 0],
            ListEntry(part.list_id or 0, part.list_name, ""),
            UndoEntry(part.pk),
        )
        for part in parts
        if not part.undone_by.filter(outcome=Outcome.CONFIRMED).exists()
    )


def carry_out(
    whole: Operation, *, by: Connection, is_ours: Callable[[], bool] = always
) -> list[Done]:
    """Do what is not confirmed of it, and tell what became of each step, in the order of the plan.

    One list's trouble keeps no other of its stage from being written; later stages wait (`Waits`). What is in
    doubt is settled by reading first. `is_ours`: asked before each step; where it is not any more, the step is
    left (`Overtaken`). Raises `Claimed` where somebody is at it, `Ended`, and `DatabaseTrouble` only if nothing
    was sent.
    """
    operation.claim(whole)
    told: list[Done] = []
    try:
        whole.entry.refresh_from_db(fields=["outcome"])
        if whole.entry.outcome == Outcome.CONFIRMED or operation.undo_of(whole.entry):
            raise Ended
        told = _carried_out(whole, by=by, is_ours=is_ours)
    finally:
        # The claim lapses by itself, and the parts tell how far it came.
        with suppress(DatabaseTrouble):
            _leave(whole, told)
    return told


def _leave(whole: Operation, told: Sequence[Done]) -> None:
    needless = [n for n, done in enumerate(told) if isinstance(done.outcome, AlreadyDone)]
    is_whole = all(done.is_confirmed for done in told) if told else None
    if is_whole is False:
        left = sum(not done.is_confirmed for done in told)
        action = str(whole.entry.action)
        events.warn(
            events.OPERATION_PARTIAL, entry=whole.pk, action=action, lists=len(told), open=left
        )
    operation.release(whole, is_whole=is_whole, needless=needless)


def _carried_out(whole: Operation, *, by: Connection, is_ours: Callable[[], bool]) -> list[Done]:
    told: list[Done] = []
    parts, steps = operation.parts_of(whole), list(enumerate(operation.plan_of(whole)))
    last = max((step.stage for _number, step in steps), default=0)
    begun = partial(_step, whole, parts, last, _renewing(whole, is_ours), by=by)
    for _stage, of_stage in groupby(steps, key=lambda numbered: numbered[1].stage):
        if all(done.is_confirmed for done in told):
            told += side_by_side([(step.list, partial(begun, n, step)) for n, step in of_stage])
        else:
            told += [Done(step.list, None, Waits()) for _number, step in of_stage]
    return told


def _renewing(whole: Operation, is_ours: Callable[[], bool]) -> Callable[[], bool]:
    """Asks whether the act still is ours, as a step begins. One at a time: each renewal compares with the one
    before, and steps begin side by side."""
    at_it = threading.Lock()

    def goes_on() -> bool:
        with at_it:
            return operation.renew(whole) and is_ours()

    return goes_on


def _step(
    whole: Operation,
    parts: Mapping[int, JournalEntry],
    last: int,
    goes_on: Callable[[], bool],
    number: int,
    step: Step,
    *,
    by: Connection,
) -> Done:
    """`last`: the last stage of the plan."""
    links = Links(part_of=whole.entry, step=number)
    if not goes_on():
        return Done(step.list, None, Overtaken())
    if part := parts.get(number):
        return do_again(step, part, by=by, links=links, is_checked=step.stage < last)
    return do(step, by=by, links=links)

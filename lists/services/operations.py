"""Acts over several lists: noted whole, done step by step, told list by list, undone as one.

What brings contacts into lists is confirmed before anything is taken out of others (see `plans`): an act that
stops halfway leaves a contact in both lists, never in none.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import groupby

from django.db import Error as DatabaseTrouble

from ..conflicts import Overtaken
from ..connection import Connection
from ..draft import Draft
from ..intents import RemoveContacts, UnblockNumber, who_has
from ..models import Action, JournalEntry, Operation, Outcome
from ..plusofon.index import all_lists
from ..plusofon.values import Contact, ContactList, ListEntry
from ..writing import lease, operation, reconciling, undoing
from ..writing.links import ALONE, Links
from ..writing.outcomes import (
    AlreadyDone,
    Confirmed,
    CreateOutcome,
    DoneBefore,
    MadeAndGone,
    StepOutcome,
    Waits,
)
from ..writing.plans import Act, CreateList, DeleteList, Plan, Step, UndoEntry
from ..writing.write import create_list, delete_list, write
from .side_by_side import Done, attempt, side_by_side


def always() -> bool:
    return True


def begin(
    action: Action,
    plan: Plan,
    *,
    by: Connection,
    contacts: Sequence[Contact] = (),
    names: Sequence[str] = (),
    form_token: str | None = None,
) -> Operation:
    """Note what is to be done, before anything is sent (see `writing.operation.begin`)."""
    return operation.begin(
        action, plan, by=by, contacts=contacts, names=names, form_token=form_token
    )


def begun_by(form_token: str | None, *, by: Connection) -> Operation | None:
    """What the form with this token has begun before: pressed twice, it is gone on with."""
    return operation.of_form(form_token, by=by) if form_token else None


def begin_undo(whole: JournalEntry, *, by: Connection) -> Operation | None:
    """The inverse of what is confirmed of an act, the last stage first; None where nothing is left of it."""
    stages = {number: step.stage for number, step in enumerate(operation.plan_of(whole.operation))}
    parts = [
        part
        for part in whole.parts.filter(outcome=Outcome.CONFIRMED, overwritten_by=None)
        if not part.undone_by.filter(outcome=Outcome.CONFIRMED).exists()
    ]
    if not parts:
        return None
    last = max(stages.values())
    plan = tuple(
        Step(
            last - stages[part.step or 0],
            ListEntry(part.list_id or 0, part.list_name, ""),
            UndoEntry(part.pk),
        )
        for part in parts
    )
    return operation.begin(Action.UNDO, plan, by=by, undoes=whole)


def carry_out(
    whole: Operation, *, by: Connection, is_ours: Callable[[], bool] = always
) -> list[Done]:
    """Do what is not confirmed of it, and tell what became of each step, in the order of the plan.

    One list's trouble keeps no other of its stage from being written; later stages wait (`Waits`). What is in
    doubt is settled by reading first. `is_ours`: asked before each step; where it is not any more, the step is
    left (`Overtaken`). Raises `Claimed` where somebody is at it, and `DatabaseTrouble` only if nothing was sent.
    """
    operation.claim(whole)
    is_whole = False
    try:
        told = _carried_out(whole, by=by, is_ours=is_ours)
        is_whole = all(done.is_confirmed for done in told)
    finally:
        # The claim lapses by itself, and the parts tell how far it came.
        with suppress(DatabaseTrouble):
            operation.release(whole, is_whole=is_whole)
    return told


def _carried_out(whole: Operation, *, by: Connection, is_ours: Callable[[], bool]) -> list[Done]:
    told: list[Done] = []
    parts = _settled(operation.parts_of(whole), by=by)
    steps = list(enumerate(operation.plan_of(whole)))
    for _stage, of_stage in groupby(steps, key=lambda numbered: numbered[1].stage):
        if all(done.is_confirmed for done in told):
            begun = partial(_step, whole, parts, by=by, is_ours=is_ours)
            told += side_by_side([(step.list, partial(begun, n, step)) for n, step in of_stage])
        else:
            told += [Done(step.list, None, Waits()) for _number, step in of_stage]
    return told


def _settled(parts: Mapping[int, JournalEntry], *, by: Connection) -> Mapping[int, JournalEntry]:
    for part in parts.values():
        if part.outcome == Outcome.UNKNOWN or lease.is_over(part):
            reconciling.settle(part, by=by)
    return parts


def _step(
    whole: Operation,
    parts: Mapping[int, JournalEntry],
    number: int,
    step: Step,
    *,
    by: Connection,
    is_ours: Callable[[], bool],
) -> Done:
    part = parts.get(number)
    if part and part.outcome == Outcome.CONFIRMED and not part.overwritten_by_id:
        return Done(step.list, DoneBefore(part))
    if not operation.renew(whole):
        return Done(step.list, None, Overtaken())
    return do(step, by=by, links=Links(part_of=whole.entry, step=number), is_ours=is_ours)


def do(
    step: Step,
    *,
    by: Connection,
    links: Links = ALONE,
    is_ours: Callable[[], bool] = always,
) -> Done:
    """One step, if it still is ours. Raises `DatabaseTrouble` (nothing was sent)."""
    if not is_ours():
        return Done(step.list, None, Overtaken())
    done = attempt(step.list, partial(_outcome_of, step, by=by, links=links))
    if isinstance(done.outcome, Confirmed | AlreadyDone):
        return replace(done, left=_left(step.act, done.outcome.list))
    return done


def _outcome_of(step: Step, *, by: Connection, links: Links) -> StepOutcome:
    match step.act:
        case CreateList(whole, once):
            return _create(whole, once, by=by, links=links)
        case DeleteList(seen):
            return delete_list(step.list.id, seen=seen, by=by, links=links)
        case UndoEntry(entry_id):
            return undoing.undo(_entry(entry_id, by=by), by=by, links=links)
        case intent:
            return write(intent, step.list.id, by=by, links=links)


def _create(whole: ContactList, once: str, *, by: Connection, links: Links) -> CreateOutcome:
    """One list, however many acts make it; another only where that is gone again."""
    newest = max((entry.id for entry in all_lists(by.api.scanning())), default=0)
    create = partial(create_list, whole, by=by, form_token=once, newest_before=newest, links=links)
    try:
        return create()
    except MadeAndGone:
        return create()


def _entry(entry_id: int, *, by: Connection) -> JournalEntry:
    """What a step takes back. One of another account is none, whatever a plan says."""
    entry = JournalEntry.objects.filter(pk=entry_id, account=by.account).first()
    if entry is None:
        raise undoing.NotConfirmed
    return entry


def _left(act: Act, found: ContactList) -> tuple[Contact, ...]:
    """What was to go out of a list, and has become another that is still there."""
    match act:
        case UnblockNumber(number):
            return who_has(number, found.contacts)
        case RemoveContacts(contacts):
            draft, standing = Draft(found.contacts), set(found.contacts)
            changed = (draft.counterpart(one, None) for one in contacts if one not in standing)
            return tuple(dict.fromkeys(one for one in changed if one))
    return ()

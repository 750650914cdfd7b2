"""Acts over several lists: noted whole, done step by step, told list by list, undone as one.

What brings contacts into lists is confirmed before anything is taken out of others (see `plans`): an act that
stops halfway leaves a contact in both lists, never in none.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from django.db import Error as DatabaseTrouble

from ..changes import ListChange
from ..conflicts import Overtaken
from ..connection import Connection
from ..draft import Draft
from ..intents import AddContacts, RemoveContacts, Repeat, UnblockNumber, who_has
from ..models import HOLDING, Action, JournalEntry, Operation, Outcome
from ..plusofon.errors import NotFound
from ..plusofon.index import all_lists
from ..plusofon.values import Contact, ContactList, ListEntry
from ..writing import journal, lease, operation, reconciling, undoing
from ..writing.entries import change_of, is_short, whole_list_of
from ..writing.journal import OPEN
from ..writing.links import ALONE, Links
from ..writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    ChangeOutcome,
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

Taken = TypeVar("Taken")


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
            _settled(part, by=by)
        if is_open(whole.operation):
            raise StillOpen
        if _has_lost(whole.operation):
            raise GoneElsewhere
        plan = _inverse_of(whole)
        return operation.begin(Action.UNDO, plan, by=by, undoes=whole) if plan else None
    finally:
        with suppress(DatabaseTrouble):  # the claim lapses by itself
            operation.release(whole.operation)


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
    if not (part := parts.get(number)):
        return do(step, by=by, links=links, is_ours=goes_on)
    if not goes_on():
        return Done(step.list, None, Overtaken())
    again = partial(_again, step, part, by=by, links=links, is_checked=step.stage < last)
    return _with_left(step.act, attempt(step.list, again))


def _again(
    step: Step, part: JournalEntry, *, by: Connection, links: Links, is_checked: bool
) -> StepOutcome:
    """A step that was begun before. What came into a list then, and shall go out of another now, has to be there
    still (`is_checked`); and a list that lacks contacts since it was made gets them."""
    now = _settled(part, by=by)
    if now is None or now.outcome != Outcome.CONFIRMED or now.overwritten_by_id:
        is_unknown = now is not None and now.outcome == Outcome.UNKNOWN
        if now and is_unknown and isinstance(step.act, RemoveContacts):
            # Of equal contacts only counting tells whether one has gone.
            intent = Repeat(change_of(now), spares=True)
            outcome: StepOutcome = _taken_out(intent, step.list, by=by, links=links)
        else:
            outcome = _outcome_of(step, by=by, links=links)
        if now and is_unknown and isinstance(outcome, AlreadyDone):
            journal.confirm(now)  # the list shows it
            return DoneBefore(now)
        return outcome
    if is_checked or is_short(now):
        checked = _outcome_of(step, by=by, links=links)
        if not isinstance(checked, AlreadyDone):
            return checked
    return DoneBefore(now)


def _settled(part: JournalEntry, *, by: Connection) -> JournalEntry | None:
    """A write as it is known by now; None where nothing of it was sent."""
    if part.outcome in OPEN and (part.outcome != Outcome.LOCKED or lease.is_over(part)):
        reconciling.settle(part, by=by)
    return JournalEntry.objects.filter(pk=part.pk).first()


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
    return _with_left(step.act, attempt(step.list, partial(_outcome_of, step, by=by, links=links)))


def _with_left(act: Act, done: Done) -> Done:
    match done.outcome:
        case Confirmed(list=found, change=change):
            gone = {one.before for one in change.contacts}
            return replace(done, left=_left(act, found, gone))
        case AlreadyDone(list=found):
            return replace(done, left=_left(act, found, set()))
    return done


def _outcome_of(step: Step, *, by: Connection, links: Links) -> StepOutcome:
    """A list that was made before may lack contacts, since then or from the beginning: it gets them."""
    outcome = _sent(step, by=by, links=links)
    if isinstance(outcome, AlreadyCreated):
        contacts = whole_list_of(outcome.entry).contacts
        filled = write(AddContacts(contacts), outcome.list_id, by=by, links=links)
        return outcome if isinstance(filled, AlreadyDone) else filled
    return outcome


def _sent(step: Step, *, by: Connection, links: Links) -> StepOutcome:
    match step.act:
        case CreateList(whole, once):
            return _create(whole, once, by=by, links=links)
        case DeleteList(seen):
            delete = partial(delete_list, step.list.id, seen=seen, by=by, links=links)
            return _unless_gone(delete, step.list, by=by)
        case ListChange():  # as a preview has shown it: what others have done of it since is not done twice
            return write(Repeat(step.act), step.list.id, by=by, links=links)
        case UndoEntry(entry_id):
            entry = _entry(entry_id, by=by)
            undo = partial(undoing.undo, entry, by=by, links=links)
            return _unless_gone(undo, step.list, by=by) if _brought_in(entry) else undo()
        case RemoveContacts():
            return _taken_out(step.act, step.list, by=by, links=links)
        case intent:
            return write(intent, step.list.id, by=by, links=links)


def _taken_out(
    intent: RemoveContacts | Repeat, entry: ListEntry, *, by: Connection, links: Links
) -> ChangeOutcome:
    return _unless_gone(partial(write, intent, entry.id, by=by, links=links), entry, by=by)


def _unless_gone(
    take_out: Callable[[], Taken], entry: ListEntry, *, by: Connection
) -> Taken | AlreadyDone:
    """Of a list that is gone nothing is left to take out. Only reading tells: to the write itself the API may
    answer so of one that is there."""
    try:
        return take_out()
    except NotFound:
        if _is_there(entry.id, by=by):
            raise
        return AlreadyDone(ContactList(entry.id, entry.name, entry.type, ()))


def _is_there(list_id: int, *, by: Connection) -> bool:
    try:
        by.api.get_list(list_id)
    except NotFound:
        return False
    return True


def _brought_in(entry: JournalEntry) -> bool:
    """Whether a write did nothing but bring in: to undo it takes out."""
    changes = change_of(entry).contacts
    return entry.action == Action.CREATE or (
        bool(changes) and all(one.before is None for one in changes)
    )


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


def _left(act: Act, found: ContactList, gone: Set[Contact | None]) -> tuple[Contact, ...]:
    """What was to go out of a list, and has become another that is still there. `gone`: what has gone."""
    match act:
        case UnblockNumber(number):
            return who_has(number, found.contacts)
        case RemoveContacts(contacts):
            return _become_others(contacts, found, gone)
        case UndoEntry(entry_id):
            changes = change_of(JournalEntry.objects.get(pk=entry_id)).contacts
            came = [one.after for one in changes if one.before is None and one.after]
            return _become_others(came, found, gone)
    return ()


def _become_others(
    contacts: Iterable[Contact], found: ContactList, gone: Set[Contact | None]
) -> tuple[Contact, ...]:
    if not (changed := [contact for contact in contacts if contact not in gone]):
        return ()
    draft, standing = Draft(found.contacts), set(found.contacts)
    now = (draft.counterpart(contact, None) for contact in changed if contact not in standing)
    return tuple(dict.fromkeys(contact for contact in now if contact))

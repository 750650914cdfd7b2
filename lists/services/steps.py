"""One step of an act over several lists: done, or done again where nobody knows how far it came.

Who does it again finds what is there, and sends what is missing: nothing is brought in, or taken out, twice.
"""

from collections.abc import Callable, Iterable, Set
from dataclasses import replace
from functools import partial
from typing import TypeVar

from ..changes import ListChange
from ..connection import Connection
from ..draft import Draft
from ..intents import AddContacts, RemoveContacts, Repeat, UnblockNumber
from ..models import Action, JournalEntry, Outcome
from ..plusofon.errors import NotFound
from ..plusofon.index import all_lists
from ..plusofon.values import Contact, ContactList, ListEntry
from ..resolving import who_has
from ..writing import journal, lease, reconciling, undoing
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
)
from ..writing.plans import Act, CreateList, DeleteList, Step, UndoEntry
from ..writing.write import create_list, delete_list, write
from .side_by_side import Done, attempt

Taken = TypeVar("Taken")


def do(step: Step, *, by: Connection, links: Links = ALONE) -> Done:
    """For the first time. Raises `DatabaseTrouble` (nothing was sent)."""
    return _with_left(step.act, attempt(step.list, partial(_outcome_of, step, by=by, links=links)))


def do_again(
    step: Step, part: JournalEntry, *, by: Connection, links: Links, is_checked: bool
) -> Done:
    """A step that was begun before, as `part`. What came into a list then, and shall go out of another now, has to
    be there still (`is_checked`). Raises as `do`."""
    again = partial(_again, step, part, by=by, links=links, is_checked=is_checked)
    return _with_left(step.act, attempt(step.list, again))


def settled(part: JournalEntry, *, by: Connection) -> JournalEntry | None:
    """A write as it is known by now; None where nothing of it was sent."""
    if part.outcome in OPEN and (part.outcome != Outcome.LOCKED or lease.is_over(part)):
        reconciling.settle(part, by=by)
    return JournalEntry.objects.filter(pk=part.pk).first()


def _again(
    step: Step, part: JournalEntry, *, by: Connection, links: Links, is_checked: bool
) -> StepOutcome:
    now = settled(part, by=by)
    if now and now.outcome == Outcome.UNKNOWN:
        return _found_out(step, now, by=by, links=links)
    if now is None or now.outcome != Outcome.CONFIRMED or now.overwritten_by_id:
        return _outcome_of(step, by=by, links=links)
    if is_checked or is_short(now):
        checked = _outcome_of(step, by=by, links=links)
        if not isinstance(checked, AlreadyDone):
            return checked
    return DoneBefore(now)


def _found_out(step: Step, unknown: JournalEntry, *, by: Connection, links: Links) -> StepOutcome:
    """What nobody could tell is known once the list shows it."""
    outcome: StepOutcome
    if isinstance(step.act, RemoveContacts):
        # Of equal contacts only counting tells whether one has gone.
        intent = Repeat(change_of(unknown), spares=True)
        outcome = _taken_out(intent, step.list, by=by, links=links)
    else:
        outcome = _outcome_of(step, by=by, links=links)
    if not isinstance(outcome, AlreadyDone):
        return outcome
    journal.confirm(unknown)
    return DoneBefore(unknown)


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
            return _unless_gone(undo, step.list, by=by) if _takes_out(entry) else undo()
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


def _takes_out(entry: JournalEntry) -> bool:
    """Whether undoing a write puts nothing back: it had taken no contact out of its list."""
    if entry.action == Action.DELETE:
        return False
    return all(one.after is not None for one in change_of(entry).contacts)


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

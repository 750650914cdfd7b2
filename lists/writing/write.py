"""Every change of a list: read it under its lock, resolve the intent, send, read back, and say how it ended.

An outcome is returned (see `outcomes`); an error that is raised means that nothing was changed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from django.db import Error as DatabaseTrouble

from ..changes import ListChange
from ..conflicts import ContactChanged, ContactGone, ListChanged
from ..connection import Connection
from ..intents import Intent, RemoveContact
from ..models import Action, JournalEntry, Outcome
from ..plusofon.errors import Invalid, NotFound, NotSent, NotTried, PlusofonError
from ..plusofon.values import Contact, ContactList
from ..resolving import resolve
from ..sameness import difference, is_same, list_digest, meaning
from ..telemetry import events
from . import journal, lease, lock, reconciling, trail
from .evidence import Reading, shows
from .links import ALONE, Links
from .outcomes import (
    AlreadyCreated,
    AlreadyDone,
    ChangeOutcome,
    Confirmed,
    Created,
    CreateOutcome,
    Deleted,
    DeleteOutcome,
    InDoubt,
    ListInvalid,
    MadeAndGone,
    NotApplied,
    NotDeleted,
    NotNoted,
    Unknown,
    Unseen,
)


def write(
    intent: Intent,
    list_id: int,
    *,
    by: Connection,
    links: Links = ALONE,
) -> ChangeOutcome:
    """Read the list, apply what the intent means for it, replace it, read it back: three calls.

    Raises `Conflict`, `Busy` or `DatabaseTrouble` (nothing was sent), `ListInvalid`, `NotApplied` or
    another `PlusofonError` (nothing was changed).
    """
    with (
        lock.held(lock.OfList(list_id), by=by, links=links) as entry,
        by.api.reserved(),
    ):
        found = _found(list_id, by=by)
        try:
            change = resolve(intent, found)
        except (ContactChanged, ContactGone) as conflict:
            told = trail.told(conflict, found)
            if isinstance(intent, RemoveContact) and isinstance(told, ContactGone):
                return AlreadyDone(found, told.trace)
            raise told from conflict
        if change.is_empty:
            return AlreadyDone(found)
        wanted = change.apply_to(found)
        send = partial(by.api.replace_list, wanted, by.api.body_of(wanted))
        journal.sending_change(entry, change, found, wanted)
        with _noting(entry):
            outcome = _replace(send, change, found, wanted, entry, by=by)
            _close(entry, outcome)
        return outcome


def create_list(
    new: ContactList,
    *,
    by: Connection,
    form_token: str | None = None,
    newest_before: int | None = None,
    links: Links = ALONE,
) -> CreateOutcome:
    """Two calls: create, read back. `new.id` does not count. Raises as `write` does, and `MadeAndGone`.

    A list whose answer was lost is looked for. It is taken for ours only if it certainly was not there
    before, that is, if its id is higher than `newest_before`. However often a form is sent, its
    `form_token` makes one list.
    """
    with lock.held(lock.OfCreation(by.account), by=by, links=links) as entry, by.api.reserved():
        if form_token and (earlier := _outcome_of(form_token, by=by)):
            return earlier
        send = partial(by.api.create_list, new, by.api.body_of(new))
        journal.sending_whole(
            entry, Action.CREATE, new, form_token=form_token, newest_before=newest_before
        )
        with _noting(entry):
            outcome = _create(send, new, entry, by=by)
            _close(entry, outcome)
        return outcome


def delete_list(
    list_id: int, *, by: Connection, seen: str = "", links: Links = ALONE
) -> DeleteOutcome:
    """Three calls: read, delete, read back. Raises as `write` does.

    `seen`: the `list_digest` of what the person agreed to lose; `ListChanged` where it has become
    another since.
    """
    with lock.held(lock.OfList(list_id), by=by, links=links) as entry, by.api.reserved():
        found = _found(list_id, by=by)
        if seen and seen != list_digest(found):
            raise ListChanged(found)
        journal.sending_whole(entry, Action.DELETE, found)
        with _noting(entry):
            outcome = _delete(found, entry, by=by)
            _close(entry, outcome)
        return outcome


def _found(list_id: int, *, by: Connection) -> ContactList:
    """The list, read under its lock; what was open about it is settled by it."""
    try:
        found = by.api.get_list(list_id)
    except NotFound:
        reconciling.seen_gone(list_id, by=by)
        raise
    reconciling.seen(found)
    return found


@contextmanager
def _noting(entry: JournalEntry) -> Iterator[None]:
    """From sending to the last word in the journal: an error that is raised means refused."""
    try:
        try:
            yield
        except PlusofonError as error:
            journal.refuse(entry, error)
            raise
    except DatabaseTrouble as error:
        # The row still says that it was sent: whoever comes next settles it.
        cause = type(error).__name__
        events.warn(events.WRITE_NOT_NOTED, entry=entry.pk, list=entry.list_id, cause=cause)
        raise NotNoted(detail=cause) from error


def _close(entry: JournalEntry, outcome: Confirmed | Created | Deleted | Unseen) -> None:
    match outcome:
        case InDoubt(cause):
            journal.leave_in_doubt(entry, cause)
        case Unknown(cause, _, list_id):
            journal.leave_unknown(entry, cause, list_id=list_id)
        case Confirmed(stored, doubt=doubt) | Created(stored, doubt=doubt):
            journal.confirm(entry, stored=stored, doubt=doubt)
        case _:
            journal.confirm(entry)


def _replace(
    send: Callable[[], None],
    change: ListChange,
    found: ContactList,
    wanted: ContactList,
    entry: JournalEntry,
    *,
    by: Connection,
) -> Confirmed | Unseen:
    sent = _send(send)
    try:
        stored = by.api.get_list(found.id)
    except PlusofonError as error:
        return _unread(sent, error, entry, wanted)
    said_no = sent.trouble is not None
    reading = Reading(stored, said_no and stored == found, is_same(wanted, stored))
    if not reading.is_after and reconciling.correct_late(stored, besides=entry):
        return _unseen(sent, entry, wanted, bears_out_a_no=False)
    if shows(change, reading, may_land=sent.may_land):
        return Confirmed(
            stored,
            entry,
            change,
            stored=_stored_otherwise(change, stored),
            differs=difference(wanted, stored),
            doubt=sent.trouble,
        )
    return _unseen(sent, entry, wanted, bears_out_a_no=stored == found or not _is_crash(sent))


def _create(
    send: Callable[[], int | None], new: ContactList, entry: JournalEntry, *, by: Connection
) -> Created | Unseen:
    sent = _send(send)
    try:
        if sent.list_id is not None:
            stored = by.api.get_list(sent.list_id)
            return Created(stored, entry, difference(new, stored))
        looked = reconciling.look_for(entry, new, by=by)
    except PlusofonError as error:
        return _unread(sent, error, entry, new)
    if looked.ours and (sent.trouble is None or sent.may_land):
        return Created(looked.ours, entry, doubt=sent.trouble)
    return _unseen(sent, entry, new, bears_out_a_no=not looked.alike)


def _delete(found: ContactList, entry: JournalEntry, *, by: Connection) -> Deleted | Unseen:
    sent = _send(partial(by.api.delete_list, found.id))
    try:
        by.api.get_list(found.id)
    except NotFound:
        return Deleted(found, entry)
    except PlusofonError as error:
        return _unread(sent, error, entry, found)
    if sent.trouble and not sent.may_land and _is_crash(sent):
        raise NotDeleted(sent.trouble.message, status=sent.trouble.status) from sent.trouble
    return _unseen(sent, entry, found, bears_out_a_no=True)


def _outcome_of(form_token: str, *, by: Connection) -> AlreadyCreated | Unseen | None:
    """What this form has made before. None where it may be sent: never was, or refused."""
    earlier = JournalEntry.objects.filter(account=by.account, form_token=form_token).first()
    if earlier is None:
        return None
    try:
        if earlier.outcome == Outcome.UNKNOWN:
            reconciling.settle(earlier, by=by)
        elif earlier.outcome == Outcome.CONFIRMED and earlier.list_id:
            by.api.get_list(earlier.list_id)
    except NotFound:
        journal.free_form(earlier)
        raise MadeAndGone(earlier) from None
    except PlusofonError as error:
        return Unknown(error, earlier)
    match earlier.outcome, earlier.list_id:
        case Outcome.CONFIRMED, int(list_id):
            return AlreadyCreated(list_id, earlier)
        case Outcome.UNKNOWN, _:
            return Unknown(None, earlier)
    journal.free_form(earlier)
    return None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A write that left. `trouble`: what came instead of a yes. `list_id`: of the list that it made."""

    list_id: int | None = None
    trouble: PlusofonError | None = None

    @property
    def may_land(self) -> bool:
        return self.trouble is not None and self.trouble.may_still_land


def _send(call: Callable[[], int | None]) -> _Sent:
    """Raises `NotSent`. Any other answer, a no too, counts for as much as reading back shows."""
    try:
        return _Sent(list_id=call())
    except (NotSent, NotTried):
        raise
    except PlusofonError as error:
        return _Sent(trouble=error)


def _unread(sent: _Sent, error: PlusofonError, entry: JournalEntry, body: ContactList) -> Unseen:
    """What can be told though reading back failed: the API's clear no is one. Raises as `_refused`."""
    if sent.may_land and sent.trouble:
        return InDoubt(sent.trouble, entry, lease.doubt_ends(entry))
    if sent.trouble and not _is_crash(sent):
        _refused(sent.trouble, body)
    return Unknown(sent.trouble or error, entry, sent.list_id)


def _unseen(sent: _Sent, entry: JournalEntry, body: ContactList, *, bears_out_a_no: bool) -> Unseen:
    """The list was read back and does not show the write. Raises as `_refused` where the API said no and
    what was read bears it out."""
    if sent.may_land and sent.trouble:
        return InDoubt(sent.trouble, entry, lease.doubt_ends(entry))
    if sent.trouble and bears_out_a_no:
        _refused(sent.trouble, body)
    return Unknown(sent.trouble, entry, sent.list_id)


def _is_crash(sent: _Sent) -> bool:
    """The API's own 500 gives no reason: only the list tells how far it came."""
    return sent.trouble is not None and (sent.trouble.status or 0) >= 500


def _refused(trouble: PlusofonError, body: ContactList) -> NoReturn:
    """Raises `ListInvalid`, `NotApplied` or the API's refusal as it is."""
    if isinstance(trouble, Invalid):
        raise ListInvalid(trouble, body) from trouble
    if (trouble.status or 0) >= 500:
        raise NotApplied(trouble.message, status=trouble.status) from trouble
    raise trouble


def _stored_otherwise(change: ListChange, stored: ContactList) -> tuple[Contact, ...]:
    """What the API made of the contacts that were sent, where it is not what was sent."""
    sent = {c.after for c in change.contacts if c.after} - set(stored.contacts)
    wanted = {meaning(contact) for contact in sent}
    return tuple(contact for contact in stored.contacts if wanted and meaning(contact) in wanted)

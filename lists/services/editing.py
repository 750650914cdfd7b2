"""The write path: every change of a list goes through `write`, which sends it and looks whether it is there.

A write ends as confirmed (returned), refused (raised: nothing was changed) or unknown (returned), in
the journal too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib.auth.models import User

from ..changes import Conflict, ListChange, difference, is_same, list_digest, meaning
from ..models import Action, JournalEntry, Outcome
from ..plusofon.client import Plusofon
from ..plusofon.errors import Invalid, NotFound, NotSent, PlusofonError, Refused
from ..plusofon.values import Contact, ContactList
from . import journal, lock, settling
from .outcomes import Confirmed, Created, Deleted, ListInvalid, NotApplied, Unknown

Result = TypeVar("Result")
# A change that can only be named once the list was read: "whatever now has this key".
Intent = Callable[[ContactList], ListChange]


def write(
    change: ListChange | Intent,
    list_id: int,
    *,
    api: Plusofon,
    by: User,
    undoes: JournalEntry | None = None,
) -> Confirmed | Unknown:
    """Read the list, apply the change, replace the list, read it back: three calls under its lock.

    Raises `Conflict` or `Busy` (nothing was sent), `ListInvalid`, `NotApplied` or another
    `PlusofonError` (nothing was changed).
    """
    with lock.held(list_id, api=api, by=by, undoes=undoes) as entry:
        found = api.get_list(list_id)
        settling.settle_unknown_of(found, by=by)
        if not isinstance(change, ListChange):
            change = change(found)
        try:
            wanted = change.apply_to(found)
        except Conflict:
            if change.adds and change.is_visible_in(found):
                return Confirmed(found, None)
            raise
        if wanted == found or (change.only_adds and change.is_visible_in(found)):
            return Confirmed(found, None)
        journal.sending_change(entry, change.as_found_in(found), found, wanted)
        return _closed(entry, lambda: _replace(change, found, wanted, entry, api=api))


def create_list(
    new: ContactList,
    *,
    form_token: str | None = None,
    api: Plusofon,
    by: User,
    undoes: JournalEntry | None = None,
) -> Created | Unknown:
    """Two calls: create, read back. `new.id` does not count. Raises as `write` does.

    A list whose answer was lost, or did not say its id, is looked for, so that nobody makes it again;
    nor does pressing twice: a `form_token` makes one list.
    """
    with lock.held(lock.NEW_LIST, api=api, by=by, undoes=undoes) as entry:
        if form_token and (earlier := _outcome_of(form_token, api=api, by=by)):
            return earlier
        journal.sending_whole(entry, Action.CREATE, new, form_token=form_token)
        return _closed(entry, lambda: _create(new, entry, api=api))


def delete_list(
    list_id: int,
    *,
    seen: str = "",
    api: Plusofon,
    by: User,
    undoes: JournalEntry | None = None,
) -> Deleted | Unknown:
    """Three calls: read, delete, read back. Raises as `write` does.

    `seen`: the `list_digest` of what the person agreed to lose; a `Conflict` with the list where
    it has become another since.
    """
    with lock.held(list_id, api=api, by=by, undoes=undoes) as entry:
        found = api.get_list(list_id)
        if seen and seen != list_digest(found):
            raise Conflict(found)
        journal.sending_whole(entry, Action.DELETE, found)
        return _closed(entry, lambda: _delete(found, entry, api=api))


Ended = TypeVar("Ended", Confirmed, Created, Deleted)


def _closed(entry: JournalEntry, send: Callable[[], Ended | Unknown]) -> Ended | Unknown:
    """Send, and note in the journal how it ended."""
    try:
        outcome = send()
    except PlusofonError as error:
        journal.refuse(entry, error)
        raise
    match outcome:
        case Unknown():
            journal.leave_unknown(entry, outcome.cause)
        case Confirmed() | Created():
            journal.confirm(entry, stored=outcome.list)
        case _:
            journal.confirm(entry)
    return outcome


def _replace(
    change: ListChange,
    found: ContactList,
    wanted: ContactList,
    entry: JournalEntry,
    *,
    api: Plusofon,
) -> Confirmed | Unknown:
    sent = _send(lambda: api.replace_list(wanted), wanted)
    try:
        stored = api.get_list(found.id)
    except PlusofonError as error:
        return Unknown(sent.doubt or error, entry)
    # A change of spelling alone is visible in the old list too: what did not move was not applied.
    untouched = sent.doubt is not None and stored == found
    if untouched or not (is_same(wanted, stored) or change.is_visible_in(stored)):
        return _absent(sent.doubt, entry)
    return Confirmed(
        stored,
        entry,
        stored=_stored_otherwise(change, stored),
        differs=difference(wanted, stored),
    )


def _create(new: ContactList, entry: JournalEntry, *, api: Plusofon) -> Created | Unknown:
    sent = _send(lambda: api.create_list(new), new)
    try:
        if sent.result is not None:
            stored = api.get_list(sent.result)
            return Created(stored.id, entry, stored)
        found = settling.created_list(new, api=api, account=entry.account)
    except PlusofonError as error:
        return Unknown(sent.doubt or error, entry)
    return Created(found.id, entry, found) if found else _absent(sent.doubt, entry)


def _delete(found: ContactList, entry: JournalEntry, *, api: Plusofon) -> Deleted | Unknown:
    sent = _send(lambda: api.delete_list(found.id), found)
    try:
        api.get_list(found.id)
    except NotFound:
        return Deleted(found, entry)
    except PlusofonError as error:
        return Unknown(sent.doubt or error, entry)
    return _absent(sent.doubt, entry)


def _outcome_of(form_token: str, *, api: Plusofon, by: User) -> Created | Unknown | None:
    """What this form has made before. None where it may be sent: never was, or refused."""
    earlier = JournalEntry.objects.filter(
        account=by.credential.account, form_token=form_token
    ).first()
    if earlier is None:
        return None
    if earlier.outcome == Outcome.UNKNOWN:
        try:
            settling.settle(earlier, api=api)
        except PlusofonError as error:
            return Unknown(error, earlier)
    if earlier.outcome == Outcome.CONFIRMED:
        return Created(earlier.list_id, earlier, None)
    JournalEntry.objects.filter(pk=earlier.pk).update(form_token=None)
    return None


@dataclass(frozen=True, slots=True)
class _Sent(Generic[Result]):
    """A write that left. `doubt`: what makes it uncertain whether it was applied."""

    result: Result | None = None
    doubt: PlusofonError | None = None


def _send(call: Callable[[], Result], body: ContactList) -> _Sent[Result]:
    """Raises whatever says for certain that nothing was applied."""
    try:
        return _Sent(result=call())
    except Invalid as error:
        raise ListInvalid(error, body) from error
    except NotSent:
        raise
    except Refused as error:
        # The vendor's "no access" is a 500, and a 500 is a no only once the list was seen unchanged.
        if (error.status or 0) < 500:
            raise
        return _Sent(doubt=error)
    except PlusofonError as error:
        return _Sent(doubt=error)


def _absent(doubt: PlusofonError | None, entry: JournalEntry) -> Unknown:
    """Reading back does not show the write: not applied, unless the API said that it was."""
    if doubt is None:
        return Unknown(None, entry)
    raise NotApplied(doubt.message, status=doubt.status) from doubt


def _stored_otherwise(change: ListChange, stored: ContactList) -> tuple[Contact, ...]:
    """What the API made of the contacts that were sent, where it is not what was sent."""
    sent = {c.after for c in change.contacts if c.after} - set(stored.contacts)
    wanted = {meaning(contact) for contact in sent}
    return tuple(contact for contact in stored.contacts if meaning(contact) in wanted)

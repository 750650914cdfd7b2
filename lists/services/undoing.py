"""Undoing a write, today or next week: the inverse change, through the same write, as a new entry."""

from django.contrib.auth.models import User

from ..models import Action, JournalEntry, Outcome
from ..plusofon.client import Plusofon
from . import editing, journal
from .outcomes import Confirmed, Created, Deleted, Unknown


class NotConfirmed(Exception):
    """Only what is known to be there can be undone."""


def undo(
    entry: JournalEntry, *, api: Plusofon, by: User
) -> Confirmed | Created | Deleted | Unknown:
    """Merged with what others did since: what is as it was before already is left alone.

    A deleted list is created again, under a new id; a created one is deleted if it is still as it was
    made. Raises `NotConfirmed`, `Conflict` (something has become another since) or what the write
    raises.
    """
    if entry.outcome != Outcome.CONFIRMED:
        raise NotConfirmed
    match entry.action:
        case Action.DELETE:
            # The token: two people who bring back a list at once make one.
            return editing.create_list(
                journal.whole_list_of(entry),
                form_token=f"undo-{entry.pk}",
                api=api,
                by=by,
                undoes=entry,
            )
        case Action.CREATE:
            return editing.delete_list(
                entry.list_id, seen=entry.digest_after, api=api, by=by, undoes=entry
            )
    change = journal.change_of(entry)
    return editing.write(change.inverse_in, entry.list_id, api=api, by=by, undoes=entry)

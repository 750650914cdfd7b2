"""Undoing a write, today or next week: the inverse change, through the same write, as a new entry."""

from dataclasses import replace
from functools import partial

from ..changes import ListChange
from ..conflicts import Conflict
from ..connection import Connection
from ..intents import Repeat, Undo
from ..models import Action, JournalEntry, Outcome
from ..plusofon.index import all_lists
from ..plusofon.values import ContactList
from .entries import change_of, whole_list_of
from .links import ALONE, Links
from .outcomes import ChangeOutcome, CreateOutcome, DeleteOutcome, MadeAndGone
from .write import create_list, delete_list, write


class NotConfirmed(Exception):
    """Only what is known to be there can be undone."""


class NotOverwritten(Exception):
    """Only what a late write has wiped out can be done again."""


def undo(
    entry: JournalEntry, *, by: Connection, links: Links = ALONE
) -> ChangeOutcome | CreateOutcome | DeleteOutcome:
    """Merged with what others did since: what is as it was before already is left alone.

    A deleted list is created again, under a new id; a created one is deleted if it is still as it was
    made, and if the API itself said that this write made it. Raises `NotConfirmed`, `Conflict`
    (something has become another since) or what the write raises.
    """
    if entry.outcome != Outcome.CONFIRMED or entry.overwritten_by_id:
        raise NotConfirmed
    links = replace(links, undoes=entry)
    match entry.action:
        case Action.DELETE:
            return _restore(entry, by=by, links=links)
        case Action.CREATE:
            assert entry.list_id is not None
            if entry.cause:  # found by looking: it may be somebody else's after all
                raise NotConfirmed
            return delete_list(entry.list_id, seen=entry.digest_after, by=by, links=links)
    assert entry.list_id is not None
    # Of an act one contact that has become another stops none of the others.
    intent = Undo(change_of(entry), spares=links.part_of is not None)
    return write(intent, entry.list_id, by=by, links=links)


def repeat(entry: JournalEntry, *, by: Connection) -> ChangeOutcome:
    """Do again what a late write has overwritten. Raises `NotOverwritten`, or as `undo`."""
    if entry.overwritten_by_id is None or entry.list_id is None:
        raise NotOverwritten
    return write(Repeat(change_of(entry)), entry.list_id, by=by, links=Links(repeats=entry))


def _restore(entry: JournalEntry, *, by: Connection, links: Links) -> CreateOutcome:
    """However many people bring back a list at once, one is made; another only once that is gone."""
    restore = partial(
        create_list,
        _lost_list(entry),
        by=by,
        form_token=f"undo-{entry.pk}",
        newest_before=max((found.id for found in all_lists(by.api.scanning())), default=0),
        links=links,
    )
    try:
        return restore()
    except MadeAndGone:
        return restore()


def _lost_list(entry: JournalEntry) -> ContactList:
    """What a deletion took: the list as it was read before, with what was saved until it landed."""
    lost = whole_list_of(entry)
    for later in JournalEntry.objects.filter(overwritten_by=entry).order_by("pk"):
        change: ListChange = change_of(later)
        try:
            lost = change.merged_into(lost).apply_to(lost)
        except Conflict:
            continue  # what cannot be merged stands in the journal
    return lost

"""What an entry of the journal says of the lists: the change, or the list that came or went."""

from ..changes import ContactChange, ListChange
from ..models import Action, JournalEntry, Outcome
from ..plusofon.values import ContactList
from ..sameness import digest_of
from . import records


def change_of(entry: JournalEntry) -> ListChange:
    """Empty for a list that was created or deleted."""
    return records.read_change(entry.change or "{}")


def first_of(entry: JournalEntry, most: int) -> list[ContactChange]:
    """The first of the contacts that it changed; `contacts_count` tells how many there are."""
    return records.read_first(entry.change, most)


def whole_list_of(entry: JournalEntry) -> ContactList:
    """The list that an entry created or deleted."""
    return records.read_list(entry.whole_list)


def is_short(entry: JournalEntry) -> bool:
    """Whether it made a list that lacks contacts which were sent."""
    made = entry.action == Action.CREATE and entry.outcome == Outcome.CONFIRMED
    return made and (entry.contacts_count or 0) < len(whole_list_of(entry).contacts)


def state_digest(entry: JournalEntry) -> str:
    """Tells whether an entry is still as the person saw it who wants to undo it."""
    overwritten = str(entry.overwritten_by_id or "")
    return digest_of([entry.outcome, entry.change, entry.digest_after, overwritten])

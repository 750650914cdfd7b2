"""The tag of a message whose toast offers to undo an entry of the journal."""

from .models import Action, JournalEntry
from .writing.entries import change_of, state_digest

MANY = "many"


def undo_tag(entry: JournalEntry) -> str:
    """How a message names the entry that its toast undoes, the state that was told, and what was done."""
    return f"undo-{entry.pk}-{state_digest(entry)}-{_done(entry)}"


def _done(entry: JournalEntry) -> str:
    """To many contacts at once is another thing than to one; and one that keeps some numbers is not removed."""
    if entry.contacts_count > 1:
        return MANY
    is_kept = any(change.after for change in change_of(entry).contacts)
    return Action.EDIT if entry.action == Action.REMOVE and is_kept else entry.action


def undone_by(tag: str) -> dict[str, str]:
    """The `id`, `state` and `action` in a tag that `undo_tag` made; empty for any other."""
    match tag.split("-"):
        case ["undo", entry_id, state, action]:
            return {"id": entry_id, "state": state, "action": action}
    return {}

"""The tag of a message whose toast offers to undo an entry of the journal."""

from .models import JournalEntry
from .writing.entries import state_digest

MANY = "many"


def undo_tag(entry: JournalEntry) -> str:
    """How a message names the entry that its toast undoes, the state that was told, and what was done; to many
    contacts at once is another thing than to one."""
    done = MANY if entry.contacts_count > 1 else entry.action
    return f"undo-{entry.pk}-{state_digest(entry)}-{done}"


def undone_by(tag: str) -> dict[str, str]:
    """The `id`, `state` and `action` in a tag that `undo_tag` made; empty for any other."""
    match tag.split("-"):
        case ["undo", entry_id, state, action]:
            return {"id": entry_id, "state": state, "action": action}
    return {}

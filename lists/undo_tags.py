"""The tag of a message whose toast offers to undo an entry of the journal."""

from .models import JournalEntry
from .writing.entries import state_digest


def undo_tag(entry: JournalEntry) -> str:
    """How a message names the entry that its toast undoes, the state that was told, and what was done."""
    return f"undo-{entry.pk}-{state_digest(entry)}-{entry.action}"


def undone_by(tag: str) -> dict[str, str]:
    """The `id`, `state` and `action` in a tag that `undo_tag` made; empty for any other."""
    match tag.split("-"):
        case ["undo", entry_id, state, action]:
            return {"id": entry_id, "state": state, "action": action}
    return {}

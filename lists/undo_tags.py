"""The tag of a message whose toast offers to undo an entry of the journal."""

from .models import JournalEntry
from .writing import journal


def undo_tag(entry: JournalEntry) -> str:
    """How a message names the entry that its toast undoes, and the state that was told."""
    return f"undo-{entry.pk}-{journal.state_digest(entry)}"


def undone_by(tag: str) -> dict[str, str]:
    """The `id` and `state` in a tag that `undo_tag` made; empty for any other."""
    match tag.split("-"):
        case ["undo", entry_id, state]:
            return {"id": entry_id, "state": state}
    return {}

"""Entries of the journal as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..access import PageRequest
from ..models import Action, JournalEntry, Outcome
from ..services import history
from ..services.history import Filters, Undoing
from ..wording.journal import sentence
from ..writing import lease

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

LAST_CHANGES = 5  # that a list page shows


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is shown."""

    entry: JournalEntry
    sentence: str
    may_undo: bool
    may_repeat: bool
    is_open: bool


def lines(
    entries: "Iterable[WithAnnotations[JournalEntry, Undoing]]", *, may_change: bool
) -> list[Line]:
    return [_line(entry, may_change=may_change) for entry in entries]


def _line(entry: "WithAnnotations[JournalEntry, Undoing]", *, may_change: bool) -> Line:
    may_act = may_change and entry.outcome == Outcome.CONFIRMED and not entry.request_id
    return Line(
        entry,
        sentence(entry),
        may_undo=may_act and _may_undo(entry),
        may_repeat=may_act and bool(entry.overwritten_by_id) and not entry.is_repeated,
        is_open=entry.outcome == Outcome.UNKNOWN or lease.is_in_doubt(entry),
    )


def _may_undo(entry: "WithAnnotations[JournalEntry, Undoing]") -> bool:
    """A deleted list that came back may be gone again: only trying tells."""
    if entry.overwritten_by_id or (entry.action == Action.CREATE and entry.cause):
        return False
    return entry.action == Action.DELETE or not entry.is_undone


def lines_of_list(request: PageRequest, list_id: int) -> list[Line]:
    """A list's last changes."""
    found = history.entries(Filters(list_id=list_id), by=request.user)[:LAST_CHANGES]
    return lines(found, may_change=request.user.has_perm("lists.change_lists"))

"""Entries of the journal as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from ..access import PageRequest
from ..models import Action, JournalEntry, Outcome
from ..services import history
from ..services.history import FollowUps
from ..wording import operations
from ..wording.journal import linked
from ..writing import lease

LAST_CHANGES = 5  # that a list page shows


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is shown."""

    entry: JournalEntry
    id: str
    told: SafeString
    is_undone: bool
    is_repeated: bool
    may_undo: bool
    may_repeat: bool
    is_open: bool
    is_act: bool  # over several lists: it has a page of its own


def lines(entries: Iterable[JournalEntry], *, may_change: bool, own: str = "") -> list[Line]:
    """`own`: the number whose page shows them."""
    shown = list(entries)
    later = history.follow_ups(shown)
    return [_line(entry, later, may_change=may_change, own=own) for entry in shown]


def _line(entry: JournalEntry, later: FollowUps, *, may_change: bool, own: str) -> Line:
    may_act = may_change and entry.outcome == Outcome.CONFIRMED and not entry.request_id
    is_undone, is_repeated = entry.pk in later.undone, entry.pk in later.repeated
    return Line(
        entry,
        f"told-{entry.pk}",
        linked(entry, own=own),
        is_undone=is_undone,
        is_repeated=is_repeated,
        may_undo=may_act and _may_undo(entry, is_undone=is_undone),
        may_repeat=may_act and bool(entry.overwritten_by_id) and not is_repeated,
        is_open=entry.outcome == Outcome.UNKNOWN or lease.is_in_doubt(entry),
        is_act=entry.action in operations.ACTIONS,
    )


def _may_undo(entry: JournalEntry, *, is_undone: bool) -> bool:
    """A deleted list that came back may be gone again: only trying tells."""
    if entry.overwritten_by_id or (entry.action == Action.CREATE and entry.cause):
        return False
    return entry.action == Action.DELETE or not is_undone


def lines_of_list(request: PageRequest, list_id: int) -> list[Line]:
    """A list's last changes."""
    found = history.entries_of_list(list_id, by=request.user)[:LAST_CHANGES]
    return lines(found, may_change=request.user.has_perm("lists.change_lists"))

"""For how long a write that has not ended holds its list: until nothing of it can happen any more."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from ..connection import WAITS
from ..models import HOLDING, JournalEntry, Outcome

MARGIN = 5.0  # seconds for our own work between the calls of a write, and for clocks that differ


def frees_at(entry: JournalEntry) -> datetime:
    """When its lock may be taken over, and the entry be settled for good by reading."""
    if entry.outcome == Outcome.IN_DOUBT:
        return doubt_ends(entry)
    if entry.outcome == Outcome.LOCKED:
        read = WAITS.write + settings.PLUSOFON_TIMEOUT + MARGIN
        return entry.started_at + timedelta(seconds=read)
    return max(doubt_ends(entry), _works_until(entry))


def doubt_ends(entry: JournalEntry) -> datetime:
    """Until when a write that was sent may land."""
    late = timedelta(seconds=settings.PLUSOFON_LATE_WRITE)
    return (entry.sent_at or entry.started_at) + late


def is_over(entry: JournalEntry) -> bool:
    """Whether nothing of it can happen any more."""
    return entry.outcome not in HOLDING or timezone.now() > frees_at(entry)


def is_in_doubt(entry: JournalEntry) -> bool:
    """Whether it may still land though nobody works on it: it was given up, or whoever sent it died."""
    if entry.outcome == Outcome.PENDING:
        return timezone.now() > _works_until(entry)
    return entry.outcome == Outcome.IN_DOUBT


def _works_until(entry: JournalEntry) -> datetime:
    """Sending and reading back end by then."""
    calls = settings.PLUSOFON_WRITE_TIMEOUT + settings.PLUSOFON_TIMEOUT + MARGIN
    return (entry.sent_at or entry.started_at) + timedelta(seconds=calls)

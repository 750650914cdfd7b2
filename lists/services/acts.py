"""The newest acts of the journal, and those of a day, each known again by its mark."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User

from ..models import JournalEntry, Outcome
from .credentials import account_of
from .history import midnight


class Mark(NamedTuple):
    """What tells whether an act is still told as it was."""

    pk: int
    outcome: str
    overwritten_by_id: int | None
    started_at: datetime


def latest(most: int, *, by: User) -> list[Mark]:
    """The newest acts, of which a page may know already what they say. Raises `NotConnected`."""
    acts = JournalEntry.objects.filter(account=account_of(by), part_of=None)
    shown = acts.exclude(outcome=Outcome.LOCKED).order_by("-id")
    return list(map(Mark._make, shown.values_list(*Mark._fields)[:most]))


def resumed(day: date, *, by: User) -> list[Mark]:
    """Acts that began before this day, of which something was done on it or later. Raises `NotConnected`."""
    begun = midnight(day)
    of_account = JournalEntry.objects.filter(account=account_of(by))
    parts = of_account.filter(started_at__gte=begun).exclude(part_of=None)
    ids: list[Any] = list(parts.values_list("part_of", flat=True).distinct())
    if not ids:  # the rule
        return []
    acts = of_account.filter(pk__in=ids, started_at__lt=begun).order_by("-id")
    return list(map(Mark._make, acts.values_list(*Mark._fields)))


def total_since(day: date, *, by: User) -> int:
    """How many acts began on this day or later. Raises `NotConnected`."""
    acts = JournalEntry.objects.filter(account=account_of(by), part_of=None)
    return acts.filter(started_at__gte=midnight(day)).exclude(outcome=Outcome.LOCKED).count()

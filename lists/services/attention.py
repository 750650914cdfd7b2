"""What waits for somebody: requests, and writes that nobody knows the end of.

All of it belongs to an account; each function raises `NotConnected` for who has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils import timezone

from ..models import JournalEntry, Outcome
from ..writing import lease, operation
from . import requests
from .credentials import account_of

LOOKED_BACK = timedelta(days=30)  # what is older than that nobody will settle
MOST = 1000  # entries
UNSETTLED = (Outcome.PENDING, Outcome.IN_DOUBT, Outcome.UNKNOWN, Outcome.PARTLY)


@dataclass(frozen=True, slots=True)
class Queue:
    """The requests that nobody has decided yet. `oldest`: when that was asked, None where none waits."""

    count: int
    oldest: datetime | None


def queue(*, by: User) -> Queue:
    found = requests.queue(by=by).order_by()
    counted = found.aggregate(count=Count("pk"), oldest=Min("asked_at"))
    return Queue(counted["count"], counted["oldest"])


def unsettled(*, by: User) -> list[JournalEntry]:
    """Writes in doubt or unknown that reading may still tell of, and acts that are not done in all their lists;
    the newest first. Not what somebody is at just now."""
    may_be = JournalEntry.objects.filter(
        account=account_of(by),
        outcome__in=UNSETTLED,
        part_of=None,
        started_at__gte=timezone.now() - LOOKED_BACK,
    ).order_by("outcome", "-id")  # as their index has them
    ids = list(may_be.values_list("pk", flat=True)[:MOST])
    if not ids:  # the rule
        return []
    found = JournalEntry.objects.filter(pk__in=ids).select_related("operation").order_by("-id")
    left = [one for one in found.defer("whole_list", "operation__plan") if _is_left(one)]
    over = _over(left)
    return [one for one in left if one.pk not in over]


def _is_left(entry: JournalEntry) -> bool:
    """Whether nobody is at it."""
    if entry.outcome == Outcome.PENDING:
        return lease.is_in_doubt(entry)
    return entry.outcome != Outcome.PARTLY or not operation.is_claimed(entry.operation)


def _over(entries: Iterable[JournalEntry]) -> set[int]:
    """The ids of those that nothing more can be done about: unknown writes of lists that were written since, and
    acts that are undone, or are about to be."""
    later = JournalEntry.objects.filter(
        list_id=OuterRef("list_id"), pk__gt=OuterRef("pk"), outcome=Outcome.CONFIRMED, request=None
    )
    undo = JournalEntry.objects.filter(undoes=OuterRef("pk"))
    is_over = Q(outcome=Outcome.UNKNOWN) & Exists(later) | Q(outcome=Outcome.PARTLY) & Exists(undo)
    among = JournalEntry.objects.filter(pk__in=[entry.pk for entry in entries])
    return set(among.filter(is_over).values_list("pk", flat=True))

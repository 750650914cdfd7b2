"""Reading the journal of one's account."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.models import User
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from ..models import JournalEntry, Outcome
from ..phones import normalise
from .credentials import account_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

UNDO = "undo"  # beside the actions of an entry


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; "" and None mean everything. `number` in any spelling, whole."""

    person: str = ""
    list_id: int | None = None
    number: str = ""
    action: str = ""
    day: date | None = None


class Undoing(TypedDict):
    is_undone: bool


def entries(filters: Filters, *, by: User) -> "QuerySet[WithAnnotations[JournalEntry, Undoing]]":
    """The newest first, each with `is_undone`. Without the whole lists of creations and deletions.

    Raises `NotConnected`.
    """
    undoing = JournalEntry.objects.filter(undoes=OuterRef("pk"), outcome=Outcome.CONFIRMED)
    found = (
        JournalEntry.objects.filter(account=account_of(by))
        .exclude(action="")  # somebody has the lock, and may send nothing
        .annotate(is_undone=Exists(undoing))
        .defer("whole_list")
        .order_by("-id")
    )
    if filters.person:
        found = found.filter(username=filters.person)
    if filters.list_id is not None:
        found = found.filter(list_id=filters.list_id)
    if filters.number:
        found = found.filter(numbers__number=normalise(filters.number))
    if filters.action == UNDO:
        found = found.filter(undoes__isnull=False)
    elif filters.action:
        found = found.filter(action=filters.action)
    if filters.day:
        midnight = timezone.make_aware(datetime.combine(filters.day, time.min))
        found = found.filter(started_at__gte=midnight, started_at__lt=midnight + timedelta(days=1))
    return found


def entry_of(entry_id: int, *, by: User) -> JournalEntry | None:
    """One entry of the person's account, or None. Raises `NotConnected`."""
    return JournalEntry.objects.filter(account=account_of(by), pk=entry_id).first()


def people(*, by: User) -> list[str]:
    """Whoever has written, by the names of that time."""
    names = JournalEntry.objects.filter(account=account_of(by)).values_list("username", flat=True)
    return list(names.distinct().order_by("username"))


def lists(*, by: User) -> list[tuple[int, str]]:
    """The lists that entries are about: ids and their latest names there."""
    newest = (
        JournalEntry.objects.filter(account=account_of(by), list_id__gt=0)
        .values("list_id")
        .annotate(newest=Max("id"))
        .values("newest")
    )
    named = JournalEntry.objects.filter(pk__in=newest).order_by("list_name", "list_id")
    return list(named.values_list("list_id", "list_name"))

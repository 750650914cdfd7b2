"""How long the journal is kept."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ..models import HOLDING, BlockRequest, JournalEntry


def prune() -> int:
    """Delete what is older than `JOURNAL_KEEP_DAYS` (0: nothing); how many entries that were.

    Decided requests of which no entry tells any more go with them.
    """
    if not settings.JOURNAL_KEEP_DAYS:
        return 0
    oldest = timezone.now() - timedelta(days=settings.JOURNAL_KEEP_DAYS)
    ended = JournalEntry.objects.filter(started_at__lt=oldest).exclude(outcome__in=HOLDING)
    # What was overwritten must not read as standing, once nobody tells by what.
    ended = ended.exclude(overwrote__started_at__gte=oldest)
    # The writes of an act go with it, and it with the last of them.
    ended = ended.filter(part_of=None).exclude(
        Exists(
            JournalEntry.objects.filter(
                Q(started_at__gte=oldest) | Q(outcome__in=HOLDING), part_of=OuterRef("pk")
            )
        )
    )
    _total, deleted = ended.delete()
    BlockRequest.objects.filter(decided_at__lt=oldest, entries=None).delete()
    return deleted.get(JournalEntry._meta.label, 0)

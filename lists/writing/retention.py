"""How long the journal is kept."""

from datetime import timedelta

from django.conf import settings
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
    _total, deleted = ended.delete()
    BlockRequest.objects.filter(decided_at__lt=oldest, entries=None).delete()
    return deleted.get(JournalEntry._meta.label, 0)

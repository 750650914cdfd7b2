"""Whether a list was changed past this dashboard. No copy of it is kept: the journal knows the digest of how it
looked after the last save here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..models import HOLDING, JournalEntry, Outcome
from ..plusofon.values import ContactList
from ..sameness import list_digest

MOST_LOOKED_THROUGH = 20  # writes of a list
OPEN = (*HOLDING, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class ChangedOutside:
    """`entry_id`: the last save here; `since`: when that was read back. Something has changed after it."""

    entry_id: int
    since: datetime


def changed_outside(found: ContactList, *, asked_at: datetime) -> ChangedOutside | None:
    """What is known of a list that was just read; `asked_at`: from before it was. One query.

    None where it is as we left it, where we never wrote it, and where what differs may be our own.
    """
    writes = last_writes(found.id)
    return compared(writes, list_digest(found), asked_at=asked_at) if writes else None


def last_writes(list_id: int) -> list[JournalEntry]:
    """The newest first. By the list alone, as its lock: the account may have gone by another name."""
    sent = JournalEntry.objects.filter(list_id=list_id).exclude(digest_after="")
    fields = sent.only("outcome", "ended_at", "digest_after", "overwritten_by_id")
    return list(fields.order_by("-id")[:MOST_LOOKED_THROUGH])


def compared(
    writes: Sequence[JournalEntry], digest: str, *, asked_at: datetime
) -> ChangedOutside | None:
    """The same of a list's `last_writes`, and of its digest as it was read."""
    if any(write.digest_after == digest and write.outcome != Outcome.CONFIRMED for write in writes):
        return None  # it landed after it had been given up
    for write in writes:
        if write.outcome in OPEN:
            return None
        if write.outcome == Outcome.CONFIRMED and not write.overwritten_by_id:
            return _since(write, digest, asked_at)
    return None


def _since(write: JournalEntry, digest: str, asked_at: datetime) -> ChangedOutside | None:
    """What was saved while the list was being read may not be in it yet."""
    if write.digest_after == digest or write.ended_at is None or write.ended_at >= asked_at:
        return None
    return ChangedOutside(write.pk, write.ended_at)

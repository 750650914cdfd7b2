"""What a crash or a lost answer left open, settled for everybody at once."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from ..connection import CredentialMissing, NotConnected
from ..models import Credential, JournalEntry, Outcome
from ..plusofon.errors import PlusofonError
from ..writing import journal, lease, reconciling
from . import credentials

NOT_TOLD = "NotTold"  # it was read, and that does not tell how it ended
GIVEN_UP_AFTER = timedelta(seconds=reconciling.LATEST)


@dataclass(slots=True)
class Settled:
    """How many were settled; how many have been unknown for more than a day, which is for managers to decide; and
    why the others are still open, by the error's name."""

    settled: int = 0
    undecided: int = 0
    left: Counter[str] = field(default_factory=Counter)


def settle_all() -> Settled:
    """Settle what is unknown, in doubt or was left by a crash, each with the token of whoever wrote it."""
    found = Settled()
    for entry in JournalEntry.objects.filter(outcome__in=journal.OPEN).order_by("id"):
        if not (lease.is_over(entry) or lease.is_in_doubt(entry)):
            continue  # somebody is saving just now
        reason = _settle_with_own_token(entry)
        if entry.outcome not in journal.OPEN or not JournalEntry.objects.filter(pk=entry.pk):
            found.settled += 1
        elif _is_given_up(entry):
            found.undecided += 1
        else:
            found.left[reason] += 1
    return found


def _settle_with_own_token(entry: JournalEntry) -> str:
    """Another person's token is never used, a colleague's neither. Why it may still be open."""
    credential = Credential.objects.filter(user=entry.user_id, account=entry.account).first()
    if credential is None:
        return CredentialMissing.__name__
    try:
        reconciling.settle(entry, by=credentials.connection_of(credential.user))
    except (PlusofonError, NotConnected) as error:
        return type(error).__name__
    return NOT_TOLD


def _is_given_up(entry: JournalEntry) -> bool:
    """It locks no list, and what is read by now may as well be somebody else's doing."""
    is_old = timezone.now() - entry.started_at > GIVEN_UP_AFTER
    return entry.outcome == Outcome.UNKNOWN and is_old

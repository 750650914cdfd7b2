"""What a crash or a lost answer left open, settled for everybody at once."""

from contextlib import suppress

from ..connection import NotConnected
from ..models import Credential, JournalEntry
from ..plusofon.errors import PlusofonError
from ..writing import journal, lease, reconciling
from . import credentials


def settle_all() -> tuple[int, int]:
    """Settle what is unknown, in doubt or was left by a crash, each with the token of whoever wrote it.

    How many were settled, and how many are still open.
    """
    settled = left = 0
    for entry in JournalEntry.objects.filter(outcome__in=journal.OPEN).order_by("id"):
        if not (lease.is_over(entry) or lease.is_in_doubt(entry)):
            continue  # somebody is saving just now
        _settle_with_own_token(entry)
        if entry.outcome in journal.OPEN and JournalEntry.objects.filter(pk=entry.pk).exists():
            left += 1
        else:
            settled += 1
    return settled, left


def _settle_with_own_token(entry: JournalEntry) -> None:
    """Another person's token is never used, a colleague's neither."""
    credential = Credential.objects.filter(user=entry.user_id, account=entry.account).first()
    if credential is None:
        return
    with suppress(PlusofonError, NotConnected):
        reconciling.settle(entry, by=credentials.connection_of(credential.user))

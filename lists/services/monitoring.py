"""What somebody who watches the dashboard is told of its database: counts, of all accounts together."""

from django.db import Error as DatabaseTrouble
from django.db.models import Count

from .. import throttle
from ..models import HOLDING, Credential, JournalEntry, Outcome

OPEN = (*HOLDING, Outcome.UNKNOWN, Outcome.PARTLY)


def counts() -> dict[str, dict[str, int]]:
    """Nothing where the database fails: what else there is to tell is told all the same."""
    try:
        return {"journal_open": open_writes(), "sign_ins_locked": throttle.locked()}
    except DatabaseTrouble:
        return {}


def open_writes() -> dict[str, int]:
    """Entries of the journal that have not ended, or not clearly, by outcome. Account by account, as the journal's
    index goes: else all of the journal would be read."""
    accounts = Credential.objects.values("account")
    rows = JournalEntry.objects.filter(account__in=accounts, outcome__in=OPEN)
    found = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    return {str(outcome): found.get(outcome, 0) for outcome in OPEN}

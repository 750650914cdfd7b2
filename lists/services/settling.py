"""What became of a write whose end nobody saw: found by reading, never by sending again."""

from contextlib import suppress

from django.contrib.auth.models import User

from ..changes import ListChange, is_same, list_digest
from ..models import Action, Credential, JournalEntry, Outcome
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotFound, NotUnderstood, PlusofonError
from ..plusofon.values import ContactList
from . import credentials, journal
from .browsing import all_lists


def settle(entry: JournalEntry, *, api: Plusofon) -> None:
    """Read the list and close the entry with what it shows.

    Raises `PlusofonError` where it cannot be read: the entry stays as it is. A write of which nothing
    was sent was none: its entry goes.
    """
    match entry.action:
        case "":
            journal.drop(entry)
        case Action.CREATE:
            new = journal.whole_list_of(entry)
            if created := created_list(new, api=api, account=entry.account):
                journal.confirm(entry, stored=created)
            else:
                journal.refuse(entry)
        case Action.DELETE:
            try:
                api.get_list(entry.list_id)
            except NotFound:
                journal.confirm(entry)
            else:
                journal.refuse(entry)
        case _:
            try:
                found = api.get_list(entry.list_id)
            except NotFound as error:
                journal.leave_unknown(entry, error)
            else:
                settle_by(entry, found)


def settle_by(entry: JournalEntry, found: ContactList) -> None:
    """The same for a change, by a list that was just read."""
    if _shows(entry, found):
        journal.confirm(entry, stored=found)
    else:
        journal.refuse(entry)


def settle_unknown_of(found: ContactList, *, by: User) -> None:
    """A list was read under its lock: whatever was unknown of it is not any more."""
    for entry in JournalEntry.objects.filter(
        account=by.credential.account, list_id=found.id, outcome=Outcome.UNKNOWN
    ).exclude(change=""):
        settle_by(entry, found)


def created_list(new: ContactList, *, api: Plusofon, account: str) -> ContactList | None:
    """The list that was just made, if it is there: the last of all, and as it was sent.

    An older list of the same name is not it. Raises `NotUnderstood` where it cannot be told which.
    """
    entries = all_lists(api=api)
    alike = {e.id for e in entries if (e.name.strip(), e.type) == (new.name.strip(), new.type)}
    if not alike:
        return None
    newest = max(entry.id for entry in entries)
    if newest in alike:
        known = JournalEntry.objects.filter(
            account=account, list_id=newest, action=Action.CREATE, outcome=Outcome.CONFIRMED
        )
        if known.exists():
            return None
        found = api.get_list(newest)
        if is_same(new, found):
            return found
    raise NotUnderstood(detail="another list has that name already")


def _shows(entry: JournalEntry, found: ContactList) -> bool:
    digest, change = list_digest(found), journal.change_of(entry)
    if digest in (entry.digest_before, entry.digest_after):
        return digest == entry.digest_after
    if not change.is_visible_in(found):
        return False
    # A change of spelling alone is visible by meaning before and after.
    return _is_spelled_in(change, found) or not change.inverse().is_visible_in(found)


def _is_spelled_in(change: ListChange, found: ContactList) -> bool:
    return all(c.after in found.contacts for c in change.contacts if c.after)


def settle_all() -> tuple[int, int]:
    """Settle what is unknown or was left by a crash, each with the token of whoever wrote it.

    How many were settled, and how many are still open.
    """
    settled = left = 0
    for entry in JournalEntry.objects.filter(outcome__in=journal.OPEN).order_by("id"):
        if entry.outcome == Outcome.PENDING and not journal.is_left_over(entry):
            continue  # somebody is saving just now
        _settle_with_own_token(entry)
        if entry.outcome in journal.OPEN:
            left += 1
        else:
            settled += 1
    return settled, left


def _settle_with_own_token(entry: JournalEntry) -> None:
    """Another person's token is never used, a colleague's neither."""
    credential = Credential.objects.filter(user=entry.user_id, account=entry.account).first()
    if credential is None:
        return
    with suppress(PlusofonError, credentials.NotConnected):
        settle(entry, api=credentials.api_for(credential.user))

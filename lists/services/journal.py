"""The journal: each write is noted before it is sent, and closed with how it ended.

Entries belong to an account; whoever asks names theirs.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from .. import records
from ..changes import ContactChange, ListChange, list_digest, stored_form
from ..models import Action, BlockRequest, JournalEntry, JournalNumber, Outcome
from ..phones import normalise
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact, ContactList
from .connection import LONGEST_WAIT_TO_WRITE

LONGEST_NUMBER = 100  # of what stands where a number should; a number has 15 digits
MARGIN = 5.0  # seconds for our own work between the calls of a write, and for clocks that differ
OPEN = (Outcome.PENDING, Outcome.UNKNOWN)


class LockLost(PlusofonError):
    """Reading took so long that others may hold the list's lock by now. Nothing was sent."""


def sending_change(
    entry: JournalEntry, change: ListChange, found: ContactList, wanted: ContactList
) -> None:
    """Note what is about to be sent. Raises `LockLost`, and then it must not be."""
    _sending(
        entry,
        action=_action_of(change),
        list_name=storable(found.name),
        contacts=_contacts_of(change),
        change=records.write_change(change),
        contacts_count=len(change.contacts),
        digest_before=list_digest(found),
        digest_after=list_digest(wanted),
    )


def sending_whole(
    entry: JournalEntry, action: Action, whole: ContactList, *, form_token: str | None = None
) -> None:
    """The same for a list that is created or deleted. Raises `LockLost`."""
    _sending(
        entry,
        action=action,
        list_name=storable(whole.name),
        contacts=whole.contacts,
        whole_list=records.write_list(whole),
        contacts_count=len(whole.contacts),
        form_token=form_token,
    )


def confirm(entry: JournalEntry, *, stored: ContactList | None = None) -> None:
    """The write is there. `stored`: the list as read back, so that undoing looks for what is really
    in it."""
    fields: dict[str, object] = {"cause": "", "words": ""}
    if stored:
        fields |= {
            "list_id": stored.id,
            "list_name": storable(stored.name),
            "digest_after": list_digest(stored),
        }
    if stored and entry.change:
        fields["change"] = records.write_change(_as_stored(change_of(entry), stored))
    _close(entry, Outcome.CONFIRMED, **fields)


def refuse(entry: JournalEntry, error: PlusofonError | None = None) -> None:
    """The list does not show it: it is as it was before."""
    _close(entry, Outcome.REFUSED, **_why(error))


def leave_unknown(entry: JournalEntry, error: PlusofonError | None = None) -> None:
    _close(entry, Outcome.UNKNOWN, **_why(error))


def drop(entry: JournalEntry) -> None:
    """Nothing was sent: there was no write, and its row goes."""
    JournalEntry.objects.filter(pk=entry.pk, action="").delete()
    entry.outcome = Outcome.REFUSED


def note_request(asked: BlockRequest, action: Action, *, by: User) -> None:
    """A request to block was made or decided. Nothing was sent; it cannot be undone."""
    now = timezone.now()
    entry = JournalEntry.objects.create(
        account=asked.account,
        list_id=asked.list_id,
        list_name=asked.list_name,
        user=by,
        username=by.get_username(),
        started_at=now,
        ended_at=now,
        outcome=Outcome.CONFIRMED,
        action=action,
        request=asked,
    )
    _index(entry, asked.numbers.splitlines())


def storable(text: str) -> str:
    """A text of the API without what PostgreSQL cannot store."""
    return text.replace("\x00", "")


def change_of(entry: JournalEntry) -> ListChange:
    """Empty for a list that was created or deleted."""
    return records.read_change(entry.change or "{}")


def whole_list_of(entry: JournalEntry) -> ContactList:
    """The list that an entry created or deleted."""
    return records.read_list(entry.whole_list)


def is_left_over(entry: JournalEntry) -> bool:
    """Whether a pending row is older than any write can be: whoever took the lock has died."""
    budget = timedelta(
        seconds=2 * settings.PLUSOFON_TIMEOUT
        + settings.PLUSOFON_WRITE_TIMEOUT
        + 3 * LONGEST_WAIT_TO_WRITE
        + MARGIN
    )
    return entry.outcome == Outcome.PENDING and timezone.now() - entry.started_at > budget


def prune() -> int:
    """Delete what is older than `JOURNAL_KEEP_DAYS` (0: nothing); how many entries that were.

    Decided requests of which no entry tells any more go with them.
    """
    if not settings.JOURNAL_KEEP_DAYS:
        return 0
    oldest = timezone.now() - timedelta(days=settings.JOURNAL_KEEP_DAYS)
    _total, deleted = (
        JournalEntry.objects.filter(started_at__lt=oldest).exclude(outcome=Outcome.PENDING).delete()
    )
    BlockRequest.objects.filter(decided_at__lt=oldest, entries=None).delete()
    return deleted.get(JournalEntry._meta.label, 0)


def _sending(
    entry: JournalEntry, *, action: Action, contacts: Iterable[Contact], **fields: object
) -> None:
    # The two calls to come must end before anybody may take our row for left over.
    latest = timezone.now() - timedelta(
        seconds=settings.PLUSOFON_TIMEOUT + LONGEST_WAIT_TO_WRITE + MARGIN
    )
    with transaction.atomic():
        is_ours = JournalEntry.objects.filter(
            pk=entry.pk, outcome=Outcome.PENDING, started_at__gte=latest
        ).update(action=action, **fields)
        if not is_ours:
            raise LockLost(detail="reading took too long")
        _index(entry, (phone for contact in contacts for phone in contact.phones))
    entry.action = action
    for name, value in fields.items():
        setattr(entry, name, value)


def _index(entry: JournalEntry, phones: Iterable[str]) -> None:
    """Let the entry be found by its numbers."""
    numbers = {storable(normalise(phone))[:LONGEST_NUMBER] for phone in phones}
    JournalNumber.objects.bulk_create(
        [JournalNumber(entry=entry, number=number) for number in numbers - {""}],
        batch_size=1000,
    )


def _close(entry: JournalEntry, outcome: Outcome, **fields: object) -> None:
    fields |= {"outcome": outcome, "ended_at": timezone.now()}
    closed = JournalEntry.objects.filter(pk=entry.pk, outcome__in=OPEN).update(**fields)
    if not closed:  # somebody settled it meanwhile
        entry.refresh_from_db()
        return
    for name, value in fields.items():
        setattr(entry, name, value)


def _why(error: PlusofonError | None) -> dict[str, object]:
    """The error's name, and the API's words: the doubt behind it tells more than "not applied"."""
    if error is None:
        return {"cause": "", "words": ""}
    cause = error.__cause__ if isinstance(error.__cause__, PlusofonError) else error
    return {"cause": type(cause).__name__, "words": storable(error.message)}


def _action_of(change: ListChange) -> Action:
    kinds = {(c.before is not None, c.after is not None) for c in change.contacts}
    if not kinds:
        return Action.RENAME
    if kinds == {(False, True)}:
        return Action.ADD
    if kinds == {(True, False)}:
        return Action.REMOVE
    return Action.EDIT


def _contacts_of(change: ListChange) -> list[Contact]:
    return [contact for c in change.contacts for contact in (c.before, c.after) if contact]


def _as_stored(change: ListChange, stored: ContactList) -> ListChange:
    return ListChange(
        contacts=tuple(
            ContactChange(before=c.before, after=c.after and stored_form(c.after, stored))
            for c in change.contacts
        ),
        name=change.name,
        type=change.type,
    )

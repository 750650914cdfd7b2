"""The journal: each write is noted before it is sent, and closed with how it ended.

Entries belong to an account; whoever asks names theirs.
"""

import time
from collections.abc import Iterable
from contextlib import suppress

from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.utils import timezone

from ..changes import ContactChange, ListChange
from ..database import once_more
from ..draft import Draft
from ..models import (
    HOLDING,
    Action,
    BlockRequest,
    JournalEntry,
    Outcome,
)
from ..phones import normalise
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact, ContactList
from ..sameness import list_digest
from ..telemetry import events
from ..telemetry.observing import Write, observe
from . import records, sent
from .entries import change_of
from .outcomes import LockLost
from .search_terms import Terms, index, storable

LONGEST_NOTING = 5.0  # seconds between what a row says of its sending, and the sending
OPEN = (*HOLDING, Outcome.UNKNOWN)
OURS = (Outcome.LOCKED, Outcome.PENDING)  # before anything was sent
ENDED = (Outcome.CONFIRMED, Outcome.REFUSED, Outcome.UNKNOWN)
ALARMING: dict[str, str] = {
    Outcome.IN_DOUBT: events.WRITE_IN_DOUBT,
    Outcome.UNKNOWN: events.WRITE_UNKNOWN,
}


def sending_change(
    entry: JournalEntry, change: ListChange, found: ContactList, wanted: ContactList
) -> None:
    """Note what is about to be sent. Raises `LockLost`, and then it must not be."""
    _sending(
        entry,
        action=action_of(change),
        list_name=storable(found.name),
        contacts=_contacts_of(change),
        renamed_to=wanted.name,
        change=records.write_change(change),
        contacts_count=len(change.contacts),
        digest_before=list_digest(found),
        digest_after=list_digest(wanted),
    )


def sending_whole(
    entry: JournalEntry,
    action: Action,
    whole: ContactList,
    *,
    form_token: str | None = None,
    newest_before: int | None = None,
) -> None:
    """The same for a list that is created or deleted. Raises `LockLost`."""
    _sending(
        entry,
        action=action,
        list_name=storable(whole.name),
        contacts=whole.contacts,
        whole_list=records.write_list(whole),
        contacts_count=len(whole.contacts),
        digest_before=list_digest(whole) if action == Action.DELETE else "",
        form_token=form_token,
        newest_before=newest_before,
    )


def confirm(
    entry: JournalEntry,
    *,
    stored: ContactList | None = None,
    doubt: PlusofonError | None = None,
) -> None:
    """The write is there. `stored`: the list as read back, so that undoing looks for what is really
    in it. `doubt`: what came instead of the API's yes; it stays as the cause."""
    fields: dict[str, object] = _why(doubt) | {"words": ""}
    digest = list_digest(stored) if stored else ""
    if stored:
        fields |= {
            "list_id": stored.id,
            "list_name": storable(stored.name),
            "digest_after": digest,
        }
    if stored and entry.action == Action.CREATE:
        fields["contacts_count"] = len(stored.contacts)
        if entry.list_id is not None:  # the API had told it: no doubt is left
            fields["cause"] = ""
    if stored and entry.change and digest != entry.digest_after:
        fields["change"] = records.write_change(_as_stored(change_of(entry), stored))
    _close(entry, Outcome.CONFIRMED, **fields)


def refuse(entry: JournalEntry, error: PlusofonError | None = None) -> None:
    """Nothing of it is there: the list is as it was before. Without an error it keeps its cause."""
    _close(entry, Outcome.REFUSED, **_why(error))


def leave_unknown(
    entry: JournalEntry, error: PlusofonError | None = None, *, list_id: int | None = None
) -> None:
    """Nothing lands any more, and nobody can tell. `list_id`: of a new list that could not be read back."""
    fields = _why(error)
    if list_id is not None:
        fields["list_id"] = list_id
    _close(entry, Outcome.UNKNOWN, **fields)


def leave_in_doubt(entry: JournalEntry, error: PlusofonError) -> None:
    """It may land yet: the row stays the list's lock."""
    before = entry.outcome
    if once_more(_update)(entry, HOLDING, outcome=Outcome.IN_DOUBT, **_why(error)):
        _tell(entry, before)


def correct(entry: JournalEntry, *, stored: ContactList | None = None) -> list[JournalEntry]:
    """It landed after it had been given up: confirm it after all, and mark what it overwrote.

    Returns the confirmed entries that it wiped out, the oldest first.
    """
    lost = JournalEntry.objects.filter(
        list_id=entry.list_id,
        outcome=Outcome.CONFIRMED,
        request=None,
        overwritten_by=None,
        pk__gt=entry.pk,
    ).order_by("id")
    overwritten = list(lost)
    before = entry.outcome
    _correct(entry, overwritten, stored)
    _tell(entry, before)
    return overwritten


@once_more
def _correct(
    entry: JournalEntry, overwritten: Iterable[JournalEntry], stored: ContactList | None
) -> None:
    fields: dict[str, object] = {"outcome": Outcome.CONFIRMED, "words": ""}
    if stored:
        fields["digest_after"] = list_digest(stored)
    with transaction.atomic():
        pks = [lost.pk for lost in overwritten]
        JournalEntry.objects.filter(pk__in=pks).update(overwritten_by=entry)
        _update(entry, ENDED, ended_at=timezone.now(), **fields)


@once_more
def drop(entry: JournalEntry) -> None:
    """Nothing was sent: there was no write, and its row goes."""
    JournalEntry.objects.filter(pk=entry.pk, outcome=Outcome.LOCKED).delete()


@once_more
def free_form(entry: JournalEntry) -> None:
    """Its form may be sent once more."""
    JournalEntry.objects.filter(pk=entry.pk).update(form_token=None)


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
    index(entry, Terms(set(asked.numbers.splitlines()), {asked.list_name, asked.reason}))


def action_of(change: ListChange) -> Action:
    """A contact that only gets numbers, or only loses some, is as good as added or removed: those are blocked, or
    are not any more."""
    kinds = {(c.before is not None, c.after is not None) for c in change.contacts}
    if not kinds:
        return Action.RENAME
    if kinds == {(False, True)}:
        return Action.ADD
    if kinds == {(True, False)}:
        return Action.REMOVE
    match change.contacts:
        case (ContactChange(Contact() as before, Contact() as after),):
            return _action_of_replacing(before, after)
    return Action.EDIT


def _action_of_replacing(before: Contact, after: Contact) -> Action:
    had, has = set(map(normalise, before.phones)), set(map(normalise, after.phones))
    if before.name != after.name:
        return Action.EDIT
    if had < has:
        return Action.ADD
    return Action.REMOVE if has < had else Action.EDIT


def _sending(
    entry: JournalEntry,
    *,
    action: Action,
    list_name: str,
    contacts: Iterable[Contact],
    renamed_to: str = "",
    **fields: object,
) -> None:
    """From here on others wait until nothing of it can land any more, counted from `sent_at`. So it must
    leave at once: a database that was waited for and a machine that slept are seen by `_clock`. What the entry is
    found by is noted before: of thousands of contacts that takes its time."""
    try:
        _note_terms(entry, Terms.of(contacts, list_name, renamed_to))
        began, sent_at = _clock(), timezone.now()
        _note_sending(entry, action=action, list_name=list_name, sent_at=sent_at, **fields)
    except DatabaseTrouble:
        with suppress(DatabaseTrouble):  # it may have been noted all the same
            _take_back(entry)
        raise
    if _clock() - began > LONGEST_NOTING:
        _take_back(entry)
        raise LockLost(detail="noting it took too long")
    sent.note()


@once_more
def _note_terms(entry: JournalEntry, terms: Terms) -> None:
    with transaction.atomic():
        _hold(entry, outcome=Outcome.LOCKED)
        index(entry, terms)


@once_more
def _note_sending(entry: JournalEntry, **fields: object) -> None:
    _hold(entry, outcome=Outcome.PENDING, **fields)


def _hold(entry: JournalEntry, **fields: object) -> None:
    """A row that is ours is pending by nobody's doing but ours: perhaps it was noted already."""
    if not _update(entry, OURS, **fields):
        raise LockLost(detail="somebody else has taken the lock")


@once_more
def _take_back(entry: JournalEntry) -> None:
    """A row that is ours, of which nothing was sent after all."""
    JournalEntry.objects.filter(pk=entry.pk, outcome__in=OURS).delete()


def _clock() -> float:
    """Seconds, counted while a machine sleeps too: `time.monotonic` stops then (clock_gettime(2))."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.time() if boot_time is None else time.clock_gettime(boot_time)


def _close(entry: JournalEntry, outcome: Outcome, **fields: object) -> None:
    before = entry.outcome
    _note_end(entry, outcome, **fields)
    _tell(entry, before)


def _tell(entry: JournalEntry, before: str) -> None:
    """Whoever watches, of an outcome that is news: looked at again, what is unknown mostly stays so."""
    if entry.outcome == before:
        return
    observe(Write(str(entry.outcome)))
    if event := ALARMING.get(entry.outcome):
        events.warn(
            event,
            entry=entry.pk,
            list=entry.list_id,
            action=str(entry.action),
            cause=entry.cause or "none",
        )


@once_more
def _note_end(entry: JournalEntry, outcome: Outcome, **fields: object) -> None:
    if not _update(entry, OPEN, outcome=outcome, ended_at=timezone.now(), **fields):
        entry.refresh_from_db()  # somebody settled it meanwhile, or we did and were not told


def _update(entry: JournalEntry, states: Iterable[str], **fields: object) -> bool:
    """Compare-and-swap: only while the row is in one of these states."""
    updated = JournalEntry.objects.filter(pk=entry.pk, outcome__in=states).update(**fields)
    if updated:
        for name, value in fields.items():
            setattr(entry, name, value)
    return bool(updated)


def _why(error: PlusofonError | None) -> dict[str, object]:
    """The error's name, and the API's words: the doubt behind it tells more than "not applied"."""
    if error is None:
        return {}
    cause = error.__cause__ if isinstance(error.__cause__, PlusofonError) else error
    return {"cause": type(cause).__name__, "words": storable(error.message)}


def _contacts_of(change: ListChange) -> list[Contact]:
    return [contact for c in change.contacts for contact in (c.before, c.after) if contact]


def _as_stored(change: ListChange, stored: ContactList) -> ListChange:
    there = Draft(stored.contacts)
    return ListChange(
        contacts=tuple(
            ContactChange(
                c.before,
                c.after and there.stored_form(c.after),
                c.others_before,
                c.others_after,
            )
            for c in change.contacts
        ),
        name=change.name,
        type=change.type,
    )

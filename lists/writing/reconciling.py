"""What became of a write whose end nobody saw: found by reading, never by sending again."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from ..connection import Connection
from ..models import Action, JournalEntry, Outcome
from ..plusofon import errors
from ..plusofon.errors import NotFound, NotUnderstood
from ..plusofon.index import all_lists
from ..plusofon.values import ContactList
from ..sameness import is_same, list_digest
from ..telemetry import events
from . import journal, lease
from .entries import change_of, whole_list_of
from .evidence import Reading, shows
from .search_terms import storable

LATEST = 24 * 60 * 60.0  # seconds; what is seen later than that was somebody else's doing
LONGEST_LOOK = 30.0  # seconds for all pages of lists; it is looked again later
MOST_CANDIDATES = 5  # lists of one name that may be the new one
# The errors after which a write may land however late. A crash, too, cuts its connection.
DOUBTFUL = {
    error.__name__
    for error in (
        errors.NoAnswer,
        errors.TimedOut,
        errors.ConnectionCut,
        errors.NotUnderstood,
        errors.Unavailable,
    )
}
GIVEN_UP = (Outcome.REFUSED, Outcome.UNKNOWN)


def settle(entry: JournalEntry, *, by: Connection) -> None:
    """Read the list, and close the entry if that tells how it ended.

    While it may still land only "confirmed" is told. Raises `PlusofonError` where the list cannot be
    read: the entry stays as it is. A write of which nothing was sent was none: its entry goes.
    """
    if entry.outcome == Outcome.LOCKED:
        journal.drop(entry)
        return
    if entry.outcome == Outcome.PENDING:
        if not lease.is_in_doubt(entry):
            return  # somebody is at it
        journal.leave_in_doubt(entry, errors.ConnectionCut(detail="whoever sent it has died"))
    match entry.action:
        case Action.CREATE:
            _settle_creation(entry, by=by)
        case Action.DELETE:
            _settle_deletion(entry, by=by)
        case _:
            _settle_change(entry, by=by)


def seen(found: ContactList) -> None:
    """A list was read under its lock. What was unknown of it may be told by that; and a write that had
    been given up may be found to have landed after all."""
    entries = JournalEntry.objects.filter(list_id=found.id).exclude(change="")
    # First what is merely unknown: there at once, but not read back, it is not late.
    for entry in entries.filter(outcome=Outcome.UNKNOWN).order_by("pk"):
        _close_by(entry, found)
    correct_late(found)


def seen_gone(list_id: int, *, by: Connection) -> None:
    """A list is gone, said the API to somebody of `by.account`: a deletion may have landed after all."""
    entries = JournalEntry.objects.filter(list_id=list_id, account=by.account, action=Action.DELETE)
    if entries.filter(outcome=Outcome.CONFIRMED).exists():
        return
    late = _may_be_late(entries).filter(outcome__in=GIVEN_UP).order_by("pk").last()
    if late:
        _tell_late(late, journal.correct(late))


@dataclass(frozen=True, slots=True)
class Looked:
    """`ours`: the list that a creation has made, where that is certain. `alike`: whether there is, or was
    since, any list that could be it."""

    ours: ContactList | None
    alike: bool


def look_for(entry: JournalEntry, new: ContactList, *, by: Connection) -> Looked:
    """The list that was just made, among all lists. Raises `PlusofonError` where they cannot be read.

    Certain is one that was not there before (its id is higher than any that was), that nobody else is
    known to have made, and that is as it was sent.
    """
    named = {
        found.id
        for found in all_lists(by.api.scanning(within=LONGEST_LOOK))
        if (found.name.strip(), found.type) == (new.name.strip(), new.type)
    }
    after = entry.newest_before
    may_be = {
        list_id for list_id in named - _anothers(named, entry) if after is None or list_id > after
    }
    if after is None or not may_be:
        return Looked(None, bool(may_be) or _was_written_to(entry, new))
    read = [by.api.get_list(list_id) for list_id in sorted(may_be)[-MOST_CANDIDATES:]]
    same = [found for found in read if is_same(new, found)]
    return Looked(same[0] if len(same) == 1 else None, alike=True)


def _anothers(list_ids: set[int], entry: JournalEntry) -> set[int | None]:
    """Those of the lists that were there before, or that somebody else has made. What was written to since
    may be ours all the same: whoever sees a new list may write to it before its creation is settled."""
    entries = JournalEntry.objects.filter(list_id__in=list_ids).exclude(pk=entry.pk)
    known = entries.filter(Q(action=Action.CREATE) | Q(pk__lt=entry.pk))
    return set(known.values_list("list_id", flat=True))


def _was_written_to(entry: JournalEntry, new: ContactList) -> bool:
    """Whether the journal shows that a list was called so which is not any more, or is gone."""
    later = JournalEntry.objects.filter(
        Q(list_name=storable(new.name)) | Q(action=Action.RENAME),
        pk__gt=entry.pk,
        list_id__gt=entry.newest_before or 0,
    ).exclude(action=Action.CREATE)
    called_so = {
        one.list_id
        for one in later
        if one.list_id is not None and _name_before(one) == new.name.strip()
    }
    return bool(called_so - _anothers(called_so, entry))


def _name_before(entry: JournalEntry) -> str:
    """What the list was called before the write."""
    renamed = change_of(entry).name
    return (renamed.before if renamed else entry.list_name).strip()


def _settle_creation(entry: JournalEntry, *, by: Connection) -> None:
    new = whole_list_of(entry)
    try:
        if entry.list_id is not None:
            stored = by.api.get_list(entry.list_id)
            if is_same(new, stored):
                journal.confirm(entry, stored=stored)
            else:
                journal.leave_unknown(entry)
            return
        looked = look_for(entry, new, by=by)
    except (NotFound, NotUnderstood) as error:
        if lease.is_over(entry):
            journal.leave_unknown(entry, error)
        return
    # What the API itself has refused was made by somebody else.
    may_be_ours = entry.cause in DOUBTFUL or not entry.cause
    if looked.ours and may_be_ours:
        journal.confirm(entry, stored=looked.ours)
    elif lease.is_over(entry):
        if looked.alike:
            journal.leave_unknown(entry)
        else:
            journal.refuse(entry)


def _settle_deletion(entry: JournalEntry, *, by: Connection) -> None:
    assert entry.list_id is not None
    try:
        by.api.get_list(entry.list_id)
    except NotFound:
        # To a stranger every list of ours is gone.
        if entry.account != by.account:
            raise
        journal.confirm(entry)
    else:
        if lease.is_over(entry):
            journal.refuse(entry)


def _settle_change(entry: JournalEntry, *, by: Connection) -> None:
    assert entry.list_id is not None
    try:
        found = by.api.get_list(entry.list_id)
    except NotFound as error:
        if entry.account != by.account:
            raise
        if lease.is_over(entry):
            journal.leave_unknown(entry, error)
    else:
        _close_by(entry, found)


def _close_by(entry: JournalEntry, found: ContactList) -> None:
    """There → confirmed; exactly as it was → refused; else nobody can tell."""
    later = JournalEntry.objects.filter(
        list_id=entry.list_id, pk__gt=entry.pk, outcome=Outcome.CONFIRMED, request=None
    )
    if later.exists():
        return  # what stands there may be theirs
    if list_digest(found) != entry.digest_after and correct_late(found, besides=entry):
        if lease.is_over(entry):
            journal.leave_unknown(entry)
        return
    if _shows(entry, found):
        journal.confirm(entry, stored=found)
    elif lease.is_over(entry):
        if list_digest(found) == entry.digest_before:
            journal.refuse(entry)
        else:
            journal.leave_unknown(entry)


def _shows(entry: JournalEntry, found: ContactList) -> bool:
    """A list that is exactly as another write left it does not have this one in it."""
    digest = list_digest(found)
    standing = _standing(found.id)
    as_before = {entry.digest_before, standing.digest_after if standing else ""}
    reading = Reading(found, digest in as_before, digest == entry.digest_after)
    return shows(change_of(entry), reading, may_land=not lease.is_over(entry))


def _standing(list_id: int) -> JournalEntry | None:
    """The last confirmed write of a list that nothing has overwritten."""
    return (
        JournalEntry.objects.filter(
            list_id=list_id, request=None, outcome=Outcome.CONFIRMED, overwritten_by=None
        )
        .order_by("pk")
        .last()
    )


def correct_late(found: ContactList, *, besides: JournalEntry | None = None) -> bool:
    """Whether the list is as an earlier write made it that no clear answer ended, and not as the last
    confirmed one left it: that write has landed since, is confirmed, and what it wiped out is marked.

    `besides`: a write that is just being judged by the same reading.
    """
    entries = JournalEntry.objects.filter(list_id=found.id, request=None).order_by("pk")
    digest = list_digest(found)
    standing = _standing(found.id)
    if standing and standing.digest_after == digest:
        return False
    late = _may_be_late(entries).filter(digest_after=digest).exclude(change="")
    late = late.exclude(pk=besides.pk) if besides else late
    if (entry := late.last()) is None:
        return False
    _tell_late(entry, journal.correct(entry, stored=found))
    return True


def _may_be_late(entries: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """Those that no clear answer ended, and that were sent so lately that they may just have landed.

    Confirmed ones too: the list showed them, and may have been shown the same by somebody else's hand.
    """
    earliest = timezone.now() - timedelta(seconds=LATEST)
    return entries.filter(outcome__in=journal.ENDED, cause__in=DOUBTFUL, sent_at__gte=earliest)


def _tell_late(late: JournalEntry, overwritten: list[JournalEntry]) -> None:
    """It had been given up; `overwritten`: what it wiped out."""
    pks = ",".join(str(entry.pk) for entry in overwritten) or None
    events.warn(events.WRITE_LANDED_LATE, entry=late.pk, list=late.list_id, overwrote=pks)

"""Reading the journal of one's account."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..models import Action, JournalEntry, JournalName, JournalNumber, Outcome
from ..names import folded
from ..phones import normalise
from .credentials import account_of

# Beside the actions of an entry. What blocks, or unblocks, in one list or in several:
UNDO, BLOCKED, UNBLOCKED = "undo", "blocked", "unblocked"
GROUPS = {
    BLOCKED: (Action.ADD, Action.BLOCK),
    UNBLOCKED: (Action.REMOVE, Action.UNBLOCK),
}
OVERWRITTEN = "overwritten"  # beside its outcomes


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; "" and None mean everything.

    `number` in any spelling, whole; `name`: words of a contact's or a list's name; `since`, `until`: days, both
    included; `action`: an `Action`, `UNDO`, or one of `GROUPS`; `outcome`: an `Outcome`, or `OVERWRITTEN`.
    """

    person: str = ""
    list_id: int | None = None
    number: str = ""
    name: str = ""
    action: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUps:
    """The ids of entries that confirmed later ones have undone, and of those that they have done again."""

    undone: frozenset[int | None] = frozenset()
    repeated: frozenset[int | None] = frozenset()


def entries(filters: Filters, *, by: User) -> QuerySet[JournalEntry]:
    """The newest first; an act over several lists once, found by what any of its parts says. Without the whole
    lists of creations and deletions. Raises `NotConnected`."""
    found = whole = JournalEntry.objects.filter(account=account_of(by))
    if filters.number:
        told = telling(filters.number, by=by)
        found = JournalEntry.objects.filter(pk__in=told)
        whole = JournalEntry.objects.filter(pk__in={act for act in told.values() if act})
    acts = _matching(found, filters).filter(part_of=None)
    if filters != Filters():
        parts = _matching(found, replace(filters, action="")).exclude(part_of=None)
        acts = _of_action(whole.filter(pk__in=parts.values("part_of")), filters) | acts
    return _as_shown(acts)


def entries_of_list(list_id: int, *, by: User) -> QuerySet[JournalEntry]:
    """The newest first; of an act over several lists its part in this one. Raises `NotConnected`."""
    return _as_shown(JournalEntry.objects.filter(account=account_of(by), list_id=list_id))


def telling(number: str, *, by: User) -> dict[int, int | None]:
    """The entries that tell of a number, in any spelling: their ids, each with that of the act that it is part of.
    Raises `NotConnected`.

    What is asked of them goes by these ids alone: with the account, or an outcome, beside the number, SQLite
    looks through the whole journal.
    """
    account, told = account_of(by), JournalNumber.objects.filter(number=normalise(number))
    rows = told.values_list("entry_id", "entry__part_of_id", "entry__account")
    return {entry: act for entry, act, of in rows if of == account}


class OfNumber(NamedTuple):
    """What was done about a number: the last changes, the newest first, each act over several lists once; `total`:
    how many entries tell of the number. Of what was only asked for `services.requests` tells."""

    changes: QuerySet[JournalEntry]
    total: int


def of_number(number: str, *, last: int, by: User) -> OfNumber:
    """In any spelling; `last`: so many changes at most. Raises `NotConnected`.

    Each step names the rows that it wants: told in one query, SQLite looks through the whole journal.
    """
    told = JournalEntry.objects.filter(account=account_of(by), numbers__number=normalise(number))
    told = told.exclude(outcome=Outcome.LOCKED)
    ids = set(told.values_list(Coalesce("part_of", "pk"), "request"))
    changes = sorted(entry for entry, asked in ids if asked is None)
    return OfNumber(_as_shown(JournalEntry.objects.filter(pk__in=changes[-last:])), len(ids))


def of_ids(entry_ids: Iterable[int], *, by: User) -> QuerySet[JournalEntry]:
    """These, the newest first. Raises `NotConnected`."""
    return _as_shown(JournalEntry.objects.filter(account=account_of(by), pk__in=entry_ids))


def _as_shown(found: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    return (
        found.exclude(outcome=Outcome.LOCKED)  # it may send nothing
        .select_related("operation")
        .prefetch_related("request")
        .defer("whole_list", "operation__plan")
        .order_by("-id")
    )


def _of_action(found: QuerySet[JournalEntry], filters: Filters) -> QuerySet[JournalEntry]:
    if filters.action == UNDO:
        return found.filter(undoes__isnull=False)
    if filters.action in GROUPS:
        return found.filter(action__in=GROUPS[filters.action])
    return found.filter(action=filters.action) if filters.action else found


def _matching(found: QuerySet[JournalEntry], filters: Filters) -> QuerySet[JournalEntry]:
    found = _of_action(found, filters)
    if filters.person:
        found = found.filter(username=filters.person)
    if filters.list_id is not None:
        found = found.filter(list_id=filters.list_id)
    if filters.name:
        found = found.filter(pk__in=_named(filters.name))
    if filters.outcome == OVERWRITTEN:
        found = found.filter(overwritten_by__isnull=False)
    elif filters.outcome:
        found = found.filter(outcome=filters.outcome, overwritten_by=None)
    if filters.since:
        found = found.filter(started_at__gte=midnight(filters.since))
    if filters.until:
        found = found.filter(started_at__lt=midnight(filters.until + timedelta(days=1)))
    return found


def _named(words: str) -> QuerySet[JournalName, int]:
    """The ids of entries with a name that has all of these words, or parts of words."""
    names = JournalName.objects.all()
    for word in folded(words).split():
        names = names.filter(name__contains=word)
    return names.values_list("entry_id", flat=True)


def midnight(day: date) -> datetime:
    """As a day begins where the dashboard is."""
    return timezone.make_aware(datetime.combine(day, time.min))


def follow_ups(entries: Iterable[JournalEntry]) -> FollowUps:
    """What became of these entries afterwards: one query for all, none for none."""
    ids = [entry.pk for entry in entries]
    if not ids:
        return FollowUps()
    later = JournalEntry.objects.filter(Q(undoes__in=ids) | Q(repeats__in=ids))
    pairs = list(later.filter(outcome=Outcome.CONFIRMED).values_list("undoes_id", "repeats_id"))
    return FollowUps(
        frozenset(undoes for undoes, _ in pairs), frozenset(again for _, again in pairs)
    )


def entry_of(entry_id: int, *, by: User) -> JournalEntry | None:
    """One entry of the person's account, or None. Raises `NotConnected`."""
    found = JournalEntry.objects.filter(account=account_of(by), pk=entry_id)
    return found.select_related("operation").first()


# The few people and lists among very many entries: a loose index scan, which neither database does by
# itself (https://wiki.postgresql.org/wiki/Loose_indexscan). Thirty times faster than DISTINCT, and a hundred
# times than the same steps through the ORM, a query for each name (62 ms for ten people and forty lists).
_PEOPLE = """
WITH RECURSIVE person(name) AS (
    SELECT min(username) FROM lists_journalentry WHERE account = %(account)s
    UNION ALL
    SELECT (SELECT min(username) FROM lists_journalentry
            WHERE account = %(account)s AND username > person.name)
    FROM person WHERE person.name IS NOT NULL
)
SELECT name FROM person WHERE name IS NOT NULL ORDER BY name
"""
_LISTS = """
WITH RECURSIVE list(id) AS (
    SELECT min(list_id) FROM lists_journalentry WHERE account = %(account)s AND list_id IS NOT NULL
    UNION ALL
    SELECT (SELECT min(list_id) FROM lists_journalentry
            WHERE account = %(account)s AND list_id > list.id)
    FROM list WHERE list.id IS NOT NULL
)
SELECT id, (SELECT list_name FROM lists_journalentry entry
            WHERE account = %(account)s AND entry.list_id = list.id ORDER BY entry.id DESC LIMIT 1)
FROM list WHERE id IS NOT NULL ORDER BY 2, 1
"""


def people(*, by: User) -> list[str]:
    """Whoever has written, by the names of that time."""
    return [name for (name,) in _rows(_PEOPLE, by)]


def lists(*, by: User) -> list[tuple[int, str]]:
    """The lists that entries are about: ids and their latest names there."""
    return _rows(_LISTS, by)


def _rows(sql: str, by: User) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"account": account_of(by)})
        return list(cursor.fetchall())

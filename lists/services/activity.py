"""What is done these days, counted from the journal: by day, by person; and the reasons that requests give.

An act counts once, and only what came of it: confirmed, not overwritten; one over several lists where a part of
it is. The days before today are counted once in ten minutes for each account and process.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from ..models import BlockRequest
from ..names import folded
from .credentials import account_of
from .history import BLOCKED, GROUPS, UNBLOCKED, midnight

DAYS, WEEK = 30, 7  # today included
KEPT_FOR = 10 * 60  # seconds
MOST_REASONS = 5


class OfDay(NamedTuple):
    """How many acts of that day blocked, and how many unblocked."""

    day: date
    blocked: int
    unblocked: int


class OfPerson(NamedTuple):
    """How many acts of a person blocked, how many unblocked, and how many did anything else."""

    name: str
    blocked: int
    unblocked: int
    other: int

    @property
    def total(self) -> int:
        return self.blocked + self.unblocked + self.other


class Reason(NamedTuple):
    """`words`: as they were last written."""

    words: str
    times: int


@dataclass(frozen=True, slots=True)
class Activity:
    """`days`: the last thirty, the oldest first; `people`: of the last seven days, who has done most first."""

    days: tuple[OfDay, ...]
    people: tuple[OfPerson, ...]


def last_days(days: int) -> list[date]:
    """Today is the last of them."""
    today = timezone.localdate()
    return [today - timedelta(days=ago) for ago in reversed(range(days))]


def activity(*, by: User) -> Activity:
    """Raises `NotConnected`."""
    account, (*before, today) = account_of(by), last_days(DAYS)
    key = f"activity:{account}:{today}"
    earlier: Activity | None = cache.get(key)
    if earlier is None:
        earlier = _activity(before, account)
        cache.set(key, earlier, KEPT_FOR)
    now = _activity([today], account)
    return Activity(earlier.days + now.days, _together(earlier.people + now.people))


def reasons(*, by: User) -> tuple[Reason, ...]:
    """Those that requests of the last thirty days give most, whatever their case and spaces. Raises
    `NotConnected`."""
    account, (first, *_, today) = account_of(by), last_days(DAYS)
    key = f"reasons:{account}:{today}"
    earlier: dict[str, Reason] | None = cache.get(key)
    if earlier is None:
        earlier = _reasons(account, first, today)
        cache.set(key, earlier, KEPT_FOR)
    given = Counter({meant: reason.times for meant, reason in earlier.items()})
    now = _reasons(account, today, today + timedelta(days=1))
    given.update({meant: reason.times for meant, reason in now.items()})
    words = earlier | now
    return tuple(Reason(words[m].words, times) for m, times in given.most_common(MOST_REASONS))


def _reasons(account: str, since: date, until: date) -> dict[str, Reason]:
    """Of the days before `until`, by what they mean."""
    begins, ends = midnight(since), midnight(until)
    asked = BlockRequest.objects.filter(account=account, asked_at__gte=begins, asked_at__lt=ends)
    found = dict[str, Reason]()
    for reason in asked.order_by("asked_at").values_list("reason", flat=True):
        meant = folded(" ".join(reason.split()))
        found[meant] = Reason(reason, 1 + (found[meant].times if meant in found else 0))
    return found


class _Done(NamedTuple):
    """How often one person has done one thing on one day."""

    day: date
    person: str
    action: str
    times: int


def _activity(days: Sequence[date], account: str) -> Activity:
    of_day, of_person = defaultdict[date, Counter[str]](Counter), list[OfPerson]()
    week = last_days(WEEK)[0]
    for done in _done_on(days, account):
        group = next((name for name, actions in GROUPS.items() if done.action in actions), "")
        of_day[done.day][group] += done.times
        if done.day >= week:
            times = (done.times if name == group else 0 for name in (BLOCKED, UNBLOCKED, ""))
            of_person.append(OfPerson(done.person, *times))
    return Activity(
        tuple(OfDay(day, of_day[day][BLOCKED], of_day[day][UNBLOCKED]) for day in days),
        _together(of_person),
    )


def _together(parts: Iterable[OfPerson]) -> tuple[OfPerson, ...]:
    """Each person once."""
    whole = dict[str, OfPerson]()
    for name, *more in parts:
        known = whole.get(name, OfPerson(name, 0, 0, 0))
        whole[name] = OfPerson(name, *map(sum, zip(known[1:], more, strict=True)))
    return tuple(sorted(whole.values(), key=lambda person: (-person.total, person.name)))


# A day of thousands of entries is counted by its index alone; and days begin where they begin here, whatever the
# database thinks of time zones.
_OF_A_DAY = """
SELECT %s, username, action, count(*) FROM lists_journalentry
WHERE account = %s AND started_at >= %s AND started_at < %s
    AND outcome = 'confirmed' AND part_of_id IS NULL AND overwritten_by_id IS NULL
GROUP BY username, action
UNION ALL
SELECT %s, username, action, count(*) FROM lists_journalentry act
WHERE account = %s AND started_at >= %s AND started_at < %s
    AND outcome = 'partly' AND part_of_id IS NULL AND overwritten_by_id IS NULL
    AND EXISTS (SELECT 1 FROM lists_journalentry part
                WHERE part.part_of_id = act.id AND part.outcome = 'confirmed'
                    AND part.overwritten_by_id IS NULL)
GROUP BY username, action
"""


def _done_on(days: Sequence[date], account: str) -> list[_Done]:
    """One query for all of them."""
    stored = connection.ops.adapt_datetimefield_value
    params: list[int | str | None] = []
    for number, day in enumerate(days):
        begins, ends = stored(midnight(day)), stored(midnight(day + timedelta(days=1)))
        params += [number, account, begins, ends] * 2
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([_OF_A_DAY] * len(days)), params)
        return [_Done(days[number], *counted) for number, *counted in cursor.fetchall()]

"""When the month happened: the working hours of the last thirty days, weekdays busier than weekends. Pure."""

import random
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate

DAYS = 30  # today is the last of them
BUSYNESS = (9, 10, 9, 8, 7, 2, 1)  # of the days of a week, Monday first
QUIET_DAYS = 3
LEAST = 4  # of the first day and of yesterday: something happens on both
OPENS, CLOSES = 9.1, 18.6  # hours
LONGEST_TODAY = timedelta(hours=4)


def moments(before_today: int, today: int, *, now: datetime) -> list[datetime]:
    """So many moments in their order, the last ones of today. `now`: local and aware."""
    chance = random.Random(4821)  # noqa: S311
    days = Counter(_days(before_today, now.date(), chance))
    found = [
        _at(day, hour, now) for day, count in days.items() for hour in sorted(_hours(count, chance))
    ]
    midnight = datetime.combine(now.date(), time.min, now.tzinfo)
    since = max(midnight, now - LONGEST_TODAY)
    return found + [since + (now - since) * (n + 1) / (today + 1) for n in range(today)]


def _days(count: int, today: date, chance: random.Random) -> Iterator[date]:
    """A day for each act, in order."""
    days = [today - timedelta(days=ago) for ago in reversed(range(1, DAYS))]
    quiet = chance.sample(days[1:-1], QUIET_DAYS)
    busy = [
        0.0 if day in quiet else BUSYNESS[day.weekday()] * chance.uniform(0.6, 1.4) for day in days
    ]
    busy[0], busy[-1] = max(busy[0], LEAST), max(busy[-1], LEAST)
    until = list(accumulate(busy))
    return (days[bisect(until, until[-1] * (n + 0.5) / count)] for n in range(count))


def _hours(count: int, chance: random.Random) -> Iterator[float]:
    return (chance.uniform(OPENS, CLOSES) for _ in range(count))


def _at(day: date, hour: float, now: datetime) -> datetime:
    return datetime.combine(day, time.min, now.tzinfo) + timedelta(hours=hour)

"""What people look at rather than read: what was done these days as bars, and the numbers behind them as tables.

SVG whose sizes are attributes, since the policy allows no inline style; drawn once for the same numbers.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ..forms.journal import is_name
from ..services.activity import WEEK, OfDay, OfPerson, Reason

DAY, HEIGHT = 10, 100  # units of the picture, about; it takes what room there is
MOST_PEOPLE = 10
LONGEST_SOUGHT = 100  # characters of what the journal is searched for


@dataclass(frozen=True, slots=True)
class Column:
    """A day of the plot: one bar from the axis up to `top`, one down to `bottom`, in the `middle` of its room."""

    of: OfDay
    middle: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Blocks above an axis, unblocks below it. `labels`: the last day of each week that has room for one."""

    columns: tuple[Column, ...]
    width: int
    height: int
    axis: int
    labels: tuple[date, ...]


def plot_of(days: tuple[OfDay, ...]) -> Plot:
    most_up, most_down = max(of.blocked for of in days), max(of.unblocked for of in days)

    def long(value: int) -> int:
        """Something is seen of any."""
        return -(-HEIGHT * value // max(1, most_up + most_down))

    axis, height = long(most_up), long(most_up) + long(most_down)
    columns = tuple(
        Column(of, n * DAY + DAY // 2, axis - long(of.blocked), axis + long(of.unblocked))
        for n, of in enumerate(days)
    )
    weeks = [of.day for of in days[::-WEEK]]
    return Plot(columns, DAY * len(days), height, axis, tuple(reversed(weeks[:-1])))


def pictures(
    days: tuple[OfDay, ...], people: tuple[OfPerson, ...], reasons: tuple[Reason, ...]
) -> SafeString:
    """Those of the overview. `people`: what they did in the last week."""
    return _drawn(days, people, reasons, get_language() or "")


@lru_cache(maxsize=64)
def _drawn(
    days: tuple[OfDay, ...],
    people: tuple[OfPerson, ...],
    reasons: tuple[Reason, ...],
    language: str,
) -> SafeString:
    context = {
        "plot": plot_of(days),
        "days": days[::-1],
        "blocked": sum(of.blocked for of in days),
        "unblocked": sum(of.unblocked for of in days),
        "busiest": max(days[::-1], key=lambda of: of.blocked + of.unblocked),
        "month": days[0].day,
        "week": days[-WEEK].day,
        "people": people[:MOST_PEOPLE],
        "more_people": len(people[MOST_PEOPLE:]),
        "most_done": people[0].total if people else 0,
        "reasons": [(reason, _sought(reason)) for reason in reasons],
        "most_given": reasons[0].times if reasons else 0,
    }
    return SafeString(render_to_string("components/pictures.html", context))


def _sought(reason: Reason) -> str:
    """By what the journal finds it, for an address; "" where that would be taken for a number."""
    words = reason.words[:LONGEST_SOUGHT]
    return quote(words) if is_name(words) else ""

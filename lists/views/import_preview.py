"""The preview of an import: what becomes of each row, and how the table was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpResponse

from ..access import PageRequest
from ..connection import Connection
from ..forms.importing import ImportForm
from ..services import importing
from ..services.importing import Difference
from ..tables.columns import Columns
from ..tables.table import Table
from ..wording.imports import why
from .page import render_page

TEMPLATE = "lists/import.html"
MOST_SHOWN = 50  # of each kind
MOST_ROWS = 3  # of the table, above its columns

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Some(Generic[T]):
    """The first of many."""

    all: Sequence[T]

    @property
    def shown(self) -> Sequence[T]:
        return self.all[:MOST_SHOWN]

    @property
    def more(self) -> int:
        return len(self.all[MOST_SHOWN:])

    @property
    def total(self) -> int:
        return len(self.all)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: its `name` in the form, what it is taken for, and what stands in its first rows."""

    name: str
    role: str
    cells: tuple[str, ...]


def preview_of(
    request: PageRequest,
    context: dict[str, Any],
    difference: Difference,
    *,
    has_changed: bool = False,
    status: int = 200,
    by: Connection,
) -> HttpResponse:
    """`has_changed`: what was confirmed is not what would happen now."""
    form: ImportForm = context["form"]
    understood = difference.understood
    shown = {
        "difference": difference,
        "new": Some(difference.new),
        "there": Some(difference.there),
        "joined": Some(difference.joined),
        "going": Some(difference.going),
        "twice": Some(understood.twice),
        "doubtful": Some(understood.doubtful),
        "refused": Some([(one, why(one)) for one in understood.refused]),
        "elsewhere": _elsewhere(context["list_id"], difference, by=by),
        "columns": _columns(form.table, form.columns),
        "has_changed": has_changed,
    }
    if has_changed:
        status = 409
    return render_page(request, TEMPLATE, {**context, **shown}, status=status)


def without_preview(request: PageRequest, context: dict[str, Any], *, status: int) -> HttpResponse:
    """The form with its table and how that is read, and nothing to confirm."""
    form: ImportForm = context["form"]
    columns = _columns(form.table, form.columns)
    return render_page(request, TEMPLATE, {**context, "columns": columns}, status=status)


def _elsewhere(list_id: int | None, difference: Difference, *, by: Connection) -> dict[str, Any]:
    found = importing.elsewhere(difference, list_id, by=by)
    return {
        "black": Some(found.black),
        "white": Some(found.white),
        "is_complete": found.is_complete,
    }


def _columns(table: Table, columns: Columns) -> list[Column]:
    first = table.rows[:MOST_ROWS]
    return [
        Column(f"column-{at}", role, tuple(row.text(at) for row in first))
        for at, role in enumerate(columns.roles)
    ]

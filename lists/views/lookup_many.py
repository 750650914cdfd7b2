"""Many numbers at once: each with its answer, for the calls of one."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected
from ..connection import Connection
from ..forms.numbers import NumbersForm, fault_of
from ..names import short
from ..numbers import Number
from ..phones import NotANumber, carry, spell
from ..search_input import kind_of
from ..services import lookup
from ..services.lookup import Hit, Result, Steps
from ..verdict import Verdict
from ..wording import verdicts
from ..wording.verdicts import NO_NUMBER, ONLY_WHITE
from .page import render_page
from .signed_out import keeps_typed, typed
from .spreadsheet import KINDS, Row, table_answer
from .streaming import streamed
from .unread import unread_in

TEMPLATE = "lookup_many.html"
MOST_PLACES = 5  # of one number
MOST_IN_CELL = 50  # … in a file; a spreadsheet's cell takes 32,767 characters
FREE = (Verdict.NONE, Verdict.ABSENT)  # what may be blocked without another look
TOTALS = (  # in the order in which they are told, so that two answers can be compared at a glance
    *(Verdict.BLOCKED, Verdict.POSSIBLE, ONLY_WHITE, *FREE),
    *(Verdict.DOUBTFUL, Verdict.INCOMPLETE, NO_NUMBER),
)


@require_http_methods(["GET", "HEAD", "POST"])
@connected
@keeps_typed
def many(request: PageRequest, *, by: Connection) -> HttpResponseBase:
    """Up to a thousand numbers for the calls of one. `csv` or `xlsx` asks for the same as a file."""
    sent = typed(request) or (request.GET if "numbers" in request.GET else None)
    form = NumbersForm(sent, auto_id="many-%s")
    is_asked = request.method == "POST" or "numbers" in request.GET
    if not (form.is_valid() and is_asked):
        return render_page(request, TEMPLATE, {"form": form}, status=422 if form.errors else 200)
    search = lookup.for_numbers(*(number.typed for number in form.typed))
    steps = lookup.scan(search, by=by)
    if kind := next((kind for kind in KINDS if kind in request.POST), ""):
        lines = _lines(form, lookup.result_of(steps))
        return table_answer(_table(lines), kind=kind, name=_("Check of several numbers"))
    return streamed(request, TEMPLATE, {"form": form}, _pieces(request, form, steps))


def _pieces(request: PageRequest, form: NumbersForm, steps: Steps) -> Iterator[str]:
    """How far it is, again and again; then the answer."""
    with closing(steps):
        for step in steps:
            if isinstance(step, Result):
                answer = {"form": form, **unread_in(step), **_answer(form, step)}
                yield render_to_string(f"{TEMPLATE}#answer", answer, request)
            else:
                yield render_to_string(f"{TEMPLATE}#step", {"scan": step}, request)


@dataclass(frozen=True, slots=True)
class Line:
    """One of many numbers. `kind`: a `Verdict`, `ONLY_WHITE` or `NO_NUMBER`; `fault`: why it is no number."""

    typed: str
    stored: str
    kind: str
    hits: Sequence[Hit]
    possible: Sequence[Hit]
    fault: str = ""

    @property
    def places(self) -> Sequence[Hit]:
        return self.hits[:MOST_PLACES]

    @property
    def more(self) -> int:
        return len(self.hits[MOST_PLACES:])

    @property
    def address(self) -> str:
        """The number as it stands in a link."""
        return quote(carry(self.stored))

    @property
    def words(self) -> str:
        return verdicts.word(self.kind)

    @property
    def as_text(self) -> str:
        """For a colleague: "+7 999 888-77-66 — blocked: Spam (Ivan)"."""
        hits = self.hits or self.possible
        named = [
            f"{short(hit.list.name)} ({short(hit.contact.name)})" for hit in hits[:MOST_PLACES]
        ]
        where = ", ".join(named) + (" …" if hits[MOST_PLACES:] else "")
        answer = f"{spell(self.stored) or short(self.typed)} — {self.words}"
        return f"{answer}: {where}" if where else answer


def _lines(form: NumbersForm, result: Result) -> list[Line]:
    """In the order in which they were typed, so that they can go back beside where they came from."""
    found = lookup.by_number(result.hits)
    perhaps = lookup.possible_by_number([n.typed for n in form.typed], result.possible)

    @cache
    def line(typed: str, stored: str) -> Line:
        """The same number typed a thousand times is looked at once."""
        hits = found.get(stored, [])
        shown = {id(hit.contact) for hit in hits}
        possible = [hit for hit in perhaps.get(stored, []) if id(hit.contact) not in shown]
        verdict = result.verdict_on(hits, possible, kind_of(typed))
        kind = ONLY_WHITE if hits and verdict in FREE else verdict
        return Line(typed, stored, kind, hits, possible)

    return [
        line(read.typed, read.stored) if isinstance(read, Number) else _wrong(read)
        for read in form.read
    ]


def _wrong(read: NotANumber) -> Line:
    return Line(read.text, "", NO_NUMBER, [], [], fault_of(read).messages[0])


def _answer(form: NumbersForm, result: Result) -> dict[str, Any]:
    lines = _lines(form, result)
    kinds = [line.kind for line in lines]
    return {
        "lines": lines,
        "totals": [
            (kind, verdicts.word(kind), kinds.count(kind)) for kind in TOTALS if kind in kinds
        ],
        "as_text": "\n".join(line.as_text for line in lines),
        "free": [carry(line.stored) for line in lines if line.kind in (*FREE, ONLY_WHITE)],
    }


def _table(lines: list[Line]) -> Iterator[Row]:
    yield _("Number"), _("Stored as"), _("Answer"), _("Where"), _("Perhaps in")
    for line in lines:
        answer = line.fault or line.words
        yield line.typed, line.stored, answer, _places(line.hits), _places(line.possible)


def _places(hits: Sequence[Hit]) -> str:
    named = [f"{short(hit.list.name)}: {short(hit.contact.name)}" for hit in hits[:MOST_IN_CELL]]
    return "; ".join(named) + (" …" if hits[MOST_IN_CELL:] else "")

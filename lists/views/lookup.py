"""Where is this number? The page comes in pieces, while the lists are being read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import PageRequest, connected
from ..asked import Asked, Kind, kind_of
from ..connection import Connection
from ..forms import unblock
from ..forms.lookup import LookupForm
from ..forms.numbers import NumbersForm, fault_of
from ..names import short
from ..numbers import Number
from ..phones import NotANumber, carry, normalise
from ..sameness import contact_key
from ..services import lookup, requests
from ..services.lookup import Hit, Scan, Search, Verdict
from ..wording.errors import failure_of
from .page import render_page
from .signed_out import keeps_typed, typed
from .spreadsheet import Row, csv_answer

ONE, MANY = "lookup.html", "lookup_many.html"
CUT = "<!-- the pieces -->"  # where the page waits for them
Answer = Callable[[Scan], dict[str, Any]]

MOST_ROWS = 200  # nobody reads more; a name of one letter would find thousands
MOST_NUMBERS = 20  # of one contact
MOST_PLACES = 5  # of one number among many
MOST_IN_CELL = 50  # … in a file; a spreadsheet's cell takes 32,767 characters
LEAST_DIGITS = 4  # fewer stand somewhere in most numbers
FREE = (Verdict.NONE, Verdict.ABSENT)  # what may be blocked without another look


@require_safe
@connected
def number(request: PageRequest, *, by: Connection) -> HttpResponse | StreamingHttpResponse:
    """A failure of the first page of lists is a page of its own; later ones make it incomplete."""
    form = LookupForm(request.GET if "number" in request.GET else None, auto_id="lookup-%s")
    context: dict[str, Any] = {"form": form, "cut": CUT}
    if not form.is_valid():
        return render_page(request, ONE, context, status=422 if form.is_bound else 200)
    asked = form.asked
    if asked.kind == Kind.SEVERAL:
        numbers = "\n".join(map(carry, asked.numbers))
        return redirect(reverse("lookup-many", query={"numbers": numbers}))
    context |= {"text": form.cleaned_data["number"], "stored": asked.number}
    is_russian = asked.number.startswith("7")
    context["carried"] = asked.typed[0] if is_russian else carry(asked.number)
    context["asked"] = requests.open_about(asked.number, by=request.user) if asked.number else []
    context["asked_kinds"] = {one.kind for one in context["asked"]}
    steps = lookup.scan(by.api.get_lists(1), _search(asked, context["text"]), api=by.api)
    answer = partial(_answer, asked=asked)
    return _streamed(request, ONE, steps, context, answer, asked=asked)


def _search(asked: Asked, text: str) -> Search:
    """A whole number is compared as a whole; of a part, what contains it is shown beside."""
    match asked.kind:
        case Kind.NAME:
            matches = lookup.any_of(lookup.has_name(text), lookup.has_number(*asked.typed))
            return Search(matches, names_list=lookup.named(text))
        case Kind.NUMBER:
            return Search(lookup.has_number(*asked.typed), lookup.may_mean(*asked.typed))
    resembles = [lookup.has_digits(asked.typed[0])] if len(asked.number) >= LEAST_DIGITS else []
    resembles += [lookup.has_name(" ".join(asked.words))] if asked.words else []
    return Search(
        lookup.has_number(*asked.typed),
        lookup.may_mean(*asked.typed),
        lookup.any_of(*resembles),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@connected
@keeps_typed
def many(request: PageRequest, *, by: Connection) -> HttpResponse | StreamingHttpResponse:
    """Up to a thousand numbers for the calls of one. `csv` asks for the same as a file."""
    sent = typed(request) or (request.GET if "numbers" in request.GET else None)
    form = NumbersForm(sent, auto_id="many-%s")
    context: dict[str, Any] = {"form": form, "cut": CUT}
    is_asked = request.method == "POST" or "numbers" in request.GET
    if not (form.is_valid() and is_asked):
        return render_page(request, MANY, context, status=422 if form.errors else 200)
    numbers = [number.typed for number in form.typed]
    search = Search(lookup.has_number(*numbers), lookup.may_mean(*numbers))
    steps = lookup.scan(by.api.get_lists(1), search, api=by.api)
    if "csv" in request.POST:
        *_steps, scan = steps
        return csv_answer(_table(_lines(form, scan)), filename="lookup.csv")
    answer = partial(_answer_of_many, form)
    return _streamed(request, MANY, steps, context, answer, asked=Asked(Kind.SEVERAL))


def _streamed(
    request: PageRequest,
    page: str,
    steps: Iterator[Scan],
    context: dict[str, Any],
    answer: Answer,
    *,
    asked: Asked,
) -> StreamingHttpResponse:
    head, tail = render_to_string(page, context, request).split(CUT)
    language = get_language() or ""
    pieces = _pieces(request, page, steps, context, answer, asked=asked, language=language)

    def whole() -> Iterator[str]:
        yield head
        yield from pieces
        yield tail

    response = StreamingHttpResponse(whole())
    response["X-Accel-Buffering"] = "no"  # nginx would keep the pieces until the last
    return response


def _pieces(
    request: PageRequest,
    page: str,
    steps: Iterator[Scan],
    context: dict[str, Any],
    answer: Answer,
    *,
    asked: Asked,
    language: str,
) -> Iterator[str]:
    """Each step with what is new in it, then the answer."""
    with override(language):
        shown = 0
        for scan in steps:
            if scan.is_over:
                break
            new, shown = scan.hits[shown:MOST_ROWS], len(scan.hits)
            step = {"scan": scan, "rows": [_row(hit, asked) for hit in new]}
            yield render_to_string(f"{page}#step", step, request)
        what_is_missing = {
            "scan": scan,
            "unread": [(one.list, failure_of(one.error)) for one in scan.unread],
            "trouble": failure_of(scan.trouble) if scan.trouble else None,
            "read_at": timezone.localtime(),
        }
        whole = {**context, **what_is_missing, **answer(scan)}
        yield render_to_string(f"{page}#answer", whole, request)


def _answer(scan: Scan, asked: Asked) -> dict[str, Any]:
    shown = {id(hit.contact) for hit in scan.hits}
    possible = [hit for hit in scan.possible if id(hit.contact) not in shown]
    shown |= {id(hit.contact) for hit in possible}
    similar = [hit for hit in scan.similar if id(hit.contact) not in shown]
    return {
        "verdict": scan.verdict_on(scan.hits, scan.possible, asked.kind),
        "rows": [_row(hit, asked) for hit in scan.hits[:MOST_ROWS]],
        "more": len(scan.hits[MOST_ROWS:]),
        "offered": partial(_offered, scan.hits, asked.number),
        "possible": [_row(hit, asked) for hit in possible[:MOST_ROWS]],
        "similar": [_row(hit, asked) for hit in similar[:MOST_ROWS]],
        "more_similar": len(similar[MOST_ROWS:]),
    }


def _offered(hits: list[Hit], number: str) -> str:
    """All the places that the number may be taken from, shown or not."""
    return unblock.places_as(
        unblock.place_of(hit.list, hit.contact, number) for hit in hits[: unblock.MOST_PLACES]
    )


def _row(hit: Hit, asked: Asked) -> dict[str, Any]:
    """What was asked for comes first among more numbers than a row shows."""
    phones = hit.contact.phones
    if len(phones) > MOST_NUMBERS:
        phones = tuple(sorted(phones, key=lambda phone: normalise(phone) != asked.number))
    return {
        "list": hit.list,
        "contact": hit.contact,
        "key": contact_key(hit.contact),
        "phones": phones[:MOST_NUMBERS],
        "more": len(phones[MOST_NUMBERS:]),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """One of many numbers. `kind`: a `Verdict`, "white" or "wrong"; `fault`: why it is no number."""

    typed: str
    stored: str
    kind: str
    hits: list[Hit]
    possible: list[Hit]
    fault: str = ""

    @property
    def places(self) -> list[Hit]:
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
        return {
            Verdict.BLOCKED: pgettext("of a number", "blocked"),
            Verdict.POSSIBLE: pgettext("of a number", "perhaps blocked"),
            Verdict.NONE: pgettext("of a number", "not blocked"),
            Verdict.ABSENT: pgettext("of a number", "not in the lists"),
            Verdict.DOUBTFUL: pgettext("of a number", "incomplete number?"),
            Verdict.INCOMPLETE: pgettext("of a number", "not known"),
            "white": pgettext("of a number", "only in a white list"),
            "wrong": pgettext("of a number", "not a number"),
        }[self.kind]


def _lines(form: NumbersForm, scan: Scan) -> list[Line]:
    """In the order in which they were typed, so that they can go back beside where they came from."""
    found = lookup.by_number(scan.hits)
    perhaps = lookup.possible_by_number([n.typed for n in form.typed], scan.possible)

    @cache
    def line(typed: str, stored: str) -> Line:
        """The same number typed a thousand times is looked at once."""
        hits = found.get(stored, [])
        shown = {id(hit.contact) for hit in hits}
        possible = [hit for hit in perhaps.get(stored, []) if id(hit.contact) not in shown]
        verdict = scan.verdict_on(hits, possible, kind_of(typed))
        kind = "white" if hits and verdict in FREE else verdict
        return Line(typed, stored, kind, hits, possible)

    return [
        line(read.typed, read.stored) if isinstance(read, Number) else _wrong(read)
        for read in form.read
    ]


def _wrong(read: NotANumber) -> Line:
    return Line(read.text, "", "wrong", [], [], fault_of(read).messages[0])


def _answer_of_many(form: NumbersForm, scan: Scan) -> dict[str, Any]:
    lines = _lines(form, scan)
    kinds = [line.kind for line in lines]
    return {
        "lines": lines,
        "totals": [
            (kind, next(line.words for line in lines if line.kind == kind), kinds.count(kind))
            for kind in dict.fromkeys(kinds)
        ],
        "free": [carry(line.stored) for line in lines if line.kind in (*FREE, "white")],
    }


def _table(lines: list[Line]) -> Iterator[Row]:
    yield _("Number"), _("Stored as"), _("Answer"), _("Where"), _("Perhaps in")
    for line in lines:
        answer = line.fault or line.words
        yield line.typed, line.stored, answer, _places(line.hits), _places(line.possible)


def _places(hits: list[Hit]) -> str:
    named = [f"{short(hit.list.name)}: {short(hit.contact.name)}" for hit in hits[:MOST_IN_CELL]]
    return "; ".join(named) + (" …" if hits[MOST_IN_CELL:] else "")

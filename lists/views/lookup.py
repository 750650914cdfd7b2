"""Where is this number? The page comes in pieces, while the lists are being read."""

from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..connection import Connection
from ..forms import unblock
from ..forms.lookup import LookupForm
from ..phones import carry, normalise
from ..plusofon.values import Contact
from ..sameness import contact_key
from ..search_input import InputKind, SearchInput
from ..services import history, lookup, origins, requests
from ..services.lookup import Hit, Result, Search, Steps
from ..verdict import Verdict
from ..wording import verdicts
from ..wording.journal import origin
from ..wording.verdicts import Heading
from .journal_lines import lines
from .page import render_page
from .request_line import line_of
from .streaming import streamed
from .unread import unread_in

TEMPLATE = "lookup.html"
MOST_ROWS = 200  # nobody reads more; a name of one letter would find thousands
MOST_NUMBERS = 20  # of one contact
LEAST_DIGITS = 4  # fewer stand somewhere in most numbers
LAST = 10  # changes, and decided requests, of a number
Told = dict[tuple[int, Contact], str]  # of the places that were shown: see `_rows`


@require_safe
@connected
def number(request: PageRequest, *, by: Connection) -> HttpResponse | StreamingHttpResponse:
    """A failure of the first page of lists is a page of its own; later ones make it incomplete."""
    form = LookupForm(request.GET if "number" in request.GET else None, auto_id="lookup-%s")
    if not form.is_valid():
        return render_page(request, TEMPLATE, {"form": form}, status=422 if form.is_bound else 200)
    asked = form.asked
    if asked.kind == InputKind.SEVERAL:
        numbers = "\n".join(map(carry, asked.numbers))
        return redirect(reverse("lookup-many", query={"numbers": numbers}))
    text = form.cleaned_data["number"]
    is_russian = asked.number.startswith("7")
    context: dict[str, Any] = {
        "form": form,
        "text": text,
        "stored": asked.number,
        "carried": asked.typed[0] if is_russian else carry(asked.number),
        "asked": requests.open_about(asked.number, by=request.user) if asked.number else [],
    }
    context["asked_kinds"] = {one.kind for one in context["asked"]}
    steps = lookup.scan(_search(asked, text), by=by)
    return streamed(request, TEMPLATE, context, _pieces(request, asked, steps, context))


def _pieces(
    request: PageRequest, asked: SearchInput, steps: Steps, context: dict[str, Any]
) -> Iterator[str]:
    """The answer; then, of a number, what we ourselves know of it."""
    yield from _answering(request, asked, steps, context)
    if asked.number:
        known = {"stored": asked.number, **_history(request, asked.number)}
        yield render_to_string(f"{TEMPLATE}#history", known, request)


def _search(asked: SearchInput, text: str) -> Search:
    """A whole number is compared as a whole; of a part, what contains it is shown beside."""
    match asked.kind:
        case InputKind.NAME:
            matches = lookup.any_of(lookup.has_name(text), lookup.has_number(*asked.typed))
            return Search(matches, names_list=lookup.named(text))
        case InputKind.NUMBER:
            return lookup.for_numbers(*asked.typed)
    resembles = [lookup.has_digits(asked.typed[0])] if len(asked.number) >= LEAST_DIGITS else []
    resembles += [lookup.has_name(" ".join(asked.words))] if asked.words else []
    return replace(lookup.for_numbers(*asked.typed), resembles=lookup.any_of(*resembles))


def _answering(
    request: PageRequest, asked: SearchInput, steps: Steps, context: dict[str, Any]
) -> Iterator[str]:
    """Each step with the rows that are new in it, and the answer. That a number is blocked is said with
    the first list that shows it: nothing in the others can change that."""
    blocked = {
        "stored": asked.number,
        "verdict": Verdict.BLOCKED,
        "heading": verdicts.of_blocked(asked.number),
    }
    room, is_said = MOST_ROWS, not asked.number
    told: Told = {}
    with closing(steps):
        for step in steps:
            if isinstance(step, Result):
                answer = {
                    **context,
                    **unread_in(step),
                    **_answer(step, asked, told, by=request.user),
                }
                yield render_to_string(f"{TEMPLATE}#answer", answer, request)
                break
            if step.is_blocked and not is_said:
                is_said = True
                yield render_to_string(f"{TEMPLATE}#early", blocked, request)
            rows = _rows(step.hits[:room], asked, told, by=request.user)
            room -= len(rows)
            so_far = {"scan": step, "rows": rows, "stored": asked.number}
            yield render_to_string(f"{TEMPLATE}#step", so_far, request)


def _answer(result: Result, asked: SearchInput, told: Told, *, by: User) -> dict[str, Any]:
    verdict = result.verdict_on(result.hits, result.possible, asked.kind)
    possible = _besides(result.hits, result.possible)
    similar = _besides((*result.hits, *possible), result.similar)
    return {
        "verdict": verdict,
        "heading": _heading(verdict, result, asked),
        "rows": _rows(result.hits[:MOST_ROWS], asked, told, by=by),
        "more": len(result.hits[MOST_ROWS:]),
        "offered": partial(_offered, result.hits, asked.number),
        "possible": [_row(hit, asked) for hit in possible[:MOST_ROWS]],
        "similar": [_row(hit, asked) for hit in similar[:MOST_ROWS]],
        "more_similar": len(similar[MOST_ROWS:]),
    }


def _heading(verdict: Verdict, result: Result, asked: SearchInput) -> Heading:
    if asked.number:
        is_found, total = bool(result.hits), result.total
        return verdicts.of_number(verdict, asked.number, is_found=is_found, total=total)
    contacts, lists = len(result.hits), len(result.lists)
    return verdicts.of_name(verdict, contacts=contacts, lists=lists, total=result.total)


def _besides(shown: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
    """The hits whose contacts are not shown yet."""
    contacts = {id(hit.contact) for hit in shown}
    return [hit for hit in hits if id(hit.contact) not in contacts]


def _offered(hits: Sequence[Hit], number: str) -> str:
    """All the places that the number may be taken from, shown or not."""
    return unblock.places_as(
        unblock.place_of(hit.list, hit.contact, number) for hit in hits[: unblock.MOST_PLACES]
    )


def _rows(hits: Sequence[Hit], asked: SearchInput, told: Told, *, by: User) -> list[dict[str, Any]]:
    """With who put the number there, since when and why, as far as the journal knows. It is asked about each place
    once: what it said of those before is in `told`."""
    if not asked.number:
        return [_row(hit, asked) for hit in hits]
    unasked = [place for hit in hits if (place := _place(hit)) not in told]
    with suppress(DatabaseTrouble):  # the answer does not wait for it
        found = origins.origins(asked.number, unasked, by=by) if unasked else {}
        told |= {place: origin(*found.get(place, (None, None))) for place in unasked}
    return [_row(hit, asked) | {"origin": told.get(_place(hit))} for hit in hits]


def _history(request: PageRequest, number: str) -> dict[str, Any]:
    """What we ourselves know of the number, whatever the API says: the last changes, and decided requests (those
    that wait stand with the answer). Nothing where our database fails: the answer stands."""
    by = request.user
    with suppress(DatabaseTrouble):
        found = history.of_number(number, last=LAST, by=by)
        decided = requests.decided_about(number, by=by)
        may_change = by.has_perm("lists.change_lists")
        return {
            "is_read": True,
            "lines": lines(found.changes, may_change=may_change, own=number),
            "total": found.total,
            "decided": [line_of(request, asked, own=number) for asked in decided[:LAST]],
            "decided_total": decided.count(),
        }
    return {}


def _place(hit: Hit) -> tuple[int, Contact]:
    return hit.list.id, hit.contact


def _row(hit: Hit, asked: SearchInput) -> dict[str, Any]:
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

"""The day at a glance: what needs somebody, what was done; and, read after that, how it stands at Plusofon."""

import time
from dataclasses import replace
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..bulkhead import BulkheadFull
from ..connection import Connection, NotConnected
from ..models import BlockRequest
from ..plusofon.errors import PlusofonError
from ..sameness import digest_of
from ..services import activity, acts, attention, history, requests, survey
from ..services.acts import Mark
from ..services.credentials import credential_of
from ..wording.connection import why_not_connected
from ..wording.errors import Failure, failure_of
from ..wording.outcomes import ENDS
from .journal_lines import lines
from .page import page_number, render_page, wants_piece
from .pictures import pictures
from .request_line import line_of

TEMPLATE, HISTORY = "overview.html", "components/history.html"
LATEST = 8  # lines of the journal
MOST_UNSETTLED = 5
MOST_REQUESTS = 5  # of one's own, open and decided each
MOST_LISTS = 10
MOST_ASKED = 20  # times, by itself, for what somebody is counting just now
NO_ANSWER = (NotConnected, BulkheadFull)  # before anything was asked


@require_safe
def index(request: PageRequest) -> HttpResponseBase:
    """From our database alone. With `live` it waits for Plusofon too: for who has no script that asks later."""
    if credential_of(request.user) is None:
        return render_page(request, TEMPLATE, {"is_first_day": True})
    context = _attention(request) | _today(request)
    context |= {"pictures": _pictures(by=request.user), "may_count": settings.CONTACT_COUNTS}
    if "live" not in request.GET:
        return render_page(request, TEMPLATE, context)
    try:
        return _live(request, context)
    except NO_ANSWER as error:
        failure = _failure(error)
        context |= {"not_answering": failure, "not_counted": failure}
        return render_page(request, TEMPLATE, context)


@connected
def _live(request: PageRequest, context: dict[str, Any], *, by: Connection) -> HttpResponse:
    context |= _answering(by) | _sizes(request, by)
    return render_page(request, TEMPLATE, context)


@require_safe
def now(request: PageRequest) -> HttpResponseBase:
    """Whether Plusofon answers, and how fast: into its place on the page."""
    if not wants_piece(request):
        return redirect(reverse("overview", query={"live": 1}))
    try:
        return _now(request)
    except NO_ANSWER as error:
        return render_page(request, TEMPLATE, {"not_answering": _failure(error)}, piece="now")


@connected
def _now(request: PageRequest, *, by: Connection) -> HttpResponse:
    return render_page(request, TEMPLATE, _answering(by), piece="now")


@require_safe
def sizes(request: PageRequest) -> HttpResponseBase:
    """How large the lists are, and which were changed outside: into their places on the page."""
    if not wants_piece(request):
        return redirect(reverse("overview", query={"live": 1}))
    try:
        return _sized(request)
    except NO_ANSWER as error:
        return render_page(request, TEMPLATE, {"not_counted": _failure(error)}, piece="counted")


@connected
def _sized(request: PageRequest, *, by: Connection) -> HttpResponse:
    return render_page(request, TEMPLATE, _sizes(request, by), piece="counted")


def _answering(by: Connection) -> dict[str, Any]:
    """Without the time for which our own calls wait for one another."""
    try:
        with by.api.reserved():
            began = time.monotonic()
            by.api.get_lists(1)
            took = time.monotonic() - began
    except PlusofonError as error:
        return {"not_answering": _failure(error)}
    return {"answered_in": round(took * 1000)}


def _sizes(request: PageRequest, by: Connection) -> dict[str, Any]:
    try:
        found = survey.survey(by=by, anew="anew" in request.GET)
    except survey.UnderWay:
        asked = page_number(request, "asked")
        return {"is_under_way": True, "asked": asked + 1, "asks_again": asked < MOST_ASKED}
    except (PlusofonError, BulkheadFull) as error:
        return {"not_counted": _failure(error)}
    return {
        "survey": found,
        "largest": found.lists[:MOST_LISTS],
        "outside": survey.changed_outside(found),
        "is_anew": "anew" in request.GET,
    }


def _failure(error: Exception) -> Failure:
    """What a piece says of it: a whole sentence."""
    if isinstance(error, NotConnected):
        return Failure(403, why_not_connected(error), "", is_of_token=True)
    failure = failure_of(error)
    return replace(failure, title=f"{str(failure.title).removesuffix('.')}.")


def _attention(request: PageRequest) -> dict[str, Any]:
    """What needs this person: of a manager requests and writes, of others what became of their requests."""
    if not request.user.has_perm("lists.change_lists"):
        return _own_requests(request)
    queue, left = attention.queue(by=request.user), attention.unsettled(by=request.user)
    return {
        "queue": queue,
        "requests_waiting": queue.count,
        "unsettled": lines(left[:MOST_UNSETTLED], may_change=True),
        "unsettled_total": len(left),
        "outcomes": [(name, ENDS[name]) for name in ENDS if name in {one.outcome for one in left}],
    }


def _own_requests(request: PageRequest) -> dict[str, Any]:
    """The news among the decisions first. They stay news until the page of requests was opened."""
    mine = requests.mine(by=request.user)
    waiting = mine.filter(state=BlockRequest.State.OPEN)
    decided = mine.exclude(state=BlockRequest.State.OPEN).order_by("is_seen", "-id")
    return {
        "waiting": [line_of(request, asked) for asked in waiting[:MOST_REQUESTS]],
        "decided": [
            line_of(request, asked, is_news=not asked.is_seen) for asked in decided[:MOST_REQUESTS]
        ],
    }


def _today(request: PageRequest) -> dict[str, Any]:
    """What was changed today, and whether anything ever was."""
    today, by = timezone.localdate(), request.user
    latest = acts.latest(LATEST, by=by)
    marks = [mark for mark in latest if mark.started_at >= history.midnight(today)]
    resumed = acts.resumed(today, by=by)
    return {
        "told": _told([*marks, *resumed][:LATEST], by=by),
        "today": today,
        "total": len(resumed)
        + (len(marks) if len(marks) < LATEST else acts.total_since(today, by=by)),
        "is_new": not latest,
    }


def _told(marks: list[Mark], *, by: User) -> str:
    """Those acts as lines, for reading alone: the same to everybody of the account, and written once as long as
    none of them has become another. What is undone is undone by a later act."""
    key = f"told:{get_language()}:{digest_of(map(str, chain(*marks)))}"
    told: str | None = cache.get(key)
    if told is None:
        shown = lines(history.of_ids([mark.pk for mark in marks], by=by), may_change=False)
        told = render_to_string(HISTORY, {"lines": shown, "is_of_today": True}) if shown else ""
        cache.set(key, told)
    return told


def _pictures(*, by: User) -> SafeString:
    done = activity.activity(by=by)
    return pictures(done.days, done.people, activity.reasons(by=by))

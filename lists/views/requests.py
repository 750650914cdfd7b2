"""Requests to block: asking, the queue, deciding."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..forms.block import BlockForm
from ..forms.requests import AskForm, DeclineForm
from ..models import BlockRequest
from ..plusofon.values import UNUSED_TYPE
from ..services import catalogue, requests
from ..services.requests import Taken, TooManyOpen
from .blocking import agreed, offered_lists, preview, report
from .page import page_number, render_page
from .signed_out import keeps_typed, typed

PER_PAGE = 50
MOST_NUMBERS = 5  # of a request, that the page shows
LAST_ASKED = "ask_list"  # in the session: the list of the person's last request


@dataclass(frozen=True, slots=True)
class Line:
    """A request as it is shown. `is_news`: its decision, to who asked and has not seen it yet."""

    asked: BlockRequest
    is_news: bool

    @property
    def numbers(self) -> list[str]:
        return self.asked.numbers.splitlines()

    @property
    def more(self) -> int:
        return len(self.numbers) - MOST_NUMBERS

    @property
    def is_claimed(self) -> bool:
        return requests.is_claimed(self.asked)

    @property
    def left_out(self) -> list[str]:
        return self.asked.left_out.splitlines()


@require_safe
def index(request: PageRequest) -> HttpResponse:
    """What waits and what is decided, each with pages of its own."""
    news = requests.see(by=request.user)
    queue = _part(requests.queue(by=request.user), page_number(request, "waiting"))
    decided = _part(requests.decided(by=request.user), page_number(request), news)
    return render_page(request, "requests.html", {"queue": queue, "decided": decided})


def _part(found: QuerySet[BlockRequest], number: int, news: Collection[int] = ()) -> dict[str, Any]:
    """One page of requests, and which of how many it is."""
    first, total = (number - 1) * PER_PAGE, found.count()
    return {
        "lines": [Line(asked, asked.pk in news) for asked in found[first : first + PER_PAGE]],
        "number": number,
        "total": total,
        "last": max(1, -(-total // PER_PAGE)),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@connected
@keeps_typed
def new(request: PageRequest, *, by: Connection) -> HttpResponse:
    """`fill` brings numbers too many for an address."""
    last = request.session.get(LAST_ASKED)
    lists = sorted(catalogue.lists_of(by), key=lambda e: (e.id != last, e.type == UNUSED_TYPE))
    sent = typed(request)
    if sent is None or "fill" in sent:
        numbers = sent.get("numbers", "") if sent else request.GET.get("number", "")
        form = AskForm(lists=lists, initial={"numbers": numbers})
        return render_page(request, "request_new.html", {"form": form})
    form = AskForm(sent, lists=lists)
    if request.method != "POST":
        return render_page(request, "request_new.html", {"form": form})
    if not form.is_valid():
        return render_page(request, "request_new.html", {"form": form}, status=422)
    request.session[LAST_ASKED] = form.entry.id
    try:
        asked = requests.ask(
            form.stored,
            form.entry,
            form.cleaned_data["reason"],
            form_token=form.cleaned_data["once"],
            by=request.user,
        )
    except TooManyOpen:
        waits = _(
            "You have %(most)s requests that nobody has decided yet. Wait for a manager; this one was not"
            " sent."
        )
        form.add_error(None, waits % {"most": requests.MOST_OPEN})
        return render_page(request, "request_new.html", {"form": form}, status=422)
    messages.success(request, _("Request no. %(id)s is sent to the managers.") % {"id": asked.pk})
    return redirect("requests")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def accept(request: PageRequest, request_id: int, *, by: Connection) -> HttpResponse:
    """Blocking, with what was asked for filled in: looked at, changed perhaps, confirmed."""
    asked = _request(request, request_id)
    if asked.state != requests.State.OPEN:
        return _taken(request, asked)
    lists, _last = offered_lists(request, by)
    form = BlockForm(typed(request) or _as_typed(asked), lists=lists)
    plans = agreed(request, form)
    if plans is None:
        return preview(request, form, by=by, asked=asked)
    try:
        accepted = requests.accept(asked, form.contact, plans, by=by)
    except Taken as taken:
        return _taken(request, taken.asked)
    if not accepted.is_noted:
        still_open = _(
            "Request no. %(id)s could not be closed and is still open: accept it once more."
        )
        messages.warning(request, still_open % {"id": asked.pk})
    return report(request, form, accepted.done, by=by, asked=asked)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@keeps_typed
def decline(request: PageRequest, request_id: int) -> HttpResponse:
    asked = _request(request, request_id)
    if asked.state != requests.State.OPEN:
        return _taken(request, asked)
    form = DeclineForm(typed(request))
    context: dict[str, Any] = {"form": form, "line": Line(asked, is_news=False)}
    if request.method != "POST":
        return render_page(request, "request_decline.html", context)
    if not form.is_valid():
        return render_page(request, "request_decline.html", context, status=422)
    try:
        requests.decline(asked, form.cleaned_data["why"], by=request.user)
    except Taken as taken:
        return _taken(request, taken.asked)
    messages.success(request, _("Request no. %(id)s is declined.") % {"id": asked.pk})
    return redirect("requests")


def _request(request: PageRequest, request_id: int) -> BlockRequest:
    asked = requests.request_of(request_id, by=request.user)
    if asked is None:
        raise Http404
    return asked


def _taken(request: PageRequest, asked: BlockRequest) -> HttpResponse:
    context = {"line": Line(asked, is_news=False)}
    return render_page(request, "request_taken.html", context, status=409)


def _as_typed(asked: BlockRequest) -> QueryDict:
    """The request as the form for blocking would send it."""
    fields = QueryDict(mutable=True)
    fields.update({"numbers": asked.numbers, "name": asked.reason, "list": str(asked.list_id)})
    return fields

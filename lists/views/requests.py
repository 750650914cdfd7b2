"""Requests: what waits, what is decided, and how many want to be seen."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..access import PageRequest
from ..models import BlockRequest
from ..services import requests
from .page import page_number, render_page, wants_piece
from .request_line import line_of, request_or_404

PER_PAGE = 50


@require_safe
def index(request: PageRequest) -> HttpResponse:
    """What waits and what is decided, each with pages of its own."""
    news = requests.see(by=request.user)
    waiting, decided = requests.queue(by=request.user), requests.decided(by=request.user)
    context = {
        "queue": _part(request, waiting, page_number(request, "waiting")),
        "decided": _part(request, decided, page_number(request), news),
    }
    return render_page(request, "requests.html", context)


def _part(
    request: PageRequest,
    found: QuerySet[BlockRequest],
    number: int,
    news: Collection[int] = (),
) -> dict[str, Any]:
    """One page of requests, and which of how many it is."""
    first, total = (number - 1) * PER_PAGE, found.count()
    shown = found[first : first + PER_PAGE]
    return {
        "lines": [line_of(request, asked, is_news=asked.pk in news) for asked in shown],
        "number": number,
        "total": total,
        "last": max(1, -(-total // PER_PAGE)),
    }


@require_safe
def row(request: PageRequest, request_id: int) -> HttpResponse:
    """One request where it stands in the queue. Opened without htmx, it leads there."""
    asked = request_or_404(request, request_id)
    if not wants_piece(request):
        return redirect(f"{reverse('requests')}#request-{asked.pk}")
    context = {"line": line_of(request, asked), "is_swapped": True}
    return render_page(request, "requests.html", context, piece="row")


@require_safe
def waiting(request: PageRequest) -> HttpResponse:
    """The mark in the menu, for a page that stays open (`X-Poll`)."""
    return render_page(request, "components/waiting.html", {})

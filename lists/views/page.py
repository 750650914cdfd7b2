"""A page, or the piece of it that htmx asks for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import reswap, retarget

from ..access import PageRequest


def render_page(
    request: PageRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    piece: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page; or only its named `piece`, where htmx asks for something to swap in."""
    if piece and wants_piece(request):
        template = f"{template}#{piece}"
    return render(request, template, {"read_at": timezone.localtime(), **context}, status=status)


def wants_piece(request: PageRequest) -> bool:
    """Whether htmx will swap the answer into a page that is already there."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def to_notice(piece: HttpResponse) -> HttpResponse:
    """The piece goes above the page and leaves alone what the person was at."""
    return reswap(retarget(piece, "#notice"), "innerHTML")


def page_number(request: PageRequest, name: str = "page") -> int:
    """`?page=N`; anything that is no positive whole number counts as 1, as it does for the API."""
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1

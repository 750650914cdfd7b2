"""What every page has in common."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import reswap, retarget

from ..access import PageRequest
from ..services import requests

THEMES = {"light", "dark"}
# Never shown again, never kept.
SECRET_FIELDS = {
    *("csrfmiddlewaretoken", "token", "password", "password1", "password2"),
    *("old_password", "new_password1", "new_password2"),
}


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


def page_behind(request: PageRequest) -> str:
    """The page of ours that htmx asks from: where to come back to. The list of lists if it is odd."""
    try:
        return request.htmx.current_url_abs_path or reverse("lists")
    except ValueError:
        return reverse("lists")


def query_behind(request: PageRequest) -> QueryDict:
    """What the page that htmx asks from has in its address: what it shows of a list."""
    return QueryDict(urlsplit(page_behind(request)).query)


def local_url(request: HttpRequest, url: str, default: str = "/") -> str:
    """`url` if it is the path of a page of ours, so that no link can send people elsewhere or nowhere."""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if ours and url.startswith("/") and _leads_somewhere(url) else default


def _leads_somewhere(url: str) -> bool:
    try:
        resolve("/" + unquote(urlsplit(url).path).removeprefix(get_script_prefix()))
    except (Resolver404, ValueError):
        return False
    return True


def page_number(request: PageRequest, name: str = "page") -> int:
    """`?page=N`; anything that is no positive whole number counts as 1, as it does for the API."""
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def theme_of(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""


def _waiting(request: PageRequest) -> int:
    """No page fails for it, least of all one that tells of a database that failed."""
    try:
        return requests.waiting(by=request.user)
    except DatabaseTrouble:
        return 0


def page(request: PageRequest) -> dict[str, Any]:
    """Context processor."""
    may_change = request.user.has_perm("lists.change_lists") if hasattr(request, "user") else False
    return {
        # Counted only where a whole page shows it, to somebody who is signed in.
        "requests_waiting": SimpleLazyObject(partial(_waiting, request)),
        "theme": theme_of(request),
        "sandbox": settings.SANDBOX,
        "may_change": may_change,
        "here": page_behind(request)
        if getattr(request, "htmx", False)
        else request.get_full_path(),
    }

"""Answers for what Django itself refuses, mostly before any view, and for our own defects."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, override

from ..access import PageRequest
from ..telemetry import events
from ..telemetry.context import request_id
from ..wording import refusals
from ..writing import sent
from .failures import show
from .page import to_notice

logger = logging.getLogger("lists")

MOST_OF_IT = 100  # letters of what a stranger sent


def forbidden(request: PageRequest, exception: Exception) -> HttpResponse:
    return show(request, refusals.FORBIDDEN)


@login_not_required
def not_found(request: PageRequest, exception: Exception) -> HttpResponse:
    return show(request, refusals.NOT_FOUND)


def not_allowed(request: PageRequest) -> HttpResponse:
    """A method that an address does not have."""
    return show(request, refusals.NOT_ALLOWED)


@login_not_required
def bad_request(request: PageRequest, exception: Exception) -> HttpResponse:
    # In place of Django's own, which has a traceback (`SaidOnce`).
    why = f"{type(exception).__name__}: {str(exception)[:MOST_OF_IT]!r}"
    logger.warning("%s", why, extra={"event": events.REQUEST_REFUSED})
    # Of a host that is not ours no more is known than that; and a session that is gone cannot be asked.
    is_bare = isinstance(exception, DisallowedHost | SessionInterrupted)
    if is_bare or not hasattr(request, "htmx"):
        return _bare(request, exception)
    return show(request, refusals.refusal_of(exception))


def _bare(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the host, the session, the person or anything else that a middleware adds."""
    is_piece = request.headers.get("HX-Request") == "true"
    template = "refused.html#piece" if is_piece else "refused.html"
    with override(get_language_from_request(request)):
        failure = refusals.refusal_of(exception)
        told = {"failure": failure, "request_id": request_id()}
        response = render(None, template, told, status=failure.status)
    return to_notice(response) if is_piece else response


@login_not_required
def csrf_failure(request: PageRequest, reason: str = "") -> HttpResponse:
    """Somebody signed in again in another tab, or another site sent this: only the first may go on."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return show(request, refusals.FROM_ELSEWHERE)
    return show(request, refusals.STALE, is_stale=True)


@login_not_required
def server_error(request: PageRequest) -> HttpResponse:
    """Our own defect. Renders without session, database or context processors: they may be the defect."""
    told = {"event": events.DEFECT}
    logger.error("%s %s", request.method, request.path, extra=told)
    context = {"reference": request_id(), "was_sent": sent.anything()}
    piece = "#piece" if request.headers.get("HX-Request") == "true" else ""
    response = render(None, f"500.html{piece}", context, status=500)
    return to_notice(response) if piece else response

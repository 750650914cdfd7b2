"""Answers for when something went wrong: one page, and one piece of it for htmx (design §9)."""

import logging
import secrets
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_from_request, gettext_lazy, override
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ..access import PageRequest
from ..bulkhead import BulkheadFull
from ..connection import CredentialMissing, NotConnected
from ..plusofon.errors import PlusofonError, Unauthenticated
from ..wording.connection import reason
from ..wording.errors import Failure, failure_of
from ..wording.types import type_name
from ..writing import sent
from .page import SECRET_FIELDS, page_behind, render_page, to_notice, wants_piece

logger = logging.getLogger("lists")

# What people type; the rest is what pages carry along.
FIELDS = {
    "name": gettext_lazy("Name"),
    "phones": gettext_lazy("Numbers"),
    "numbers": gettext_lazy("Numbers"),
    "number": gettext_lazy("Number"),
    "type": gettext_lazy("Type"),
    "reason": gettext_lazy("Reason"),
    "why": gettext_lazy("Why not?"),
}
RETRY_AFTER = 3  # seconds, where nothing better is known
API_ERRORS = (PlusofonError, NotConnected, BulkheadFull)


def answer(request: PageRequest, error: Exception) -> HttpResponse:
    """What a person gets to see of an error of `API_ERRORS`."""
    if isinstance(error, NotConnected | Unauthenticated):
        return _to_connection(request, error)
    failure = failure_of(error)
    # Not the API's words: they may name a person's number.
    cause = error.__cause__ or error
    name, detail = type(cause).__name__, getattr(cause, "detail", "")
    logger.warning("%s %s: %s %s", request.method, request.path, name, detail)
    response = _failed(request, failure)
    if failure.status == 503:
        response["Retry-After"] = ceil(getattr(error, "retry_after", None) or RETRY_AFTER)
    return response


def _to_connection(request: PageRequest, error: Exception) -> HttpResponse:
    """To the page that can mend it, and back. What was typed stays where it is."""
    if request.method == "POST":
        advice = _("Nothing was sent. Enter your token under “Connection”, then try again.")
        return _failed(request, Failure(403, reason(error), advice, is_of_token=True))
    back = request.get_full_path()
    if wants_piece(request):
        back = page_behind(request)
    if isinstance(error, CredentialMissing):  # of a token that fails, the page itself tells
        messages.warning(request, reason(error))
    url = f"{reverse('connection')}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(url) if wants_piece(request) else redirect(url)


def _failed(request: PageRequest, failure: Failure, *, is_stale: bool = False) -> HttpResponse:
    """`is_stale`: the form on the page cannot be sent again, so that the notice offers to."""
    context = {**typed_in(request), "failure": failure, "is_stale": is_stale}
    response = render_page(request, "failure.html", context, piece="notice", status=failure.status)
    return to_notice(response) if wants_piece(request) else response


def typed_in(request: PageRequest) -> dict[str, list[tuple[Any, str]]]:
    """What the person has sent, secrets left out: all of it, and what is shown of it."""
    typed = _typed(request)
    shown = [
        (FIELDS[name], str(type_name(value)) if name == "type" else value)
        for name, value in typed
        if name in FIELDS and value
    ]
    return {"typed": typed, "shown": shown}


def _typed(request: PageRequest) -> list[tuple[str, str]]:
    """The fields that were sent, as far as they can be read: secrets left out."""
    try:
        fields = list(request.POST.lists())
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []
    return [
        (name, value) for name, values in fields if name not in SECRET_FIELDS for value in values
    ]


def forbidden(request: PageRequest, exception: Exception) -> HttpResponse:
    title = _("This is for managers")
    advice = _("You may look at lists. To change them, ask whoever looks after Plusofon Admin.")
    return _failed(request, Failure(403, title, advice, may_retry=False))


@login_not_required
def not_found(request: PageRequest, exception: Exception) -> HttpResponse:
    title, advice = _("There is no such page"), _("The address may be mistyped or out of date.")
    return _failed(request, Failure(404, title, advice, may_retry=False))


@login_not_required
def bad_request(request: PageRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses, mostly before any view."""
    # Of a host that is not ours no more is known than that; and a session that is gone cannot be asked.
    is_bare = isinstance(exception, DisallowedHost | SessionInterrupted)
    if is_bare or not hasattr(request, "htmx"):
        return _bare(request, exception)
    return _failed(request, _refusal_of(exception))


def not_allowed(request: PageRequest) -> HttpResponse:
    """A method that an address does not have."""
    title = _("This page does not work like that")
    advice = _("Nothing was done. Go back, or start from the lists.")
    return _failed(request, Failure(405, title, advice, may_retry=False))


def _refusal_of(exception: Exception) -> Failure:
    match exception:
        case DisallowedHost():
            title = _("There is nothing at this address")
            advice = _("Ask whoever looks after Plusofon Admin for the right one.")
        case RequestDataTooBig():
            title = _("This is too much at once")
            advice = _("Nothing was done. Go back to your form and send it in parts.")
            return Failure(413, title, advice, may_retry=False)
        case TooManyFieldsSent() | TooManyFilesSent():
            title = _("This is too much at once")
            advice = _("Nothing was done. Go back to your form and choose fewer at once.")
        case SessionInterrupted():
            title = _("You were signed out meanwhile")
            advice = _("Sign in again, then look in the journal whether anything was changed.")
        case _:
            title = _("This could not be read")
            advice = _(
                "Nothing was done: what arrived is damaged. Load the page again, then repeat what you did."
            )
    return Failure(400, title, advice, may_retry=False)


def _bare(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the host, the session, the person or anything else that a middleware adds."""
    is_piece = request.headers.get("HX-Request") == "true"
    template = "refused.html#piece" if is_piece else "refused.html"
    with override(get_language_from_request(request)):
        failure = _refusal_of(exception)
        response = render(None, template, {"failure": failure}, status=failure.status)
    return to_notice(response) if is_piece else response


@login_not_required
def csrf_failure(request: PageRequest, reason: str = "") -> HttpResponse:
    """Somebody signed in again in another tab, or another site sent this: only the first may go on."""
    title = _("This page was open too long")
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        advice = _("Nothing was sent. Load the page again, then repeat what you did.")
        return _failed(request, Failure(403, title, advice, may_retry=False))
    advice = _("Nothing was sent, and what you typed is not lost. Press “Try again”.")
    return _failed(request, Failure(403, title, advice), is_stale=True)


@login_not_required
def server_error(request: PageRequest) -> HttpResponse:
    """Our own defect. Renders without session, database or context processors: they may be the defect."""
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s %s", reference, request.method, request.path)
    context = {"reference": reference, "was_sent": sent.anything()}
    piece = "#piece" if request.headers.get("HX-Request") == "true" else ""
    response = render(None, f"500.html{piece}", context, status=500)
    return to_notice(response) if piece else response

"""Answers for the API's errors: one page, and one piece of it for htmx.

docs/architecture.md#errors-who-sees-what
"""

import logging
from math import ceil
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from ..access import PageRequest
from ..bulkhead import BulkheadFull
from ..connection import CredentialMissing, NotConnected
from ..forms.connection import ConnectionForm
from ..forms.lookup import LookupForm
from ..plusofon.errors import PlusofonError, Unauthenticated
from ..telemetry import events
from ..wording.connection import why_not_connected
from ..wording.errors import Failure, failure_of
from .page import render_page, to_notice, wants_piece
from .redirects import page_behind
from .sent_fields import known_lists, typed_in
from .token_form import token_form

logger = logging.getLogger("lists")

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
    told = {
        "event": events.UPSTREAM_FAILED if failure.status >= 500 else "",
        "fields": {"cause": name},
    }
    what = f"{name} {detail}".rstrip()
    logger.warning("%s %s: %s", request.method, request.path, what, extra=told)
    response = show(request, failure)
    if failure.status == 503:
        response["Retry-After"] = ceil(getattr(error, "retry_after", None) or RETRY_AFTER)
    return response


def _to_connection(request: PageRequest, error: Exception) -> HttpResponse:
    """To the page that can mend it, and back; where something was typed, it is mended beside that."""
    if request.method == "POST":
        advice = _("Nothing was sent. Enter your token here, then try again.")
        failure = Failure(403, why_not_connected(error), advice, is_of_token=True)
        return show(request, failure, token_form=token_form(request.user))
    back = request.get_full_path()
    if wants_piece(request):
        back = page_behind(request)
    if isinstance(error, CredentialMissing):  # of a token that fails, the page itself tells
        messages.warning(request, why_not_connected(error))
    url = f"{reverse('connection')}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(url) if wants_piece(request) else redirect(url)


def show(
    request: PageRequest,
    failure: Failure,
    *,
    is_stale: bool = False,
    token_form: ConnectionForm | None = None,
) -> HttpResponse:
    """The failure as a page, or as a notice above the one that is there. `is_stale`: its form cannot be sent
    again, so that the notice offers to. `token_form`: what mends it, right there."""
    context = {
        **typed_in(request, lists=known_lists(request)),
        "failure": failure,
        "is_stale": is_stale,
        "token_form": token_form,
        "number": _number_asked(request),
    }
    response = render_page(request, "failure.html", context, piece="notice", status=failure.status)
    return to_notice(response) if wants_piece(request) else response


def _number_asked(request: PageRequest) -> str:
    """The number whose page this would have been, or "": its journal is our own, and still opens."""
    if request.resolver_match is None or request.resolver_match.view_name != "lookup":
        return ""
    form = LookupForm(request.GET)
    return form.asked.number if form.is_valid() else ""

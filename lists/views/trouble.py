"""Answers for when our own database fails, with what was typed kept. Nothing here asks the database again, for
who it is or for messages neither: no context processor runs."""

import logging
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from ..access import PageRequest
from ..database import is_trouble, name_of
from ..telemetry import events
from ..telemetry.context import request_id
from ..wording.errors import failure_of
from ..writing import sent
from ..writing.outcomes import NotNoted
from . import refusals
from .page import to_notice
from .sent_fields import typed_in
from .themes import theme_of

logger = logging.getLogger("lists")

RETRY_AFTER = 5  # seconds


def answer(request: PageRequest, error: Exception) -> HttpResponse:
    """503: try again, where nothing was sent; else look in the journal."""
    told = {"event": events.DATABASE_FAILED, "fields": {"cause": name_of(error)}}
    what = request.method, request.path, name_of(error)
    logger.error("%s %s: our database: %s", *what, extra=told)
    failure = failure_of(NotNoted() if sent.anything() else error)
    context = {**_page(request), **typed_in(request), "failure": failure}
    is_piece = _wants_piece(request)
    template = "failure.html#notice" if is_piece else "failure.html"
    response = render(None, template, context, status=failure.status)
    response["Retry-After"] = str(RETRY_AFTER)
    return to_notice(response) if is_piece else response


@login_not_required
def server_error(request: PageRequest) -> HttpResponse:
    """What nobody caught, in a view or in a middleware: our database's trouble, or a defect of ours."""
    error = sys.exception()
    if isinstance(error, Exception) and is_trouble(error):
        return answer(request, error)
    return refusals.server_error(request)


def _wants_piece(request: PageRequest) -> bool:
    """As `wants_piece`, also where the middleware that knows did not come to its turn."""
    asked = request.headers
    return asked.get("HX-Request") == "true" and "HX-History-Restore-Request" not in asked


def _page(request: PageRequest) -> dict[str, Any]:
    """What a page needs of what the context processors tell, as to somebody who is not signed in."""
    return {
        "request": request,
        "csrf_token": get_token(request),
        "LANGUAGE_CODE": get_language(),
        "theme": theme_of(request),
        "sandbox": settings.SANDBOX,
        "read_at": timezone.localtime(),
        "request_id": request_id(),
    }

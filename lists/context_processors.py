"""What every template knows besides what its view tells it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.utils.functional import SimpleLazyObject

from .access import PageRequest
from .services import requests
from .telemetry.context import request_id
from .views.redirects import page_behind
from .views.themes import theme_of


def page(request: PageRequest) -> dict[str, Any]:
    may_change = request.user.has_perm("lists.change_lists") if hasattr(request, "user") else False
    return {
        # Counted only where a whole page shows it, to somebody who is signed in.
        "requests_waiting": SimpleLazyObject(partial(_waiting, request)),
        "theme": theme_of(request),
        "sandbox": settings.SANDBOX,
        "request_id": request_id(),
        "may_change": may_change,
        "here": page_behind(request)
        if getattr(request, "htmx", False)
        else request.get_full_path(),
    }


def _waiting(request: PageRequest) -> int:
    """No page fails for it, least of all one that tells of a database that failed."""
    try:
        return requests.waiting(by=request.user)
    except DatabaseTrouble:
        return 0

"""Who may do what: the preconditions of views."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from .services import credentials


class PageRequest(HttpRequest):
    """A request as views get it: somebody is signed in, and htmx may be asking."""

    user: User
    htmx: HtmxDetails


managers_only = permission_required("lists.change_lists", raise_exception=True)


def connected(
    view: Callable[..., HttpResponseBase],
) -> Callable[Concatenate[PageRequest, ...], HttpResponseBase]:
    """Hands the view the API as the signed-in person's own token sees it, as `api`.

    Raises `NotConnected` for who has none. Notes when the token last worked and when it was refused.
    """

    @wraps(view)
    def wrapper(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        api = credentials.api_for(request.user)
        try:
            return view(request, *args, api=api, **kwargs)
        finally:
            credentials.note(api, request.user)

    return wrapper

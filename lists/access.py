"""Who may do what: the preconditions of views."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, Concatenate, cast

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from .connection import Connection
from .services import credentials


class PageRequest(HttpRequest):
    """A request as views get it: somebody is signed in, and htmx may be asking."""

    user: User
    htmx: HtmxDetails


managers_only = permission_required("lists.change_lists", raise_exception=True)


def connected(
    view: Callable[..., HttpResponseBase],
) -> Callable[Concatenate[PageRequest, ...], HttpResponseBase]:
    """Hands the view the signed-in person's own connection to the API, as `by`.

    Raises `NotConnected` for who has none. Notes when the token last worked and when it was refused.
    """

    @wraps(view)
    def wrapper(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by = credentials.connection_of(request.user)
        try:
            response = view(request, *args, by=by, **kwargs)
        finally:
            credentials.note(by.api, request.user)
        if isinstance(response, StreamingHttpResponse):
            content = cast("Iterator[bytes]", response.streaming_content)
            response.streaming_content = _noted_at_its_end(content, by)
        return response

    return wrapper


def _noted_at_its_end(content: Iterator[bytes], by: Connection) -> Iterator[bytes]:
    """A stream goes on asking the API after the view has returned."""
    try:
        yield from content
    finally:
        credentials.note(by.api, by.user)

"""Who may do what: the preconditions of views."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, Concatenate

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from . import bulkhead
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

    Raises `NotConnected` for who has none, `BulkheadFull` where too many others are at it. Notes when the
    token last worked and when it was refused.
    """

    @wraps(view)
    def wrapper(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        by = credentials.connection_of(request.user)
        by = by.for_an_act() if request.method == "POST" else by.for_a_page()
        with ExitStack() as at_its_end:
            at_its_end.enter_context(bulkhead.upstream.enter())
            at_its_end.callback(credentials.note, by.api, by.user)
            response = view(request, *args, by=by, **kwargs)
            if isinstance(response, StreamingHttpResponse):
                # It goes on asking the API after the view has returned. Django closes what it streams with
                # the response; but a stream around Django's would hold the response and be held by it, and
                # keep its seat when a middleware fails and loses both.
                closers: list[Callable[[], None]] = vars(response)["_resource_closers"]
                closers.append(at_its_end.pop_all().close)
        return response

    return wrapper

"""What was typed when the session had ended: kept on the server, and back in its form after signing in.

Such a POST is not carried out, not even after signing in: the person looks again and presses again.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from time import time as now
from typing import Any, Concatenate, NamedTuple

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from ..access import PageRequest
from .sent_fields import SECRET_FIELDS

KEY = "typed"  # in the session: what is kept, by the path where it was typed
KEPT_FOR = timedelta(minutes=30)
MOST_BYTES = 100_000  # of one form
MOST_FORMS = 5  # of as many tabs: the last ones
MARK = "keeps_typed"


class Kept(NamedTuple):
    """`at`: seconds since 1970; `of`: the user's id in the ended session, where it was still known;
    `fields`: as a browser sends them."""

    at: float
    of: str | None
    fields: str


def keeps_typed(
    view: Callable[..., HttpResponseBase],
) -> Callable[Concatenate[PageRequest, ...], HttpResponseBase]:
    """What is typed into this view's form is kept when the session has ended. Its form is filled by
    `typed`, once: it is gone as soon as the view has answered, and stays while it cannot."""

    @wraps(view)
    def wrapper(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "GET":
            _forget(request)
        return response

    setattr(wrapper, MARK, True)
    return wrapper


def typed(request: PageRequest) -> QueryDict | None:
    """What fills the form: what was sent just now, or what was typed here as the session had ended.

    The latter comes with a GET. A view acts on a POST only.
    """
    if request.method == "POST":
        return request.POST
    kept = _all(request).get(request.path) if request.method == "GET" else None
    if kept is None or kept.of not in (None, str(request.user.pk)):
        return None
    # True also on a page that cannot show the form just now.
    is_here = _("What you typed is kept but not sent yet: check it, then press the button.")
    messages.warning(request, is_here)
    return QueryDict(kept.fields)


def keep(request: PageRequest, *, of: str | None) -> None:
    """Keep the fields of this POST, secrets left out. Only for one that has passed the CSRF check."""
    fields = request.POST.copy()
    for name in SECRET_FIELDS:
        fields.pop(name, None)
    size = sum(len(value.encode()) for __, values in fields.lists() for value in values)
    if size > MOST_BYTES:
        too_long = _("You were signed out. What you typed was not sent and is too long to be kept.")
        messages.warning(request, too_long)
        return
    others = {path: kept for path, kept in _all(request).items() if path != request.path}
    every = {**others, request.path: Kept(now(), of, fields.urlencode())}
    request.session[KEY] = dict(list(every.items())[-MOST_FORMS:])
    # Until somebody signs in (`signals`): what strangers send does not pile up for long.
    request.session.set_expiry(int(KEPT_FOR.total_seconds()))


def is_kept(request: PageRequest, path: str) -> bool:
    return path in _all(request)


def _all(request: PageRequest) -> dict[str, Kept]:
    """The oldest first, those that are too old left out."""
    every = {path: Kept(*kept) for path, kept in request.session.get(KEY, {}).items()}
    return {p: kept for p, kept in every.items() if kept.at > now() - KEPT_FOR.total_seconds()}


def _forget(request: PageRequest) -> None:
    if KEY not in request.session:
        return
    rest = _all(request)
    rest.pop(request.path, None)
    if rest:
        request.session[KEY] = rest
    else:
        del request.session[KEY]

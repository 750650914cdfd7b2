"""A person's own credentials: tried, then stored, never shown."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from .. import bulkhead
from ..access import PageRequest
from ..forms.connection import ConnectionForm
from ..plusofon import errors
from ..services import credentials
from ..services.accounts import OwnerUnknown
from ..wording.errors import failure_of
from .page import render_page, to_notice, wants_piece
from .redirects import local_url
from .sent_fields import CARRIED, carried_in, known_lists
from .token_form import token_form

TEMPLATE = "connection.html"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token")
def connection(request: PageRequest) -> HttpResponse:
    """A piece is asked for by the notice that the token is refused."""
    form = token_form(request.user, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        if form.has_token:
            _learn_owner(request)
        return _form(request, form)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        _connect(request, form)
    except errors.PlusofonError as error:
        return _form(request, form, status=_show(error, form))
    return _connected(request)


def _form(request: PageRequest, form: ConnectionForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "credential": credentials.credential_of(request.user),
        "readable": form.has_token,
        "next": _back(request),
        "carried": request.POST.get(CARRIED),
    }
    return render_page(request, TEMPLATE, context, piece="token_form", status=status)


def _connected(request: PageRequest) -> HttpResponse:
    """Back to where the token was refused; what was typed there is still there, or is offered to be sent."""
    if wants_piece(request):
        return to_notice(render_page(request, TEMPLATE, {}, piece="connected"))
    back = _back(request)
    if back and CARRIED in request.POST:
        typed = carried_in(request, lists=known_lists(request))
        return render_page(request, "connected.html", {**typed, "back": back})
    return redirect(back or "connection")


def _back(request: PageRequest) -> str:
    """The page of ours that has led here, or ""."""
    return local_url(request, request.POST.get("next") or request.GET.get("next", ""), "")


@sensitive_variables("token")
def _connect(request: PageRequest, form: ConnectionForm) -> None:
    """Try the pair, store it, and say whose account it opens. Raises `PlusofonError`, `BulkheadFull`."""
    token = form.cleaned_data["token"] or credentials.stored_token(request.user.credential)
    with bulkhead.upstream.enter():
        connected = credentials.connect(
            by=request.user, token=token, client_id=form.cleaned_data["client_id"]
        )
    who = connected.owner_name or connected.owner_email
    to_account = _("Connected to the account of %(who)s.") % {"who": who}
    messages.success(request, to_account if who else _("Connected to Plusofon."))


def _learn_owner(request: PageRequest) -> None:
    """Another time will do as well."""
    with suppress(bulkhead.BulkheadFull), bulkhead.upstream.enter():
        credentials.learn_owner(request.user)


def _show(error: errors.PlusofonError, form: ConnectionForm) -> int:
    """Says beside the field why the token was not stored; the status that goes with it."""
    if isinstance(error, errors.Unauthenticated):
        form.add_error("token", _("Plusofon does not know this token. Nothing was saved."))
        return 422
    if isinstance(error, OwnerUnknown):
        failure = failure_of(error.cause)
        unknown = _(
            "%(title)s. We could not find out whose account this token opens, so it was not saved."
            " Try again in a minute."
        )
        form.add_error(None, unknown % {"title": failure.title})
        return failure.status
    failure = failure_of(error)
    sentence = _("%(title)s. The token was not saved. %(advice)s") % {
        "title": failure.title,
        "advice": failure.advice,
    }
    form.add_error(None, f"{sentence} — {failure.words}" if failure.words else sentence)
    return 422 if isinstance(error, errors.Refused) else failure.status

"""A person's own credentials: tried, then stored, never shown."""

from contextlib import suppress

from django.conf import settings
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
from .page import render_page
from .redirects import local_url

TEMPLATE = "connection.html"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token")
def connection(request: PageRequest) -> HttpResponse:
    credential = credentials.credential_of(request.user)
    readable = credential is not None and credentials.is_readable(credential)
    back = local_url(request, request.POST.get("next") or request.GET.get("next", ""), "")
    context = {"credential": credential, "readable": readable, "next": back}
    if request.method != "POST":
        if credential and readable:
            _learn_owner(request)
        code = credential.client_id if credential else settings.PLUSOFON_CLIENT_ID
        form = ConnectionForm(initial={"client_id": code}, has_token=readable)
        return render_page(request, TEMPLATE, {**context, "form": form})
    form = ConnectionForm(request.POST, has_token=readable)
    if not form.is_valid():
        return render_page(request, TEMPLATE, {**context, "form": form}, status=422)
    try:
        _connect(request, form)
    except errors.PlusofonError as error:
        status = _show(error, form)
        return render_page(request, TEMPLATE, {**context, "form": form}, status=status)
    return redirect(back or "connection")


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

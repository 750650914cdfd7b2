"""Signing out: here, everywhere, and of the company's account that it began with."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import sessions, single_sign_on
from ..access import PageRequest
from ..single_sign_on import header
from .page import render_page


@login_not_required
@require_POST
def sign_out(request: PageRequest) -> HttpResponse:
    """Who presses it when the session has ended already is led out too, and not back here."""
    return _leave(request)


@require_POST
def everywhere(request: PageRequest) -> HttpResponse:
    """On this device too."""
    sessions.end_everywhere(request.user)
    return _leave(request, _("You are signed out everywhere."))


@login_not_required
@require_safe
def signed_out(request: PageRequest) -> HttpResponse:
    """Where the company's sign-in leads back to: a page that signs nobody in again."""
    return render_page(
        request, "registration/signed_out.html", {"may_use_password": settings.LOCAL_LOGIN}
    )


def _leave(request: PageRequest, words: str = "") -> HttpResponse:
    """The session's end, and on to where the company's own ends.

    By a page that leads on, not by a redirect: Chromium takes `form-action` as being about redirects too, and
    where the company's sign-in leads next nobody here knows.
    """
    is_local = not _began_with_the_company(request)
    onward = "" if is_local else _company_logout(request)
    logout(request)
    if words:
        messages.success(request, words)
    if onward:
        return render_page(request, "registration/onward.html", {"url": onward, "is_leaving": True})
    if not is_local:
        still = _(
            "You are still signed in with the company's account: end that where you began it."
        )
        messages.warning(request, still)
    return redirect("signed-out" if single_sign_on.is_on() else "login")


def _began_with_the_company(request: HttpRequest) -> bool:
    """Of a session that is gone already: whether it would begin with that again."""
    backend = request.session.get(BACKEND_SESSION_KEY)
    if backend is None and settings.SSO_HEADER:
        return header.names_somebody(request)
    return backend in {single_sign_on.HEADER, single_sign_on.OPENID}


def _company_logout(request: HttpRequest) -> str:
    """Its address, or "" where there is none."""
    if not settings.OIDC_ISSUER:
        return str(settings.SSO_LOGOUT_URL)
    from ..single_sign_on import openid  # an extra package

    return openid.way_out(request, request.session.get(single_sign_on.ID_TOKEN)) or ""

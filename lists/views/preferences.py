"""Choosing a theme and a language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from .redirects import local_url
from .themes import THEMES

A_YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or (anything else) as the system has it. A cookie, so that no page flashes."""
    response = HttpResponseRedirect(
        local_url(request, request.POST.get("next", ""), reverse("home"))
    )
    if (chosen := request.POST.get("theme")) in THEMES:
        response.set_cookie(
            "theme",
            chosen,
            max_age=A_YEAR,
            secure=settings.HTTPS_ONLY,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie("theme")
    return response


@login_not_required
def language(request: HttpRequest) -> HttpResponse:
    """Django's own, which knows no other way back than the root of the host."""
    response: HttpResponse = set_language(request)
    if response.headers.get("Location") == "/":
        response.headers["Location"] = reverse("home")
    return response

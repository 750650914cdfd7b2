"""The page for who comes with the company's account and is not let in: why, and what they can do about it."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from ..single_sign_on.errors import NotLetIn
from ..wording.single_sign_on import failure_of


def answer(request: HttpRequest, refusal: NotLetIn, *, to: str = "") -> HttpResponse:
    """Leads nowhere by itself: whoever is refused would come round again. `to`: the page they came for."""
    login = f"{reverse('login')}?{urlencode({'next': to})}"
    failure = failure_of(refusal)
    context = {
        "failure": failure,
        "name": refusal.name,
        "login": login,
        "again": f"{reverse('company-begin')}?{urlencode({'next': to})}"
        if settings.OIDC_ISSUER
        else login,
        "may_use_password": settings.LOCAL_LOGIN,
        "company_logout": settings.SSO_LOGOUT_URL,
        # Where another language or colour leads: a provider's answer cannot be opened again.
        "next_page": login,
    }
    return render(request, "registration/not_let_in.html", context, status=failure.status)

"""Signing in: with the company's account where that is set, else with a password on Django's own page, which says
that what was typed is not lost."""

from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from ..access import PageRequest
from ..forms.sign_in import SignInForm
from ..single_sign_on import header
from ..single_sign_on.errors import NobodyNamed, NotLetIn, PasswordsOff
from ..wording import refusals
from . import not_let_in, signed_out
from .failures import show
from .page import render_page


class SignIn(LoginView):
    authentication_form = SignInForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wants_form = settings.LOCAL_LOGIN and "password" in request.GET
        if settings.SSO_HEADER and not wants_form:
            try:
                if header.sign_in(request):
                    return redirect(self.get_success_url())
            except NotLetIn as refusal:
                return not_let_in.answer(request, refusal, to=self.get_redirect_url())
        if settings.LOCAL_LOGIN:
            return super().get(request, *args, **kwargs)
        if settings.OIDC_ISSUER:
            context = self.get_context_data() | {"url": self._company()}
            return render_page(cast("PageRequest", request), "registration/onward.html", context)
        return not_let_in.answer(request, NobodyNamed(), to=self.get_redirect_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.LOCAL_LOGIN:
            return not_let_in.answer(request, PasswordsOff(), to=self.get_redirect_url())
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = cast("PageRequest", self.request)
        path = urlsplit(self.get_redirect_url()).path
        return super().get_context_data(**kwargs) | {
            "is_kept": signed_out.is_kept(request, path),
            "company": self._company(),
        }

    def _company(self) -> str:
        """Where the company's account leads in, "" where it does not."""
        query = urlencode({"next": self.get_redirect_url()})
        if settings.OIDC_ISSUER:
            return f"{reverse('company-begin')}?{query}"
        is_named = settings.SSO_HEADER and header.names_somebody(self.request)
        return f"{reverse('login')}?{query}" if is_named else ""


@login_not_required
def staff_sign_in(request: PageRequest) -> HttpResponseBase:
    """The admin's own page, as long as passwords are used."""
    if settings.LOCAL_LOGIN:
        return admin.site.login(request)
    if request.method == "POST":
        return not_let_in.answer(request, PasswordsOff(), to=reverse("admin:index"))
    if request.user.is_authenticated and not request.user.is_staff:
        return show(request, refusals.STAFF_ONLY)
    to = request.GET.get("next", reverse("admin:index"))
    return redirect(f"{reverse('login')}?{urlencode({'next': to})}")

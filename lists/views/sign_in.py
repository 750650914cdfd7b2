"""Signing in: Django's own page, which says that what was typed is not lost."""

from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import LoginView

from ..access import PageRequest
from ..forms.sign_in import SignInForm
from . import signed_out


class SignIn(LoginView):
    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request = cast("PageRequest", self.request)
        path = urlsplit(self.get_redirect_url()).path
        return super().get_context_data(**kwargs) | {"is_kept": signed_out.is_kept(request, path)}

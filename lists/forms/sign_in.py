"""The login forms of the pages and of the admin, and what they say during a lockout."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _


def locked(request: HttpRequest | None) -> ValidationError | None:
    """Until when no password is looked at, where too many were wrong (`throttle`)."""
    until = getattr(request, "locked_until", None)
    if until is None:
        return None
    # In whole minutes: not a moment too early.
    end = timezone.localtime(until + timedelta(seconds=59))
    sentence = _(
        "Too many wrong passwords. Until %(time)s no password is accepted, not even the right one."
        " If you cannot wait, ask the administrator of Plusofon Admin."
    )
    return ValidationError(sentence % {"time": time_format(end, "H:i")}, code="locked")


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def get_invalid_login_error(self) -> ValidationError:
        return locked(self.request) or super().get_invalid_login_error()


class StaffSignInForm(SignInForm, AdminAuthenticationForm):
    """The same at the admin's door."""

"""A person's own password."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib.auth import authenticate, password_validation
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from .sign_in import locked


class PasswordForm(PasswordChangeForm):
    """The present password is tried as at the login: who guesses it here is slowed down too."""

    def __init__(self, request: HttpRequest, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(cast("User", request.user), data, label_suffix="")
        self.request = request
        self.use_required_attribute = False
        rules = password_validation.password_validators_help_texts()
        self.fields["new_password1"].help_text = " ".join(rules)
        self.fields["new_password2"].help_text = ""

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        name = self.user.get_username()
        if authenticate(self.request, username=name, password=password) is None:
            raise locked(self.request) or ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        return password

"""A person's own credentials."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .base import Form


class ConnectionForm(Form):
    """A person's credentials. A blank token keeps the stored one; the field is never filled."""

    token = forms.CharField(
        label=_("API token"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
        max_length=4000,
    )
    client_id = forms.RegexField(
        r"^[0-9]{1,20}$",
        label=_("Client code"),
        error_messages={
            "required": _("Enter the client code: 10553, unless Plusofon gave you another."),
            "invalid": _("The client code is digits only."),
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, has_token: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.has_token = has_token

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        if not token and not self.has_token:
            raise forms.ValidationError(_("Enter the API token."))
        if not token.isascii() or not token.isprintable() or " " in token:
            raise forms.ValidationError(
                _("This is not a token: it has spaces or characters that tokens do not have.")
            )
        return token

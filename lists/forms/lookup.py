"""What to look for in every list: a number, or a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import phones
from .base import Form
from .numbers import fault_of


class LookupForm(Form):
    """Digits mean a number, letters mean a name. `number` is how it would be stored; "" for a name."""

    number = forms.CharField(
        label=_("Number or name"),
        max_length=200,
        error_messages={"required": _("Enter a number or a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search"}),
    )

    def clean(self) -> dict[str, Any]:
        text = self.cleaned_data.get("number", "")
        self.stored = ""
        if text and not any(sign.isalpha() for sign in text):
            try:
                self.stored = phones.parse(text)
            except phones.NotANumber as error:
                self.add_error("number", fault_of(error))
        return self.cleaned_data

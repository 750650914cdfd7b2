"""What to look for in every list: a number, several, or a name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..phones import NotANumber
from ..search_input import LONGEST, InputKind, SearchInput, read_input
from .base import Form
from .numbers import fault_of


class LookupForm(Form):
    """Digits mean a number, letters mean a name. `asked`: what was understood."""

    number = forms.CharField(
        label=_("Number or name"),
        max_length=LONGEST,
        error_messages={"required": _("Enter a number or a name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "search"}),
    )

    # Filled by cleaning, which comes before anybody looks.
    asked = SearchInput(InputKind.NAME)

    def clean(self) -> dict[str, Any]:
        if text := self.cleaned_data.get("number"):
            try:
                self.asked = read_input(text)
            except NotANumber as error:
                self.add_error("number", fault_of(error))
        return self.cleaned_data

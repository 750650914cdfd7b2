"""A text area of numbers, and what is wrong with what was typed there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..numbers import Number, read_numbers
from ..phones import Fault, NotANumber
from .base import Form

MOST_NUMBERS = 1000
MOST_FAULTS = 5  # that are told beside a field

FAULTS = {
    Fault.NOT_DIGITS: _(
        "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed."
    ),
    Fault.TOO_LONG: _("“%(text)s” is too long for a phone number: 15 digits at most."),
    Fault.TOO_SHORT: _("“%(text)s” is too short for a phone number: two digits at least."),
    Fault.SEVERAL: _(
        "“%(text)s”: one number or several? Put a comma between several; write one without spaces."
    ),
}


def fault_of(error: NotANumber) -> forms.ValidationError:
    """What is wrong with a text that is no number, in words."""
    text = error.text if len(error.text) <= 60 else error.text[:60] + "…"
    return forms.ValidationError(FAULTS[error.fault], params={"text": text})


class NumbersForm(Form):
    """Up to a thousand numbers. `read`: all that was typed, numbers or not; one number is enough."""

    numbers = forms.CharField(
        label=_("Numbers"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Enter at least one number.")},
        help_text=_("One number per line, or separate them with commas or semicolons."),
        max_length=60_000,
    )

    # Filled by cleaning, which comes before anybody looks.
    read: tuple[Number | NotANumber, ...] = ()

    def clean_numbers(self) -> str:
        text: str = self.cleaned_data["numbers"]
        self.read = tuple(read_numbers(text))
        if len(self.read) > MOST_NUMBERS:
            raise forms.ValidationError(
                _("More than %(most)s numbers. Split them into parts."),
                params={"most": MOST_NUMBERS},
            )
        if not self.typed:
            wrong = [fault_of(fault) for fault in self.faults[:MOST_FAULTS]]
            raise forms.ValidationError(wrong or _("Enter at least one number."))
        return text

    @property
    def typed(self) -> list[Number]:
        return [number for number in self.read if isinstance(number, Number)]

    @property
    def faults(self) -> list[NotANumber]:
        return [fault for fault in self.read if isinstance(fault, NotANumber)]

    @property
    def stored(self) -> tuple[str, ...]:
        """Each number once."""
        return tuple(number.stored for number in self.typed if not number.is_repeated)

"""The numbers of a text area: as typed, and as they will be stored."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import phones
from ..phones import Fault, NotANumber
from ..plusofon.values import Contact
from .base import Form

MOST_NUMBERS = 1000
MOST_FAULTS = 5  # that are told beside a field

FAULTS = {
    Fault.NOT_DIGITS: _(
        "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed."
    ),
    Fault.TOO_LONG: _("“%(text)s” is too long for a phone number: 15 digits at most."),
    Fault.TOO_SHORT: _("“%(text)s” is too short for a phone number: two digits at least."),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed and as it will be stored."""

    typed: str
    stored: str
    untouched: bool = False
    is_repeated: bool = False

    @property
    def is_doubtful(self) -> bool:
        return not self.untouched and phones.is_doubtful(self.stored)


def read_numbers(text: str, before: Contact | None = None) -> list[Number | NotANumber]:
    """In the order in which they were typed. A stored number of `before` left as the page showed it
    stays as it is, however odd."""
    read: list[Number | NotANumber] = []
    untouched = list(before.phones) if before else []
    known: set[str] = set()
    for typed in phones.split(text):
        stored = next((s for s in untouched if typed in (s.strip(), phones.spell(s))), None)
        if stored is not None:
            untouched.remove(stored)
            read.append(Number(typed, stored, untouched=True))
        else:
            try:
                stored = phones.parse(typed)
            except NotANumber as error:
                read.append(error)
                continue
            repeated = phones.normalise(stored) in known
            read.append(Number(typed, stored, is_repeated=repeated))
        known.add(phones.normalise(stored))
    return read


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
        help_text=_("One number a line. Commas and semicolons separate too."),
        max_length=60_000,
    )

    # Filled by cleaning, which comes before anybody looks.
    read: tuple[Number | NotANumber, ...] = ()

    def clean_numbers(self) -> str:
        text: str = self.cleaned_data["numbers"]
        self.read = tuple(read_numbers(text))
        if len(self.read) > MOST_NUMBERS:
            raise forms.ValidationError(
                _("These are more than %(most)s numbers. Take them in parts."),
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

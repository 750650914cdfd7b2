"""Numbers to block, under a name, in one or more lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..phones import NotANumber
from ..plusofon.values import Contact, ListEntry
from .base import Form
from .contacts import FAULTS
from .numbers import Number, read_numbers

MOST_NUMBERS = 1000
# The form has a field that is called `list`, as intranet pages do.
Numbers = list[Number]
Faults = list[NotANumber]


class BlockForm(Form):
    """`read` are the numbers that can be blocked, `faults` what was typed beside them."""

    numbers = forms.CharField(
        label=_("Numbers"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Enter at least one number.")},
        help_text=_("One number a line. Commas and semicolons separate too."),
        max_length=60_000,
    )
    name = forms.CharField(
        label=_("Name"),
        error_messages={"required": _("Enter a name.")},
        help_text=_("Who it is, or why: everybody sees it in the list."),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    list = forms.TypedMultipleChoiceField(
        label=_("Lists"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one list."),
            "invalid_choice": _("This list is gone. Choose another."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        lists: Iterable[ListEntry],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.entries = {entry.id: entry for entry in lists}
        field = self.fields["list"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, entry.name or "—") for key, entry in self.entries.items()]
        self.read: Numbers = []
        self.faults: Faults = []

    def clean_numbers(self) -> str:
        text: str = self.cleaned_data["numbers"]
        self.read, self.faults = read_numbers(text, None)
        if len(self.read) + len(self.faults) > MOST_NUMBERS:
            raise forms.ValidationError(
                _("These are more than %(most)s numbers. Block them in parts."),
                params={"most": MOST_NUMBERS},
            )
        if not self.read:
            raise forms.ValidationError(
                [
                    forms.ValidationError(FAULTS[fault.fault], params={"text": fault.text[:60]})
                    for fault in self.faults[:5]
                ]
                or _("Enter at least one number.")
            )
        return text

    @property
    def contact(self) -> Contact:
        """What goes into each list."""
        kept = tuple(number.stored for number in self.read if not number.is_repeated)
        return Contact(self.cleaned_data["name"], kept)

    @property
    def chosen(self) -> tuple[ListEntry, ...]:
        return tuple(self.entries[key] for key in self.cleaned_data["list"])

"""One contact: its name and numbers, and its removal."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import phones
from ..intents import AddContact, EditContact, RemoveContact
from ..numbers import Number, read_numbers
from ..phones import NotANumber
from ..plusofon.values import Contact
from ..sameness import contact_key
from .base import Form, checked_name
from .numbers import fault_of
from .seen import read_seen, seen_as

LONGEST_NUMBERS = 200_000  # characters: some ten thousand numbers
MOST_ROWS = 30  # of the text area
MOST_FAULTS = 20  # that are told beside it
MOST_PREVIEWED = 100  # numbers, of those that were typed


class ContactForm(Form):
    """A contact's name and numbers. `seen` carries the contact as the page showed it.

    `before`: that contact, for certain; `shown`: what the page showed of it, which tells the numbers that
    nobody touched.
    """

    name = forms.CharField(label=_("Name"), error_messages={"required": _("Enter a name.")})
    phones = forms.CharField(
        label=_("Numbers"),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel"}),
        error_messages={"required": _("Enter at least one number.")},
        help_text=_("One number per line, or separate them with commas or semicolons."),
        max_length=LONGEST_NUMBERS,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        key: str = "",
        contact: Contact | None = None,
        **kwargs: Any,
    ) -> None:
        """`key`: the contact in the URL; `contact`: what an unbound form shows."""
        if contact:
            kwargs["initial"] = {
                "name": contact.name,
                "phones": "\n".join(map(phones.spell, contact.phones)),
                "seen": seen_as(contact),
            }
        super().__init__(data, auto_id=f"contact-{key or 'new'}-%s", **kwargs)
        self.key = key
        self.before = self.shown = contact
        rows = min(MOST_ROWS, max(2, len(contact.phones) if contact else 2))
        self.fields["phones"].widget.attrs["rows"] = rows
        self.numbers: list[Number] = []

    def clean_seen(self) -> str:
        """The contact as the person saw it, if it is the one that the URL names. Of a long name only the
        beginning comes along: it is the name in its field where nobody has touched that."""
        text: str = self.cleaned_data["seen"]
        if seen := read_seen(text):
            for name in (seen[0], self.cleaned_data.get("name", "")):
                before = Contact(name, tuple(seen[1:]))
                if contact_key(before) == self.key:
                    self.before = before
            self.shown = self.before or Contact(seen[0], tuple(seen[1:]))
        return text

    def clean(self) -> dict[str, Any]:
        """Numbers last: whether one was touched is known only with the contact that was seen."""
        if name := self.cleaned_data.get("name"):
            try:
                checked_name(name, before=self.before.name if self.before else None)
            except forms.ValidationError as error:
                self.add_error("name", error)
        if "phones" in self.cleaned_data:
            faults = self._read_numbers()
            for fault in faults[:MOST_FAULTS]:
                self.add_error("phones", fault_of(fault))
            if not self.numbers and not faults:
                self.add_error("phones", _("Enter at least one number."))
        return self.cleaned_data

    def _read_numbers(self) -> list[NotANumber]:
        read = read_numbers(self.cleaned_data["phones"], self.shown)
        self.numbers = [number for number in read if isinstance(number, Number)]
        return [fault for fault in read if isinstance(fault, NotANumber)]

    @property
    def previewed(self) -> list[Number]:
        """What is told of before it is stored: what somebody typed counts for more than what stays."""
        return sorted(self.numbers, key=lambda number: number.untouched)[:MOST_PREVIEWED]

    @property
    def not_previewed(self) -> int:
        return len(self.numbers[MOST_PREVIEWED:])

    @property
    def repeated(self) -> list[str]:
        """Numbers that were typed twice: they are stored once, and the person is told."""
        return [number.stored for number in self.numbers if number.is_repeated]

    @property
    def contact(self) -> Contact:
        """The contact as it shall be."""
        kept = tuple(number.stored for number in self.numbers if not number.is_repeated)
        return Contact(self.cleaned_data["name"], kept)

    @property
    def addition(self) -> AddContact:
        return AddContact(self.contact)

    @property
    def edit(self) -> EditContact:
        typed = self.cleaned_data["phones"]
        return EditContact(self.key, self.before, self.cleaned_data["name"], typed)


class RemovalForm(Form):
    """Confirms that one contact goes. `seen` as in `ContactForm`."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        key: str,
        contact: Contact | None = None,
        **kwargs: Any,
    ) -> None:
        if contact:
            kwargs["initial"] = {"seen": seen_as(contact)}
        super().__init__(data, auto_id=False, **kwargs)
        self.key = key
        self.before = self.shown = contact

    clean_seen = ContactForm.clean_seen

    @property
    def removal(self) -> RemoveContact:
        return RemoveContact(self.key, self.before)

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
from .base import Form
from .numbers import fault_of
from .seen import read_seen, seen_as


class ContactForm(Form):
    """A contact's name and numbers. `seen` carries the contact as the page showed it."""

    name = forms.CharField(
        label=_("Name"), error_messages={"required": _("Enter a name.")}, max_length=1000
    )
    phones = forms.CharField(
        label=_("Numbers"),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "tel"}),
        error_messages={"required": _("Enter at least one number.")},
        help_text=_("One number a line. Commas and semicolons separate too."),
        max_length=20_000,
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
        self.before = contact
        self.fields["phones"].widget.attrs["rows"] = max(2, len(contact.phones) if contact else 2)
        self.numbers: list[Number] = []

    def clean_seen(self) -> str:
        """The contact as the person saw it, if it is the one that the URL names."""
        text: str = self.cleaned_data["seen"]
        if seen := read_seen(text):
            before = Contact(seen[0], tuple(seen[1:]))
            if contact_key(before) == self.key:
                self.before = before
        return text

    def clean(self) -> dict[str, Any]:
        """Numbers last: whether one was touched is known only with the contact that was seen."""
        if "phones" in self.cleaned_data:
            faults = self._read_numbers()
            for fault in faults:
                self.add_error("phones", fault_of(fault))
            if not self.numbers and not faults:
                self.add_error("phones", _("Enter at least one number."))
        return self.cleaned_data

    def _read_numbers(self) -> list[NotANumber]:
        read = read_numbers(self.cleaned_data["phones"], self.before)
        self.numbers = [number for number in read if isinstance(number, Number)]
        return [fault for fault in read if isinstance(fault, NotANumber)]

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
        self.before = contact

    clean_seen = ContactForm.clean_seen

    @property
    def removal(self) -> RemoveContact:
        return RemoveContact(self.key, self.before)

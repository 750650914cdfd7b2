"""What people type, checked before anything is asked of the API. Forms do no I/O."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import phones
from .changes import (
    Conflict,
    ContactChange,
    ListChange,
    TextChange,
    contact_key,
    counterpart,
    find_contact,
)
from .phones import Fault, NotANumber
from .plusofon.values import Contact, ContactList, ListType

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TYPE_NAMES = {
    "black": pgettext_lazy("list type", "Black"),
    "white": pgettext_lazy("list type", "White"),
}
FAULTS = {
    Fault.NOT_DIGITS: _(
        "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed."
    ),
    Fault.TOO_LONG: _("“%(text)s” is too long for a phone number: 15 digits at most."),
    Fault.TOO_SHORT: _("“%(text)s” is too short for a phone number: two digits at least."),
}


class FieldRenderer(TemplatesSetting):
    field_template_name = "components/field.html"


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


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class Form(forms.Form):
    """Fields whose errors are ours to word: in the person's language, beside the field."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)


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
        try:
            name, *numbers = json.loads(text or "[]")
            before = Contact(str(name), tuple(map(str, numbers)))
        except (ValueError, TypeError):
            return text
        if contact_key(before) == self.key:
            self.before = before
        return text

    def clean(self) -> dict[str, Any]:
        """Numbers last: whether one was touched is known only with the contact that was seen."""
        if "phones" in self.cleaned_data:
            self.numbers, faults = _read_numbers(self.cleaned_data["phones"], self.before)
            for error in faults:
                params = {"text": _cut(error.text)}
                self.add_error("phones", forms.ValidationError(FAULTS[error.fault], params=params))
            if not self.numbers and not faults:
                self.add_error("phones", _("Enter at least one number."))
        return self.cleaned_data

    @property
    def repeated(self) -> list[str]:
        """Numbers that were typed twice: they are stored once, and the person is told."""
        return [number.stored for number in self.numbers if number.is_repeated]

    @property
    def contact(self) -> Contact:
        """The contact as it shall be."""
        kept = tuple(number.stored for number in self.numbers if not number.is_repeated)
        return Contact(self.cleaned_data["name"], kept)

    def change(self, found: ContactList) -> ListChange:
        """What saving means for a list just read. Raises `Conflict`."""
        if self.before is None:
            self.before = _named_by(self.key, found, self.contact)
            self.numbers, _faults = _read_numbers(self.cleaned_data["phones"], self.before)
        return ListChange(contacts=(ContactChange(before=self.before, after=self.contact),))

    def addition(self) -> ListChange:
        return ListChange(contacts=(ContactChange(before=None, after=self.contact),))


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

    def change(self, found: ContactList) -> ListChange:
        """Raises `Conflict`."""
        before = self.before or _named_by(self.key, found, None)
        return ListChange(contacts=(ContactChange(before=before, after=None),))


class ListForm(Form):
    """A list's name and type, new or changed. `seen`: both as the page showed them."""

    name = forms.CharField(
        label=pgettext_lazy("of a list", "Name"),
        error_messages={"required": _("Enter a name.")},
        max_length=1000,
    )
    type = forms.ChoiceField(
        label=_("Type"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a type."),
            "invalid_choice": _("Plusofon has no such type of list. Choose one of these."),
        },
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        types: tuple[ListType, ...],
        contact_list: ContactList | None = None,
        **kwargs: Any,
    ) -> None:
        if contact_list:
            kwargs["initial"] = {
                "name": contact_list.name,
                "type": contact_list.type,
                "seen": seen_as(contact_list),
            }
        elif types:
            kwargs.setdefault("initial", {"type": types[0].code})
        super().__init__(data, **kwargs)
        choices = {kind.code: _type_choice(kind.code, kind.title) for kind in types}
        # A list keeps a type that can no longer be created.
        if seen := contact_list or self._seen(self.data.get("seen", "")):
            choices.setdefault(seen.type, _type_choice(seen.type))
        type_field = self.fields["type"]
        assert isinstance(type_field, forms.ChoiceField)
        type_field.choices = list(choices.items())

    def change(self, found: ContactList) -> ListChange:
        """Only what the person changed: a rename must not undo another's change of the type."""
        seen = self._seen(self.cleaned_data["seen"]) or found
        return ListChange(
            name=_text_change(seen.name, self.cleaned_data["name"]),
            type=_text_change(seen.type, self.cleaned_data["type"]),
        )

    @staticmethod
    def _seen(text: str) -> ContactList | None:
        try:
            name, kind = json.loads(text)
        except (ValueError, TypeError):
            return None
        return ContactList(id=0, name=str(name), type=str(kind), contacts=())


class ConnectionForm(Form):
    """A person's credentials. A blank token keeps the stored one; the field is never filled."""

    token = forms.CharField(
        label=_("API token"),
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        max_length=4000,
    )
    client_id = forms.RegexField(
        r"^[0-9]{1,20}$",
        label=_("Client code"),
        error_messages={
            "required": _("Enter the client code: 10553 unless Plusofon told you another."),
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
                _("This is not a token: it has spaces or letters that no token has.")
            )
        return token


def seen_as(thing: Contact | ContactList) -> str:
    """What a form carries along to say what the person saw."""
    if isinstance(thing, Contact):
        return json.dumps([thing.name, *thing.phones])
    return json.dumps([thing.name, thing.type])


def with_seen(post: QueryDict, thing: Contact | ContactList) -> QueryDict:
    """What was typed, now beside what stands there by now."""
    typed = post.copy()
    typed["seen"] = seen_as(thing)
    return typed


def type_name(code: str, title: str = "") -> "StrOrPromise":
    """Our word for a type of list that we know, else the vendor's title, else its code."""
    return TYPE_NAMES.get(code) or title or code


def _type_choice(code: str, title: str = "") -> "StrOrPromise":
    name = type_name(code, title)
    return format_lazy("{} · {}", name, _("not used by Plusofon yet")) if code == "white" else name


def _read_numbers(text: str, before: Contact | None) -> tuple[list[Number], list[NotANumber]]:
    """A stored number left as the page showed it stays as it is, however odd."""
    numbers: list[Number] = []
    faults = []
    untouched = list(before.phones) if before else []
    known: set[str] = set()
    for typed in phones.split(text):
        stored = next((s for s in untouched if typed in (s.strip(), phones.spell(s))), None)
        if stored is not None:
            untouched.remove(stored)
            numbers.append(Number(typed, stored, untouched=True))
        else:
            try:
                stored = phones.parse(typed)
            except NotANumber as error:
                faults.append(error)
                continue
            repeated = phones.normalise(stored) in known
            numbers.append(Number(typed, stored, is_repeated=repeated))
        known.add(phones.normalise(stored))
    return numbers, faults


def _named_by(key: str, found: ContactList, after: Contact | None) -> Contact:
    contact = find_contact(found.contacts, key)
    if contact is None and after in found.contacts:
        return after  # pressed twice: it is done already
    if contact is None:
        raise Conflict(counterpart(found.contacts, after) if after else None)
    return contact


def _text_change(before: str, after: str) -> TextChange | None:
    return TextChange(before, after) if before != after else None


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"

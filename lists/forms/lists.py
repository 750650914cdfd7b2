"""One list: its name and type."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..intents import RenameList
from ..plusofon.values import ContactList, ListType
from ..sameness import digest_of
from ..wording.types import type_name
from .base import Form, checked_name
from .seen import read_seen, seen_as

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ListForm(Form):
    """A list's name and type, new or changed. `seen`: both as the page showed them."""

    name = forms.CharField(
        label=pgettext_lazy("of a list", "Name"),
        error_messages={"required": _("Enter a name.")},
    )
    type = forms.ChoiceField(
        label=_("Type"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a type."),
            "invalid_choice": _("Plusofon has no such list type. Choose one of these."),
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
        self._seen = contact_list or self._read_seen()
        if self._seen:
            choices.setdefault(self._seen.type, _type_choice(self._seen.type))
        type_field = self.fields["type"]
        assert isinstance(type_field, forms.ChoiceField)
        type_field.choices = list(choices.items())

    def clean_name(self) -> str:
        return checked_name(
            self.cleaned_data["name"], before=self._seen.name if self._seen else None
        )

    @property
    def rename(self) -> RenameList:
        seen = self._seen
        return RenameList(
            self.cleaned_data["name"],
            self.cleaned_data["type"],
            seen_name=seen.name if seen else None,
            seen_type=seen.type if seen else None,
            seen_digest=self._digest,
        )

    _digest = ""  # of the name that was seen, where that is too long to come along and was changed

    def _read_seen(self) -> ContactList | None:
        match read_seen(self.data.get("seen", "")):
            case [name, kind]:
                return ContactList(id=0, name=name, type=kind, contacts=())
            case [name, kind, digest]:
                typed = self.data.get("name", "").strip()
                if digest_of([typed]) == digest:
                    name = typed
                else:
                    self._digest = digest
                return ContactList(id=0, name=name, type=kind, contacts=())
        return None


class NewListForm(ListForm):
    """`once`: the form's idempotency key; however often it is sent, one list is made."""

    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial["once"] = uuid4()

    def clean_once(self) -> str | None:
        token: UUID | None = self.cleaned_data["once"]
        return str(token) if token else None

    @property
    def new_list(self) -> ContactList:
        """`id` is 0 until the API gives one."""
        name, kind = self.cleaned_data["name"], self.cleaned_data["type"]
        return ContactList(id=0, name=name, type=kind, contacts=())


def with_new_token(typed: QueryDict) -> QueryDict:
    """What was typed, as a form that was never sent."""
    typed = typed.copy()
    typed["once"] = str(uuid4())
    return typed


def _type_choice(code: str, title: str = "") -> "StrOrPromise":
    name = type_name(code, title)
    return format_lazy("{} · {}", name, _("not used by Plusofon yet")) if code == "white" else name

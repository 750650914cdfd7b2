"""Asking for a block, and saying no to it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ..plusofon.values import ListEntry
from .base import Form
from .block import LIST_IS_GONE, IntoListsForm


class AskForm(IntoListsForm):
    """`once`: a token of this form alone; however often it is sent, it asks once."""

    list = forms.TypedChoiceField(
        label=_("List"),
        coerce=int,
        error_messages={"required": _("Choose a list."), "invalid_choice": LIST_IS_GONE},
    )
    reason = forms.CharField(
        label=_("Reason"),
        error_messages={"required": _("Say why: a manager will decide by it.")},
        help_text=_("Managers see it, and it becomes the name in the list unless they change it."),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    once = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial["once"] = uuid4()

    def clean_once(self) -> str:
        token: UUID | None = self.cleaned_data["once"]
        return str(token or uuid4())

    @property
    def entry(self) -> ListEntry:
        return self.entries[self.cleaned_data["list"]]


class DeclineForm(Form):
    why = forms.CharField(
        label=_("Why not?"),
        error_messages={"required": _("Say why: who asked will read it.")},
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

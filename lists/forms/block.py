"""Numbers to block, under a name, in one or more lists."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..plusofon.values import Contact, ListEntry
from .numbers import NumbersForm

LIST_IS_GONE = _("This list is gone. Choose another.")


class IntoListsForm(NumbersForm):
    """Numbers, and a field called `list` that offers these lists."""

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
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, entry.name or "—") for key, entry in self.entries.items()]


class BlockForm(IntoListsForm):
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
        error_messages={"required": _("Choose at least one list."), "invalid_choice": LIST_IS_GONE},
    )

    @property
    def contact(self) -> Contact:
        """What goes into each list."""
        return Contact(self.cleaned_data["name"], self.stored)

    @property
    def chosen(self) -> tuple[ListEntry, ...]:
        return tuple(self.entries[key] for key in self.cleaned_data["list"])

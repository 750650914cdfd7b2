"""Which of the lists to show."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..wording.types import TYPE_NAMES, type_name
from .base import Form

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class FindListsForm(Form):
    """All of it stands in the address; nothing is required."""

    q = forms.CharField(
        label=pgettext_lazy("of a list", "Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    type = forms.ChoiceField(label=_("Type"), required=False)

    def __init__(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        asked = data.get("type", "")
        choices: dict[str, StrOrPromise] = {"": _("all"), **TYPE_NAMES}
        choices.setdefault(asked, type_name(asked))  # one that the vendor may have by now
        field = self.fields["type"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices.items())

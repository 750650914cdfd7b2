"""What all forms have in common."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _


class FieldRenderer(TemplatesSetting):
    field_template_name = "components/field.html"


class Form(forms.Form):
    """Fields whose errors are ours to word: in the person's language, beside the field."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)


LONGEST_NAME = 1000  # characters that may be typed; Plusofon itself takes 255


class ManyOfMany(forms.TypedMultipleChoiceField):
    """Thousands may be offered, and thousands chosen: Django compares each of these with each of those."""

    _offered: frozenset[str] = frozenset()

    def validate(self, value: Any) -> None:
        choices = cast("Iterable[tuple[Any, Any]]", self.choices)
        self._offered = frozenset(str(key) for key, _ in choices)
        super().validate(value)

    def valid_value(self, value: Any) -> bool:
        return str(value) in self._offered


def checked_name(name: str, *, before: str | None) -> str:
    """Raises `ValidationError` for a name that is too long, unless it is as it was `before`."""
    if len(name) > LONGEST_NAME and name != before:
        too_long = _("This name is too long: %(most)s characters at most.")
        raise forms.ValidationError(too_long, params={"most": LONGEST_NAME})
    return name

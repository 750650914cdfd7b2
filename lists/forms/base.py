"""What all forms have in common."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.forms.renderers import TemplatesSetting


class FieldRenderer(TemplatesSetting):
    field_template_name = "components/field.html"


class Form(forms.Form):
    """Fields whose errors are ours to word: in the person's language, beside the field."""

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

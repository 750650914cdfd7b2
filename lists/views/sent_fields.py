"""What a person has sent with a form: what of it may be shown again, and what it is called."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _

from ..access import PageRequest
from ..wording.types import type_name

# Never shown again, never kept.
SECRET_FIELDS = {
    *("csrfmiddlewaretoken", "token", "password", "password1", "password2"),
    *("old_password", "new_password1", "new_password2"),
}
# What people type; the rest is what pages carry along.
FIELDS = {
    "name": _("Name"),
    "phones": _("Numbers"),
    "numbers": _("Numbers"),
    "number": _("Number"),
    "type": _("Type"),
    "reason": _("Reason"),
    "why": _("Reason for declining"),
}


def typed_in(request: PageRequest) -> dict[str, list[tuple[Any, str]]]:
    """What the person has sent, secrets left out: all of it, and what is shown of it."""
    typed = _typed(request)
    shown = [
        (FIELDS[name], str(type_name(value)) if name == "type" else value)
        for name, value in typed
        if name in FIELDS and value
    ]
    return {"typed": typed, "shown": shown}


def _typed(request: PageRequest) -> list[tuple[str, str]]:
    """The fields that were sent, as far as they can be read: secrets left out."""
    try:
        fields = list(request.POST.lists())
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []
    return [
        (name, value) for name, values in fields if name not in SECRET_FIELDS for value in values
    ]

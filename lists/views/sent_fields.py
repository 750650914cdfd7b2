"""What a person has sent with a form: what of it may be shown again, and what it is called."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..access import PageRequest
from ..connection import NotConnected
from ..forms.requests import LEFT_TO_MANAGER
from ..names import short
from ..services import history
from ..wording.types import type_name

# Never shown again, never kept.
SECRET_FIELDS = {
    *("csrfmiddlewaretoken", "token", "password", "password1", "password2"),
    *("old_password", "new_password1", "new_password2"),
}
# What people type; the rest is what pages carry along.
FIELDS = {
    "name": gettext_lazy("Name"),
    "phones": gettext_lazy("Numbers"),
    "numbers": gettext_lazy("Numbers"),
    "number": gettext_lazy("Number"),
    "type": gettext_lazy("Type"),
    "list": gettext_lazy("List"),
    "reason": gettext_lazy("Reason"),
    "why": gettext_lazy("Reason for declining"),
}
CARRIED = "typed"  # a field of ours: what was typed into another form, as one text


def typed_in(request: PageRequest, *, lists: Mapping[int, str] | None = None) -> dict[str, Any]:
    """What the person has sent, secrets left out: all of it, as fields and as one text, and what is shown
    of it. `lists`: the names that are known, by id."""
    return _told(_sent(request), lists or {})


def carried_in(request: PageRequest, *, lists: Mapping[int, str]) -> dict[str, Any]:
    """The same of what was sent with another form, and was carried along by a page of ours since."""
    return _told(QueryDict(request.POST[CARRIED]).lists(), lists)


def sends(request: PageRequest, **fields: str) -> None:
    """From here on these count as sent: they go along with whatever offers to send it again."""
    sent = request.POST.copy()
    for name, value in fields.items():
        sent[name] = value
    request.POST = QueryDict(sent.urlencode())


def known_lists(request: PageRequest) -> dict[int, str]:
    """The names of lists, as the journal last knew them: Plusofon itself does not tell just now."""
    if request.method != "POST" or not request.user.is_authenticated:
        return {}
    try:
        return dict(history.lists(by=request.user))
    except NotConnected:
        return {}


def _sent(request: PageRequest) -> list[tuple[str, list[str]]]:
    """The fields that were sent, as far as they can be read."""
    try:
        return list(request.POST.lists())
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []


def _told(fields: Iterable[tuple[str, Iterable[str]]], lists: Mapping[int, str]) -> dict[str, Any]:
    sent = [(name, list(values)) for name, values in fields if name not in SECRET_FIELDS]
    typed = [(name, value) for name, values in sent for value in values]
    shown = [
        (FIELDS[name], "\n".join(_in_words(name, value, lists) for value in values if value))
        for name, values in sent
        if name in FIELDS and any(values)
    ]
    return {"typed": typed, "carried": urlencode(typed), "shown": shown}


def _in_words(name: str, value: str, lists: Mapping[int, str]) -> str:
    match name:
        case "type":
            return str(type_name(value))
        case "list" if value == LEFT_TO_MANAGER:
            return _("Let the manager choose")
        case "list" if value.isascii() and value.isdigit() and len(value) < 20:
            known = lists.get(int(value))
            return short(known) if known else _("no. %(id)s") % {"id": value}
    return value

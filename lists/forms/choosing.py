"""What shall become of chosen contacts of a list, and which ones they are."""

import json
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..names import short
from ..plusofon.values import ID, Contact
from ..sameness import contact_key
from .base import Form

MOST_NUMBERS = 3  # of each contact that the form carries along: they tell what it has become
_KEY = re.compile(r"[0-9a-f]{16}")


class Act(StrEnum):
    REMOVE = "remove"
    MOVE = "move"
    COPY = "copy"
    EXPORT = "export"


class ChoosingForm(Form):
    """`contact`: the keys of the contacts (see `contact_key`), one a field; or `chosen`: all of them in one; or
    `all`: those that match `q`. `seen`: what the preview showed of them; `equal`: how often each stood in the list,
    where that was not once; `once`: its idempotency key."""

    action = forms.ChoiceField(choices=[(act.value, act.value) for act in Act])
    target = forms.RegexField(
        rf"^{ID}$", required=False, error_messages={"invalid": _("Choose a list.")}
    )
    once = forms.UUIDField(required=False)
    chosen = forms.CharField(required=False)
    seen = forms.CharField(required=False)
    equal = forms.CharField(required=False)
    q = forms.CharField(required=False)
    all = forms.BooleanField(required=False)

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.named = data.getlist("contact")

    @property
    def act(self) -> Act:
        return Act(self.cleaned_data["action"])

    @property
    def target_id(self) -> int | None:
        return int(self.cleaned_data["target"]) if self.cleaned_data.get("target") else None

    @property
    def query(self) -> str | None:
        """What all that is chosen matches; None where the contacts are named."""
        return self.cleaned_data["q"] if self.cleaned_data["all"] else None

    @property
    def names_any(self) -> bool:
        return self.query is not None or bool(self.keys)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        named = [*self.named, *self.cleaned_data["chosen"].split()]
        return tuple(key for key in named if _KEY.fullmatch(key))

    @cached_property
    def shown(self) -> Mapping[str, Contact]:
        """The contacts by their keys as the preview showed them: of each its first numbers, of a long name the
        beginning."""
        words = _read(self.cleaned_data["seen"])
        keys = self.cleaned_data["chosen"].split()
        if len(words) != len(keys):
            return {}
        seen = zip(keys, words, strict=True)
        return {key: Contact(name, tuple(phones)) for key, (name, *phones) in seen}

    @cached_property
    def equals(self) -> Mapping[str, int]:
        """Each is written as `key:count`."""
        pairs = (pair.partition(":") for pair in self.cleaned_data["equal"].split())
        return {
            key: int(count)
            for key, _colon, count in pairs
            if _KEY.fullmatch(key) and re.fullmatch("[0-9]{1,6}", count)
        }

    @property
    def once_token(self) -> str | None:
        token: UUID | None = self.cleaned_data["once"]
        return str(token) if token else None


def carried(contacts: Iterable[Contact], equals: Mapping[str, int]) -> dict[str, str]:
    """What the form of a preview carries along: each contact as it was shown, and how many equal ones there were."""
    contacts = list(contacts)
    seen = [[short(one.name), *map(short, one.phones[:MOST_NUMBERS])] for one in contacts]
    return {
        "chosen": " ".join(map(contact_key, contacts)),
        "seen": json.dumps(seen, ensure_ascii=False, separators=(",", ":")),
        "equal": " ".join(f"{key}:{count}" for key, count in equals.items()),
        "once": str(uuid4()),
    }


def _read(text: str) -> list[list[str]]:
    """Empty where this is not what a page sent."""
    try:
        words = json.loads(text or "[]")
        "".join(word for contact in words for word in contact).encode()
    except (ValueError, TypeError, RecursionError):
        return []
    is_ours = isinstance(words, list) and all(isinstance(one, list) and one for one in words)
    return words if is_ours else []

"""How a sentence is put together: as plain text, or as HTML in which lists and numbers are links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from ..names import short
from ..phones import carry, normalise, spell
from .quotes import fitting


class Marks(Protocol):
    def fill(self, sentence: str, words: Mapping[str, object]) -> str:
        """The translated sentence with its `%(words)s`."""

    def join(self, parts: Iterable[str]) -> str:
        """Parts of an enumeration."""

    def of_list(self, name: str, list_id: int | None) -> str:
        """A list's name; `list_id` is None where there is none to lead to."""

    def of_number(self, stored: str) -> str:
        """A number as people read it."""


class _Plain:
    def fill(self, sentence: str, words: Mapping[str, object]) -> str:
        return fitting(sentence, words) % words

    def join(self, parts: Iterable[str]) -> str:
        return ", ".join(parts)

    def of_list(self, name: str, list_id: int | None) -> str:
        return name

    def of_number(self, stored: str) -> str:
        return short(spell(stored))


@dataclass(frozen=True, slots=True)
class Linked:
    """Whatever is no link already is escaped. `own`: the number, normalised, whose page it stands on: it leads
    nowhere."""

    own: str = ""

    def fill(self, sentence: str, words: Mapping[str, object]) -> str:
        escaped = {word: _escaped(value) for word, value in words.items()}
        return SafeString(fitting(conditional_escape(sentence), escaped) % escaped)

    def join(self, parts: Iterable[str]) -> str:
        return SafeString(", ".join(map(conditional_escape, parts)))

    def of_list(self, name: str, list_id: int | None) -> str:
        if list_id is None:
            return name
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a>', reverse("list", args=[list_id]), name or "—"
        )

    def of_number(self, stored: str) -> str:
        number = normalise(stored)
        if number == self.own:
            return format_html('<span class="number">{}</span>', short(spell(stored)))
        address = reverse("lookup", query={"number": carry(number)})
        return format_html('<a class="number" href="{}">{}</a>', address, short(spell(stored)))


def _escaped(value: object) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


PLAIN: Marks = _Plain()

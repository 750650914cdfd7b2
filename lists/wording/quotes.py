"""Quotation marks of a sentence that fit the name between them: they are never the same as the name's own."""

import re
from collections.abc import Mapping
from html import unescape

from django.utils.safestring import SafeString

from ..names import END_OF_ISOLATE, ISOLATE

OTHERS = {"«": "„", "»": "“", "“": "‘", "”": "’"}
PAIRS = {"«": "»", "„": "“", "“": "”", "‘": "’", '"': '"', "'": "'"}
_QUOTED = re.compile("([«“])%\\((\\w+)\\)s([»”])")
_TAG = re.compile("<[^>]*>")


def fitting(sentence: str, words: Mapping[str, object]) -> str:
    """The translated sentence, before its `%(words)s` are filled in: without its marks around what is in marks
    already, and with other ones around what has such marks in it."""

    def fitted(match: re.Match[str]) -> str:
        opening, word, closing = match.groups()
        name = _plain(words[word])
        if _is_quoted(name):
            return f"%({word})s"
        if opening in name or closing in name:
            return f"{OTHERS[opening]}%({word})s{OTHERS[closing]}"
        return match[0]

    return _QUOTED.sub(fitted, sentence)


def _plain(value: object) -> str:
    """As it is read: without the markup of a link."""
    text = str(value)
    read = unescape(_TAG.sub("", text)) if isinstance(value, SafeString) else text
    return read.strip(ISOLATE + END_OF_ISOLATE)


def _is_quoted(name: str) -> bool:
    """As a whole: not «А» and «Б»."""
    opening, inner, closing = name[:1], name[1:-1], name[1:][-1:]
    return closing != "" and PAIRS.get(opening) == closing and not {opening, closing} & {*inner}

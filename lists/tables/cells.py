"""What stands in one cell: its numbers, or why it has none; a name without what nobody sees. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from .. import phones
from ..phones import Fault, NotANumber
from .table import Cell, Kind, Odd


class Damage(StrEnum):
    """What a spreadsheet has made of a number."""

    ROUNDED = "rounded"  # 9.998887766E+10: digits are lost
    DATE = "date"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A text of a cell that is no number, and why."""

    text: str
    fault: Fault | Damage


# Marks that turn the direction of what follows, and what takes no room; joiners stay: emoji need them.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SPACE = re.compile(r"\s+")
_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,3})")
_WHOLE = re.compile(r"(\+?\d+)[.,]0")
_FRACTION = re.compile(r"\d{5,}[.,]\d")
_TIME = r"(?:[ T]\d{1,2}:\d{2}.*)?"
_DATE = re.compile(
    rf"(?:0?[1-9]|[12]\d|3[01])(?:\.(?:0?[1-9]|1[0-2])\.(?:\d\d|(?:19|20)\d\d)"
    rf"|[/-](?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d){_TIME}"
    rf"|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d\d{_TIME}"
    rf"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){_TIME}"
)
_KINDS = {Kind.DATE: Damage.DATE, Kind.FRACTION: Damage.FRACTION}


def clean(text: str) -> str:
    """Without what nobody sees, and without the space around it. Line breaks stay."""
    return _UNSEEN.sub("", text).strip()


def name_of(text: str) -> str:
    """A name in one line."""
    return _SPACE.sub(" ", clean(text)).strip()


def numbers_of(cell: Cell) -> Iterator[str | Wrong]:
    """Each number of a cell as it will be stored, in their order; what is none by itself."""
    if isinstance(cell, Odd):
        yield Wrong(cell.text, _KINDS[cell.kind])
        return
    text = clean(cell).lstrip("'’")
    if (whole := _undamaged(text)) is not None:
        yield whole
        return
    for part in phones.split(text):
        yield from _numbers_of(part)


def _numbers_of(part: str) -> Iterator[str | Wrong]:
    if (whole := _undamaged(part.lstrip("'’"))) is not None:
        yield whole
        return
    for piece in phones.apart(part):
        try:
            yield phones.parse(piece)
        except NotANumber as error:
            yield Wrong(error.text, error.fault)


def _undamaged(text: str) -> str | Wrong | None:
    """What a spreadsheet had before it showed this text; None where it is no such text."""
    if text.isascii() and text.isdigit():  # the rule
        return None
    if found := _EXPONENT.fullmatch(text):
        digits = found[1] + (found[2] or "")
        # With fewer digits than the number has nobody knows whether the rest were zeros.
        is_exact = len(digits) == int(found[3]) + 1
        return _parsed(digits, text) if is_exact else Wrong(text, Damage.ROUNDED)
    if found := _WHOLE.fullmatch(text):
        return _parsed(found[1], text)
    if _DATE.fullmatch(text):
        return Wrong(text, Damage.DATE)
    if _FRACTION.fullmatch(text):
        return Wrong(text, Damage.FRACTION)
    return None


def _parsed(digits: str, text: str) -> str | Wrong:
    try:
        return phones.parse(digits)
    except NotANumber as error:
        return Wrong(text, error.fault)

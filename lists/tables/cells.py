"""What stands in one cell: its numbers, or why it has none; a name without what nobody sees. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from .. import phones
from ..phones import Fault, NotANumber
from .table import Cell, Kind, Odd

MOST_OF_CELL = 1_000  # numbers


class Damage(StrEnum):
    """What a spreadsheet, or somebody, has made of a number."""

    ROUNDED = "rounded"  # 9.998887766E+10: digits are lost
    DATE = "date"
    FRACTION = "fraction"
    MANY = "many"  # more than a cell can mean


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
_CELL_ENDS = re.compile(r"[\n\r\t;]+|,\s+")  # what no spreadsheet puts into a number
_EXPONENT = re.compile(r"(\d+)(?:[.,](\d+))?[eE]\+?(\d{1,3})")
_PLAIN = re.compile(r"\+?\d+")
_DECIMAL = re.compile(r"(.*\d)([.,])(\d+)")
_THOUSANDS = re.compile(r"\+?\d{1,3}(?:([\s.,'’])\d{3})(?:\1\d{3})*")
_BY_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+")
_TIME = r"(?:[ T]\d{1,2}:\d{2}.*)?"
_DATE = re.compile(
    rf"(?:0?[1-9]|[12]\d|3[01])(?:\.(?:0?[1-9]|1[0-2])\.(?:\d\d|(?:19|20)\d\d)"
    rf"|[/-](?:0?[1-9]|1[0-2])[/-](?:19|20)\d\d){_TIME}"
    rf"|(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:19|20)\d\d{_TIME}"
    rf"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){_TIME}"
)
_GROUP = 3  # digits: a thousand
_LONG = 5  # digits: more than stand before a dot in a number that somebody has grouped
_KINDS = {Kind.DATE: Damage.DATE, Kind.FRACTION: Damage.FRACTION}


def clean(text: str) -> str:
    """Without what nobody sees, and without the space around it. Line breaks stay."""
    return _UNSEEN.sub("", text).strip()


def name_of(text: str) -> str:
    """A name in one line."""
    return _SPACE.sub(" ", clean(text)).strip()


def numbers_of(cell: Cell) -> list[str | Wrong]:
    """Each number of a cell as it will be stored, in their order; what is none by itself."""
    if isinstance(cell, Odd):
        return [Wrong(cell.text, _KINDS[cell.kind])]
    found = list(islice(_numbers_of_text(clean(cell)), MOST_OF_CELL + 1))
    return found if len(found) <= MOST_OF_CELL else [Wrong(cell, Damage.MANY)]


def _numbers_of_text(text: str) -> Iterator[str | Wrong]:
    for part in _CELL_ENDS.split(text):
        if (whole := _undamaged(part.strip().lstrip("'’"))) is not None:
            yield whole
            continue
        for several in phones.split(part):
            yield from _numbers_of(several)


def _numbers_of(part: str) -> Iterator[str | Wrong]:
    if (whole := _undamaged(part.lstrip("'’"))) is not None:
        yield whole
        return
    for piece in phones.apart(part):
        yield _parsed(piece, piece)


def _undamaged(text: str) -> str | Wrong | None:
    """What a spreadsheet had before it showed this text; None where it is no such text."""
    if text.isascii() and text.isdigit():  # the rule
        return None
    if found := _EXPONENT.fullmatch(text):
        return _of_exponent(text, found[1], found[2] or "", int(found[3]))
    if _DATE.fullmatch(text):
        return Wrong(text, Damage.DATE)
    if (found := _DECIMAL.fullmatch(text)) and (whole := _of_decimal(text, *found.groups())):
        return whole
    return _of_thousands(text) if _BY_COMMAS.fullmatch(text) else None


def _of_exponent(text: str, before: str, after: str, exponent: int) -> str | Wrong:
    digits, point = before + after, len(before) + exponent
    # With fewer digits than the number has nobody knows whether the rest were zeros.
    is_exact = len(digits) >= point and not digits[point:].strip("0")
    whole = digits[:point].lstrip("0")
    return _parsed(whole, text) if is_exact else Wrong(text, Damage.ROUNDED)


def _of_decimal(text: str, before: str, mark: str, after: str) -> str | Wrong | None:
    """Of what may be a number with decimals: 79998887766,00 is one, and 101,102 are two of its own."""
    if not _is_number(before, mark):
        return None
    is_plain = _PLAIN.fullmatch(before)
    is_short = len(phones.digits_of(before)) <= _GROUP
    if not after.strip("0"):
        is_whole = len(after) < _GROUP or (is_plain and not is_short)
        return _parsed(before.replace(",", ""), text) if is_whole else Wrong(text, Fault.SEVERAL)
    if not before.strip("0") or len(after) == 1:
        return Wrong(text, Damage.FRACTION)
    are_two = len(after) >= _GROUP or len(before) < _GROUP
    is_grouped = len(after) >= _GROUP and not (is_plain and len(before) >= _LONG)
    is_fraction = not (are_two if mark == "," else is_grouped)
    return Wrong(text, Damage.FRACTION) if is_fraction else None


def _is_number(text: str, mark: str) -> bool:
    """Whether this is one number by itself, before a decimal mark."""
    if _PLAIN.fullmatch(text):
        return True
    if mark in text:
        return False
    return bool(_THOUSANDS.fullmatch(text)) or ("," not in text and phones.is_whole(text))


def _of_thousands(text: str) -> str | Wrong | None:
    """Of groups of three between commas: 79,998,887,766 is a number, and 101,102,103 are three."""
    first, *groups = text.split(",")
    digits = first + "".join(groups)
    is_number = phones.is_whole(digits) or (len(digits) >= phones.FULL and phones.is_valid(digits))
    if is_number and len(first) < _GROUP:
        return _parsed(digits, text)
    are_numbers = len(first) == _GROUP or 1 < len(first) <= len(digits) < phones.FULL
    return None if are_numbers and not is_number else Wrong(text, Fault.SEVERAL)


def _parsed(digits: str, text: str) -> str | Wrong:
    """Nobody has a number of zeros."""
    if digits and not digits.strip("0"):
        return Wrong(text, Fault.NOT_DIGITS)
    try:
        return phones.parse(digits)
    except NotANumber as error:
        return Wrong(text, error.fault)

"""Telephone numbers: one way to normalise, so that writing, searching and comparing agree.

>>> normalise("8 (999) 888-77-66") == normalise("+7 999 888 77 66") == "79998887766"
True

Only whole numbers are ever compared. Short and internal numbers, 8-800, 812 and other countries
stay what they are.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

# What people and programs put between digits: spaces of any width, brackets, dashes, dots, slashes,
# a plus, and the invisible marks that come along when a number is copied from a page.
_FILLING = re.compile(r"[\s()\[\]\-‐‑‒–—−.·/+\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
_NUMBER = re.compile(r"[0-9]+")
LONGEST = 15  # digits: ITU-T E.164
SHORTEST = 2
FULL = 10  # digits: from here on a number has a country or an area
_SEPARATOR = re.compile(r"[\n\r\t,;]+")


class Fault(StrEnum):
    """Why a text is not a number that could be stored."""

    NOT_DIGITS = "not digits"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"


@dataclass(frozen=True, slots=True)
class NotANumber(ValueError):
    """`text` as typed, and what is wrong with it."""

    text: str
    fault: Fault


def split(text: str) -> list[str]:
    """The numbers of a text area: one a line, or between tabs, commas and semicolons."""
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def normalise(text: str) -> str:
    """Digits only, a Russian number as 7 and ten digits. Whatever is no number comes back trimmed.

    Never fails, so that odd stored spellings can be compared too: they equal only themselves.
    """
    digits = _FILLING.sub("", text)
    if not _NUMBER.fullmatch(digits):
        return text.strip()
    if len(digits) == 11 and digits[0] == "8":
        return "7" + digits[1:]
    if len(digits) == 10:
        return "7" + digits
    return digits


def parse(text: str) -> str:
    """What a typed number will be stored as. Raises `NotANumber`.

    A number of another country typed with its plus is stored whole, even where its digits alone
    would read as Russian ones (+65 6123 4567, +84 90 123 4567).
    """
    digits = _FILLING.sub("", text)
    if not _NUMBER.fullmatch(digits):
        raise NotANumber(text, Fault.NOT_DIGITS)
    if len(digits) > LONGEST:
        raise NotANumber(text, Fault.TOO_LONG)
    if len(digits) < SHORTEST:
        raise NotANumber(text, Fault.TOO_SHORT)
    if "+" in text and _format(digits, phonenumbers.is_valid_number):
        return digits
    return normalise(digits)


def spell(number: str) -> str:
    """A stored number for people to read: "+7 999 888-77-66". What is not possible stays as stored."""
    digits = _FILLING.sub("", number)
    if not _NUMBER.fullmatch(digits) or len(digits) < FULL:
        return number
    return (
        _format(normalise(digits), phonenumbers.is_valid_number)
        or _format(digits, phonenumbers.is_valid_number)
        or _format(normalise(digits), phonenumbers.is_possible_number)
        or number
    )


def is_doubtful(number: str) -> bool:
    """Whether a number of full length is one that no country gives out: worth a second look."""
    return (
        len(number) >= FULL
        and not _format(normalise(number), phonenumbers.is_valid_number)
        and not _format(number, phonenumbers.is_valid_number)
    )


def _format(digits: str, accepts: Callable[[phonenumbers.PhoneNumber], bool]) -> str:
    """The international spelling if the digits make a number that `accepts` likes, else ""."""
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return ""
    if not accepts(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

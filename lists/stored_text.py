"""What a text that is stored as a number is: one number, several, a mask, or none. Pure.

What it may mean besides is in `readings`.
"""

from dataclasses import dataclass
from enum import StrEnum

from . import phones, readings
from .phones import Fault, NotANumber

_LEAST_OF_SEVERAL = 2  # parts


class Oddity(StrEnum):
    """Why a stored text deserves a look."""

    SPELLED = "spelled"  # one number, written otherwise than we would store it
    UNASSIGNED = "unassigned"  # of full length, and no country gives it out
    SEVERAL = "several"  # more than one number
    MASK = "mask"  # signs that stand for any digit
    NO_NUMBER = "no number"


@dataclass(frozen=True, slots=True)
class StoredText:
    """`numbers`: those that it certainly is, normalised, in their order; none where it has two readings, or it is
    not certain where one number ends. `is_safe`: stored as these numbers it means the same; an empty one, as none.
    """

    numbers: tuple[str, ...]
    oddity: Oddity | None = None
    is_safe: bool = False


def read_text(text: str) -> StoredText:
    if phones.is_plain(text):
        return StoredText((text,))
    try:
        number = phones.parse(text)
    except NotANumber as error:
        return _several(text, error.fault)
    if phones.is_doubtful(number):
        return StoredText((number,), Oddity.UNASSIGNED)
    if readings.alternatives(text):
        return StoredText((), Oddity.SPELLED)
    if number == text:
        return StoredText((number,))
    return StoredText((number,), Oddity.SPELLED, is_safe=True)


def _several(text: str, fault: Fault) -> StoredText:
    if readings.mask_of(text) is not None:
        return StoredText((), Oddity.MASK)
    parts = [piece for part in phones.split(text) for piece in phones.apart(part)]
    read = [_certain(part) for part in parts]
    if len(read) >= _LEAST_OF_SEVERAL and None not in read:
        return StoredText(tuple(filter(None, read)), Oddity.SEVERAL, is_safe=True)
    if not text.strip():
        return StoredText((), Oddity.NO_NUMBER, is_safe=True)
    with_digits = sum(any(sign.isdigit() for sign in part) for part in parts)
    is_several = fault is Fault.SEVERAL or with_digits >= _LEAST_OF_SEVERAL
    return StoredText((), Oddity.SEVERAL if is_several else Oddity.NO_NUMBER)


def _certain(part: str) -> str | None:
    """A whole number: of a shorter one nobody knows whether it belongs to the part before it."""
    if not phones.is_whole(part) or readings.alternatives(part):
        return None
    return phones.normalise(part)

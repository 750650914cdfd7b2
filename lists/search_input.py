"""What somebody who typed this into the search is looking for: a number, several, or a name.

At the desk a number is pasted with what stands around it ("тел. 8 999 888-77-66 Иванов"), with a
letter for a digit, or with a digit missing. A part of a number must never be answered like a whole.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from . import phones
from .phones import Fault, NotANumber
from .readings import readable

LONGEST = 200  # characters that the search takes
SHORT = 5  # digits: the longest of short and internal numbers
_A_REST = 3  # digits: fewer beside a whole number are no number of their own
_NATIONAL = 10  # digits after the Russian 8 or 7
_RUN = re.compile(rf"(?:\+[\s(]*)?[0-9](?:[{phones.FILLING}]*[0-9])*")
_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"\w+")
_APART = re.compile(r"[^0-9+]+")
_LACKING = range(9, 12)  # digits of a Russian number that may lack one or two
_MOMENTS = re.compile(
    r"(?<![\d.:])(?:[0-3]?\d\.[01]?\d\.20\d\d(?![\d.])|[0-2]?\d:\d\d(?::\d\d)?(?![\d:]))"
)
_LABEL = re.compile(phones.LABELS, re.IGNORECASE)
# A pattern, as shells and databases take it.
_MASK = re.compile(r"[0-9][\s)]*(?:[*%_]|\?\?)")


class InputKind(StrEnum):
    """`NUMBER`: a whole one that some country gives out; `SHORT`: a service or an extension;
    `DOUBTFUL`: neither, perhaps a part."""

    NUMBER = "number"
    SHORT = "short"
    DOUBTFUL = "doubtful"
    SEVERAL = "several"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class SearchInput:
    """`typed`: each number as it stood in the text, with plain digits; `words`: of a name."""

    kind: InputKind
    typed: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Normalised."""
        return tuple(map(phones.normalise, self.typed))

    @property
    def number(self) -> str:
        """The only one, normalised; "" for a name and for several."""
        is_one = self.kind in (InputKind.NUMBER, InputKind.SHORT, InputKind.DOUBTFUL)
        return self.numbers[0] if is_one else ""


def read_input(text: str) -> SearchInput:
    """Raises `NotANumber` for what is neither a number nor a name."""
    clean = _MOMENTS.sub(" ", readable(text))
    runs = [_pieces(run) for run in _RUN.findall(clean)]
    found = [piece for pieces in runs for piece in pieces]
    whole = [piece for piece in found if _is_whole(piece)]
    if whole:  # a short one beside it is an extension, a flat, an hour
        has_rest = len(runs) == 1 and any(_length(piece) < _A_REST for piece in found)
        found = [piece for piece in found if piece in whole or _length(piece) > SHORT]
        return _numbers(found, is_doubtful=has_rest and "/" not in text)
    words = _WORD.findall(clean) if _WORD.search(text) else []
    names = tuple(word for word in words if not _LABEL.fullmatch(word))
    numbers = [piece for piece in found if _length(piece) >= phones.SHORTEST]
    if (names or (words and not numbers)) and all(_length(piece) <= SHORT for piece in numbers):
        return SearchInput(InputKind.NAME, tuple(numbers[:1]), tuple(_PART.findall(text)))
    if not found:  # signs alone
        raise NotANumber(text, Fault.NOT_DIGITS)
    return _numbers(found, names, is_doubtful=bool(_MASK.search(text)))


def _numbers(
    found: list[str], names: tuple[str, ...] = (), *, is_doubtful: bool = False
) -> SearchInput:
    """One number, or several that differ."""
    if len(set(map(phones.normalise, found))) > 1:
        return SearchInput(InputKind.SEVERAL, tuple(found))
    kind = kind_of(found[0])
    return SearchInput(InputKind.DOUBTFUL if is_doubtful else kind, (found[0],), names)


def kind_of(text: str) -> InputKind:
    """Of one number. Raises `NotANumber`."""
    number = phones.parse(text)
    if _is_whole(text):
        return InputKind.NUMBER
    return InputKind.SHORT if len(number) <= SHORT else InputKind.DOUBTFUL


def _length(piece: str) -> int:
    return len(phones.digits_of(piece))


def _is_whole(piece: str) -> bool:
    """Ten digits after an 8 are rather a Russian number that lacks one than one of another country."""
    digits = phones.digits_of(piece)
    if len(digits) == _NATIONAL and piece[:1] in "78" and not piece[1:2].isdigit():
        return False
    if phones.is_whole(piece):
        return True
    if len(digits) < phones.FULL or (len(digits) == _NATIONAL and digits[0] == "8"):
        return False
    return phones.is_valid(phones.normalise(piece))


def _pieces(run: str) -> list[str]:
    """The numbers in a run of digits and what stands between them: certain ones, and the rest."""
    pieces = phones.apart(run)
    if len(pieces) > 1:
        return pieces
    try:
        phones.parse(run)
    except NotANumber as error:
        return [run] if error.fault is not Fault.SEVERAL else _certain(run)
    return [run]


def _certain(run: str) -> list[str]:
    """Whole numbers from the left, each as long as can be, and what is left between them.

    Without any: as one where it could be a number that lacks digits, else part by part.
    """
    groups = phones.groups_of(run)
    found, first, left = [], 0, 0
    while first < len(groups):
        ends = range(len(groups) - 1, first - 1, -1)
        last = next((e for e in ends if phones.is_whole(phones.cut(run, groups, first, e))), None)
        if last is None:
            first += 1
            continue
        found += [phones.cut(run, groups, left, first - 1)] if left < first else []
        found.append(phones.cut(run, groups, first, last))
        first = left = last + 1
    digits = phones.digits_of(run)
    if found:
        return found + ([phones.cut(run, groups, left, len(groups) - 1)] if left < first else [])
    return [digits] if len(digits) in _LACKING else [part for part in _APART.split(run) if part]

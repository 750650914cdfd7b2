"""What a text may mean beside the one number that `phones.normalise` reads in it.

Stored texts are what people and programs have put there: masks, two numbers in one text, a number
with an extension, digits of another country without the plus. What Plusofon makes of them is not
known, so they are no plain "not blocked" and no plain "blocked".
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

from . import phones
from .phones import FILLING, FULL, LONGEST

_RUSSIAN_DIGITS = 11
_ABROAD = ("00", "810")  # dialled before the code of another country
_ALIKE = str.maketrans(*phones.ALIKE)
_TOKEN = re.compile(r"[\w|]+")
_AFTER_DASH = re.compile(rf"(?<=[0-9][-–.])[{phones.ALIKE[0]}]{{1,4}}(?![\w|])")
# Between the parts of a stored text: all but digits and what belongs into a number.
_BETWEEN = re.compile(rf"[^0-9{FILLING}]+|[\n\r/]+")
_APART = re.compile(r"[\s()\[\]+]+")
_FILLING = re.compile(rf"[{FILLING}]+")
_ONLY_DIGITS = re.compile(r"[0-9]*")
_MASK = re.compile(rf"[0-9{phones.ANY_DIGIT}]+")


def readable(text: str) -> str:
    """The same with plain digits: other scripts' digits, and letters that look like digits and stand
    among them (8 999 888-77-6О), become 0 to 9."""
    if text.isascii() and text.isdigit():
        return text
    text = re.sub(
        r"\d", lambda m: str(unicodedata.decimal(m[0])), unicodedata.normalize("NFKC", text)
    )
    return _AFTER_DASH.sub(lambda m: m[0].translate(_ALIKE), _TOKEN.sub(_as_digits, text))


def _as_digits(token: re.Match[str]) -> str:
    digits = token[0].translate(_ALIKE)
    has_digit = any(sign.isdigit() for sign in token[0])
    return digits if has_digit and digits.isdigit() else token[0]


def alternatives(text: str) -> set[str]:
    """The numbers, normalised, that a typed one may mean beside its ordinary reading."""
    digits, normal = phones.digits_of(text), phones.normalise(text)
    if phones.has_plus(text):
        is_careless = normal[0] == "+" and not phones.is_valid(normal)  # +8 800 …
        return {phones.normalise(digits)} if is_careless else set()
    # Grouped as 8 496 123-45-67 it was meant as it reads; bare, it may come from a log without plus.
    abroad = {"+" + digits} if normal != digits == text.strip() else set()
    abroad |= {"+" + digits[len(lead) :] for lead in _ABROAD if digits.startswith(lead)}
    return {phones.normalise(number) for number in abroad if phones.is_valid(number)}


class Wanted:
    """Numbers that are looked for, and how each may stand in a stored text.

    Built once for all contacts: a plain stored number costs one look into a table.
    """

    def __init__(self, *texts: str) -> None:
        self.numbers = frozenset(map(phones.normalise, texts))
        self._spelled, self._careless = defaultdict(set), defaultdict(set)
        for text in texts:
            number = phones.normalise(text)
            for one in {number} | alternatives(text):
                for spelling in _spellings(one):
                    self._spelled[spelling].add(number)
                for spelling in _careless_spellings(one):
                    self._careless[spelling].add(number)
        self._side_by_side = _SideBySide(self.numbers)
        self._forgotten: set[str] = set()

    def perhaps(self, stored: str) -> set[str]:
        """Those that this stored text may mean, without the one that it is."""
        meant = self._spelled_in(stored)
        covered = self._under_mask(stored)
        return meant.union(self._side_by_side.at(covered)) - self._forgotten if covered else meant

    def may_be(self, stored: str) -> bool:
        """Whether there is any such: a mask may cover all of them, and nobody needs to name them."""
        return bool(self._under_mask(stored) or self._spelled_in(stored))

    def forget(self, number: str) -> None:
        """Look for this one no more."""
        self._forgotten.add(number)
        self._side_by_side.drop(number)

    def _spelled_in(self, stored: str) -> set[str]:
        if stored.isascii() and stored.isdigit() and len(stored) <= _RUSSIAN_DIGITS:
            found = self._spelled.get(stored)
            return found - {phones.normalise(stored)} - self._forgotten if found else set()
        normal = phones.normalise(stored)
        is_plain = len(normal) <= _RUSSIAN_DIGITS and normal.isascii() and normal.isdigit()
        is_plain = is_plain and "(0)" not in stored
        meant: set[str] = set()
        for key in (_key(stored),) if is_plain else _keys(stored):
            meant |= self._spelled.get(key, set())
            if key in self._careless and not phones.is_valid(key):
                meant |= self._careless[key]
        return meant - {normal} - self._forgotten

    def _under_mask(self, stored: str) -> int:
        """A mask that begins with 8 is tried with 7 too."""
        if stored.isascii() and stored.isdigit():
            return 0
        mask = mask_of(stored)
        if mask is None:
            return 0
        covered = self._side_by_side.covered_by(mask)
        if mask.startswith("8"):
            covered |= self._side_by_side.covered_by("7" + mask[1:])
        return covered


class _SideBySide:
    """Numbers in a row, a bit of one long integer for each of their digits: a mask is compared with all
    of them at once, in as many steps as it has signs (Baeza-Yates and Gonnet, "A new approach to text
    searching", 1992: Shift-And).

    A set bit says that the mask, as far as it was read, may end at this digit. Before a number's digits
    is a place of their own, its start, and behind them another, its stop.
    """

    def __init__(self, numbers: Iterable[str]) -> None:
        rows = [(number.removeprefix("+"), number) for number in numbers]
        rows = [(digits, number) for digits, number in rows if _ONLY_DIGITS.fullmatch(digits)]
        line = "".join(f"<{digits}>" for digits, _ in rows)
        self._starts, self._stops = _places(line, "<"), _places(line, ">")
        self._of_digit = {digit: _places(line, digit) for digit in "0123456789"}
        self._ends = self._stops >> 1
        # By the place of its last digit, or of its start where it has none.
        self._numbers: dict[int, str] = {}
        end = -1
        for digits, number in rows:
            end += len(digits) + 2
            self._numbers[end - 1] = number
        self._end_of = {number: end for end, number in self._numbers.items()}

    def covered_by(self, mask: str) -> int:
        """The ends of those numbers that a mask of digits and single stars covers; `at` names them."""
        reached = self._starts
        for sign in mask:
            if sign == "*":
                # From the first place that is reached in a number to its stop: what a subtraction carries.
                # The stop goes with the digit that follows; two stars never do.
                reached |= self._stops - reached
            else:
                reached = reached << 1 & self._of_digit[sign]
            if not reached:
                break
        return reached & self._ends

    def at(self, ends: int) -> Iterator[str]:
        while ends:
            last = ends.bit_length() - 1
            yield self._numbers[last]
            ends ^= 1 << last

    def drop(self, number: str) -> None:
        """No mask covers it any more."""
        if number in self._end_of:
            self._ends ^= self._ends & 1 << self._end_of[number]


def _places(line: str, sign: str) -> int:
    """The bits of those places of a line that have this sign; the first is the lowest."""
    return int("0" + "".join("01"[other == sign] for other in reversed(line)), base=2)


def _spellings(number: str) -> set[str]:
    """The digits under which a number may be stored, with a plus or without."""
    digits = number.removeprefix("+")
    found = {digits, "+" + digits, *(lead + digits for lead in _ABROAD)}
    if len(digits) == _RUSSIAN_DIGITS and digits[0] == "7":
        found |= {"8" + digits[1:], digits[1:]}
    return found


def _careless_spellings(number: str) -> set[str]:
    """A Russian number with a plus that does not belong there. Another country may have the number."""
    if len(number) == _RUSSIAN_DIGITS and number[0] == "7":
        return {"+8" + number[1:], "+" + number[1:]}
    return set()


def _keys(stored: str) -> set[str]:
    """The digits of all numbers that may stand in a stored text, with the plus that is before them."""
    text = readable(stored)
    keys = {_key(text), _key(text.replace("(0)", ""))}
    normal = phones.normalise(text)
    if normal.removeprefix("+").isdigit() and phones.is_valid(normal):
        return keys - {""}
    for part in _BETWEEN.split(text):
        keys.add(_key(part))
        if not phones.is_whole(part):
            keys |= _keys_within(part)
    return keys - {""}


def _keys_within(part: str) -> set[str]:
    """What stands between spaces and brackets, and all runs of groups that are long enough."""
    keys = {_key(token) for token in _APART.split(part)}
    groups = phones.groups_of(part)
    for first in range(len(groups)):
        for last in range(first, len(groups)):
            key = _key(phones.cut(part, groups, first, last))
            if len(key) > LONGEST + 1:
                break
            if len(key) >= FULL:
                keys.add(key)
    for start, end in groups:  # numbers written together, or with an extension
        if end - start > _RUSSIAN_DIGITS:
            lengths = (_RUSSIAN_DIGITS, FULL)
            keys |= {part[start : start + n] for n in lengths} | {
                part[end - n : end] for n in lengths
            }
    return keys


def _key(text: str) -> str:
    digits = phones.digits_of(text)
    return "+" + digits if digits and phones.has_plus(text) else digits


def mask_of(stored: str) -> str | None:
    """Digits and stars, where some signs stand for any digits: 7999*, 8 (999) xxx-xx-xx."""
    if "*" in stored:
        return re.sub("[*]+", "*", re.sub(r"[^0-9*]+", "", stored))
    body = _FILLING.sub("", stored)
    if not _MASK.fullmatch(body) or _ONLY_DIGITS.fullmatch(body):
        return None
    return re.sub(r"[^0-9]+", "*", body) if phones.digits_of(body) else None

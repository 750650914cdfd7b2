"""What a text may mean beside the one number that `phones.normalise` reads in it.

Stored texts are what people and programs have put there: masks, two numbers in one text, a number
with an extension, digits of another country without the plus. What Plusofon makes of them is not
known, so they are no plain "not blocked" and no plain "blocked".
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict

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
_MASK = re.compile(
    rf"(?=.*[0-9])[0-9{phones.ANY_DIGIT}]*[{phones.ANY_DIGIT}][0-9{phones.ANY_DIGIT}]*"
)


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
        self._by_digits = sorted((number.removeprefix("+"), number) for number in self.numbers)
        self._covered: dict[str, set[str]] = {}

    def perhaps(self, stored: str) -> set[str]:
        """Those that this stored text may mean, without the one that it is."""
        if len(stored) <= _RUSSIAN_DIGITS and stored.isascii() and stored.isdigit():
            found = self._spelled.get(stored)
            return found - {phones.normalise(stored)} if found else set()
        normal = phones.normalise(stored)
        is_plain = len(normal) <= _RUSSIAN_DIGITS and normal.isascii() and normal.isdigit()
        is_plain = is_plain and "(0)" not in stored
        meant = set() if is_plain else set(self._under_mask(stored))
        for key in (_key(stored),) if is_plain else _keys(stored):
            meant |= self._spelled.get(key, set())
            if key in self._careless and not phones.is_valid(key):
                meant |= self._careless[key]
        return meant - {normal}

    def _under_mask(self, stored: str) -> set[str]:
        mask = _mask(stored)
        if mask is None:
            return set()
        if mask not in self._covered:
            self._covered[mask] = self._matching(mask)
        return self._covered[mask]

    def _matching(self, mask: str) -> set[str]:
        """A mask that begins with 8 is tried with 7 too."""
        found = set()
        for one in {mask, re.sub("^8", "7", mask)}:
            pattern = re.compile(one.replace("*", "[0-9]*"))
            beginning = one.split("*")[0]
            first = bisect_left(self._by_digits, (beginning, ""))
            last = bisect_left(self._by_digits, (beginning + ":", ""))  # a colon comes after 9
            found |= {n for digits, n in self._by_digits[first:last] if pattern.fullmatch(digits)}
        return found


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


def _mask(stored: str) -> str | None:
    """Digits and stars, where some signs stand for any digits: 7999*, 8 (999) xxx-xx-xx."""
    if "*" in stored:
        return re.sub("[*]+", "*", re.sub(r"[^0-9*]+", "", stored))
    if not _MASK.fullmatch(body := _FILLING.sub("", stored)):
        return None
    return re.sub(r"[^0-9]+", "*", body)

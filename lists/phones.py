"""Telephone numbers: one way to normalise, so that writing, searching and comparing agree.

>>> normalise("8 (999) 888-77-66") == normalise("+7 999 888 77 66") == "79998887766"
True
>>> normalise("+84 96 123 45 67")  # its bare digits would read as 8 496 123-45-67
'+84961234567'

Only whole numbers are ever compared. Short and internal numbers, 8-800, 812 and other countries
stay what they are. What a text may mean besides is in `readings`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

# What people and programs put between digits: spaces of any width, brackets, dashes, dots, slashes,
# a plus, the apostrophe with which a spreadsheet keeps a plus from being a sum, and the invisible marks
# that come along when a number is copied from a page.
FILLING = r"\s()\[\]\-‐‑‒–—−.·/'’+\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# What people write in numbers for a digit, and for any digit; and the words that say what a number is,
# not whose.
ALIKE = ("OoОоЗзlI|іІбBВS", "000033111116885")
ANY_DIGIT = "?%_#xXхХ"
LABELS = (
    "т|тел|телефона?|моб|мобильный|сот|сотовый|раб|рабочий|дом|домашний|гор|факс|номера?|доб|вн"
    "|звонил|звонила|звонок|вх|исх|n|no|tel|phone|ph|mob|mobile|cell|fax|number|ext"
)
_FILLING = re.compile(f"[{FILLING}]+")
_NUMBER = re.compile(r"\+?[0-9]+")
_GROUP = re.compile(r"[0-9]+")
_LEADING_PLUS = re.compile(r"[^0-9]*\+")
# Only the first plus, or slash, behind a digit is looked for: with any of them a text of many takes minutes.
_INNER_PLUS = re.compile(r"[0-9][^0-9+]*\+[^0-9]*[0-9]")
_SLASH = re.compile(r"[0-9][^0-9/]*/[^0-9]*[0-9]")
LONGEST = 15  # digits: ITU-T E.164
SHORTEST = 2
FULL = 10  # digits: from here on a number has a country or an area
_SEPARATOR = re.compile(r"[\n\r\t,;]+")
_LEAST_APART = 3  # digits: what stands between spaces and has as many may be a number of its own
_LONGEST_KNOWN = 21  # digits and a plus, with the code of a country: no plan has more
_RUSSIA = 7  # the calling code, which Kazakhstan shares
_KINDS = [
    *("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost"),
    *("voip", "personal_number", "pager", "uan", "voicemail"),
]


class Fault(StrEnum):
    """Why a text is not a number that could be stored."""

    NOT_DIGITS = "not digits"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class NotANumber(ValueError):
    """`text` as typed, and what is wrong with it."""

    text: str
    fault: Fault


def split(text: str) -> list[str]:
    """The numbers of a text area: one a line, or between tabs, commas and semicolons."""
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def normalise(text: str) -> str:
    """Digits only; a Russian number as 7 and ten digits. Whatever is no number comes back trimmed.

    A number of another country that was written with its plus keeps it where its digits alone would
    read as Russian ones. Never fails, so that odd stored spellings can be compared too: they equal
    only themselves, and so do texts that seem to be several numbers.
    """
    if text.isascii() and text.isdigit():
        return _ordinary(text)
    digits = _FILLING.sub("", text)
    if not _GROUP.fullmatch(digits) or _is_several(text, digits):
        return text.strip()
    ordinary = _ordinary(digits)
    if ordinary != digits and has_plus(text) and _has_country(digits):
        return "+" + digits
    return ordinary


def parse(text: str) -> str:
    """What a typed number will be stored as: `normalise`, with a reason for what is none.

    Raises `NotANumber`.
    """
    digits = _FILLING.sub("", text)
    if not _GROUP.fullmatch(digits):
        raise NotANumber(text, Fault.NOT_DIGITS)
    if _is_several(text, digits):
        raise NotANumber(text, Fault.SEVERAL)
    if len(digits) > LONGEST:
        raise NotANumber(text, Fault.TOO_LONG)
    if len(digits) < SHORTEST:
        raise NotANumber(text, Fault.TOO_SHORT)
    return normalise(text)


def carry(number: str) -> str:
    """A normalised number for a link or a hidden field of ours: one of another country has its plus.

    Reading it again gives the same number.
    """
    if len(number) >= FULL and number[0] not in "+7" and is_valid(number):
        return "+" + number
    return number


def spell(number: str) -> str:
    """A stored number for people to read: "+7 999 888-77-66". What is not possible stays as stored."""
    normal = normalise(number)
    if not _NUMBER.fullmatch(normal) or len(normal) < FULL:
        return number
    if spelled := _format(normal, phonenumbers.is_valid_number):
        return spelled
    spelled = _format(normal, phonenumbers.is_possible_number)
    return spelled if normalise(spelled) == normal else number


def is_valid(number: str) -> bool:
    """Whether some country gives out this normalised number."""
    return bool(_format(number, phonenumbers.is_valid_number))


def is_plain(text: str) -> bool:
    """Whether a stored text is a whole Russian number, spelled as it is stored: nine of ten are."""
    return _is_russian(text)


def is_doubtful(number: str) -> bool:
    """Whether a number of full length is one that no country gives out: worth a second look."""
    return len(number) >= FULL and not (_is_russian(number) or is_valid(number))


def digits_of(text: str) -> str:
    """All digits of a text, whatever stands between them."""
    return "".join(_GROUP.findall(text))


def has_plus(text: str) -> bool:
    """Whether a plus stands before the first digit."""
    return _LEADING_PLUS.match(text) is not None


def apart(text: str) -> list[str]:
    """The numbers of a text in which several stand one after the other, where they are certain.

    Certain are whole Russian numbers and whole numbers with their plus, if there is only one way to
    cut. Any other text comes back alone.
    """
    if not _is_several(text, digits_of(text)):
        return [text]
    groups = groups_of(text)
    # How many ways lead from here to the end, and where the first piece ends: from the back.
    ways, ends = [0] * len(groups) + [1], [0] * len(groups)
    for first in reversed(range(len(groups))):
        for last in range(first, min(first + LONGEST, len(groups))):
            if ways[last + 1] and is_whole(cut(text, groups, first, last)):
                ways[first] += ways[last + 1]
                ends[first] = last
    if ways[0] != 1:
        return [text]
    pieces, first = [], 0
    while first < len(groups):
        pieces.append(cut(text, groups, first, ends[first]))
        first = ends[first] + 1
    return pieces


def groups_of(text: str) -> list[tuple[int, int]]:
    """Where the groups of digits begin and end."""
    return [match.span() for match in _GROUP.finditer(text)]


def cut(text: str, groups: Sequence[tuple[int, int]], first: int, last: int) -> str:
    """The groups of digits from `first` to `last`, what stands between them, and a plus before them."""
    before = groups[first - 1][1] if first else 0
    lead = "+" if "+" in text[before : groups[first][0]] else ""
    return lead + text[groups[first][0] : groups[last][1]]


def is_whole(text: str) -> bool:
    """Whether a text is for certain one whole number: a Russian one, or one with its plus."""
    if _INNER_PLUS.search(text):
        return False
    digits = digits_of(text)
    if has_plus(text) and _has_country(digits):
        return is_valid("+" + digits)
    return _is_russian(_ordinary(digits))


def _ordinary(digits: str) -> str:
    """Digits alone, as they are usually meant: 8 and ten digits, or ten digits, are a Russian number
    where there is such a one."""
    if len(digits) == 11 and digits[0] == "8" and _is_russian("7" + digits[1:]):
        return "7" + digits[1:]
    if len(digits) == 10 and _is_russian("7" + digits):
        return "7" + digits
    return digits


def _is_several(text: str, digits: str) -> bool:
    """Whether digits and what stands between them may be more than one number."""
    if "+" in text[1:] and _INNER_PLUS.search(text):
        return True
    if (len(digits) == 11 and digits[0] == "7") or _ordinary(digits) != digits:
        return False
    groups = groups_of(text)
    if len(groups) < 2:
        return False
    if len(digits) > LONGEST:
        return True
    if is_valid("+" + digits):
        return False
    if _SLASH.search(text):
        return True
    inner = range(1, len(groups))
    if any(is_whole(cut(text, groups, 0, end - 1)) for end in inner):
        return True
    if has_plus(text):
        return False
    if any(is_whole(cut(text, groups, first, len(groups) - 1)) for first in inner):
        return True
    parts = text.split()  # brackets are those of an area
    return (
        "(" not in text and len(parts) > 1 and min(len(digits_of(p)) for p in parts) >= _LEAST_APART
    )


def _has_country(digits: str) -> bool:
    """Whether digits after a plus begin with the code of a country.

    A careless plus before the Russian 8 (+8 812 …) is told by a length that the country does not have.
    """
    number = _parsed(digits)
    if number is None:
        return False
    seems_russian = len(digits) == 11 and digits[0] == "8"
    return not seems_russian or phonenumbers.is_possible_number(number)


def _parsed(digits: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None


def _format(number: str, accepts: Callable[[phonenumbers.PhoneNumber], bool]) -> str:
    """The international spelling if the digits make a number that `accepts` likes, else ""."""
    return _spelled(number, accepts) if len(number) <= _LONGEST_KNOWN else ""


# A list of 5,000 numbers is spelled again at each pause in typing.
@lru_cache(maxsize=10_000)
def _spelled(number: str, accepts: Callable[[phonenumbers.PhoneNumber], bool]) -> str:
    digits = number.removeprefix("+")
    parsed = _parsed(digits)
    if parsed is None or not accepts(parsed):
        return ""
    spelled = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    # A zero that is dialled only inside the country would go lost.
    return spelled if digits_of(spelled) == digits else ""


def _russian_pattern() -> re.Pattern[str]:
    """Valid numbers of the calling code 7, as one pattern: asked for each stored number of a list,
    `is_valid_number` would be ten times as slow."""
    patterns = set()
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[_RUSSIA]:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        descriptions = (getattr(metadata, kind) for kind in _KINDS)
        patterns |= {d.national_number_pattern for d in descriptions if d is not None}
    either = "|".join(sorted(pattern for pattern in patterns if pattern))
    return re.compile(f"7(?=[0-9]{{10}}$)(?:{either})")


_RUSSIAN = _russian_pattern()


def _is_russian(number: str) -> bool:
    return _RUSSIAN.fullmatch(number) is not None

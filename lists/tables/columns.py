"""Which columns of a table hold names and which numbers: by their headings, and by what stands in them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .. import phones
from .cells import Damage, Wrong, numbers_of
from .table import Odd, Row, Table

_SAMPLE = 200  # rows: enough to tell what a column holds
_LONG = 5  # digits: fewer may be a count, a price or a row's own number
_HALF = 0.5

_NAME = re.compile(
    r"имя|фио|ф\.\s?и\.\s?о|фамили|отчеств|назван|наименован|контакт|клиент|абонент|организац|компани|кто\b"
    r"|name|contact|client|customer|company|title|who\b"
)
_NUMBER = re.compile(
    r"телефон|номер|моб|сотов|тел\b|тел\.|факс|phone|number|mobile|cell|\btel\b|msisdn|fax|caller"
)
_SURELY_NAME = re.compile(r"имя|фио|name")  # “Phone name”; but “Контактный телефон” is a number
# Numbers of something else.
_OTHER = re.compile(
    r"договор|сч[её]т|инн|кпп|огрн|снилс|паспорт|индекс|заказ|заявк|п/п|карт|дата|время|сумма|кол-во|количеств"
    r"|contract|account|invoice|order|passport|zip|date|time|amount|card|\bid\b|tax|e-?mail|почт"
)


class Role(StrEnum):
    """What a column is taken for."""

    NAME = "name"
    NUMBERS = "numbers"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Columns:
    """A role for each column. Several of names are read as one name: Фамилия, Имя, Отчество."""

    roles: tuple[Role, ...]
    has_heading: bool = False

    def of(self, role: Role) -> tuple[int, ...]:
        return tuple(at for at, one in enumerate(self.roles) if one is role)


def guess(table: Table) -> Columns:
    """What a person would take them for at a glance."""
    first, rest = table.rows[0], table.rows[1 : 1 + _SAMPLE]
    has_heading = _is_heading(first, rest)
    rows = rest if has_heading else table.rows[:_SAMPLE]
    headings = [first.text(at).casefold() if has_heading else "" for at in range(table.width)]
    held = [_Held.of(rows, at) for at in range(table.width)]
    numbers = _numbers(headings, held)
    names = _names(headings, held, numbers)
    roles = [
        Role.NUMBERS if at in numbers else Role.NAME if at in names else Role.NOTHING
        for at in range(table.width)
    ]
    return Columns(tuple(roles), has_heading)


def _is_heading(first: Row, rest: Iterable[Row]) -> bool:
    """A heading has no number, however short, and either a word that we know or numbers below it."""
    if any(isinstance(cell, Odd) or _has_number(cell) for cell in first.cells):
        return False
    texts = [first.text(at).casefold() for at in range(len(first.cells))]
    if any(len(text) <= 40 and (_NAME.search(text) or _NUMBER.search(text)) for text in texts):
        return True
    below = [_Held.of(rest, at) for at in range(len(first.cells))]
    return any(text and held.numbers > _HALF for text, held in zip(texts, below, strict=True))


def _has_number(cell: str) -> bool:
    """Also one that is damaged, or as long as one: somebody meant a number."""
    return len(phones.digits_of(cell)) >= _LONG or any(
        not isinstance(number, Wrong) or isinstance(number.fault, Damage)
        for number in numbers_of(cell)
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """What a column holds, as shares of its cells that are not empty: `numbers`, of those of some length; `valid`
    ones; `short` ones; texts with `letters`."""

    numbers: float = 0.0
    valid: float = 0.0
    short: float = 0.0
    letters: float = 0.0

    @property
    def are_numbers(self) -> bool:
        return self.numbers >= _HALF or (self.valid > 0 and self.numbers + self.short >= _HALF)

    @classmethod
    def of(cls, rows: Iterable[Row], column: int) -> "_Held":
        cells = [row.cells[column] for row in rows if column < len(row.cells) and row.cells[column]]
        if not cells:
            return cls()
        numbers = valid = short = letters = 0
        for cell in cells:
            found = [n for n in numbers_of(cell) if not isinstance(n, Wrong)]
            long = [number for number in found if len(number) >= _LONG]
            numbers += bool(long)
            valid += any(map(phones.is_valid, long))
            short += bool(found) and not long
            letters += any(map(str.isalpha, cell)) if isinstance(cell, str) else 0
        of = len(cells)
        return cls(numbers / of, valid / of, short / of, letters / of)


def _numbers(headings: list[str], held: list[_Held]) -> set[int]:
    """By heading; else those that mostly are numbers which some country gives out; else what comes nearest."""
    free = {at for at, text in enumerate(headings) if not _OTHER.search(text)}
    named = {
        at for at in free if _NUMBER.search(headings[at]) and not _SURELY_NAME.search(headings[at])
    }
    if named:
        return {at for at in named if held[at].numbers or held[at].short} or named
    if found := {at for at in free if held[at].valid >= _HALF}:
        return found
    if found := {at for at in free if held[at].are_numbers}:
        return found
    if len(held) <= 2:
        return set([at for at in sorted(free, reverse=True) if held[at].short > _HALF][:1])
    return set()


def _names(headings: list[str], held: list[_Held], numbers: set[int]) -> set[int]:
    free = [at for at in range(len(held)) if at not in numbers]
    named = {at for at in free if _NAME.search(headings[at]) and not _OTHER.search(headings[at])}
    if named:
        return named
    lettered = [at for at in free if held[at].letters > _HALF and not _OTHER.search(headings[at])]
    return set(lettered[:1])

"""A table as it was read, and why something is none. Pure.

Unusable
├── Empty            no row has anything in it
├── TooLarge         more bytes than we take, packed or unpacked
├── TooManyRows
├── TooManyColumns
├── TooManyNumbers   in all of its cells
├── TooMuchText      in all cells of a workbook, which may hold it once
├── CellTooLong      one cell is longer than any spreadsheet's
├── Protected        a workbook with a password
├── Broken           a workbook that cannot be read to its end
├── OtherEncoding    than it was said to be in
└── NotATable        something else: a program, a picture, a page
"""

from dataclasses import dataclass
from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_NUMBERS = 100_000
LONGEST_CELL = 32_767  # characters: what a spreadsheet takes


class Unusable(Exception):
    """Nothing of it is used."""


class Empty(Unusable):
    pass


class TooLarge(Unusable):
    pass


class TooManyRows(Unusable):
    pass


class TooManyColumns(Unusable):
    pass


class TooManyNumbers(Unusable):
    pass


class TooMuchText(Unusable):
    pass


class CellTooLong(Unusable):
    """`row` as a person counts, from 1."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class Protected(Unusable):
    pass


class Broken(Unusable):
    pass


class OtherEncoding(Unusable):
    pass


class NotATable(Unusable):
    pass


class Kind(StrEnum):
    """What a cell of a workbook is that stands for no number, though it may look like one."""

    DATE = "date"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Odd:
    """Such a cell. `text`: as near as we can show it."""

    text: str
    kind: Kind


Cell = str | Odd


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as the spreadsheet counts it, from 1. Cells to the right that are empty are left out."""

    number: int
    cells: tuple[Cell, ...]

    def text(self, column: int) -> str:
        cell = self.cells[column] if column < len(self.cells) else ""
        return cell.text if isinstance(cell, Odd) else cell


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that have anything in them. `sheets`: those of a workbook that are not hidden; `sheet`: the place
    of the one that was read."""

    rows: tuple[Row, ...]
    sheets: tuple[str, ...] = ()
    sheet: int = 0

    @property
    def width(self) -> int:
        return max(len(row.cells) for row in self.rows)

    @property
    def heading(self) -> str:
        """The first row in one line."""
        first = self.rows[0]
        return " · ".join(filter(None, map(first.text, range(len(first.cells)))))

"""Rows of a text with separators: CSV, what a spreadsheet puts on the clipboard, a line a number. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from .table import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    CellTooLong,
    Empty,
    NotATable,
    Row,
    Table,
    TooManyColumns,
    TooManyRows,
)

_SEPARATORS = "\t;|,"  # the surest first
_SAMPLE = 200  # rows
_NAMED = re.compile(r"sep=([\t;|,])\r?\n", re.IGNORECASE)  # Excel's own first line
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|table|meta|div)\b", re.IGNORECASE)
# An apostrophe that keeps a spreadsheet from taking a text for a formula: our own exports put it there.
_FORMULA = "[=+@＝＋－＠-]"
_GUARD = re.compile(rf"(?m)^'(?=\s*{_FORMULA}|\t)|(?<=[;,\t|])((?:[^\S\t]|[\"'])*?)'(?={_FORMULA})")


def read_separated(text: str) -> Table:
    """Raises `Unusable`."""
    if _PAGE.match(text):
        raise NotATable
    named, first = _NAMED.match(text), 1
    if named:
        text, first = text[named.end() :], 2
    text = text.replace("\0", "")
    quoting = csv.QUOTE_MINIMAL
    separator = named[1] if named else _separator_of(text, quoting)
    if _has_open_quote(text, separator):
        quoting = csv.QUOTE_NONE
        separator = named[1] if named else _separator_of(text, quoting)
    rows = list(_rows(text, separator, quoting, first))
    if not rows:
        raise Empty
    return Table(tuple(rows))


def _rows(text: str, separator: str, quoting: int, first: int) -> Iterator[Row]:
    count = 0
    for number, cells in enumerate(_records(text, separator, quoting), first):
        kept = _kept(cells, number)
        if not kept:
            continue
        count += 1
        if count > MOST_ROWS + 1:  # one may be a heading
            raise TooManyRows
        yield Row(number, kept)


def _kept(cells: list[str], number: int) -> tuple[str, ...]:
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise CellTooLong(number)
    stripped = [_GUARD.sub(r"\1", cell.strip()) for cell in cells]
    while stripped and not stripped[-1]:
        stripped.pop()
    if len(stripped) > MOST_COLUMNS:
        raise TooManyColumns
    return tuple(stripped)


def _records(text: str, separator: str, quoting: int) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    done = 0
    try:
        for cells in reader:
            yield cells
            done += 1
    except (
        csv.Error
    ):  # a field beyond the module's own limit: nothing else is refused when it is not strict
        raise CellTooLong(done + 1) from None


def _has_open_quote(text: str, separator: str) -> bool:
    """Whether a quote that begins a cell is never closed: then quotes are letters like any other, or all that
    follows would be one cell."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _cells in reader:
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _separator_of(text: str, quoting: int) -> str:
    """The one that cuts most rows into equally many cells; a comma for a table of one column."""

    def regular(separator: str) -> tuple[float, int]:
        widths = Counter(
            len(cells) for cells in islice(_records(text, separator, quoting), _SAMPLE) if cells
        )
        cut = [(count, width) for width, count in widths.items() if width > 1]
        if not cut:
            return 0.0, 0
        count, width = max(cut)
        return count / widths.total(), width

    scores = {separator: regular(separator) for separator in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda separator: scores[separator][0])
    return best if scores[best][0] >= 0.5 else ","

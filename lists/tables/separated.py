"""Rows of a text with separators: CSV, what a spreadsheet puts on the clipboard, a line a number. Pure."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
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

SEPARATORS = "\t;|,"  # the surest first
_SAMPLE = 200  # rows
_NAMED = re.compile(r"sep=([\t;|,])\r?\n", re.IGNORECASE)  # Excel's own first line
_PAGE = re.compile(r"\s*<(?:!doctype|html|\?xml|table|meta|div)\b", re.IGNORECASE)
# An apostrophe that keeps a spreadsheet from taking a text for a formula: our own exports put it there.
_FORMULA = "[=+@＝＋－＠-]"
_GUARD = re.compile(rf"(?m)^'(?=\s*{_FORMULA}|\t)|(?<=[;,\t|])((?:[^\S\t]|[\"'])*?)'(?={_FORMULA})")

Records = Callable[[str, str], Iterator[list[str]]]  # of a text with a separator


def read_separated(text: str, separator: str = "") -> Table:
    """`separator`: one of `SEPARATORS`, where a person says which. Raises `Unusable`."""
    if _PAGE.match(text):
        raise NotATable
    named, first = _NAMED.match(text), 1
    if named:
        text, first = text[named.end() :], 2
    text = text.replace("\0", "")
    told = separator or (named[1] if named else "")
    records = _records
    separator = told or _separator_of(text, records)
    if _has_stray_quote(text, separator):
        records = _line_by_line
        separator = told or _separator_of(text, records)
    rows = list(_rows(records(text, separator), first))
    if not rows:
        raise Empty
    return Table(tuple(rows))


def _rows(records: Iterable[list[str]], first: int) -> Iterator[Row]:
    count = 0
    for number, cells in enumerate(records, first):
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


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    done = 0
    try:
        for cells in reader:
            yield cells
            done += 1
    except (
        csv.Error
    ):  # a field beyond the module's own limit: nothing else is refused when it is not strict
        raise CellTooLong(done + 1) from None


def _line_by_line(text: str, separator: str) -> Iterator[list[str]]:
    """Of a text with a quote too many or too few: it spoils its own line, and swallows no other."""
    for line in io.StringIO(text, newline=""):
        try:
            yield next(csv.reader([line], delimiter=separator, strict=True))
        except csv.Error:
            yield [_unquoted(cell) for cell in line.rstrip("\r\n").split(separator)]


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"'
    return cell[1:-1].replace('""', '"') if is_quoted else cell


def _has_stray_quote(text: str, separator: str) -> bool:
    """Whether a quote that begins a cell is never closed, or stands before something else than its end: all
    that follows would be one cell."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for _cells in reader:
            pass
    except csv.Error as error:
        return "field larger than field limit" not in str(error)
    return False


def _separator_of(text: str, records: Records) -> str:
    """The one that cuts most rows into equally many cells, and least through quotes; a comma for a table of one
    column."""

    def regular(separator: str) -> tuple[float, int]:
        sample = [cells for cells in islice(records(text, separator), _SAMPLE) if cells]
        cut = [(n, width) for width, n in Counter(map(len, sample)).items() if width > 1]
        if not cut:
            return 0.0, 0
        quoted = sum('"' in cell for cells in sample for cell in cells)
        return max(cut)[0] / len(sample), -quoted

    scores = {separator: regular(separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    return best if scores[best][0] >= 0.5 else ","

"""Read a workbook from the standard input, and write its rows: a line of JSON each. Started by `workbook`, with
the place of a sheet where a certain one is wanted.

The first line says which sheet it is, or in a word why there are no rows. Imports nothing of ours: it is run as a
file, by itself.
"""

import contextlib
import datetime
import json
import resource
import sys
from io import BytesIO
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_MEMORY = 1024 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 20  # of the processor
MOST_TEXT = 20_000_000  # characters, of all cells
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_001, 100, 32_767  # as `table` has them, and a heading


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        lines = _lines(book, int(sys.argv[1]) if len(sys.argv) > 1 else None)
    except PasswordError:
        lines = [json.dumps("protected")]
    except CalamineError as error:
        lines = [json.dumps("protected" if "password" in str(error).lower() else "broken")]
    sys.stdout.buffer.writelines(line.encode() + b"\n" for line in lines)


def _lines(book: CalamineWorkbook, wanted: int | None) -> list[str]:
    visible = [
        sheet
        for sheet in book.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
    ]
    names = [sheet.name for sheet in visible]
    places = range(len(names))
    trouble: str | int = "empty"
    for place in [wanted] if wanted is not None and wanted in places else places:
        rows = _rows(book.get_sheet_by_name(names[place]))
        if isinstance(rows, list) and rows:
            return [json.dumps({"sheets": names, "sheet": place}), *map(_line, rows)]
        if not isinstance(rows, list) and trouble == "empty":
            trouble = rows
    return [json.dumps({"long": trouble} if isinstance(trouble, int) else trouble)]


def _line(row: Any) -> str:
    return json.dumps(row, ensure_ascii=False)


def _rows(sheet: CalamineSheet) -> list[Any] | str | int:
    """Rows that have anything in them; a word, or the number of a row, for why there are none."""
    if sheet.start is None:
        return []
    found: list[Any] = []
    text = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        kept = [_cell(cell) for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if not kept:
            continue
        if len(kept) > MOST_COLUMNS:
            return "columns"
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in kept):
            return number
        if len(found) == MOST_ROWS:
            return "rows"
        # Many cells may share one text, which a file then holds once.
        text += sum(len(cell) for cell in kept if isinstance(cell, str))
        if text > MOST_TEXT:
            return "text"
        found.append([number, kept])
    return found


def _cell(cell: Any) -> str | tuple[str, str]:
    match cell:
        case bool():
            return str(cell).upper()
        case str():
            return cell.strip()
        case int():
            return str(cell)
        case float():
            return str(int(cell)) if cell.is_integer() else ("fraction", repr(cell))
        case datetime.datetime() if cell.time() == datetime.time():
            return ("date", cell.date().isoformat())
    return ("date", str(cell))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()

"""Workbooks: XLSX, XLS, ODS. Read by a process of their own, which has so much memory and time and no more.

A workbook of a few hundred bytes may ask for a sheet of a million rows by sixteen thousand columns, and the
library would make room for it; what it cannot get it ends with.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from .table import (
    Broken,
    CellTooLong,
    Empty,
    Kind,
    NotATable,
    Odd,
    Protected,
    Row,
    Table,
    TooLarge,
    TooManyColumns,
    TooManyRows,
    TooMuchText,
    Unusable,
)

MOST_UNPACKED = 200 * 1024 * 1024  # bytes
LONGEST = 30  # seconds, of the clock
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode(
    "utf-16-le"
)  # MS-OFFCRYPTO 2.3.4.4: a workbook inside another file
_CHILD = Path(__file__).with_name("workbook_process.py")
_SAID: dict[str, Unusable] = {
    "empty": Empty(),
    "rows": TooManyRows(),
    "columns": TooManyColumns(),
    "text": TooMuchText(),
    "protected": Protected(),
    "broken": Broken(),
}


def is_workbook(content: bytes) -> bool:
    return content.startswith((_ZIP, _OLE))


def read_workbook(content: bytes, sheet: int | None = None) -> Table:
    """The sheet at this place among those that are not hidden; else the first of them that has rows, and no more
    than can be taken. Of formulas what they came to. Raises `Unusable`."""
    if content.startswith(_ZIP):
        _check_packed(content)
    elif _ENCRYPTED in content:
        raise Protected
    lines = BytesIO(_read_elsewhere(content, sheet))
    head = json.loads(next(lines, b'"broken"'))
    match head:
        case str():
            raise _SAID[head]
        case {"long": int(row)}:
            raise CellTooLong(row)
    rows = tuple(_row(json.loads(line)) for line in lines)
    return Table(rows, tuple(head["sheets"]), head["sheet"])


def _check_packed(content: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            names = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise Broken from None
    if sum(one.file_size for one in names) > MOST_UNPACKED:
        raise TooLarge
    if not any(
        one.filename in ("xl/workbook.xml", "xl/workbook.bin", "content.xml") for one in names
    ):
        raise NotATable


def _read_elsewhere(content: bytes, sheet: int | None) -> bytes:
    """Where the process ends before it has said anything, the workbook is broken or wants too much."""
    command = [sys.executable, "-I", str(_CHILD), *([] if sheet is None else [str(sheet)])]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        raise TooLarge from None
    if done.returncode < 0:  # a signal: no memory, no time
        raise TooLarge
    if done.returncode:
        raise Broken
    return done.stdout


def _row(record: list[Any]) -> Row:
    number, cells = record
    return Row(number, tuple(_cells(cells)))


def _cells(cells: Iterable[Any]) -> Iterable[str | Odd]:
    return (cell if isinstance(cell, str) else Odd(cell[1], Kind(cell[0])) for cell in cells)

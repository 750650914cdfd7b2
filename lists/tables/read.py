"""A table from what somebody sent, by what stands in it and not by its name."""

from dataclasses import dataclass

from .encodings import text_of
from .separated import read_separated
from .table import MOST_BYTES, Empty, Table, TooLarge
from .workbook import is_workbook, read_workbook


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How it is read where a person says so: a text's `encoding` and `separator`, the place of a workbook's
    `sheet` among those that are not hidden. What is left empty is found out."""

    encoding: str = ""
    separator: str = ""
    sheet: int | None = None


def read_table(content: bytes, read_as: ReadAs = ReadAs()) -> Table:
    """Of a file: XLSX, XLS, ODS, or a text with separators. Raises `Unusable`."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if not content.strip():
        raise Empty
    if is_workbook(content):
        return read_workbook(content, read_as.sheet)
    return read_separated(text_of(content, read_as.encoding), read_as.separator)


def as_file(text: str) -> bytes:
    """What was pasted, as a file that reads the same."""
    return text.encode("utf-8-sig", "ignore") if text.strip() else b""

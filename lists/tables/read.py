"""A table from what somebody sent, by what stands in it and not by its name."""

from .encodings import text_of
from .separated import read_separated
from .table import MOST_BYTES, Empty, Table, TooLarge
from .workbook import is_workbook, read_workbook


def read_table(content: bytes) -> Table:
    """Of a file: XLSX, XLS, ODS, or a text with separators. Raises `Unusable`."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if not content.strip():
        raise Empty
    if is_workbook(content):
        return read_workbook(content)
    return read_separated(text_of(content))


def as_file(text: str) -> bytes:
    """What was pasted, as a file that reads the same."""
    return text.encode("utf-8-sig", "ignore") if text.strip() else b""

"""Workbooks as a spreadsheet reads them: every cell of every sheet, with what kind of cell it is."""

import io
import re
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # ECMA-376, 22.9.2.19


def sheets_of(content):
    """Each sheet as rows of (kind, text)."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = _shared(book)
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        return [_rows(book.read(name), shared) for name in sorted(names)]


def rows_of(content):
    """The texts of the first sheet."""
    return [[text for _kind, text in row] for row in sheets_of(content)[0]]


def _shared(book):
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    tree = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return [_text(item) for item in tree.iter(f"{MAIN}si")]


def _rows(sheet, shared):
    for row in ElementTree.fromstring(sheet).iter(f"{MAIN}row"):
        yield [_cell(cell, shared) for cell in row.iter(f"{MAIN}c")]


def _cell(cell, shared):
    kind = "formula" if cell.find(f"{MAIN}f") is not None else cell.get("t", "number")
    if kind == "s":
        return "text", shared[int(cell.find(f"{MAIN}v").text)]
    return ("text" if kind == "inlineStr" else kind), _text(cell)


def _text(element):
    text = "".join(part.text or "" for part in element.iter(f"{MAIN}t"))
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)

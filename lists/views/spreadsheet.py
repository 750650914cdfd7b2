"""Tables as files that a spreadsheet opens: CSV (RFC 4180) and XLSX, with no cell that is a formula."""

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from ..plusofon.values import Contact, ContactList
from ..wording import tables
from ..wording.tables import Lines

Row = Iterable[object]

CSV, XLSX = "csv", "xlsx"
KINDS = (CSV, XLSX)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMULA = "=+-@＝＋－＠"
_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_AFTER_SEPARATOR = re.compile(rf"""([;,\t|](?:[^\S\t]|["'])*)([{re.escape(FORMULA)}])""")

# https://support.microsoft.com/office/excel-specifications-and-limits
MOST_ROWS = 1_048_576  # of one sheet
LONGEST_CELL = 32_767  # characters
LONGEST_FILENAME = 100  # characters of what a file is named for
# What some system does not allow in a name of a file, and what turns the rest of it around.
_NOT_IN_FILENAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*\u200e\u200f\u2028-\u202e\u2066-\u2069]+"
)


def kind_of(request: HttpRequest) -> str:
    """What `format` in the address asks for, CSV where it asks for nothing. Raises `Http404` for another kind."""
    kind = request.GET.get("format", CSV)
    if kind not in KINDS:
        raise Http404
    return kind


def table_answer(
    rows: Iterable[Row], *, kind: str, name: str
) -> StreamingHttpResponse | FileResponse:
    """The rows, titles first, as a download of this kind, named for what it is and the day."""
    filename = dated(name, kind)
    if kind == XLSX:
        return xlsx_answer(rows, filename=filename)
    return csv_answer(rows, filename=filename)


def contacts_answer(
    found: ContactList, contacts: Iterable[Contact], *, kind: str
) -> StreamingHttpResponse | FileResponse:
    """Some contacts of a list, named for it."""
    name = found.name.strip() or _("List no. %(id)s") % {"id": found.id}
    return table_answer(tables.of_contacts(contacts), kind=kind, name=name)


def dated(name: str, extension: str) -> str:
    """ "Спам 2026-11-29.csv": a name that every system takes."""
    safe = " ".join(_NOT_IN_FILENAME.sub(" ", name)[:LONGEST_FILENAME].split()).strip(". ")
    return f"{safe} {timezone.localdate()}.{extension}".lstrip()


def csv_answer(rows: Iterable[Row], *, filename: str) -> StreamingHttpResponse:
    """The rows, titles first, as a download. They are made while it is sent."""
    lines = _lines(rows, language=get_language() or "")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    # RFC 6266: a name in Russian comes as `filename*`, in UTF-8.
    response["Content-Disposition"] = content_disposition_header(True, filename)
    return response


def xlsx_answer(rows: Iterable[Row], *, filename: str) -> FileResponse:
    """The same as a workbook of text cells: its parts are known at the end only, hence a file without a name,
    which goes as soon as it is sent."""
    with ExitStack() as where_it_fails:
        file = where_it_fails.enter_context(TemporaryFile())
        write_workbook(rows, file)
        where_it_fails.pop_all()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=filename, content_type=XLSX_TYPE)


def write_workbook(rows: Iterable[Row], file: Any) -> None:
    """One row in memory at a time. A sheet that is full is followed by another one, titles first."""
    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with Workbook(file, options) as book:
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        bold = book.add_format({"num_format": "@", "bold": True})
        rows = iter(rows)
        titles = [str(cell) for cell in next(rows, ())]
        rest: Iterator[Row] | None = rows
        while rest is not None:
            sheet = book.add_worksheet()
            sheet.set_column(0, max(0, len(titles) - 1), 24, text)
            sheet.freeze_panes(1, 0)
            _write_row(sheet, 0, titles, bold)
            for at, row in enumerate(islice(rest, MOST_ROWS - 1), 1):
                _write_row(sheet, at, row, text)
            following = next(rest, None)
            rest = None if following is None else chain([following], rest)


def _write_row(sheet: Any, at: int, row: Row, look: Any) -> None:
    """Every cell is a text: +7… keeps its plus, and =1+1 stays what somebody wrote."""
    for column, cell in enumerate(row):
        written = "\n".join(cell) if isinstance(cell, Lines) else str(cell)
        sheet.write_string(at, column, _cut(written), look)


def _cut(text: str) -> str:
    """A workbook with a longer cell is called broken. Counted as Excel does, in units of UTF-16."""
    if len(text) * 2 <= LONGEST_CELL or len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")[: 2 * (LONGEST_CELL - 1)]
    return units.decode("utf-16-le", errors="ignore") + "…"


class _Echo:
    """What `csv` writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[Row], *, language: str) -> Iterator[str]:
    """With a byte order mark, and semicolons in Russian: what Excel takes for a table."""
    delimiter = ";" if language == "ru" else ","
    writer = csv.writer(_Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    with override(language):
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([_cell(cell) for cell in row])


def _cell(cell: object) -> str:
    """Each line of it is harmless by itself: a program that splits there makes a cell of the rest."""
    if isinstance(cell, Lines):
        return "\n".join(map(_harmless, cell))
    return _harmless(str(cell))


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula (OWASP: CSV injection), also where a
    separator that it was told instead of ours, or a line break, makes a cell of the rest."""
    line = _AFTER_SEPARATOR.sub(r"\1'\2", _BREAKS.sub(" ", cell))
    begins = line.lstrip()[:1] in set(FORMULA) or line[:1] == "\t"
    return f"'{line}" if begins else line

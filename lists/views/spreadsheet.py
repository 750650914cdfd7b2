"""Tables as CSV (RFC 4180), as Excel opens them by a click in the person's language."""

import csv
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

Row = Iterable[object]


def csv_answer(rows: Iterable[Row], *, filename: str) -> StreamingHttpResponse:
    """The rows, titles first, as a download. They are made while it is sent."""
    lines = _lines(rows, language=get_language() or "")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


class _Echo:
    """What `csv` writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: Iterable[Row], *, language: str) -> Iterator[str]:
    """With a byte order mark, and semicolons in Russian: what Excel takes for a table."""
    writer = csv.writer(_Echo(), delimiter=";" if language == "ru" else ",")
    with override(language):
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([_harmless(str(cell)) for cell in row])


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula (OWASP: CSV injection)."""
    begins = cell.lstrip()[:1] in set("=+-@＝＋－＠") or cell[:1] in set("\t\r\n")
    return f"'{cell}" if begins else cell

"""Tables as CSV (RFC 4180), as Excel opens them by a click in the person's language."""

import csv
import re
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

Row = Iterable[object]

FORMULA = "=+-@＝＋－＠"
_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_AFTER_SEPARATOR = re.compile(rf"""([;,\t|](?:[^\S\t]|["'])*)([{re.escape(FORMULA)}])""")


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
    delimiter = ";" if language == "ru" else ","
    writer = csv.writer(_Echo(), delimiter=delimiter, quoting=csv.QUOTE_ALL)
    with override(language):
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([_harmless(str(cell)) for cell in row])


def _harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula (OWASP: CSV injection), also where a
    separator that it was told instead of ours, or a line break, makes a cell of the rest."""
    line = _AFTER_SEPARATOR.sub(r"\1'\2", _BREAKS.sub(" ", cell))
    begins = line.lstrip()[:1] in set(FORMULA) or line[:1] == "\t"
    return f"'{line}" if begins else line

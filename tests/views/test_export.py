"""Lists, answers and the journal as files: exact, harmless in a spreadsheet, and gone from the server."""

import csv
import io
import tempfile
from urllib.parse import unquote

import pytest
from django.utils import timezone

from lists.views import spreadsheet
from lists.views.spreadsheet import dated, table_answer
from lists.wording.tables import MOST_IN_CELL
from tests.client import text
from tests.factories import JournalEntryFactory
from tests.people import ATS, IVAN, PETR
from tests.words import says
from tests.workbooks import rows_of, sheets_of

pytestmark = pytest.mark.django_db  # a response that is closed looks after the database

ODD = [
    {"name": "=1+1", "phones": ["+79998887766", "-5"]},
    {"name": " с краю ", "phones": ["8 999, 8 998"]},
    {"name": "две\nстроки; и\tещё", "phones": []},
    {"name": "", "phones": ["@SUM(1)"]},
    {"name": "x_x0041_\x01", "phones": ["7999*", "https://example.ru"]},
    {"name": "\u202eсправа налево 😀", "phones": ["001"]},
]


@pytest.fixture
def odd(sandbox, account):
    return sandbox.add_list(account, name="Спам / «Акции»: 50%", contacts=ODD)


def content_of(answer):
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    answer.close()
    return content


def lines_of(answer, delimiter=";"):
    content = content_of(answer).decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:], newline=""), delimiter=delimiter))


def filename_of(answer):
    answer.close()
    said = answer["Content-Disposition"]
    plain = said.removeprefix('attachment; filename="').removesuffix('"')
    return unquote(said.partition("filename*=utf-8''")[2]) or plain


def test_a_list_as_csv_has_each_contact_with_its_numbers_below_one_another(as_support, black):
    answer = as_support.get(f"/lists/{black}/export/?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines_of(answer) == [
        [says("Name"), says("Numbers")],
        *[[one.name, "\n".join(one.phones)] for one in (IVAN, PETR, ATS)],
    ]


def test_a_list_as_a_workbook_is_exactly_what_is_stored(as_support, odd):
    answer = as_support.get(f"/lists/{odd}/export/?format=xlsx")
    assert answer["Content-Type"] == spreadsheet.XLSX_TYPE
    titles, *rows = rows_of(content_of(answer))
    assert titles == [says("Name"), says("Numbers")]
    assert rows == [[one["name"], "\n".join(one["phones"])] for one in ODD]


def test_every_cell_of_a_workbook_is_a_text(as_support, odd):
    (sheet,) = sheets_of(content_of(as_support.get(f"/lists/{odd}/export/?format=xlsx")))
    assert {kind for row in sheet for kind, _text in row} == {"text"}


def test_no_line_of_a_cell_is_a_formula(as_support, odd):
    rows = lines_of(as_support.get(f"/lists/{odd}/export/"))[1:]
    lines = [line for row in rows for cell in row for line in cell.split("\n")]
    assert not any(line.lstrip().startswith(spreadsheet.FORMULA) for line in lines if line)
    assert rows[0] == ["'=1+1", "'+79998887766\n'-5"]


@pytest.mark.parametrize("kind", spreadsheet.KINDS)
def test_it_is_named_for_the_list_and_the_day(as_support, odd, kind):
    answer = as_support.get(f"/lists/{odd}/export/?format={kind}")
    assert answer["Content-Disposition"].startswith("attachment;")
    assert filename_of(answer) == f"Спам «Акции» 50% {timezone.localdate()}.{kind}"


@pytest.mark.parametrize("kind", spreadsheet.KINDS)
@pytest.mark.parametrize("query", ["петров", "8 812 333 44 55"])
def test_what_was_found_is_exported_alone(as_support, black, kind, query):
    answer = as_support.get(f"/lists/{black}/export/", {"format": kind, "q": query})
    rows = lines_of(answer) if kind == "csv" else rows_of(content_of(answer))
    assert [name for name, _numbers in rows[1:]] == [PETR.name]


def test_the_page_of_a_list_leads_to_both(as_support, black):
    page = as_support.get(f"/lists/{black}/")
    links = [link["href"] for link in page.soup.select(".dropdown a[href*=export]")]
    assert links == [f"/lists/{black}/export/?format={kind}" for kind in ("csv", "xlsx")]
    assert says("Download what was found:") not in text(page)


def test_what_was_found_is_offered_where_it_is_found(as_support, black):
    for page in (as_support.get, as_support.piece):
        found = page(f"/lists/{black}/", {"q": "петр"})
        links = [link["href"] for link in found.soup.select("a[href*='export/'][href*='q=']")]
        assert len(lines_of(as_support.get(links[0]))) == 2
        assert len(rows_of(content_of(as_support.get(links[1])))) == 2


def test_it_costs_one_call(as_support, sandbox, black):
    content_of(as_support.get(f"/lists/{black}/export/?format=xlsx"))
    assert len(sandbox.calls) == 1


def test_another_format_is_not_found(as_support, sandbox, black):
    assert as_support.get(f"/lists/{black}/export/?format=pdf").status_code == 404
    assert sandbox.calls == []


def test_a_list_that_cannot_be_read_is_no_empty_file(as_support, sandbox, black):
    sandbox.fail("500", times=None)
    answer = as_support.get(f"/lists/{black}/export/")
    assert answer.status_code == 503
    assert "Content-Disposition" not in answer


def test_a_contact_of_more_numbers_than_a_cell_takes_has_several_rows(as_support, sandbox, account):
    phones = [f"7999{n:07}" for n in range(5000)]
    many = sandbox.add_list(account, name="Много", contacts=[{"name": "Все", "phones": phones}])
    rows = rows_of(content_of(as_support.get(f"/lists/{many}/export/?format=xlsx")))[1:]
    assert len(rows) > 1
    assert {name for name, _ in rows} == {"Все"}
    assert all(len(numbers) <= MOST_IN_CELL for _, numbers in rows)
    assert [number for _, numbers in rows for number in numbers.split("\n")] == phones


def test_a_longer_text_than_a_cell_takes_is_cut_and_says_so():
    answer = table_answer([["title"], ["😀" * 20_000]], kind="xlsx", name="x")
    cell = rows_of(content_of(answer))[1][0]
    assert cell.endswith("…")
    assert len(cell.encode("utf-16-le")) // 2 <= spreadsheet.LONGEST_CELL


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    rows = [["title"], *([str(n)] for n in range(5))]
    sheets = sheets_of(content_of(table_answer(rows, kind="xlsx", name="x")))
    assert [[text for ((_kind, text),) in sheet] for sheet in sheets] == [
        ["title", "0", "1"],
        ["title", "2", "3"],
        ["title", "4"],
    ]


def test_an_empty_table_is_a_workbook_too():
    assert rows_of(content_of(table_answer([], kind="xlsx", name="x"))) == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    return tmp_path / "temporary"


def test_a_workbook_leaves_no_file_behind(folder):
    answer = table_answer([["title"], ["one"]], kind="xlsx", name="x")
    assert list(folder.iterdir()) == []
    content_of(answer)
    answer.close()
    assert list(folder.iterdir()) == []


def test_nor_does_one_whose_rows_fail_in_the_middle(folder):
    def rows():
        yield ["title"]
        yield ["one"]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        table_answer(rows(), kind="xlsx", name="x")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Спам", "Спам "),
        ("../../etc/passwd", "etc passwd "),
        ('a"b\r\nc', "a b c "),
        ("\u202egnp", "gnp "),
        ("...", ""),
        ("x" * 300, "x" * 100 + " "),
    ],
)
def test_any_name_makes_a_name_of_a_file(name, shown):
    assert dated(name, "csv") == f"{shown}{timezone.localdate()}.csv"


def test_a_list_without_a_name_is_named_by_its_number(as_support, sandbox, account):
    nameless = sandbox.add_list(account, name=" ")
    answer = as_support.get(f"/lists/{nameless}/export/")
    assert filename_of(answer).startswith(says("List no. %(id)s", id=nameless))


def test_several_numbers_as_a_workbook(as_support, black):
    page = as_support.post("/lookup/many/", {"numbers": "79998887766"})
    assert page.soup.select_one("button[name=xlsx]")
    sent = {"numbers": "79998887766\n=abc", "xlsx": "1"}
    rows = rows_of(content_of(as_support.post("/lookup/many/", sent)))
    assert [row[0] for row in rows] == [says("Number"), "79998887766", "=abc"]
    assert rows[1][3] == "Чёрный список 1: Иван Иванов"


def test_the_journal_as_a_workbook(as_manager):
    JournalEntryFactory(username="anna")
    JournalEntryFactory(username="=manager")
    link = as_manager.get("/journal/?person=anna").soup.select_one("a[href*='journal.xlsx']")
    rows = rows_of(content_of(as_manager.get(link["href"])))
    assert [row[2] for row in rows] == [says("Who"), "anna"]
    every = rows_of(content_of(as_manager.get("/journal/journal.xlsx")))
    assert "=manager" in [row[2] for row in every]
    assert as_manager.get("/journal/journal.xlsx?since=nonsense").status_code == 422

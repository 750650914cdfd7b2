"""Whatever people send: read as a table, or refused by name."""

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from lists.tables import workbook
from lists.tables.read import ReadAs, as_file, read_table
from lists.tables.table import (
    Broken,
    CellTooLong,
    Empty,
    Kind,
    NotATable,
    Odd,
    OtherEncoding,
    Protected,
    TooLarge,
    TooManyColumns,
    TooManyRows,
    TooMuchText,
)
from tests.growth import seconds_of

HERE = Path(__file__).parent
ROWS = [(1, ("Имя", "Телефон")), (2, ("Иван", "79998887766"))]
TEXT = "Имя;Телефон\nИван;79998887766\n"


def rows_of(content):
    return [(row.number, row.cells) for row in read_table(content).rows]


def book(fill):
    file = io.BytesIO()
    with Workbook(file) as made:
        fill(made)
    return file.getvalue()


def sheet_of(rows):
    def fill(made):
        sheet = made.add_worksheet("Таблица")
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(at, column, cell)

    return book(fill)


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "cp1251",
        "cp866",
        "koi8-r",
    ],
)
def test_a_text_is_read_in_whatever_encoding_it_is(encoding):
    assert rows_of(TEXT.encode(encoding)) == ROWS


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "koi8-r"])
@pytest.mark.parametrize(
    "text",
    [
        "Анна;79998887766",
        "Пётр Петров;101\nИван;102\n",
        "Банк;79160000002\nРеклама;79160000003\n",
        "Ян;101\n",
        "Пётр Ильич «Чайка» – №1;101\n",
        "Имя;Телефон\nООО Ромашка;101\nИП Ёлкин;102\n",
        "McDonald's Москва;101\n",
    ],
)
def test_a_few_words_tell_their_encoding(encoding, text):
    content = text.encode(encoding, "ignore")
    assert rows_of(content) == rows_of(content.decode(encoding).encode())


@pytest.mark.parametrize(
    "name", ["ИВАНОВ ИВАН", "ЯНДЕКС", "ёж", "ООО «РОМАШКА»", "ОООРомашка", "такси", "Київ"]
)
def test_a_short_name_is_read_as_windows_writes_it(name):
    assert rows_of(f"{name};101".encode("cp1251")) == [(1, (name, "101"))]


def test_lines_of_two_encodings_are_each_read_as_they_are():
    mixed = "Имя;Телефон\n".encode() + "Иван;79998887766\n".encode("cp1251")
    assert rows_of(mixed) == ROWS


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_is_cut_by_whatever_separates_it(separator, end):
    text = TEXT.replace(";", separator).replace("\n", end)
    assert rows_of(text.encode()) == ROWS


def test_the_separator_that_excel_names_is_believed():
    assert rows_of(b"sep=|\na;b|79998887766\n") == [(2, ("a;b", "79998887766"))]


def test_several_numbers_of_a_cell_do_not_pass_for_columns():
    text = "Иван;79998887766, 79992223300\nПётр;101, 102, 103\nАнна;104\n"
    assert [cells for _, cells in rows_of(text.encode())][1] == ("Пётр", "101, 102, 103")


def test_one_column_is_a_table():
    assert rows_of(b"79998887766\n79992223300") == [(1, ("79998887766",)), (2, ("79992223300",))]


def test_quotes_hold_separators_line_breaks_and_quotes():
    text = '"ООО ""Ромашка""; филиал";"79998887766\n101"\n\nПётр;102\n'
    assert rows_of(text.encode()) == [
        (1, ('ООО "Ромашка"; филиал', "79998887766\n101")),
        (3, ("Пётр", "102")),
    ]


def test_a_quote_that_is_never_closed_swallows_nothing():
    text = 'Имя;Телефон\n"Ромашка;79998887766\nПётр;102\n'
    assert rows_of(text.encode())[1:] == [(2, ('"Ромашка', "79998887766")), (3, ("Пётр", "102"))]


def test_a_quote_within_a_quoted_cell_swallows_nothing():
    text = (
        'Имя;Телефон\n"ООО "Ромашка"";79998887766\n"ООО "Рога";101\n'
        '"Пётр; младший";"102"\n"АО ""Заря""";103\n"Анна";104\n'
    )
    assert rows_of(text.encode())[1:] == [
        (2, ('ООО "Ромашка"', "79998887766")),
        (3, ('ООО "Рога', "101")),
        (4, ("Пётр; младший", "102")),
        (5, ('АО "Заря"', "103")),
        (6, ("Анна", "104")),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_one_stray_quote_costs_no_other_row(end):
    lines = [f'"Имя {n}";"{79160000000 + n}"' for n in range(50)]
    lines[10] = '"Имя "10;"79160000010"'
    found = rows_of(end.join(lines).encode())
    assert [cells[1] for _, cells in found] == [str(79160000000 + n) for n in range(50)]


def test_a_cell_beyond_all_limits_is_too_long_however_quotes_stand():
    with pytest.raises(CellTooLong) as refused:
        read_table(b'"a"b;1\n' + b"a" * 200_000 + b";2\n")
    assert refused.value.row == 2


def test_a_separator_does_not_cut_through_quotes():
    text = 'Иванов,"79998887766;79992223300"\n'
    assert rows_of(text.encode()) == [(1, ("Иванов", "79998887766;79992223300"))]
    assert rows_of('Иванов;"101,102"'.encode()) == [(1, ("Иванов", "101,102"))]


def test_what_kept_a_text_from_being_a_formula_is_no_part_of_it():
    text = "'=1+1;'+79998887766\nО'Нил;'79998887766\n"
    assert rows_of(text.encode()) == [
        (1, ("=1+1", "+79998887766")),
        (2, ("О'Нил", "'79998887766")),
    ]


def test_nul_is_left_out_of_a_text():
    assert rows_of("Ив\0ан;7999\x008887766\n".encode()) == [(1, ("Иван", "79998887766"))]


def test_what_was_pasted_reads_as_a_file_whatever_it_begins_with():
    assert rows_of(as_file("MZ\t79998887766")) == [(1, ("MZ", "79998887766"))]
    assert as_file(" \n") == b""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Empty),
        (b" \r\n\t ", Empty),
        (b";;;\n;;\n", Empty),
        (b"a" * (10 * 1024 * 1024 + 1), TooLarge),
        (b"a" * (10 * 1024 * 1024), CellTooLong),
        (b"MZ\x90\0" + b"\0" * 400, NotATable),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, NotATable),
        (b"%PDF-1.7", NotATable),
        (b"<html><table><tr><td>79998887766", NotATable),
        (bytes(range(256)) * 20, NotATable),
        (b"\xff\xfe\x00\xd8\x00\xd8", NotATable),
        ((";".join("x" * 200)).encode(), TooManyColumns),
        (b"79998887766\n" * 100_000, TooManyRows),
        (b"PK\x03\x04" + b"x" * 100, Broken),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Broken),
    ],
)
def test_what_is_no_table_is_refused_by_name(content, why):
    with pytest.raises(why):
        read_table(content)


def test_more_lines_than_a_table_can_have_are_counted_before_they_are_read():
    content = b"\xe0\n" * (5 * 1024 * 1024)

    def read():
        with pytest.raises(TooManyRows):
            read_table(content)

    assert seconds_of(read)[0] < 1


def test_a_name_that_begins_as_a_program_does_is_a_name():
    assert rows_of(b"MZ Group;79998887766\n") == [(1, ("MZ Group", "79998887766"))]


def test_random_bytes_are_no_table():
    with pytest.raises(NotATable):
        read_table(b"\x00\x01\x02" + os.urandom(5000))


def test_the_row_of_a_cell_that_is_too_long_is_named():
    with pytest.raises(CellTooLong) as refused:
        read_table(b"a;1\n" + b"a" * 40_000 + b";2\n")
    assert refused.value.row == 2


@pytest.mark.parametrize("name", ["numbers.xls", "numbers.ods"])
def test_older_and_open_workbooks_are_read(name):
    assert rows_of((HERE / name).read_bytes())[:2] == ROWS


def test_a_workbook_with_a_password_is_said_to_be():
    with pytest.raises(Protected):
        read_table((HERE / "protected.xlsx").read_bytes())


def test_numbers_of_a_workbook_are_exact():
    content = sheet_of([("Иван", 79998887766), ("Пётр", "+7 812 333-44-55"), ("АТС", 101.0)])
    assert [cells[1] for _, cells in rows_of(content)] == ["79998887766", "+7 812 333-44-55", "101"]


def test_dates_fractions_and_truths_are_no_numbers():
    def fill(made):
        as_date = made.add_format({"num_format": "dd.mm.yyyy"})
        sheet = made.add_worksheet()
        sheet.write_datetime(0, 0, date(2024, 2, 1), as_date)
        sheet.write_number(1, 0, 79998887766.5)
        sheet.write_boolean(2, 0, True)

    assert [cells[0] for _, cells in rows_of(book(fill))] == [
        Odd("2024-02-01", Kind.DATE),
        Odd("79998887766.5", Kind.FRACTION),
        "TRUE",
    ]


def test_of_a_formula_counts_what_it_came_to():
    def fill(made):
        made.add_worksheet().write_formula("A1", "=70000000000+9998887766", None, 79998887766)

    assert rows_of(book(fill)) == [(1, ("79998887766",))]


def test_merged_cells_come_as_they_are_stored():
    def fill(made):
        sheet = made.add_worksheet()
        sheet.merge_range("A1:A2", "Иван")
        sheet.write("B1", "101")
        sheet.write("B2", "102")

    assert rows_of(book(fill)) == [(1, ("Иван", "101")), (2, ("", "102"))]


def test_the_first_sheet_that_is_not_hidden_and_has_rows_is_read():
    def fill(made):
        hidden = made.add_worksheet("Скрытый")
        hidden.write(0, 0, "999")
        made.add_worksheet("Пустой").activate()
        hidden.hide()
        made.add_worksheet("Номера").write(0, 0, "101")
        made.add_worksheet("Ещё").write(0, 0, "102")

    table = read_table(book(fill))
    assert (table.sheets, table.sheet) == (("Пустой", "Номера", "Ещё"), 1)
    assert table.rows[0].cells == ("101",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "koi8_r", "cp866"])
def test_an_encoding_is_believed_where_a_person_names_it(encoding):
    table = read_table("Ы;101\n".encode(encoding), ReadAs(encoding=encoding))
    assert table.rows[0].cells == ("Ы", "101")


@pytest.mark.parametrize(
    ("content", "encoding"),
    [("Ы;101\n".encode("cp1251"), "utf-8"), (b"a;1", "utf-16"), (b"\x98;101\n", "cp1251")],
)
def test_what_is_not_in_the_encoding_that_is_named_is_refused(content, encoding):
    with pytest.raises(OtherEncoding):
        read_table(content, ReadAs(encoding=encoding))


def test_bytes_that_mean_nothing_in_the_encoding_that_is_named_are_refused():
    with pytest.raises(OtherEncoding):
        read_table("И;1\n".encode("utf-16-le") * 5, ReadAs(encoding="cp866"))


def test_a_separator_is_believed_where_a_person_names_it():
    content = "Иванов, Иван;101\nПетров, Пётр;102\n".encode()
    assert read_table(content, ReadAs(separator=",")).rows[0].cells == ("Иванов", "Иван;101")
    assert read_table(b"sep=;\n" + content, ReadAs(separator=",")).rows[0].cells[0] == "Иванов"


@pytest.mark.parametrize(("sheet", "cell"), [(0, "101"), (1, "102"), (2, "101"), (None, "101")])
def test_a_sheet_is_read_where_a_person_names_it_and_the_first_where_there_is_none(sheet, cell):
    def fill(made):
        made.add_worksheet("Номера").write(0, 0, "101")
        hidden = made.add_worksheet("Скрытый")
        hidden.write(0, 0, "999")
        hidden.hide()
        made.add_worksheet("Ещё").write(0, 0, "102")

    table = read_table(book(fill), ReadAs(sheet=sheet))
    assert table.rows[0].cells == (cell,)
    assert table.sheets[table.sheet] == {"101": "Номера", "102": "Ещё"}[cell]


def test_a_sheet_that_is_too_large_hides_no_other():
    def fill(made):
        made.add_worksheet("Широкий").write_row(0, 0, ["101"] * 200)
        made.add_worksheet("Номера").write(0, 0, "102")

    table = read_table(book(fill))
    assert (table.sheets[table.sheet], table.rows[0].cells) == ("Номера", ("102",))
    with pytest.raises(TooManyColumns):
        read_table(book(fill), ReadAs(sheet=0))


def test_a_workbook_of_hidden_sheets_alone_is_empty():
    def fill(made):
        made.add_worksheet("Пустой")
        hidden = made.add_worksheet("Скрытый")
        hidden.write(0, 0, "999")
        hidden.hide()

    with pytest.raises(Empty):
        read_table(book(fill))


def test_rows_are_counted_as_the_spreadsheet_counts_them():
    def fill(made):
        sheet = made.add_worksheet()
        sheet.write("B4", "101")
        sheet.write("B7", "102")

    assert [number for number, _ in rows_of(book(fill))] == [4, 7]


def test_emoji_and_right_to_left_texts_come_through():
    assert rows_of(sheet_of([("👩‍👧 мама", "אבא")])) == [(1, ("👩‍👧 мама", "אבא"))]


def test_a_workbook_of_too_many_rows_or_columns_or_letters_is_refused():
    with pytest.raises(TooManyRows):
        read_table(sheet_of([["101"]] * 20_002))
    with pytest.raises(TooManyColumns):
        read_table(sheet_of([["101"] * 200]))


def test_cells_that_share_a_long_text_count_each():
    with pytest.raises(TooMuchText):
        read_table(sheet_of([["я" * 30_000]] * 700))
    table = read_table(sheet_of([["я" * 30_000]] * 20))
    assert {row.cells for row in table.rows} == {("я" * 30_000,)}


def test_a_workbook_cut_in_half_is_broken():
    whole = sheet_of([("Иван", 79998887766)] * 100)
    with pytest.raises(Broken):
        read_table(whole[: len(whole) // 2])
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        odd = io.BytesIO()
        with zipfile.ZipFile(odd, "w") as again:
            for name in packed.namelist():
                part = packed.read(name)
                again.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    with pytest.raises(Broken):
        read_table(odd.getvalue())


def test_an_archive_that_is_no_workbook_is_no_table():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "101")
    with pytest.raises(NotATable):
        read_table(file.getvalue())


def test_a_zip_bomb_is_not_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", bytes(workbook.MOST_UNPACKED + 1))
    assert len(file.getvalue()) < 1024 * 1024
    with pytest.raises(TooLarge):
        read_table(file.getvalue())


def test_two_cells_at_the_ends_of_a_sheet_take_nobodys_memory():
    def fill(made):
        sheet = made.add_worksheet()
        sheet.write(0, 0, "101")
        sheet.write(1_048_575, 16_383, "102")

    with pytest.raises(TooLarge):
        read_table(book(fill))


def test_a_workbook_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(workbook, "LONGEST", 0.001)
    with pytest.raises(TooLarge):
        read_table(sheet_of([("Иван", 101)]))

"""Files that a spreadsheet opens: with whatever separator it was told, no cell of them is a formula."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.views.spreadsheet import csv_answer

FORMULA = tuple("=+-@＝＋－＠")
texts = st.text(alphabet="=+-@＝;,\t|\r\n\u2028\x0b \"'а1", max_size=12)


def file_of(*rows):
    answer = csv_answer([["title"], *rows], filename="x.csv")
    return b"".join(answer.streaming_content).decode().removeprefix("\ufeff")


def cells(content, delimiter):
    """As a spreadsheet splits them: a quote that is not first in its cell is a sign like any other."""
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
        yield from row


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(st.lists(st.lists(texts, min_size=1, max_size=3), max_size=3))
def test_no_cell_begins_a_formula_whatever_separates_them(delimiter, rows):
    for cell in cells(file_of(*rows), delimiter):
        assert not cell.strip(" \t").startswith(FORMULA), cell


@given(texts, texts)
def test_each_row_is_one_line(one, other):
    content = file_of([one, other], ["end"])
    assert len(content.splitlines()) == 3
    assert content.splitlines()[2] == '"end"'


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a, =1+1", "a, '=1+1"),
        ('a;"=1+1', "a;\"'=1+1"),
        ("a\t@x", "a\t'@x"),
        ("Роза\nи Ко", "Роза и Ко"),
        ("Иванов-Петров, 8 999", "Иванов-Петров, 8 999"),
        ("", ""),
        ("-5", "'-5"),
    ],
)
def test_a_cell_stays_readable(cell, shown):
    (row,) = list(csv.reader(io.StringIO(file_of([cell]), newline=""), delimiter=";"))[1:]
    assert row == [shown]


@pytest.mark.parametrize("sign", [";", "\t", "; ", "\n", '"', ";'"])
def test_a_cell_of_any_size_is_made_in_a_moment(sign):
    started = time.process_time()
    file_of([sign * 100_000])
    assert time.process_time() - started < 5

"""What a text area holds: numbers as typed, and stored texts that nobody touched."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists import phones
from lists.numbers import Number, read_numbers
from lists.phones import Fault, NotANumber
from lists.plusofon.values import Contact

ODD = [
    *(
        "79991112233, 79994445566",
        "79991112233; 101",
        "7999*",
        "доб. 12",
        " 101 ",
        "8 (999) 888-77-66",
    ),
    *(
        "79991112233\n79994445566",
        "101\r\n102",
        "101\t102",
        "101\r102",
        "",
        " ",
        "\n",
        ",",
        "79998887700 (101)",
    ),
    *(
        "84961234567",
        "+84961234567",
        "79991112233 79994445566",
        "\u00a0101",
        "101\n\n102",
        "-\n7999*",
    ),
]
texts = st.lists(st.one_of(st.sampled_from(ODD), st.text(max_size=12)), min_size=1, max_size=5)


def shown(stored_texts, end="\n"):
    """The text area as a browser sends it."""
    return re.sub(r"\r\n?|\n", end, "\n".join(map(phones.spell, stored_texts)))


def stored(text, *before):
    return [number.stored for number in read_numbers(text, Contact("Иван", before))]


@given(texts.map(tuple), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_stored_texts_that_nobody_touched_stay_byte_for_byte(before, end, is_stripped):
    text = shown(before, end)
    read = read_numbers(text.strip() if is_stripped else text, Contact("Иван", before))
    assert tuple(number.stored for number in read) == before
    assert all(number.untouched and not number.is_repeated for number in read)


@pytest.mark.parametrize("odd", [text for text in ODD if text.strip()])
def test_an_odd_text_stays_whole_beside_what_was_typed(odd):
    typed = f"103\r\n{shown([odd], chr(13) + chr(10))}\r\n104"
    assert stored(typed, "79990000001", odd) == ["103", odd, "104"]


def test_a_text_of_two_numbers_that_was_touched_is_two_numbers():
    before = "79991112233, 79994445566"
    assert stored("79991112233, 79994445567", before) == ["79991112233", "79994445567"]


def test_each_stored_text_stands_for_one_line():
    assert stored("+7 999 888-77-66\n+7 999 888-77-66", "8 999 888-77-66") == [
        "8 999 888-77-66",
        "79998887766",
    ]
    assert stored("101, 102", "102") == ["101", "102"]


def test_numbers_typed_one_after_the_other_are_two():
    assert read_numbers("89998887766 89991112233") == [
        Number("89998887766", "79998887766"),
        Number("89991112233", "79991112233"),
    ]


def test_what_may_be_one_number_or_two_is_refused():
    assert read_numbers("101 102\n103") == [
        NotANumber("101 102", Fault.SEVERAL),
        Number("103", "103"),
    ]


def test_a_number_typed_twice_is_repeated_in_any_spelling_and_beside_an_untouched_one():
    read = read_numbers("8 999 888-77-66\n79998887766\n101", Contact("Иван", ("101", "101")))
    assert [number.is_repeated for number in read] == [False, True, False]
    read = read_numbers("+7 999 888-77-66\n79998887766", Contact("Иван", ("8 999 888-77-66",)))
    assert [(number.untouched, number.is_repeated) for number in read] == [
        (True, False),
        (False, True),
    ]


def test_a_foreign_number_and_the_russian_one_of_its_digits_are_two():
    read = read_numbers("+84 96 123 45 67\n8 496 123-45-67")
    assert [(number.stored, number.is_repeated) for number in read] == [
        ("+84961234567", False),
        ("74961234567", False),
    ]


def test_only_what_was_typed_can_be_doubtful():
    read = read_numbers("70000000000\n70000000001", Contact("Иван", ("70000000000",)))
    assert [number.is_doubtful for number in read] == [False, True]


def test_a_thousand_stored_texts_are_read_in_no_time():
    before = tuple(f"8 999 {n:07}" for n in range(1000))
    typed = shown(before[::-1])
    assert stored(typed, *before) == list(before[::-1])


def test_a_stored_text_of_very_many_lines_beside_what_was_typed_is_read_as_its_numbers():
    lines = [f"7999888{n:04}" for n in range(25)]
    assert stored("\n".join([*lines, "101"]), "\n".join(lines)) == [*lines, "101"]


def test_a_stored_number_that_is_typed_again_in_its_other_spelling_is_untouched_once():
    read = read_numbers("79998887766\n+7 999 888-77-66\n101", Contact("А", ("79998887766",)))
    assert [number.untouched for number in read] == [True, False, False]
    assert [number.is_repeated for number in read] == [False, True, False]

"""What is looked for by a text as it is typed or pasted at a desk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.phones import Fault, NotANumber
from lists.search_input import InputKind, SearchInput, read_input


@pytest.mark.parametrize(
    "text",
    [
        *("79998887766", "8 999 888 77 66", "тел. 8 999 888 77 66", "8(999)888-77-66 Иванов"),
        *(
            "Иванов И. И., моб.: +7 (999) 888-77-66 (доб. 12)",
            "89998887766, 101",
            "8 999 888-77-66/67",
        ),
        *("12.05.2026 14:03:12 +79998887766", "+79998887766 79998887766", "8-999-888-77-бб"),
        *("79998887766 (101)", "тел.8 999 888 77 66"),
    ],
)
def test_a_whole_number_is_taken_out_of_any_text(text):
    asked = read_input(text)
    assert (asked.kind, asked.numbers) == (InputKind.NUMBER, ("79998887766",))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+84 96 123 45 67", "+84961234567"),
        ("49 30 1234567", "49301234567"),
        ("8 999 888-77-6О", "79998887760"),
        ("(+47) 31 23 45 67", "+4731234567"),
        ("+290 22158", "29022158"),
    ],
)
def test_a_number_of_another_country_and_a_misread_one_are_whole(text, number):
    asked = read_input(text)
    assert (asked.kind, asked.numbers) == (InputKind.NUMBER, (number,))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8 999 888-77-6", "8999888776"),
        ("8 482 345-67-8", "78482345678"),  # nine digits after the 8
        ("8222123456", "8222123456"),  # rather a digit short than Korean
        ("8495 123456", "8495123456"),
        ("888-77-66", "8887766"),
        ("7 999 888 77 66 5", "79998887766"),  # a digit too many
        ("70000000000", "70000000000"),
        ("+7 999 888 77 6", "7999888776"),
    ],
)
def test_a_part_of_a_number_is_doubtful(text, number):
    asked = read_input(text)
    assert (asked.kind, asked.numbers) == (InputKind.DOUBTFUL, (number,))


@pytest.mark.parametrize("text", ["7999*", "7999 *", "+7999%", "8 (999) *", "7999??", "7999_"])
def test_a_mask_is_a_part_and_no_short_number(text):
    assert read_input(text).kind is InputKind.DOUBTFUL


@pytest.mark.parametrize("text", ["101", "тел. 101", "l0l", "1-0-1", "101?", "*101#"])
def test_a_short_number_is_one(text):
    assert read_input(text).numbers == ("101",)
    assert read_input(text).kind is InputKind.SHORT


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("89998887766 89991112233", ("79998887766", "79991112233")),
        ("Иванов 8 999 888-77-66, Петров 8 999 111-22-33", ("79998887766", "79991112233")),
        ("101 102", ("101", "102")),
        ("тел. 101; 102", ("101", "102")),
        ("8 999 888 77 66 8 999 888 77", ("79998887766", "899988877")),
    ],
)
def test_several_numbers_are_several(text, numbers):
    assert read_input(text).kind is InputKind.SEVERAL
    assert read_input(text).numbers == numbers


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Иванов, Пётр", SearchInput(InputKind.NAME, (), ("Иванов", "Пётр"))),
        ("Такси 777", SearchInput(InputKind.NAME, ("777",), ("Такси", "777"))),
        ("Дом 5", SearchInput(InputKind.NAME, (), ("Дом", "5"))),
        ("факс", SearchInput(InputKind.NAME, (), ("факс",))),
        ("ООО", SearchInput(InputKind.NAME, (), ("ООО",))),
        ("Иванов 8887766", SearchInput(InputKind.DOUBTFUL, ("8887766",), ("Иванов",))),
    ],
)
def test_letters_look_for_a_name(text, asked):
    assert read_input(text) == asked


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        *(("**", Fault.NOT_DIGITS), ("5", Fault.TOO_SHORT), ("5*", Fault.TOO_SHORT)),
        ("1" * 40, Fault.TOO_LONG),
    ],
)
def test_what_is_neither_number_nor_name_is_refused(text, fault):
    with pytest.raises(NotANumber) as refused:
        read_input(text)
    assert refused.value.fault is fault
    assert refused.value.text in text


@given(st.text(alphabet="0123456789 +-()*/,.:xдО№\n", max_size=40))
def test_whatever_is_typed_is_understood_or_refused(text):
    try:
        asked = read_input(text)
    except NotANumber:
        return
    assert asked.typed or asked.words
    assert (len(asked.typed) > 1) is (asked.kind is InputKind.SEVERAL)

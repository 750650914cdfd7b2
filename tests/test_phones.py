import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists import phones
from lists.phones import Fault, NotANumber

SPELLINGS = [
    "+7 (999) 888-77-66",
    "8 999 888 77 66",
    "9998887766",
    "8(999)888-77-66",
    "7 999 888 77 66",
    "+7\u00a0999\u2009888\u201177\u201166",
    "\u202a+79998887766\u202c",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_a_russian_number_is_one_number(text):
    assert phones.normalise(text) == phones.parse(text) == "79998887766"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("8-800-555-35-35", "78005553535"),
        ("8 (812) 333-44-55", "78123334455"),
        ("+49 30 1234567", "49301234567"),
        ("101", "101"),
        ("02", "02"),
        ("+86 138 0013 8000", "8613800138000"),
        ("+84 90 123 4567", "84901234567"),
        ("+65 6123 4567", "6561234567"),
        ("+8 999 888 77 66", "79998887766"),
    ],
)
def test_a_typed_number_is_stored_as(text, stored):
    assert phones.parse(text) == stored


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("abc", Fault.NOT_DIGITS),
        ("7999888776x", Fault.NOT_DIGITS),
        ("٠١٢٣٤٥٦٧٨٩", Fault.NOT_DIGITS),
        ("7999*", Fault.NOT_DIGITS),
        ("", Fault.NOT_DIGITS),
        ("1", Fault.TOO_SHORT),
        ("4" * 40, Fault.TOO_LONG),
    ],
)
def test_what_is_no_number_is_refused_and_says_why(text, fault):
    with pytest.raises(NotANumber) as refused:
        phones.parse(text)
    assert refused.value.fault is fault
    assert refused.value.text == text


def test_different_numbers_with_the_same_last_digits_stay_different():
    assert phones.normalise("8887766") != phones.normalise("9998887766")
    assert phones.normalise("+49 999 888 77 66") != phones.normalise("+7 999 888 77 66")


def test_an_odd_stored_spelling_equals_only_itself():
    assert phones.normalise(" 7999* ") == "7999*"
    assert phones.normalise("доб. 12") == "доб. 12"


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert phones.normalise(phones.normalise(text)) == phones.normalise(text)


@given(st.from_regex(r"\+?[0-9 ()-]{0,24}", fullmatch=True))
def test_what_is_stored_is_found_by_what_was_typed(text):
    try:
        stored = phones.parse(text)
    except NotANumber:
        return
    assert phones.normalise(stored) == phones.normalise(text)


@given(st.text(alphabet="0123456789 +-()\u00a0*#a", max_size=40))
def test_a_spelling_never_changes_the_number_and_never_fails(text):
    assert phones.normalise(phones.spell(text)) == phones.normalise(text)


@pytest.mark.parametrize(
    ("stored", "spelt"),
    [
        ("79998887766", "+7 999 888-77-66"),
        ("8 (999) 888-77-66", "+7 999 888-77-66"),
        ("49301234567", "+49 30 1234567"),
        ("6561234567", "+65 6123 4567"),
        ("101", "101"),
        ("8887766", "8887766"),
        ("7999*", "7999*"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_numbers_are_grouped_for_people(stored, spelt):
    assert phones.spell(stored) == spelt


def test_a_long_number_that_no_country_gives_out_is_doubtful_and_short_ones_are_not():
    assert phones.is_doubtful("70000000000")
    assert phones.is_doubtful("999999999999999")
    assert not phones.is_doubtful("79998887766")
    assert not phones.is_doubtful("6561234567")
    assert not phones.is_doubtful("101")


def test_a_text_area_holds_a_number_a_line_and_commas_and_semicolons_separate_too():
    assert phones.split("101\r\n102,103 ; 104\n\n ,") == ["101", "102", "103", "104"]

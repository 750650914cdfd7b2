"""What a text that stands where a number should is taken for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.phones import normalise
from lists.readings import Wanted
from lists.stored_text import Oddity, StoredText, read_text


@pytest.mark.parametrize(
    ("text", "numbers", "oddity", "is_safe"),
    [
        ("79998887766", ["79998887766"], None, False),
        ("101", ["101"], None, False),
        ("49301234567", ["49301234567"], None, False),
        ("+84961234567", ["+84961234567"], None, False),
        ("8 (999) 888-77-66", ["79998887766"], Oddity.SPELLED, True),
        ("+46 8 123 456 00", ["46812345600"], Oddity.SPELLED, True),
        (" 101", ["101"], Oddity.SPELLED, True),
        # Bare, it may as well be a number of Vietnam: nobody knows which one is meant.
        ("84961234567", [], Oddity.SPELLED, False),
        ("70000000000", ["70000000000"], Oddity.UNASSIGNED, False),
        (
            "8 (916) 555-01-73, 8-916-555-01-74",
            ["79165550173", "79165550174"],
            Oddity.SEVERAL,
            True,
        ),
        ("79998887766 79160000001", ["79998887766", "79160000001"], Oddity.SEVERAL, True),
        # Parts of one number, an extension, short numbers: nobody knows.
        ("495, 1234567", [], Oddity.SEVERAL, False),
        ("8(495),1234567", [], Oddity.SEVERAL, False),
        ("79998887766,,123", [], Oddity.SEVERAL, False),
        ("8 (495) 123-45-67, 68", [], Oddity.SEVERAL, False),
        ("112,101", [], Oddity.SEVERAL, False),
        ("79998887766, 70000000000", [], Oddity.SEVERAL, False),
        ("79998887766, 84961234567", [], Oddity.SEVERAL, False),
        ("79998887766, не звонить 2", [], Oddity.SEVERAL, False),
        ("111 222", [], Oddity.SEVERAL, False),
        ("7999*", [], Oddity.MASK, False),
        ("8 (999) xxx-xx-xx", [], Oddity.MASK, False),
        ("8 495 123-45-67 доб. 12", [], Oddity.NO_NUMBER, False),
        ("не звонить", [], Oddity.NO_NUMBER, False),
        ("5", [], Oddity.NO_NUMBER, False),
        ("12345678901234567890", [], Oddity.NO_NUMBER, False),
        ("", [], Oddity.NO_NUMBER, True),
        (" ", [], Oddity.NO_NUMBER, True),
    ],
)
def test_a_stored_text_is_a_number_or_several_or_none(text, numbers, oddity, is_safe):
    assert read_text(text) == StoredText(tuple(numbers), oddity, is_safe)


signs = st.text(st.sampled_from("0123456789 +-(),;*x/доб\n"), max_size=26)


@given(signs)
def test_what_may_be_stored_otherwise_means_the_same_numbers_and_is_plain_then(text):
    read = read_text(text)
    if read.is_safe:
        assert all(read_text(number) == StoredText((number,)) for number in read.numbers)
    if read.is_safe and len(read.numbers) == 1:
        assert normalise(text) == read.numbers[0]


NUMBERS = ("79998887766", "74951234567", "79160000001", "+84961234567", "495", "1234567", "101")


@given(st.one_of(signs, st.lists(st.sampled_from(NUMBERS), max_size=3).map(", ".join)))
def test_no_lookup_misses_a_number_that_the_text_may_have_meant(text):
    read = read_text(text)
    if read.is_safe and read.numbers:
        for number in {*NUMBERS, *read.numbers}:
            wanted = Wanted(number)
            is_meant = normalise(text) == number or wanted.may_be(text)
            assert not is_meant or any(n == number or wanted.may_be(n) for n in read.numbers)

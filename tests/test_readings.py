"""What a stored text may mean beside the number that it is."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists import phones, readings
from lists.readings import Wanted, alternatives, readable
from tests.growth import seconds_of

IVAN, HANOI, LONDON = "79998887766", "+84961234567", "442079460958"


@pytest.mark.parametrize(
    "stored",
    [
        *("79998887766 79991112233", "79991112233 79998887766", "79998887766\n79991112233"),
        *("79998887766 (101)", "79998887766,79992223300", "8 (999) 888-77-66 / моб. 101"),
        *("тел.: 9998887766 доб. 12", "7999888776679991112233", "79998887766101"),
        *("8 (999) 888-77-66/67", "7,999,888,77,66", "+79998887766 +84961112233"),
        *(
            "7999888776б",
            "７９９９８８８７７６б",
            "(8 999) 888 77 66 5",
            "79998887766#12",
            "79998887766*12",
        ),
        *("7999*", "8(999)*", "*66", "+7 999 888-77-6*", "7 999 8887766 доб. *", "*"),
        *("7999xxxxxxx", "8 (999) 888-ХХ-ХХ", "7999???????", "7999%"),
    ],
)
def test_a_stored_text_that_may_mean_a_russian_number(stored):
    assert Wanted(IVAN, "79990000001").perhaps(stored) >= {IVAN}


@pytest.mark.parametrize(
    "stored",
    [
        *("79998887766", "8 (999) 888-77-66", "+7 999 888-77-66", "9998887766"),  # these are it
        *("7998*", "7999", "*77", "888-77-66 доб. 12", "+79998887767 а", "8887766", "", "доб."),
        *("79998887767 79991112233", "+8 999 888 77 67", "7998xxxxxxx", "xxx", "-"),
    ],
)
def test_a_stored_text_that_cannot_mean_it_or_is_it(stored):
    assert Wanted(IVAN).perhaps(stored) == set()


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("+84 96 123 45 67", "84961234567"),  # stored without its plus: reads as 8 496 …
        ("+84 96 123 45 67", "8 496 123-45-67"),
        ("+84 96 123 45 67", "84*"),
        ("84961234567", "+84 96 123 45 67"),  # asked without its plus
        ("+44 20 7946 0958", "00442079460958"),
        ("+44 20 7946 0958", "8 10 44 20 7946 0958"),
        ("+44 20 7946 0958", "+44 (0)20 7946 0958"),
        ("00 44 20 7946 0958", "442079460958"),
        ("+8 800 555 35 35", "78005553535"),  # a careless plus
        ("8 800 555 35 35", "+8 800 555 35 35"),
        ("78887766111", "8 888 776-61-11"),  # a range that nobody gives out yet
    ],
)
def test_a_number_with_two_readings_is_perhaps_the_other(asked, stored):
    assert Wanted(asked).perhaps(stored) == {phones.normalise(asked)} != {phones.normalise(stored)}


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("8 496 123-45-67", "84961234567"),  # the ordinary reading: a plain hit
        ("8 496 123-45-67", "+84 96 123 45 67"),  # certainly another country's
        ("+84 96 123 45 67", "74961234567"),
        ("+84 96 123 45 67", "+7 496 123-45-67"),
    ],
)
def test_a_plain_reading_is_no_perhaps(asked, stored):
    assert Wanted(asked).perhaps(stored) == set()


def test_a_short_number_may_be_an_extension_but_no_part_of_a_number():
    wanted = Wanted("101")
    assert wanted.perhaps("79998887766 (101)") == wanted.perhaps("моб. 101") == {"101"}
    assert wanted.perhaps("+7 999 101 22 33") == wanted.perhaps("8(101)") == set()


def test_other_readings_of_what_was_typed():
    assert alternatives("84961234567") == alternatives("00 84 96 123 45 67") == {HANOI}
    assert alternatives("+8 800 555 35 35") == {"78005553535"}
    assert (
        alternatives("+84961234567") == alternatives("79998887766") == alternatives("101") == set()
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("8 999 888-77-6О", "8 999 888-77-60"),
        ("8-8OO-555-З5-3б", "8-800-555-35-36"),
        ("8-8|2-ЗЗЗ-44-OO", "8-812-333-44-00"),
        ("８ ９９９ ٣٤", "8 999 34"),
        ("ООО «Роза» 8 999", "ООО «Роза» 8 999"),
        ("Зал 3", "Зал 3"),
        ("79998887766", "79998887766"),
    ],
)
def test_letters_that_look_like_digits_are_digits_among_digits(text, plain):
    assert readable(text) == plain


@given(st.text(alphabet="0123456789 +-()*/,xдО\n", max_size=40))
def test_any_stored_text_can_be_read(stored):
    perhaps = Wanted(IVAN, HANOI, LONDON, "101").perhaps(stored)
    assert phones.normalise(stored) not in perhaps


def one_by_one(numbers, mask):
    """The plain way: each number is compared with the mask alone, where an 8 before it may mean 7."""
    patterns = [one.replace("*", "[0-9]*") for one in {mask, re.sub("^8", "7", mask)}]
    return {n for n in numbers for p in patterns if re.fullmatch(p, n.removeprefix("+"))}


digits = st.text(alphabet="0178", max_size=5)
texts = (
    digits | digits.map("+84{}".format) | st.sampled_from([IVAN, HANOI, LONDON, "101", "", "а1"])
)
masks = st.text(alphabet="0178*", max_size=9).filter(lambda text: "*" in text)


@given(st.lists(texts, max_size=6), masks)
def test_a_mask_covers_the_same_numbers_at_once_as_one_by_one(typed, mask):
    wanted = Wanted(*typed)
    covered = one_by_one(wanted.numbers, re.sub("[*]+", "*", mask))
    assert set(wanted._side_by_side.at(wanted._under_mask(mask))) == covered
    assert wanted.perhaps(mask) >= covered
    assert wanted.may_be(mask) == bool(wanted.perhaps(mask))


@given(st.lists(texts, max_size=5), masks | texts, texts)
def test_a_number_that_is_forgotten_is_meant_by_nothing(typed, stored, done):
    wanted, done = Wanted(*typed), phones.normalise(done)
    before = wanted.perhaps(stored)
    wanted.forget(done)
    wanted.forget(done)
    assert wanted.perhaps(stored) == before - {done}


@given(st.text(alphabet="18xX?% -", max_size=8))
def test_signs_that_stand_for_any_digit_make_a_mask_where_a_digit_is_among_them(stored):
    body = re.sub("[ -]", "", stored)
    is_mask = re.fullmatch("(?=.*[0-9])[0-9xX?%]*[xX?%][0-9xX?%]*", body)
    assert readings.mask_of(stored) == (re.sub("[^0-9]+", "*", body) if is_mask else None)


@pytest.mark.parametrize(
    "mask",
    ["7999{0:04}*", "*{0}*", "8 (999) xxx-{0:04}", "*", "*1*1*1*1*1*1*{0}*", "*1" * 500 + "{0}"],
)
def test_ten_thousand_masks_over_a_thousand_numbers_take_a_moment(mask):
    wanted = Wanted(*(f"71111{n:06}" for n in range(1000)))
    stored = [mask.format(n) for n in range(100 if len(mask) > 1000 else 10_000)]
    seconds, found = seconds_of(lambda: sum(map(wanted.may_be, stored)))
    assert found <= len(stored)
    assert seconds < 3


@pytest.mark.parametrize(
    "text",
    [
        *("1" + "+" * 100_000, "1" + "/" * 100_000, "1/1" + "/" * 100_000),
        *("1" + "x" * 100_000 + "а", "*1" * 10_000, "1+" * 10_000, "1 " * 10_000),
    ],
)
def test_a_stored_text_of_any_size_is_read_in_a_moment(text):
    started = time.process_time()
    Wanted(IVAN).perhaps(text)
    phones.spell(text)
    assert time.process_time() - started < 5

import phonenumbers
import pytest
from hypothesis import assume, example, given
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
        ("'+84 96 123 45 67", "+84961234567"),  # out of our own table
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
        ("79998887766 89991112233", Fault.SEVERAL),
        ("8 999 888-77-66 8 999 111-22-33", Fault.SEVERAL),
        ("+7 999 888-77-66 +84 96 123 45 67", Fault.SEVERAL),
        ("79998887700 (101)", Fault.SEVERAL),
        ("101 8 999 888-77-66", Fault.SEVERAL),
        ("8 812 333-44-55/56", Fault.SEVERAL),
        ("101 102", Fault.SEVERAL),
        ("101/102", Fault.SEVERAL),
        ("+84 96 123 45 67 101", Fault.SEVERAL),
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


FOREIGN = [
    ("+84 96 123 45 67", "+84961234567"),  # Vietnam; 8 496 … is a district of Moscow
    ("+47 31 23 45 67", "+4731234567"),  # Norway; 473 is Voronezh
    ("(+49) 30 123456", "+4930123456"),  # Berlin; 493 is Ivanovo
    ("+7 718 887 766", "+7718887766"),  # a digit short; 771 is Kazakhstan's
    ("+8 800 555 35 35", "+88005553535"),  # Bangladesh has numbers as long
    ("+34 71 234 567", "+3471234567"),  # a digit short; 347 is Ufa
]


@pytest.mark.parametrize(("text", "stored"), FOREIGN)
def test_a_number_of_another_country_keeps_its_plus_where_it_would_read_as_a_russian_one(
    text, stored
):
    assert phones.parse(text) == phones.normalise(text) == phones.normalise(stored) == stored
    assert phones.normalise(text.replace("+", "")) != stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("+8 (999) 888-77-66", "79998887766"),
        ("+8 812 333-44-55", "78123334455"),  # satellites have the code 881, and longer numbers
        ("+999 888-77-66", "79998887766"),
    ],
)
def test_a_careless_plus_that_no_country_explains_is_forgiven(text, stored):
    assert phones.parse(text) == stored


@pytest.mark.parametrize("text", ["8 888 776-61-11", "8887766111", "84901234567"])
def test_eight_and_ten_digits_stay_whole_where_that_is_no_russian_number(text):
    assert phones.parse(text) == "".join(filter(str.isdigit, text))


def real_numbers():
    """Valid numbers of every country: examples of each kind, and near ones."""

    def near(example, change):
        digits = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        return digits[: len(digits) - len(change)] + change

    examples = [
        number
        for region in sorted(phonenumbers.SUPPORTED_REGIONS)
        for kind in range(11)
        if (number := phonenumbers.example_number_for_type(region, kind))
    ]
    changes = st.text("0123456789", max_size=6)
    numbers = st.builds(near, st.sampled_from(examples), changes)
    return numbers.filter(is_real)


def is_real(e164):
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:  # the change took the country away
        return False


@given(real_numbers(), st.sampled_from(["{}", "{} ", "({})", "\u202a{}"]))
@example("+84961234567", "{}")
def test_a_number_of_any_country_stays_itself_on_every_way(e164, written):
    spelled = phonenumbers.format_number(
        phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    for text in (e164, spelled, written.format(spelled)):
        stored = phones.parse(text)
        assert stored in (e164, e164[1:])
        assert phones.normalise(stored) == phones.parse(stored) == stored
        assert phones.parse(phones.spell(stored)) == stored
        assert phones.parse(phones.carry(stored)) == stored
        assert phones.apart(text) == [text]
    assert e164.startswith("+7") or phones.carry(stored) in (e164, e164[1:])
    assert phones.is_valid(stored)


@given(real_numbers(), real_numbers())
def test_two_real_numbers_are_never_one(one, other):
    assume(one != other)
    assert phones.normalise(one) != phones.normalise(other)


@given(
    st.sampled_from(sorted(set(phonenumbers.COUNTRY_CODE_TO_REGION_CODE) - {7})),
    st.text("0123456789", min_size=4, max_size=12),
)
def test_a_number_with_the_plus_of_another_country_never_turns_russian(code, rest):
    digits = f"{code}{rest}"
    assume(not (digits[0] == "8" and len(digits) == 11 and not is_possible("+" + digits)))
    stored = phones.normalise("+" + digits)
    assert stored.removeprefix("+") == digits
    assert phones.normalise(stored) == stored


def is_possible(e164):
    return phonenumbers.is_possible_number(phonenumbers.parse(e164))


@given(st.text("0123456789", min_size=10, max_size=10))
@example("9998887766")
@example("7273344556")
def test_ten_digits_are_a_russian_number_exactly_where_there_is_one(digits):
    russian = phonenumbers.PhoneNumber(country_code=7, national_number=int(digits))
    is_russian = digits[0] != "0" and phonenumbers.is_valid_number(russian)
    for text in (digits, "8" + digits):
        assert (phones.normalise(text) == "7" + digits) is is_russian


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("89998887766 89991112233", ["89998887766", "89991112233"]),
        ("8 999 888-77-66 8 999 111-22-33", ["8 999 888-77-66", "8 999 111-22-33"]),
        ("9998887766 8 9991112233", ["9998887766", "8 9991112233"]),
        ("+7 999 888-77-66 +84 96 123 45 67", ["+7 999 888-77-66", "+84 96 123 45 67"]),
        ("8 999 888-77-66", ["8 999 888-77-66"]),
        ("79998887700 (101)", ["79998887700 (101)"]),
        ("101 102", ["101 102"]),
        ("4930123456 7 9301234567 8", ["4930123456 7 9301234567 8"]),
    ],
)
def test_numbers_one_after_the_other_come_apart_where_they_are_certain(text, pieces):
    assert phones.apart(text) == pieces


def test_what_may_be_several_numbers_is_never_merged_into_one():
    for text in ("79998887766 79991112233", "79998887700 (101)", "101 102"):
        assert phones.normalise(f" {text} ") == phones.spell(text) == text


@pytest.mark.parametrize("text", ["8(495)123 45 67", "8495 1234567", "223-33-00", "22 33 00"])
def test_one_number_in_groups_stays_one(text):
    assert phones.apart(text) == [text]
    assert phones.parse(text)


@pytest.mark.parametrize(
    ("number", "carried"),
    [
        ("49301234567", "+49301234567"),
        ("+84961234567", "+84961234567"),
        ("79998887766", "79998887766"),
        ("101", "101"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_between_our_pages_a_number_of_another_country_has_its_plus(number, carried):
    assert phones.carry(number) == carried
    assert phones.parse(carried) == number


def test_a_zero_that_only_a_country_itself_dials_is_not_lost():
    assert phones.spell("+88005553535") == "+88005553535"
    assert phones.is_doubtful("+88005553535")

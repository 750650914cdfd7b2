"""Which columns a table has, what its cells hold, and the contacts that it means."""

import pytest

from lists.phones import Fault
from lists.plusofon.values import Contact
from lists.tables import cells
from lists.tables.cells import Damage, Wrong, name_of, numbers_of
from lists.tables.columns import Columns, Role, guess
from lists.tables.contacts import Lack, Refused, understand
from lists.tables.read import read_table
from lists.tables.table import Kind, Odd, TooManyNumbers
from tests.growth import assert_linear

NAME, NUMBERS, NOTHING = Role.NAME, Role.NUMBERS, Role.NOTHING


def table(text):
    return read_table(text.encode())


def understood(text, **how):
    read = table(text)
    return understand(read, guess(read), **how)


@pytest.mark.parametrize(
    ("text", "roles", "has_heading"),
    [
        ("Имя;Телефон\nИван;79998887766", [NAME, NUMBERS], True),
        ("Phone,Full name\n79998887766,John", [NUMBERS, NAME], True),
        ("ФИО;Моб.;Раб. тел.\nИван;79998887766;101", [NAME, NUMBERS, NUMBERS], True),
        ("Фамилия;Имя;Номер\nКим;Анна;79998887766", [NAME, NAME, NUMBERS], True),
        (
            "№;Клиент;ИНН;Телефон\n1;Иван;7707083893;79998887766",
            [NOTHING, NAME, NOTHING, NUMBERS],
            True,
        ),
        (
            "Номер договора;Абонент;Номер\n79990000000;Иван;79998887766",
            [NOTHING, NAME, NUMBERS],
            True,
        ),
        ("Контактное лицо;Контактный телефон\nИван;79998887766", [NAME, NUMBERS], True),
        ("Кого;Куда\nИван;79998887766", [NAME, NUMBERS], True),
        ("Иван;79998887766\nПётр;101", [NAME, NUMBERS], False),
        ("79998887766;Иван", [NUMBERS, NAME], False),
        ("101;Охрана\n102;АТС", [NUMBERS, NAME], False),
        ("79998887766", [NUMBERS], False),
        ("Иван\nПётр", [NAME], False),
        ("МЧС;112\nИван;79998887766\nПётр;79998887767", [NAME, NUMBERS], False),
        ("900\n79998887766\n79998887767\n79998887768", [NUMBERS], False),
        ("Клиент Иванов;101\nПетров;102", [NAME, NUMBERS], False),
        ("Клиент Иванов;7.9E+10\nПетров;102\nАнна;103", [NAME, NUMBERS], False),
        ("Клиент 2;Телефон 1\nПетров;102", [NAME, NUMBERS], True),
    ],
)
def test_columns_are_told_by_headings_and_by_what_stands_in_them(text, roles, has_heading):
    assert guess(table(text)) == Columns(tuple(roles), has_heading)


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("8 (999) 888-77-66", ["79998887766"]),
        ("79998887766, 101; 102\n103", ["79998887766", "101", "102", "103"]),
        ("79998887766.0", ["79998887766"]),
        ("79998887766,0", ["79998887766"]),
        ("'+79998887766", ["79998887766"]),
        ("7.9998887766E+10", ["79998887766"]),
        ("7,9998887766E+10", ["79998887766"]),
        ("\u202a+7 999 888-77-66\u202c", ["79998887766"]),
        ("12-34-56", ["123456"]),
        ("79998887766,00", ["79998887766"]),
        ("79998887766,00; 101", ["79998887766", "101"]),
        ("79998887766,00, 79992223300,00", ["79998887766", "79992223300"]),
        ("79998887766.000", ["79998887766"]),
        ("4915112345678.00", ["4915112345678"]),
        ("8 (999) 888-77-66,00", ["79998887766"]),
        ("79,998,887,766", ["79998887766"]),
        ("79,998,887,766.00", ["79998887766"]),
        ("79.998.887.766,00", ["79998887766"]),
        ("79\u00a0998\u00a0887\u00a0766,00", ["79998887766"]),
        ("'79,998,887,766", ["79998887766"]),
        ("9,998,887,766", ["79998887766"]),
        ("0.79998887766E+11", ["79998887766"]),
        ("799.98887766E+8", ["79998887766"]),
        ("7.999888776600E+10", ["79998887766"]),
        ("101,102", ["101", "102"]),
        ("101,102,103", ["101", "102", "103"]),
        ("101,102,103,104", ["101", "102", "103", "104"]),
        ("01,02,03", ["01", "02", "03"]),
        ("79998887766,101", ["79998887766", "101"]),
        ("8 (999) 888-77-66,101", ["79998887766", "101"]),
        ("8.999.888.77.66", ["79998887766"]),
        ("8.9998887766", ["79998887766"]),
        ("998.90.123.45.67", ["998901234567"]),
        ("", []),
    ],
)
def test_numbers_of_a_cell_are_read(cell, numbers):
    assert list(numbers_of(cell)) == numbers


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("9.998887766E+10", Damage.ROUNDED),
        ("8E+10", Damage.ROUNDED),
        ("7.99988877665E+10", Damage.ROUNDED),
        ("01.02.2024", Damage.DATE),
        ("1.2.24", Damage.DATE),
        ("2024-02-01", Damage.DATE),
        ("2024-02-01 10:30:00", Damage.DATE),
        ("79998887766.5", Damage.FRACTION),
        (Odd("2024-02-01", Kind.DATE), Damage.DATE),
        (Odd("0.5", Kind.FRACTION), Damage.FRACTION),
        ("нет", Fault.NOT_DIGITS),
        ("#N/A", Fault.NOT_DIGITS),
        ("1", Fault.TOO_SHORT),
        ("1.0", Fault.TOO_SHORT),
        ("1234567890123456", Fault.TOO_LONG),
        ("4915112345678.25", Damage.FRACTION),
        ("79998887766,25", Damage.FRACTION),
        ("8 999 888 77 66,5", Damage.FRACTION),
        ("79,998,887,766.25", Damage.FRACTION),
        ("101.5", Damage.FRACTION),
        ("101,5", Damage.FRACTION),
        ("101.25", Damage.FRACTION),
        ("101,25", Damage.FRACTION),
        ("0.79998887766", Damage.FRACTION),
        ("0,79998887766", Damage.FRACTION),
        ("0.7E+11", Damage.ROUNDED),
        ("101,000", Fault.SEVERAL),
        ("101.000", Fault.SEVERAL),
        ("1,101,102", Fault.SEVERAL),
        ("49,151,123,456", Fault.SEVERAL),
        ("380,441,234,567", Fault.SEVERAL),
        ("00", Fault.NOT_DIGITS),
    ],
)
def test_what_is_no_number_is_refused_and_never_guessed(cell, fault):
    (wrong,) = numbers_of(cell)
    assert isinstance(wrong, Wrong)
    assert wrong.fault is fault


@pytest.mark.parametrize("separator", [",", "; ", " ", "\n"])
def test_a_cell_of_too_many_numbers_is_refused_whole(separator):
    numbers = [str(79160000000 + n) for n in range(cells.MOST_OF_CELL + 1)]
    assert list(numbers_of(separator.join(numbers[:-1]))) == numbers[:-1]
    (wrong,) = numbers_of(separator.join(numbers))
    assert wrong.fault is Damage.MANY


def test_a_row_of_too_many_numbers_is_refused_beside_odd_numbers_of_the_list():
    many = "\n".join(map(str, range(100, 1101)))
    known = [Contact("АТС", ("7999*",)), Contact("Все", tuple(many.splitlines()))]
    found = understood(f'Имя;Номер\nАТС;7999*\nВсе;"{many}"\nИван;"{many}"\n', known=known)
    assert found.contacts == tuple(known)
    assert [(one.row, one.why) for one in found.refused] == [(4, Damage.MANY)]


def test_too_many_numbers_of_all_rows_are_refused_by_name():
    row = ",".join(str(100 + n) for n in range(900))
    with pytest.raises(TooManyNumbers):
        understood("".join(f'Имя {n};"{row}"\n' for n in range(112)))


def test_what_has_no_name_in_the_list_finds_itself():
    known = [Contact(" ", ("79160000002", "7999*")), Contact("", ("101",)), Contact("Ян", ("102",))]
    found = understood(';79160000002\n;7999*\n;101\n;"+7 916 000-00-02"\n;103\n', known=known)
    assert [(c.name.strip(), c.phones) for c in found.contacts] == [
        ("", ("79160000002", "7999*", "101")),
        ("103", ("103",)),
    ]


def test_a_name_is_one_line_without_what_nobody_sees_and_keeps_its_emoji():
    assert name_of(" Иван\u00a0\n Грозный\u200f\0 👩‍👧 ") == "Иван Грозный 👩‍👧"


def test_rows_of_one_name_are_one_contact():
    found = understood("Анна;79160000002\nОлег;101\nАнна ;79160000003\n")
    assert found.contacts == (
        Contact("Анна", ("79160000002", "79160000003")),
        Contact("Олег", ("101",)),
    )
    assert found.rows == ((1, 3), (2,))


def test_what_cannot_be_imported_is_named_with_its_row():
    long = "я" * 300
    found = understood(f"Имя;Телефон\nАнна;9.998887766E+10\n{long};101\nОлег;\nИра;102, нет\n")
    assert found.contacts == (Contact("Ира", ("102",)),)
    assert found.refused == (
        Refused(2, "9.998887766E+10", Damage.ROUNDED),
        Refused(3, long, Lack.LONG_NAME),
        Refused(4, "Олег", Lack.NO_NUMBER),
        Refused(5, "нет", Fault.NOT_DIGITS),
    )


def test_numbers_without_a_name_are_named_by_themselves_or_as_was_typed():
    text = "79160000002\n79160000003\n"
    assert [c.name for c in understood(text).contacts] == ["+7 916 000-00-02", "+7 916 000-00-03"]
    assert understood(text, name="Реклама").contacts == (
        Contact("Реклама", ("79160000002", "79160000003")),
    )


def test_a_number_of_several_rows_is_named_once_with_all_of_them():
    found = understood("Анна;79160000002\nОлег;8 916 000-00-02\nАнна;79160000002\n")
    (twice,) = found.twice
    assert (twice.rows, twice.names) == ((1, 2, 3), ("Анна", "Олег"))
    assert found.contacts[0] == Contact("Анна", ("79160000002",))


def test_five_thousand_duplicates_are_one_contact():
    found = understood("Анна;79160000002\n" * 5000)
    assert found.contacts == (Contact("Анна", ("79160000002",)),)
    assert len(found.twice[0].rows) == 5000


def test_doubtful_numbers_are_told():
    found = understood("Анна;799900000021\nОлег;79160000002\n")
    assert [one.number for one in found.doubtful] == ["799900000021"]


def test_what_the_list_has_is_known_again_however_odd():
    known = [
        Contact("АТС", ("7999*", "101")),
        Contact("Два в одном", ("8 999 111-11-11\n8 999 222-22-22, доб. 5",)),
        Contact("Имя\u200f  с  пробелами", ("8 (812) 333-44-55",)),
    ]
    text = (
        'АТС;"7999*\n101"\n'
        'Два в одном;"8 999 111-11-11\n8 999 222-22-22, доб. 5"\n'
        "Имя с пробелами;8 (812) 333-44-55\nДругой;7999*\n"
    )
    found = understood(text, known=known)
    assert found.contacts == (*known, Contact("Другой", ("7999*",)))
    assert found.refused == ()


def test_understanding_grows_with_the_table_and_not_with_its_square():
    def prepare(size):
        read = table("".join(f"Имя {n % 100};7916{n:07}\n" for n in range(size)))
        return lambda: understand(read, guess(read))

    assert_linear(prepare, 4000, within=2.0)

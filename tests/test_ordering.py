"""Names and numbers in the order in which people look for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.ordering import By, Order, contacts_in_order, in_order, name_key, read_order
from lists.plusofon.values import Contact

from .growth import assert_linear

BY_NAME, BY_NUMBER = Order(By.NAME), Order(By.NUMBER)


def sorted_names(*names):
    return [one.name for one in contacts_in_order(tuple(Contact(n, ()) for n in names), BY_NAME)]


@pytest.mark.parametrize(
    "names",
    [
        ("анна", "Борис", "ВЕРА"),
        ("Ежов", "Ёлкин", "Жуков"),
        ("елка", "ёлка", "елки"),
        ("Спам 2", "спам 10", "Спам 100"),
        ("Спам 007", "Спам 7б", "Спам 8"),
        ("Альфа", "«Ромашка»", "Сирень"),
        ("Zorro", "Анна"),
        ("Иван", "Иванов", "Йод".replace("Й", "И\u0306"), "Катя"),
        ("9" * 5000, "1" + "0" * 5000),
    ],
)
def test_names_stand_as_people_read_them(names):
    assert sorted_names(*reversed(names)) == list(names)


def test_who_has_no_name_or_number_stands_last_from_either_end():
    contacts = (Contact("", ()), Contact("А", ("101",)), Contact("Б", ("99",)))
    for order in (BY_NAME, BY_NUMBER, Order(By.NAME, True), Order(By.NUMBER, True)):
        assert contacts_in_order(contacts, order)[-1] == contacts[0]


def test_numbers_of_one_code_stand_together_however_they_are_spelled():
    phones = ["101", "+49 30 1234567", "8 (812) 333-44-55", "78123334456", "79991112233", "позже"]
    contacts = tuple(Contact(phone, (phone,)) for phone in reversed(phones))
    assert [one.name for one in contacts_in_order(contacts, BY_NUMBER)] == phones


def test_as_stored_and_equal_ones_stay_where_they_stood():
    contacts = (Contact("Б", ("1",)), Contact("А", ("2",)), Contact("Б", ("1",), {"note": "vip"}))
    assert contacts_in_order(contacts, None) == contacts
    assert contacts_in_order(contacts, BY_NAME)[1].extra == {}
    assert contacts_in_order(contacts, Order(By.NAME, True))[0].extra == {}


@pytest.mark.parametrize("order", [BY_NAME, Order(By.NUMBER, True)])
def test_an_order_is_a_word_of_the_address(order):
    assert read_order(str(order), By) == order


@pytest.mark.parametrize("odd", ["", "-", "--name", "phones", "NAME", "count", "name "])
def test_any_other_word_is_none(odd):
    assert read_order(odd, (By.NAME, By.NUMBER)) is None


@given(st.lists(st.text(max_size=6)))
def test_every_name_has_its_place(names):
    ordered = in_order(names, name_key, is_reversed=False)
    assert sorted(ordered) == sorted(names)
    assert in_order(reversed(names), name_key, is_reversed=False) == ordered or "" in map(
        str.strip, names
    )


@pytest.mark.parametrize("order", [BY_NAME, BY_NUMBER])
def test_sorting_costs_each_contact_about_once(order):
    def prepare(size):
        contacts = tuple(
            Contact(f"Спам ё {n * 7919 % size}", (f"8 (999) {n * 7919 % size:07}",))
            for n in range(size)
        )
        return lambda: contacts_in_order(contacts, order)

    assert_linear(prepare, 10_000, within=1.5)

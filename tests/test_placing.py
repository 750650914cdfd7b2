"""What becomes of contacts that come into a list: from other lists, and by a table, in which one name is one
contact."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.changes import ListChange
from lists.conflicts import PlanChanged
from lists.intents import AddContacts, EqualContacts
from lists.placing import Place, equalise, place
from lists.plusofon.values import Contact, ContactList
from lists.resolving import digest_of_going, resolve
from lists.sameness import meaning
from tests.growth import assert_linear
from tests.people import ANNA, ATS, IVAN, PETR


def a_list(*contacts):
    return ContactList(id=1, name="Спам", type="black", contacts=contacts)


def made_equal(found, *wanted):
    going = digest_of_going(equalise(wanted, found.contacts).going)
    return resolve(EqualContacts(wanted, going), found).apply_to(found).contacts


def places(incoming, found):
    return [one.place for one in place(incoming, found, joins_by_name=True)]


def test_of_a_name_those_that_share_a_number_become_one_whether_it_was_there_or_comes_in_too():
    found = a_list(Contact("Спам", ("101",)))
    incoming = (
        Contact("Спам", ("201", "202"), {"note": "vip"}),
        Contact("Спам", ("101", "102")),
        Contact("Спам", ("202", "203")),
        Contact("Спам", ("8 (812) 333-44-55",)),
        Contact("Спам", ("203",)),
    )
    kinds = [Place.NEW, Place.JOINED, Place.JOINED, Place.NEW, Place.THERE]
    assert [one.place for one in place(incoming, found.contacts)] == kinds
    assert resolve(AddContacts(incoming), found).apply_to(found).contacts == (
        Contact("Спам", ("101", "102")),
        Contact("Спам", ("201", "202", "203"), {"note": "vip"}),
        Contact("Спам", ("8 (812) 333-44-55",)),
    )


def test_a_contact_joins_the_only_one_of_its_name():
    found = a_list(IVAN, PETR)
    change = resolve(AddContacts((Contact("Иван Иванов", ("101",)),), joins_by_name=True), found)
    assert change.apply_to(found).contacts == (
        Contact("Иван Иванов", (*IVAN.phones, "101")),
        PETR,
    )


def test_numbers_that_several_of_a_name_have_between_them_are_there_already():
    found = (Contact("Спам", ("101", "102")), Contact("Спам", ("103",)))
    assert places([Contact("Спам", ("101", "103"))], found) == [Place.THERE]


def test_only_what_none_of_a_name_has_is_added_to_one_of_them():
    found = (Contact("Спам", ("101",)), Contact("Спам", ("102",)))
    (one,) = place([Contact("Спам", ("101", "102", "103"))], found, joins_by_name=True)
    assert (one.place, one.missing) == (Place.JOINED, ("103",))
    assert one.into in found


def test_a_name_that_several_have_is_new_where_none_of_them_shares_a_number():
    found = (Contact("Спам", ("101",)), Contact("Спам", ("102",)))
    assert places([Contact("Спам", ("103",))], found) == [Place.NEW]


def test_a_list_made_equal_has_the_contacts_of_the_table_and_no_others():
    found = a_list(IVAN, PETR, ATS)
    wanted = (Contact("Пётр Петров", ("78123334455", "101")), ANNA)
    assert made_equal(found, *wanted) == (Contact("Пётр Петров", (*PETR.phones, "101")), ANNA)


def test_what_means_the_same_stays_as_it_is_stored():
    found = a_list(PETR)
    same = Contact("Пётр Петров", ("78123334455",))
    assert resolve(EqualContacts((same,), digest_of_going(())), found) == ListChange()


def test_what_goes_is_told_and_so_is_who_loses_a_number():
    found = (IVAN, PETR)
    equal = equalise([Contact("Иван Иванов", ("79998887766", "101"))], found)
    assert equal.going == (IVAN, PETR)
    assert [one.place for one in equal.placed] == [Place.JOINED]


def test_several_of_one_name_that_have_it_all_between_them_stay():
    found = a_list(Contact("Спам", ("101",)), Contact("Спам", ("102",)))
    assert made_equal(found, Contact("Спам", ("102", "101"))) == found.contacts


def test_several_of_one_name_lose_what_the_table_has_not():
    found = a_list(
        Contact("Спам", ("101",)), Contact("Спам", ("102", "104")), Contact("Спам", ("105",))
    )
    assert made_equal(found, Contact("Спам", ("101", "102", "103"))) == (
        Contact("Спам", ("101",)),
        Contact("Спам", ("102", "103")),
    )


def test_a_list_that_would_lose_something_else_by_now_is_shown_again():
    agreed = digest_of_going(equalise([ANNA], [IVAN]).going)
    with pytest.raises(PlanChanged):
        resolve(EqualContacts((ANNA,), agreed), a_list(IVAN, PETR))


contacts = st.builds(
    Contact,
    st.sampled_from(["Спам", "Анна", "Олег "]),
    st.lists(st.sampled_from(["101", "102", "103", "8 812 333-44-55"]), min_size=1, max_size=3).map(
        tuple
    ),
)


def by_name(contacts):
    """Which numbers each name has."""
    found = {}
    for contact in contacts:
        name, numbers = meaning(contact)
        found[name] = found.get(name, frozenset()) | numbers
    return found


@given(
    st.lists(contacts, max_size=6),
    st.lists(contacts, max_size=4, unique_by=lambda c: c.name.strip()),
)
def test_a_list_made_equal_has_each_number_under_its_name_and_nothing_else(found, wanted):
    assert by_name(made_equal(a_list(*found), *wanted)) == by_name(wanted)


@given(st.lists(contacts, max_size=6), st.lists(contacts, max_size=6))
def test_whatever_comes_in_from_other_lists_no_number_is_lost(found, incoming):
    before = a_list(*found)
    after = resolve(AddContacts(tuple(incoming)), before).apply_to(before)
    assert by_name(after.contacts) == by_name([*found, *incoming])


@given(
    st.lists(contacts, max_size=6),
    st.lists(contacts, max_size=4, unique_by=lambda c: c.name.strip()),
)
def test_what_is_added_is_there_afterwards_and_nothing_is_lost(found, wanted):
    before = a_list(*found)
    after = resolve(AddContacts(tuple(wanted), joins_by_name=True), before).apply_to(before)
    expected = by_name([*found, *wanted])
    assert by_name(after.contacts) == expected


def test_making_equal_grows_with_the_list_and_not_with_its_square():
    def prepare(size):
        found = tuple(Contact(f"Имя {n}", (str(79160000000 + n),)) for n in range(size))
        wanted = tuple(Contact(f"Имя {n}", (str(79170000000 + n),)) for n in range(size))
        return lambda: made_equal(a_list(*found), *wanted)

    assert_linear(prepare, 3000, within=3.0)


@pytest.mark.parametrize("are_wanted", [True, False])
def test_making_equal_grows_with_the_contacts_of_one_name_and_not_with_their_square(are_wanted):
    def prepare(size):
        found = a_list(*(Contact("Спам", (str(79160000000 + n),)) for n in range(size)))
        first = 79160000000 if are_wanted else 79170000000
        wanted = Contact("Спам", tuple(str(first + n) for n in range(size)))
        return lambda: made_equal(found, wanted)

    assert_linear(prepare, 3000, within=3.0)

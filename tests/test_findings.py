"""What is said to be out of order in lists, and what is not."""

import pytest

from lists.findings import Kind, find
from lists.plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry

SPAM = Contact("Спам", ("79160000001",))


def black(*contacts, list_id=1, name=""):
    return ContactList(list_id, name or f"Список {list_id}", "black", contacts)


def white(*contacts, list_id=9):
    return ContactList(list_id, f"Список {list_id}", UNUSED_TYPE, contacts)


def told(*lists):
    """Kind, what, and whether it can be put in order."""
    return [(one.kind, one.what, one.is_mendable) for one in find(lists)]


def test_nothing_is_found_in_lists_that_are_in_order():
    assert (
        told(black(SPAM, Contact("Иван", ("101", "79160000002"))), white(Contact("Б", ("102",))))
        == []
    )


def test_odd_texts_are_told_once_for_each_contact():
    contact = Contact(
        "А", ("8 916 000-00-01", "8 916 000-00-01", "7999*", "мимо", "70000000000", "")
    )
    assert told(black(contact)) == [
        (Kind.MASK, "7999*", False),
        (Kind.NO_NUMBER, "мимо", False),
        (Kind.NO_NUMBER, "", True),
        (Kind.UNASSIGNED, "70000000000", False),
        (Kind.TWICE, "79160000001", True),
        (Kind.SPELLING, "8 916 000-00-01", True),
    ]


def test_a_number_in_a_text_of_several_counts_as_one_that_the_contact_has():
    found = told(black(Contact("А", ("79160000001, 79160000002", "8 916 000-00-01"))))
    assert (Kind.TWICE, "79160000001", True) in found


def test_contacts_without_numbers_or_name_are_told():
    found = told(black(Contact("Пусто", ()), Contact(" ", ("79160000001",)), Contact("", ())))
    assert found == [
        (Kind.NUMBERLESS, "Пусто", True),
        (Kind.NUMBERLESS, "", True),
        (Kind.NAMELESS, "+7 916 000-00-01", True),
        (Kind.NAMELESS, "", False),
    ]


def test_one_without_a_name_may_be_named_by_a_text_that_is_no_number():
    assert (Kind.NAMELESS, "мимо", True) in told(black(Contact("", (" ", " мимо "))))


def test_equal_contacts_are_equal_in_any_spelling_and_order():
    first, second = Contact("А", ("101", "79160000001")), Contact("А ", ("8 916 000-00-01", "101"))
    assert (Kind.EQUAL, "А", True) in told(black(first, second))


def test_namesakes_are_told_together_however_they_are_connected():
    chain = [
        Contact("А", ("101", "102")),
        Contact("А", ("103", "104")),
        Contact("А", ("102", "103")),
    ]
    (found,) = find([black(*chain, Contact("А", ("105",)), Contact("Б", ("106",)))])
    assert (found.kind, found.what, found.is_mendable) == (Kind.NAMESAKES, "А", True)
    assert [place.contact for place in found.places] == chain


def test_contacts_of_several_names_with_one_number_are_told_and_left_to_people():
    assert told(black(SPAM, Contact("Мошенники", ("8 916 000-00-01",)))) == [
        (Kind.SHARED, "79160000001", False),
        (Kind.SPELLING, "8 916 000-00-01", True),
    ]


def test_contacts_that_become_one_share_no_number_any_more():
    assert told(black(SPAM, SPAM)) == [(Kind.EQUAL, "Спам", True)]


def test_a_number_in_several_lists_is_told_once_for_each_side():
    lists = [black(SPAM), black(SPAM, list_id=2), white(SPAM, list_id=3), white(SPAM, list_id=4)]
    kinds = [(kind, mendable) for kind, _what, mendable in told(*lists)]
    assert kinds == [(Kind.CONTRADICTION, True), (Kind.ACROSS, False), (Kind.ACROSS, False)]


def test_a_contradiction_names_the_lists_that_block_first():
    (found,) = find([white(SPAM), black(SPAM)])
    assert [place.list.type for place in found.places] == ["black", UNUSED_TYPE]
    assert found.list_ids == (1, 9)


def test_a_list_of_a_type_that_we_do_not_know_counts_as_one_that_blocks():
    grey = ContactList(5, "Серый", "grey", (SPAM,))
    assert [one.kind for one in find([grey, white(SPAM)])] == [Kind.CONTRADICTION]


def test_empty_lists_and_lists_of_one_name_are_told():
    lists = [
        black(name="Спам"),
        black(SPAM, list_id=2, name=" спам "),
        black(SPAM, list_id=3, name=""),
    ]
    assert (Kind.EMPTY, "Спам", False) in told(*lists)
    (found,) = (one for one in find(lists) if one.kind is Kind.ONE_NAME)
    assert [place.list for place in found.places] == [
        ListEntry(1, "Спам", "black"),
        ListEntry(2, " спам ", "black"),
    ]


@pytest.mark.parametrize(
    "contacts",
    [
        (SPAM, Contact("Спам", ("79160000001",), {"note": "vip"})),
        (SPAM, SPAM, Contact("Другой", ("101",), {"note": "vip"})),
        (Contact("Пусто", ()), Contact("Другой", ("101",), {"note": "vip"})),
        (Contact("Пусто", ("",), {"note": "vip"}),),
    ],
)
def test_nothing_is_taken_out_of_a_list_whose_contacts_have_fields_that_we_do_not_know(contacts):
    assert not any(is_mendable for _kind, _what, is_mendable in told(black(*contacts)))
    contradictions = [
        one for one in told(black(SPAM), white(*contacts)) if one[0] is Kind.CONTRADICTION
    ]
    assert not any(is_mendable for _kind, _what, is_mendable in contradictions)


def test_its_texts_are_put_in_order_all_the_same():
    contact = Contact("А", ("8 916 000-00-01", ""), {"note": "vip"})
    assert told(black(contact)) == [
        (Kind.NO_NUMBER, "", True),
        (Kind.SPELLING, "8 916 000-00-01", True),
    ]


def test_a_finding_is_another_once_its_places_have_changed():
    (before,) = find([black(SPAM, SPAM)])
    (after,) = find([black(SPAM, SPAM, SPAM)])
    (elsewhere,) = find([black(SPAM, SPAM, list_id=2)])
    assert len({before.id, after.id, elsewhere.id}) == 3
    assert before.id == find([black(SPAM, SPAM)])[0].id

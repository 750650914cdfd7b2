from hypothesis import given
from hypothesis import strategies as st

from lists.phones import normalise
from lists.plusofon import index
from lists.plusofon.errors import NotUnderstood
from lists.plusofon.values import Contact, Page
from lists.services.filtering import matching, slice_of

from ..strategies import contacts


@given(st.lists(contacts, max_size=5).map(tuple), st.sampled_from(["101", "8 (999) 888-77-66"]))
def test_whoever_has_a_whole_number_is_found_by_it_in_any_spelling(found, number):
    hits = matching(found, number)
    for contact in found:
        if normalise(number) in map(normalise, contact.phones):
            assert contact in hits


def test_a_name_is_found_with_and_without_the_dots_of_yo():
    petr = Contact("Пётр", ())
    assert matching((petr,), "петр") == (petr,)
    assert matching((petr,), "ПЁТР") == (petr,)
    assert matching((petr,), "Иван") == ()


def test_a_name_is_found_word_by_word_in_any_order():
    found = (Contact("Пётр Иванович Сёмин", ("101",)), Contact("Иванов", ("7999*", "доб. 12")))
    assert matching(found, "семин ПЕТР") == found[:1]
    assert matching(found, "иван, петр") == found[:1]
    assert matching(found, "семин иванов 101") == found[:1]
    assert matching(found, "доб. 12") == matching(found, "7999*") == found[1:]
    assert matching(found, "иван 7999") == found[1:]
    assert matching(found, "семин 102") == matching(found, "***") == ()


def test_a_part_of_a_number_is_found_in_odd_texts_and_with_a_plus():
    found = (Contact("Ли", ("+84 96 123 45 67",)), Contact("Два", ("8 (999) 888-77-66 / 101",)))
    assert matching(found, "+84961234567") == matching(found, "8496 123") == found[:1]
    assert matching(found, "888-77-66") == found[1:]
    assert matching(found, "8 495") == ()


def test_pages_cut_a_list_without_losing_or_repeating_anybody():
    everybody = tuple(Contact(str(n), ()) for n in range(101))
    pages = [slice_of(everybody, page=n, per_page=50) for n in (1, 2, 3)]
    assert sum((page.contacts for page in pages), ()) == everybody
    assert {page.last for page in pages} == {3}
    assert [page.first_index for page in pages] == [1, 51, 101]
    assert slice_of((), page=1, per_page=50).last == 1


def test_an_api_that_promises_endless_pages_is_not_believed(monkeypatch):
    asked = []

    class Endless:
        def get_lists(self, number):
            asked.append(number)
            return Page(entries=(), number=number, last=10**17, per_page=15, total=15 * 10**17)

    monkeypatch.setattr(index, "MOST_PAGES", 3)
    assert isinstance(index.read_index(api=Endless()).trouble, NotUnderstood)
    assert asked == [1, 2, 3]

"""Rows of a list's table: rendered once and filled, so nothing of one row or person may show up in another's."""

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.utils.translation import override

from lists.names import short
from lists.plusofon.values import Contact
from lists.templatetags.rows import Row, linked_number, stored_number
from tests.people import IVAN


def row_of(contact, key="k", **context):
    template = Template("{% load rows %}{% contact_row row %}")
    html = template.render(
        Context({"row": Row(contact, key, f"contact-{key}", f"/c/{key}/"), **context})
    )
    return BeautifulSoup(html, "html.parser")


def test_what_a_name_and_a_number_contain_is_shown_and_never_run():
    evil = Contact("<script>%(name)s%s</script>", ('"><img>', "%(url)s 100%"))
    row = row_of(evil, may_change=True)
    assert not row.select("script, img")
    assert row.select_one("th bdi").text == "<script>%(name)s%s</script>"
    assert [div.text.strip() for div in row.select(".numbers div")] == ['"><img>', "%(url)s 100%"]


def test_one_row_is_not_another():
    first, second = row_of(IVAN, "a"), row_of(Contact("", ()), "b")
    assert (first.tr["id"], second.tr["id"]) == ("contact-a", "contact-b")
    assert second.select_one("th").text == "—"
    assert second.select_one(".none")
    assert not first.select_one(".none")


def test_only_who_may_change_gets_actions():
    assert not row_of(IVAN).select(".actions")
    row = row_of(IVAN, "a", may_change=True)
    assert [a["href"] for a in row.select(".actions a")] == ["/c/a/edit/", "/c/a/delete/"]
    assert not row_of(IVAN).select(".actions")


def test_the_focus_goes_to_one_row_only():
    assert row_of(IVAN, may_change=True, focus=True).select("[autofocus]")
    assert not row_of(IVAN, may_change=True).select("[autofocus]")


def test_each_reader_has_their_own_language():
    with override("ru"):
        russian = row_of(IVAN, may_change=True).select_one("a.icon")["title"]
    with override("en"):
        assert row_of(IVAN, may_change=True).select_one("a.icon")["title"] == "Edit" != russian


def test_a_spelling_that_differs_is_shown_beside_the_number():
    number = BeautifulSoup(stored_number("8 (812) 333-44-55"), "html.parser")
    assert number.select_one(".number").text == "+7 812 333-44-55"
    assert number.select_one(".stored").text == "8 (812) 333-44-55"
    assert not BeautifulSoup(stored_number("79998887766"), "html.parser").select(".stored")


def test_a_text_of_a_hundred_thousand_signs_is_not_shown_whole():
    assert len(stored_number("x" * 100_000)) < 1000


def link_of(html):
    link = BeautifulSoup(html, "html.parser").a
    return link and (link["class"], link["href"], link.text)


@pytest.mark.parametrize(
    ("stored", "address", "shown"),
    [
        ("79998887766", "79998887766", "+7 999 888-77-66"),
        ("8 (812) 333-44-55", "78123334455", "+7 812 333-44-55"),
        ("+84961234567", "%2B84961234567", "+84 961 234 567"),
        ("49301234567", "%2B49301234567", "+49 30 1234567"),
        ("101", "101", "101"),
        ("7999*", "7999%2A", "7999*"),
        ('"><img> & 100%', "%22%3E%3Cimg%3E%20%26%20100%25", '"><img> & 100%'),
        ("x" * 200, "x" * 200, short("x" * 200)),
    ],
)
def test_each_number_of_a_row_leads_to_its_page(stored, address, shown):
    expected = ["number"], f"/lookup/?number={address}", shown
    (link,) = row_of(Contact("Иван", (stored,))).select(".numbers a")
    assert (link["class"], link["href"], link.text) == expected
    assert link_of(linked_number(stored)) == expected


@pytest.mark.parametrize("stored", ["", "  ", "x" * 201])
def test_what_the_search_would_not_take_leads_nowhere(stored):
    row = row_of(Contact("Иван", (stored,)))
    assert not row.select(".numbers a")
    assert row.select_one(".numbers span.number")


def test_a_number_does_not_lead_to_its_own_page():
    assert link_of(linked_number("8 (812) 333-44-55", "78123334455")) is None
    assert link_of(linked_number("79998887766", "78123334455"))


def test_in_a_form_no_number_leads_away():
    assert link_of(stored_number("79998887766")) is None

"""Rows of a list's table: rendered once and filled, so nothing of one row or person may show up in another's."""

from bs4 import BeautifulSoup
from django.template import Context, Template
from django.utils.translation import override

from lists.plusofon.values import Contact
from lists.templatetags.rows import Row, stored_number
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
    assert not row_of(IVAN).select("a")
    assert row_of(IVAN, "a", may_change=True).select_one("a")["href"] == "/c/a/edit/"
    assert not row_of(IVAN).select("a")


def test_the_focus_goes_to_one_row_only():
    assert row_of(IVAN, may_change=True, focus=True).select("[autofocus]")
    assert not row_of(IVAN, may_change=True).select("[autofocus]")


def test_each_reader_has_their_own_language():
    with override("ru"):
        russian = row_of(IVAN, may_change=True).select_one("a")["title"]
    with override("en"):
        assert row_of(IVAN, may_change=True).select_one("a")["title"] == "Edit" != russian


def test_a_spelling_that_differs_is_shown_beside_the_number():
    number = BeautifulSoup(stored_number("8 (812) 333-44-55"), "html.parser")
    assert number.select_one(".number").text == "+7 812 333-44-55"
    assert number.select_one(".stored").text == "8 (812) 333-44-55"
    assert not BeautifulSoup(stored_number("79998887766"), "html.parser").select(".stored")


def test_a_text_of_a_hundred_thousand_signs_is_not_shown_whole():
    assert len(stored_number("x" * 100_000)) < 1000

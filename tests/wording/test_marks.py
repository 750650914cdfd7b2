"""Sentences in which lists and numbers are links say the same, and let no name be markup."""

import pytest
from bs4 import BeautifulSoup

from lists.changes import ContactChange, ListChange, TextChange
from lists.models import Action
from lists.plusofon.values import Contact
from lists.wording.journal import linked, sentence
from lists.wording.marks import PLAIN, Linked
from tests.factories import BlockRequestFactory, JournalEntryFactory

LINKED = Linked()
EVIL = """<b>%s %(who)s {0} &amp; "quoted" 'too'</b>"""
OTHER = "<script>alert(1)</script>%"
KNOWN, EVIL_NUMBER = "79998887766", "<i>%s"
IVAN, PETER = Contact(EVIL, (KNOWN, EVIL_NUMBER)), Contact(OTHER, (KNOWN, EVIL_NUMBER))
CHANGES = {
    "added": ListChange((ContactChange(None, IVAN),)),
    "added without numbers": ListChange((ContactChange(None, Contact(EVIL, ())),)),
    "removed": ListChange((ContactChange(IVAN, None),)),
    "renamed": ListChange((ContactChange(IVAN, PETER),)),
    "given a number": ListChange((ContactChange(IVAN, Contact(EVIL, (*IVAN.phones, "102"))),)),
    "freed of a number": ListChange((ContactChange(IVAN, Contact(EVIL, (KNOWN,))),)),
    "replaced": ListChange((ContactChange(IVAN, Contact(OTHER, ("102",))),)),
    "many": ListChange((ContactChange(None, IVAN), ContactChange(None, PETER))),
    "many numbers": ListChange((ContactChange(None, Contact(EVIL, (EVIL_NUMBER,) * 12)),)),
    "the list renamed": ListChange(name=TextChange(OTHER, EVIL)),
    "the list of another type": ListChange(type=TextChange("black", EVIL)),
}


def entry_of(change, **fields):
    names = {"username": OTHER, "list_name": EVIL, "list_id": 11}
    return JournalEntryFactory.build(list_change=change, **names, **fields)


def read(html):
    return BeautifulSoup(html, "html.parser")


def says_the_same(entry):
    """Whether only the links are added to what the plain sentence says."""
    soup = read(linked(entry))
    return soup.text == sentence(entry) and {tag.name for tag in soup.find_all()} <= {"a", "bdi"}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_names_in_a_change_are_text(change):
    assert EVIL in sentence(entry_of(change)) or OTHER in sentence(entry_of(change))
    assert says_the_same(entry_of(change))


@pytest.mark.parametrize("action", [Action.CREATE, Action.DELETE])
@pytest.mark.parametrize("count", [0, 3])
def test_names_of_whole_lists_are_text(action, count):
    entry = entry_of(ListChange(), action=action, contacts_count=count)
    assert EVIL in sentence(entry)
    assert says_the_same(entry)


@pytest.mark.parametrize("action", [Action.ASK, Action.WITHDRAW, Action.ACCEPT, Action.DECLINE])
@pytest.mark.parametrize("kind", ["block", "unblock"])
@pytest.mark.parametrize("list_id", [11, None])
def test_what_a_request_says_is_text(action, kind, list_id):
    asked = BlockRequestFactory.build(
        numbers=f"{KNOWN}\n{EVIL_NUMBER}",
        kind=kind,
        list_id=list_id,
        username=OTHER,
        reason=EVIL,
        answer=EVIL,
    )
    entry = entry_of(ListChange(), action=action, request=asked)
    assert EVIL_NUMBER in sentence(entry)
    assert says_the_same(entry)


def test_a_list_leads_to_its_page_and_a_number_to_the_lookup():
    links = read(linked(entry_of(CHANGES["added"]))).select("a")
    assert {link.text: link["href"] for link in links} == {
        "+7 999 888-77-66": "/lookup/?number=79998887766",
        EVIL_NUMBER: "/lookup/?number=%3Ci%3E%25s",
        EVIL: "/lists/11/",
    }


def test_a_number_of_another_country_keeps_its_plus_on_the_way():
    assert 'href="/lookup/?number=%2B84961234567"' in LINKED.of_number("+84961234567")


def test_a_number_leads_to_no_page_that_it_stands_on():
    numbers = read(linked(entry_of(CHANGES["added"]), own=KNOWN)).select(".number")
    assert [(one.text, one.get("href")) for one in numbers] == [
        ("+7 999 888-77-66", None),
        (EVIL_NUMBER, "/lookup/?number=%3Ci%3E%25s"),
    ]
    assert not read(Linked(KNOWN).of_number("8 (999) 888-77-66")).select("a")


def test_a_list_that_was_renamed_is_led_to_by_its_new_name():
    (link,) = read(linked(entry_of(CHANGES["the list renamed"]))).select("a")
    assert (link.text, link["href"]) == (EVIL, "/lists/11/")


def test_a_list_without_a_name_can_be_pressed_all_the_same():
    assert read(LINKED.of_list("", 11)).a.text == "—"


def test_no_list_to_lead_to_is_no_link():
    assert LINKED.of_list(EVIL, None) == PLAIN.of_list(EVIL, None) == EVIL
    assert not read(linked(entry_of(ListChange(), action=Action.DELETE))).select("a")


def test_what_is_a_link_already_is_not_escaped_again():
    number = LINKED.of_number("101")
    assert LINKED.join([number, "<b>"]) == f"{number}, &lt;b&gt;"
    assert LINKED.fill("%(what)s & %(more)s", {"what": number, "more": 2}) == f"{number} &amp; 2"

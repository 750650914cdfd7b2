"""A number of another country never turns into a Russian one, whichever way it goes through the pages."""

import pytest

from tests.client import fields, text
from tests.factories import BlockRequestFactory
from tests.words import says

# As typed, as stored, and the Russian number that has its digits.
NUMBERS = [
    ("+84 96 123 45 67", "+84961234567", "74961234567"),
    ("+47 31 23 45 67", "+4731234567", "74731234567"),
    ("+49 30 123456", "+4930123456", "74930123456"),
]
each = pytest.mark.parametrize(("typed", "stored", "russian"), NUMBERS)


def contacts(sandbox, account, list_id):
    return [(c["name"], c["phones"]) for c in sandbox.lists(account)[list_id]["contacts"]]


def statuses(page):
    return [cell.text for cell in page.soup.select("table.hits tbody .status")]


@each
def test_it_is_blocked_beside_the_russian_number_and_told_from_it(
    as_manager, sandbox, account, typed, stored, russian
):
    spam = [{"name": "Русский", "phones": [russian]}]
    black = sandbox.add_list(account, name="Спам", contacts=spam)
    sent = {"numbers": typed, "name": "Чужой", "list": black}
    preview = as_manager.post("/block/", sent)
    assert statuses(preview) == [says("will be blocked")]
    assert preview.soup.select_one("#id_numbers").text.strip() == typed
    as_manager.post("/block/", {**sent, "confirm": "1"})
    assert contacts(sandbox, account, black) == [("Русский", [russian]), ("Чужой", [stored])]
    again = as_manager.post("/block/", sent)
    assert statuses(again) == [says("already there")]
    assert "Чужой" in again.soup.select_one("table.hits tbody").text
    assert "Русский" not in again.soup.select_one("table.hits tbody").text


@each
def test_it_leaves_a_contact_without_touching_the_russian_number(
    as_manager, sandbox, account, typed, stored, russian
):
    both = [{"name": "Оба", "phones": [russian, stored]}]
    black = sandbox.add_list(account, name="Спам", contacts=both)
    found = as_manager.get("/lookup/", {"number": typed})
    sent = fields(found)
    page = as_manager.post("/unblock/", sent)
    chosen = [box["value"] for box in page.soup.select("[name=contact]")]
    as_manager.post("/unblock/", {**sent, "contact": chosen, "confirm": "1"})
    assert contacts(sandbox, account, black) == [("Оба", [russian])]


@each
def test_an_edit_of_the_name_leaves_it_alone(as_manager, sandbox, account, typed, stored, russian):
    people = [{"name": "Ли", "phones": [stored, russian, typed]}]
    black = sandbox.add_list(account, name="Спам", contacts=people)
    row = as_manager.get(f"/lists/{black}/").soup.select_one("#rows a[href$='/edit/']")["href"]
    as_manager.post(row, fields(as_manager.get(row), name="Ли Ван"))
    assert contacts(sandbox, account, black) == [("Ли Ван", [stored, russian, typed])]


@each
def test_the_journal_finds_it_and_not_the_russian_number(as_manager, black, typed, stored, russian):
    as_manager.post("/block/", {"numbers": typed, "name": "Чужой", "list": black, "confirm": "1"})
    for number, count in [(typed, 1), (stored, 1), (russian, 0)]:
        page = as_manager.get("/journal/", {"number": number})
        assert len(page.soup.select(".what")) == count
        if page.soup.select("#id_number"):
            assert page.soup.select_one("#id_number")["value"] == number


@each
def test_a_request_carries_it_to_the_list(
    as_support, as_manager, sandbox, account, black, typed, stored, russian
):
    page = as_support.get("/lookup/", {"number": typed})
    page = as_support.get(page.soup.select_one("a[href^='/requests/new/']")["href"])
    as_support.post("/requests/new/", fields(page, reason="Мешает", list=black))
    queue = as_manager.get("/requests/")
    asked = as_manager.get(queue.soup.select_one("a.number")["href"])
    assert "Мешает" in asked.soup.select_one(".answer .notice").text
    accept = queue.soup.select_one("a[href$='/accept/']")["href"]
    preview = as_manager.get(accept)
    as_manager.post(accept, fields(preview, name="Мешает", list=black, confirm="1"))
    assert contacts(sandbox, account, black)[-1] == ("Мешает", [stored])


def test_a_request_for_a_foreign_number_is_not_one_about_the_russian_number(as_support, black):
    BlockRequestFactory(list_id=black, numbers="+84961234567", reason="Мешает")
    assert "Мешает" in text(as_support.get("/lookup/", {"number": "+84961234567"}))
    assert "Мешает" not in text(as_support.get("/lookup/", {"number": "8 496 123-45-67"}))


def test_a_row_of_the_lookup_leads_to_its_contact(as_support, sandbox, account):
    people = [{"name": "Ли", "phones": ["+84 96 123 45 67"]}]
    sandbox.add_list(account, name="Спам", contacts=people)
    page = as_support.get("/lookup/", {"number": "+84961234567"})
    link = page.soup.select_one(".answer table a")["href"]
    row = as_support.get(link.split("#")[0]).soup.select_one(f"#{link.split('#')[1]}")
    assert "Ли" in row.text
    many = as_support.post("/lookup/many/", {"numbers": "+84961234567"})
    link = many.soup.select_one(".answer td a")["href"]
    assert "Ли" in as_support.get(link).soup.select_one("#rows").text

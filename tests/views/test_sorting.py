"""A list's page in another order, with more of it on a page; all of it stands in the address."""

import pytest

from lists.plusofon.values import Contact
from lists.sameness import contact_key
from tests.calls import methods
from tests.client import fields, text
from tests.words import says

NAMES = ["Спам 10", "спам 2", "Ёлкин", "Жуков", "Ежов"]


@pytest.fixture
def odd(sandbox, account):
    contacts = [{"name": name, "phones": [f"10{n}"]} for n, name in enumerate(NAMES)]
    return sandbox.add_list(account, name="Разные", contacts=contacts[::-1])


@pytest.fixture
def long(sandbox, account):
    contacts = [{"name": f"Спам {n}", "phones": [f"7999{n:07}"]} for n in range(300)]
    return sandbox.add_list(account, name="Длинный", contacts=contacts)


def names(page):
    return [name.text for name in page.soup.select("#rows th.name bdi")]


def link(page, words):
    """Where a link leads that says this."""
    (found,) = [a for a in page.soup.select("main a") if " ".join(a.text.split()) == words]
    return found["href"]


def test_a_list_is_sorted_by_name_as_people_read_it(as_support, sandbox, odd):
    page = as_support.get(f"/lists/{odd}/?sort=name")
    assert names(page) == ["Ежов", "Ёлкин", "Жуков", "спам 2", "Спам 10"]
    assert methods(sandbox) == ["GET"]


def test_the_headings_sort_turn_round_and_say_so(as_support, odd):
    page = as_support.get(f"/lists/{odd}/")
    assert names(page) == NAMES[::-1]
    assert not page.soup.select("[aria-sort]")
    page = as_support.get(link(page, says("Numbers")))
    assert names(page) == NAMES
    assert page.soup.select_one("[aria-sort=ascending]").text.strip() == says("Numbers")
    page = as_support.get(link(page, says("Numbers")))
    assert names(page) == NAMES[::-1]
    assert page.soup.select_one("[aria-sort=descending]").text.strip() == says("Numbers")
    page = as_support.get(link(page, says("In stored order")))
    assert not page.soup.select("[aria-sort]")


def test_order_size_search_and_page_keep_each_other(as_support, long):
    page = as_support.get(f"/lists/{long}/?q=спам&sort=-name")
    page = as_support.get(link(page, "100"))
    assert len(names(page)) == 100
    assert names(page)[0] == "Спам 299"
    page = as_support.get(f"/lists/{long}/{page.soup.select_one('[rel=next]')['href']}")
    assert names(page)[0] == "Спам 199"
    assert page.soup.select_one(".sizes [aria-current]").text == "100"
    sent = {field["name"]: field["value"] for field in page.soup.select("main search input")}
    assert sent == {"q": "спам", "sort": "-name", "size": "100"}
    found = as_support.piece(f"/lists/{long}/", {**sent, "q": "спам 250"})
    assert names(found) == ["Спам 250"]
    assert (
        link(page, says("Name")) == f"/lists/{long}/?q=%D1%81%D0%BF%D0%B0%D0%BC&sort=name&size=100"
    )


def test_nobody_chooses_the_size_of_a_short_list(as_support, odd):
    assert not as_support.get(f"/lists/{odd}/").soup.select(".sizes")


@pytest.mark.parametrize("odd_size", ["51", "0", "-50", "٥٠", "1e2", "1000000", ""])
def test_an_odd_size_or_order_is_the_usual_one(as_support, long, odd_size):
    page = as_support.get(f"/lists/{long}/", {"size": odd_size, "sort": "phones"})
    assert (len(names(page)), names(page)[0]) == (50, "Спам 0")


def test_the_whole_list_is_printed_in_its_order(as_support, long):
    page = as_support.get(f"/lists/{long}/?sort=name")
    page = as_support.get(link(page, says("All on one page, to print")))
    assert (len(names(page)), names(page)[2]) == (300, "Спам 2")
    assert len(names(as_support.get(link(page, says("Name"))))) == 300


def test_what_is_edited_in_a_sorted_list_stays_in_its_row(as_manager, sandbox, account, long):
    contact = Contact("Спам 7", ("79990000007",))
    path = f"/lists/{long}/contacts/{contact_key(contact)}/edit/"
    behind = {"HX-Current-URL": f"http://testserver/lists/{long}/?sort=-name&size=250"}
    form = as_manager.piece(path, **behind)
    saved = as_manager.piece(path, fields(form, name="Анна"), post=True, **behind)
    assert saved.status_code == 200
    assert saved.soup.select_one("tr th bdi").text == "Анна"
    assert sandbox.lists(account)[long]["contacts"][7]["name"] == "Анна"


def test_without_htmx_a_saved_contact_is_led_to_where_it_is_stored(as_manager, long):
    contact = Contact("Спам 120", ("79990000120",))
    path = f"/lists/{long}/contacts/{contact_key(contact)}/edit/"
    form = as_manager.get(f"{path}?sort=-name")
    answer = as_manager.post(path, fields(form, name="Анна"))
    assert answer.url.startswith(f"/lists/{long}/?page=3#contact-")
    assert "Анна" in text(as_manager.get(answer.url))


def test_what_a_removal_leaves_is_shown_in_the_order_of_the_page(as_manager, sandbox, account):
    contacts = [{"name": f"Спам {n}", "phones": [f"7999{n:07}"]} for n in range(101)]
    list_id = sandbox.add_list(account, name="Длинный", contacts=contacts)
    last = Contact("Спам 0", ("79990000000",))
    path = f"/lists/{list_id}/contacts/{contact_key(last)}/delete/"
    behind = {"HX-Current-URL": f"http://testserver/lists/{list_id}/?sort=-name&size=100&page=2"}
    question = as_manager.piece(path, **behind)
    answer = as_manager.piece(path, fields(question), post=True, **behind)
    assert (len(names(answer)), names(answer)[0]) == (100, "Спам 100")

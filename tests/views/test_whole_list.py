"""A list on one page, to be printed."""

import pytest

from tests.calls import methods


@pytest.fixture
def long(sandbox, account):
    names = [f"Анна {n}" for n in range(60)] + [f"Борис {n}" for n in range(70)]
    contacts = [{"name": name, "phones": [f"7999{n:07}"]} for n, name in enumerate(names)]
    return sandbox.add_list(account, name="Длинный", contacts=contacts)


def test_every_contact_stands_on_it_for_one_call_and_nothing_to_change(as_manager, sandbox, long):
    page = as_manager.get(f"/lists/{long}/?page=all")
    assert methods(sandbox) == ["GET"]
    assert len(page.soup.select("#rows tr")) == 130
    assert not page.soup.select(".pager, #rows a:not(.number), #add, #history li")
    assert page.soup.select_one(f".toolbar .items a[href='/lists/{long}/']")


def test_it_may_be_what_a_filter_finds(as_support, long):
    page = as_support.get(f"/lists/{long}/?q=Анна")
    link = page.soup.select_one(".toolbar .items a[href*='page=all']")["href"]
    assert len(as_support.get(link).soup.select("#rows tr")) == 60


def test_an_empty_list_is_said_to_be_empty(as_support, sandbox, account):
    empty = sandbox.add_list(account, name="Пустой")
    assert as_support.get(f"/lists/{empty}/?page=all").soup.select_one("#contacts .empty")


def test_what_is_removed_last_of_a_page_shows_the_page_before(as_manager, sandbox, account):
    contacts = [{"name": f"Абонент {n}", "phones": [f"7999{n:07}"]} for n in range(51)]
    list_id = sandbox.add_list(account, name="Длинный", contacts=contacts)
    path = f"/lists/{list_id}/?page=2"
    (link,) = as_manager.get(path).soup.select("#rows a.danger")
    shown = f"http://testserver{path}"
    answer = as_manager.piece(link["href"], {}, post=True, **{"HX-Current-URL": shown})
    rows = answer.soup.select_one("hx-partial[hx-target='#contacts']").select("#rows tr")
    assert len(rows) == 50

"""The journal, undoing and checking again, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.calls import methods
from tests.words import says

from .test_states import open_row


def save(person, black, name):
    row = open_row(person, black)
    row.locator("[name=name]").fill(name)
    row.locator(".primary").click()
    expect(person.page.locator("#toasts")).to_contain_text(name)


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_slip_is_undone_from_the_toast(person, sandbox, black, width, locale):
    manager = person(width=width, locale=locale).sign_in("manager")
    page = manager.page
    save(manager, black, "Ошибка")
    expect(page.locator("#history li").first).to_contain_text("Ошибка")
    manager.look("toast-with-undo")
    page.locator("#toasts form button").click()
    expect(page.locator("#rows tr").first).to_contain_text("Иван Иванов")
    assert page.url.endswith(f"/lists/{black}/")
    expect(page.locator("#history li")).to_have_count(2)
    manager.look("undone")
    page.locator(".menu a[href='/journal/']").click()
    expect(page.locator("table.journal tbody tr").nth(1)).to_be_visible()
    manager.look("journal")
    assert sandbox.lists(4821)[black]["contacts"][0]["name"] == "Иван Иванов"


def test_a_deleted_list_comes_back(person, sandbox, black):
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/")
    page.locator(".toolbar summary").click()
    page.locator(".toolbar a.danger").click()
    page.locator("dialog button.danger").click()
    page.wait_for_url("**/lists/")
    page.locator("#toasts form button").click()
    expect(page.locator("h1 bdi")).to_have_text("Чёрный список 1")
    expect(page.locator("#rows tr")).to_have_count(3)
    assert not page.url.endswith(f"/lists/{black}/")


@pytest.mark.parametrize("javascript", [True, False])
def test_an_unknown_outcome_is_checked_again(person, sandbox, black, javascript):
    manager = person(java_script_enabled=javascript).sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/")
    page.locator("#rows tr").first.locator(".actions a").first.click()
    row = page.locator("tr.editing")
    row.locator("[name=name]").fill("Анна")
    sandbox.fail("500", method="PUT")
    sandbox.fail("500", method="GET", skip=1, times=None)
    row.locator(".primary").click()
    notice = page.locator("#unknown")
    expect(notice).to_contain_text(says("We could not find out whether this was saved."))
    expect(row.locator("[name=name]")).to_have_value("Анна")
    if javascript:
        manager.look("unknown")
    sandbox.clear_faults()
    notice.get_by_role("button").click()
    if not javascript:
        expect(page.locator("main")).to_contain_text(says("It was not saved."))
        return
    expect(notice).to_contain_text(says("It was not saved."))
    manager.look("checked")
    expect(row.locator("[name=name]")).to_have_value("Анна")
    assert methods(sandbox).count("PUT") == 1
    row.locator(".primary").click()
    expect(page.locator("#rows tr").first).to_contain_text("Анна")


def test_what_cannot_be_undone_says_why(person, sandbox, black):
    manager = person().sign_in("manager")
    page = manager.page
    save(manager, black, "Анна")
    found = sandbox.lists(4821)[black]
    found["contacts"][0]["name"] = "Анна К."
    sandbox.put(4821, black, found)
    page.locator("#toasts form button").click()
    expect(page.locator("h1")).to_have_text(says("This change cannot be undone"))
    manager.look("cannot-undo")


def test_the_journal_is_searched_without_javascript(person, sandbox, black):
    manager = person(java_script_enabled=False).sign_in("manager")
    page = manager.page
    save_without = {"name": "Анна", "phones": "102"}
    page.goto(f"{manager.url}/lists/{black}/")
    page.locator("#rows tr").first.locator(".actions a").first.click()
    for field, value in save_without.items():
        page.fill(f"tr.editing [name={field}]", value)
    page.click("tr.editing .primary")
    expect(page.locator("#history li")).to_have_count(1)
    manager.goto("/journal/")
    page.fill("#journal-number", "8 999 888-77-66")
    page.click(".filters .primary")
    expect(page.locator("table.journal tbody tr").first).to_contain_text("Анна")
    page.fill("#journal-number", "8*9")
    page.click(".filters .primary")
    expect(page.locator("#journal-number_error")).to_be_visible()
    expect(page.locator("#journal-number")).to_have_value("8*9")
    page.fill("#journal-number", "8 800 000-00-09")
    page.click(".filters .primary")
    expect(page.locator(".empty")).to_be_visible()


def test_support_reads_the_journal(person, sandbox, black):
    save(person().sign_in("manager"), black, "Анна")
    support = person().sign_in("support")
    support.goto("/journal/")
    expect(support.page.locator("table.journal tbody tr").first).to_contain_text("Анна")
    assert support.page.locator("main form[action*=undo]").count() == 0
    support.look("support-journal")

"""A write that may still land: the page says so, and looks again by itself."""

import pytest
from playwright.sync_api import expect

from tests.words import saying, says

LOOKS_AGAIN = 12_000  # milliseconds; the page does after five seconds


@pytest.mark.parametrize(("width", "locale"), [(1280, "ru-RU"), (360, "en-GB")])
def test_the_page_finds_out_by_itself_what_became_of_it(person, sandbox, black, width, locale):
    manager = person(width=width, locale=locale).sign_in("manager")
    manager.goto(f"/lists/{black}/")
    page = manager.page
    page.locator("#rows tr").first.locator(".actions a").first.click()
    row = page.locator("tr.editing")
    row.locator("[name=name]").fill("Анна")
    sandbox.fail("504-late", method="PUT")
    row.locator(".primary").click()
    notice = page.locator("#unknown")
    expect(notice).to_contain_text(says("It is in doubt whether this was saved.", language=locale))
    expect(row.locator("[name=name]")).to_have_value("Анна")
    manager.look("in-doubt")
    expect(notice).to_contain_text(
        says("It is still in doubt.", language=locale), timeout=LOOKS_AGAIN
    )
    manager.look("still-in-doubt")
    sandbox.land()
    expect(notice).to_contain_text(says("It is saved.", language=locale), timeout=LOOKS_AGAIN)
    manager.look("found-out")
    manager.goto("/journal/")
    # What went well needs no word, only what can be done about it.
    line = page.locator("table.journal tbody tr").first
    expect(line.locator(".outcome")).to_have_count(0)
    expect(line.get_by_role("button", name=says("Undo", language=locale))).to_be_visible()


def test_a_deletion_in_doubt_says_so_in_its_dialog_and_to_others(person, sandbox, black):
    manager, other = person().sign_in("manager"), person().sign_in("manager")
    manager.goto(f"/lists/{black}/")
    manager.page.locator(".toolbar summary").click()
    manager.page.locator(".toolbar a.danger").click()
    sandbox.fail("504-late", method="DELETE")
    manager.page.locator("dialog .danger").click()
    expect(manager.page.locator("dialog #unknown")).to_contain_text(
        says("It is in doubt whether this was saved.")
    )
    manager.look("deletion-in-doubt")
    other.goto(f"/lists/{black}/contacts/new/")
    other.page.locator("#adding [name=name]").fill("Вера")
    other.page.locator("#adding textarea").fill("102")
    other.page.locator("#adding .primary").click()
    expect(other.page.locator("#notice")).to_contain_text(
        saying(
            "Plusofon has not confirmed a change by %(who)s yet; it may still arrive and overwrite"
            " yours. Nothing was sent. The list is free again at %(time)s at the latest."
        )
    )
    expect(other.page.locator("#adding [name=name]")).to_have_value("Вера")
    other.look("held-in-doubt")
    sandbox.land()
    expect(manager.page.locator("dialog #unknown")).to_contain_text(
        says("It is saved."), timeout=LOOKS_AGAIN
    )


def test_without_javascript_a_button_looks_again(person, sandbox, black):
    manager = person(java_script_enabled=False).sign_in("manager")
    manager.goto(f"/lists/{black}/contacts/new/")
    page = manager.page
    page.locator("#adding [name=name]").fill("Вера")
    page.locator("#adding textarea").fill("102")
    sandbox.fail("504-late", method="PUT")
    page.locator("#adding .primary").click()
    expect(page.locator("#unknown")).to_contain_text(says("It is in doubt whether this was saved."))
    sandbox.land()
    page.locator("#unknown button").click()
    expect(page.locator("main")).to_contain_text(says("It is saved."))

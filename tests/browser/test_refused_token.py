"""A refused token is replaced where the work is, by keyboard, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.words import saying, says

TOKEN = "manager-token"  # the same again: people outlive a test


@pytest.mark.parametrize(("width", "locale"), [(360, "en-US"), (1280, "ru-RU")])
def test_the_notice_takes_the_new_token_and_the_row_keeps_what_was_typed(
    person, sandbox, black, width, locale
):
    manager = person(width=width, locale=locale).sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/")
    page.locator("#rows tr").first.locator(".actions a").first.click()
    row = page.locator("tr.editing")
    row.locator("[name=name]").fill("Анна")
    sandbox.fail("401", times=1)
    row.locator(".primary").press("Enter")
    token = page.locator("#notice [name=token]")
    expect(token).to_be_focused()
    manager.look("token-refused")
    token.fill("wrong-token")
    token.press("Enter")
    expect(page.locator("#notice #id_token_error")).to_be_visible()
    expect(token).to_have_value("")
    expect(token).to_be_focused()
    manager.look("token-wrong")
    expect(row.locator("[name=name]")).to_have_value("Анна")
    token.fill(TOKEN)
    token.press("Enter")
    words = says("Nothing was sent yet: press the button once more.", language=locale)
    expect(page.locator("#notice")).to_contain_text(words)
    expect(row.locator("[name=name]")).to_have_value("Анна")
    expect(row.locator(".primary")).to_be_focused()
    manager.look("token-accepted")
    assert sandbox.lists(4821)[black]["contacts"][0]["name"] == "Иван Иванов"
    page.keyboard.press("Enter")
    saved = saying("“%(name)s” is changed.", name="Анна", language=locale)
    expect(page.locator("#toasts")).to_contain_text(saved)
    assert sandbox.lists(4821)[black]["contacts"][0]["name"] == "Анна"


def test_without_javascript_the_page_takes_it_and_offers_to_send_again(person, sandbox, black):
    manager = person(java_script_enabled=False).sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/contacts/new/")
    page.fill("[name=name]", "Анна")
    page.fill("textarea", "102\n103")
    sandbox.fail("401", times=1)
    page.locator("main form .primary").press("Enter")
    page.fill("#id_token", "wrong-token")
    page.press("#id_token", "Enter")
    expect(page.locator("#id_token_error")).to_be_visible()
    page.fill("#id_token", TOKEN)
    page.press("#id_token", "Enter")
    expect(page.locator("dl.about")).to_contain_text("Анна")
    page.locator("main form .primary").press("Enter")
    expect(page.locator("h1 bdi")).to_have_text("Чёрный список 1")
    assert sandbox.lists(4821)[black]["contacts"][-1]["phones"] == ["102", "103"]


def test_a_block_is_sent_again_from_the_page_that_took_the_token(person, sandbox, black):
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto("/block/?number=104")
    page.fill("#id_name", "Спам")
    page.locator(f"[name=list][value='{black}']").check()
    sandbox.fail("401", times=1)
    page.locator("main .primary").click()
    manager.look("block-refused")
    page.fill("#id_token", TOKEN)
    page.press("#id_token", "Enter")
    manager.look("block-connected")
    page.locator("main form .primary").press("Enter")
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator("#rows")).to_contain_text("104")

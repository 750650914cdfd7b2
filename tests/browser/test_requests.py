"""Support asks for a block while the caller waits; a manager decides; support sees it."""

import pytest
from playwright.sync_api import expect

from tests.words import says


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_request_goes_from_the_lookup_to_the_block_and_back(
    person, black, javascript, width, locale
):
    options = {"java_script_enabled": javascript, "width": width, "locale": locale}
    support = person(**options).sign_in("support")
    page = support.page
    number = f"7999{black:07}"
    support.goto(f"/lookup/?number={number}")
    page.locator(".answer a[href^='/requests/new/']").press("Enter")
    expect(page.locator("#id_numbers")).to_have_value(number)
    if javascript:
        support.look("request-new")
    page.locator("main .primary").press("Enter")
    expect(page.locator("#id_reason_error")).to_be_visible()
    page.fill("#id_reason", "Звонит ночью")
    page.select_option("#id_list", str(black))
    page.locator("main .primary").press("Enter")
    expect(page.locator("table.requests").first).to_contain_text("Звонит ночью")
    if javascript:
        support.look("requests-support")

    manager = person(**options).sign_in("manager")
    desk = manager.page
    expect(desk.locator("header .waiting")).to_be_visible()
    desk.locator(".menu a[href='/requests/']").press("Enter")
    if javascript:
        manager.look("requests-manager")
    row = desk.locator("table.requests tr", has_text="Звонит ночью").first
    row.locator("a[href$='/accept/']").press("Enter")
    expect(desk.locator(".status.new")).to_have_count(1)
    if javascript:
        manager.look("request-accept")
    desk.locator("[name=confirm]").press("Enter")
    expect(desk.locator(".toast")).to_be_visible()
    expect(desk.locator("header .waiting")).to_have_count(0)

    support.goto("/lists/")
    expect(page.locator("header .waiting")).to_be_visible()
    page.locator(".menu a[href='/requests/']").press("Enter")
    expect(page.locator("tr.news .outcome.confirmed")).to_be_visible()
    if javascript:
        support.look("requests-decided")


def test_a_request_is_declined_with_a_reason_and_only_once(person, black):
    support = person().sign_in("support")
    support.goto("/requests/new/?number=104")
    support.page.fill("#id_reason", "Спам")
    support.page.locator("main .primary").press("Enter")
    expect(support.page.locator("table.requests").first).to_contain_text("Спам")
    first, second = person().sign_in("manager"), person().sign_in("manager")
    for manager in (first, second):
        manager.goto("/requests/")
        manager.page.locator("a[href$='/decline/']").first.press("Enter")
        manager.page.fill("#id_why", "Это наш поставщик")
    first.look("request-decline")
    first.page.locator("main .danger").press("Enter")
    expect(first.page.locator(".toast")).to_be_visible()
    second.page.locator("main .danger").press("Enter")
    expect(second.page.locator("h1")).to_have_text(says("Somebody was quicker"))
    second.look("request-taken")
    support.goto("/requests/")
    expect(support.page.locator("tr.news")).to_contain_text("Это наш поставщик")

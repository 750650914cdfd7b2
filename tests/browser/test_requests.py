"""Support asks for a block while the caller waits; a manager decides; support sees it."""

import re

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
    reason = f"Звонит ночью, {black}"  # others ask in the same account
    support.goto(f"/lookup/?number={number}")
    page.locator(".answer a[href^='/requests/new/']").press("Enter")
    expect(page.locator("#id_numbers")).to_have_value(number)
    if javascript:
        support.look("request-new")
    page.locator("main .primary").press("Enter")
    expect(page.locator("#id_reason_error")).to_be_visible()
    page.fill("#id_reason", reason)
    page.select_option("#id_list", str(black))
    page.locator("main .primary").press("Enter")
    expect(page.locator("table.requests").first).to_contain_text(reason)
    if javascript:
        support.look("requests-support")

    manager = person(**options).sign_in("manager")
    desk = manager.page
    badge = desk.locator("header .waiting")
    waiting = int(badge.get_attribute("data-count"))  # those of other tests among them
    desk.locator(".menu a[href='/requests/']").press("Enter")
    if javascript:
        manager.look("requests-manager")
    row = desk.locator("table.requests tr", has_text=reason).first
    row.locator("a[href$='/accept/']").press("Enter")
    confirm = desk.locator("[name=confirm]")
    if javascript:
        expect(confirm).to_be_focused()
        expect(desk).to_have_url(re.compile("/requests/$"))
        manager.look("request-accept-here")
    else:
        expect(desk.locator(".status.new")).to_have_count(1)
    confirm.press("Enter")
    expect(desk.locator(".toast")).to_be_visible()
    left = desk.locator(f"header .waiting[data-count='{waiting - 1}']")
    expect(left).to_have_count(1 if waiting > 1 else 0)
    expect(desk.locator(f"header .waiting[data-count='{waiting}']")).to_have_count(0)
    counted = rf"\({waiting - 1}\)\s*" if waiting > 1 else ""
    expect(desk).to_have_title(re.compile(rf"^\s*{counted}{says('Requests', language=locale[:2])}"))
    if javascript:
        decision = desk.locator("table.requests .outcome.confirmed").first
        expect(decision).to_be_focused()
        manager.look("request-accepted-here")

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
    expect(second.page.locator("h1")).to_have_text(says("Already decided"))
    second.look("request-taken")
    support.goto("/requests/")
    expect(support.page.locator("tr.news")).to_contain_text("Это наш поставщик")


@pytest.mark.parametrize(("width", "locale"), [(360, "en-US"), (1280, "ru-RU")])
def test_a_number_is_asked_to_be_unblocked_and_the_manager_does_it(person, black, width, locale):
    support = person(width=width, locale=locale).sign_in("support")
    page = support.page
    support.goto("/lookup/?number=79998887766")
    page.locator("a[href^='/requests/new/unblock/']").press("Enter")
    support.look("request-unblock")
    page.fill("#id_reason", "Это наш клиент")
    page.locator("main .primary").press("Enter")
    manager = person(width=width, locale=locale).sign_in("manager")
    desk = manager.page
    manager.goto("/requests/")
    row = desk.locator("table.requests tr", has_text="Это наш клиент").first
    row.locator("a[href$='/accept/']").press("Enter")
    expect(desk.locator("[name=contact]:checked")).to_have_count(1)
    manager.look("request-accept-unblock")
    desk.locator("[name=confirm]").press("Enter")
    expect(desk).to_have_url(re.compile("/requests/$"))
    support.goto("/requests/")
    expect(page.locator("tr.news")).to_contain_text("Это наш клиент")
    support.look("requests-unblocked")


def test_what_conflicts_opens_the_page(person, black):
    support = person().sign_in("support")
    support.goto("/requests/new/?number=79998887766")
    support.page.fill("#id_reason", "Ещё раз")
    support.page.select_option("#id_list", str(black))
    support.page.locator("main .primary").press("Enter")
    expect(support.page.locator("#known .notice")).to_be_visible()
    support.look("request-warned")
    support.page.locator("main .primary").press("Enter")
    manager = person().sign_in("manager")
    manager.goto("/requests/")
    row = manager.page.locator("table.requests tr", has_text="Ещё раз").first
    row.locator("a[href$='/accept/']").press("Enter")
    expect(manager.page).to_have_url(re.compile("/accept/$"))
    row = support.page.locator("table.requests tr", has_text="Ещё раз").first
    row.locator("form[action$='/withdraw/'] button").press("Enter")
    expect(support.page.locator(".toast")).to_be_visible()
    support.look("request-withdrawn")


def test_cancelling_in_the_row_puts_it_back(person, black):
    support = person().sign_in("support")
    support.goto("/requests/new/?number=79991230001")
    support.page.fill("#id_reason", "Для отмены")
    support.page.select_option("#id_list", str(black))
    support.page.locator("main .primary").press("Enter")
    manager = person().sign_in("manager")
    manager.goto("/requests/")
    row = manager.page.locator("table.requests tr", has_text="Для отмены").first
    row.locator("a[href$='/accept/']").press("Enter")
    expect(manager.page.locator("[name=confirm]")).to_be_focused()
    manager.page.keyboard.press("Escape")
    link = row.locator("a[href$='/accept/']")
    expect(link).to_be_focused()


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_warning_comes_while_typing(person, sandbox, black, width, locale):
    support = person(width=width, locale=locale).sign_in("support")
    page = support.page
    support.goto("/requests/new/")
    sandbox.clear_calls()
    field = page.locator("#id_numbers")
    field.press_sequentially("8 999 888-77-66", delay=20)
    expect(page.locator("#known .notice")).to_contain_text("+7 999 888-77-66")
    expect(field).to_be_focused()
    support.look("request-typing")
    reads = len(sandbox.calls)
    field.press("Enter")
    field.press_sequentially("8 9", delay=20)
    page.wait_for_timeout(2000)
    expect(page.locator("#known .notice")).to_contain_text("+7 999 888-77-66")
    assert len(sandbox.calls) == reads


def test_the_mark_and_the_title_refresh_by_themselves(person, black):
    manager = person().sign_in("manager")
    page = manager.page
    page.clock.install()
    manager.goto("/journal/")
    before = (
        int(page.locator("[data-count]").get_attribute("data-count") or 0)
        if (page.locator("[data-count]").count())
        else 0
    )
    support = person().sign_in("support")
    support.goto("/requests/new/?number=79991230002")
    support.page.fill("#id_reason", "Для счёта")
    support.page.locator("main .primary").press("Enter")
    expect(support.page.locator("table.requests").first).to_contain_text("Для счёта")
    asked = []
    page.on("request", lambda request: asked.append(request))
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-count]")).to_have_attribute("data-count", str(before + 1))
    expect(page).to_have_title(re.compile(rf"^\({before + 1}\) {says('Journal')}"))
    assert [request.headers["x-poll"] for request in asked] == ["1"]
    page.evaluate("Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
    page.clock.fast_forward(180_000)
    assert len(asked) == 1

"""Looking a number up while the caller waits, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.words import saying, says, says_many

NOT_BLOCKED = (
    "Not blocked: it is not in the only list",
    "Not blocked: it is in none of the %(total)s lists",
)


@pytest.fixture
def many(sandbox, black):
    """Twenty more lists, so that reading them can be seen."""
    for n in range(20):
        sandbox.add_list(4821, name=f"Список {n}", contacts=[{"name": "А", "phones": ["102"]}])


@pytest.mark.parametrize(("width", "locale"), [(360, "en-US"), (1280, "ru-RU")])
@pytest.mark.parametrize("name", ["support", "manager"])
def test_a_number_is_looked_up_by_keyboard_from_anywhere(person, many, black, name, width, locale):
    somebody = person(width=width, locale=locale).sign_in(name)
    page = somebody.page
    page.keyboard.press("/")
    expect(page.locator("#finder")).to_be_focused()
    page.keyboard.type("8 (999) 888-77-66")
    page.keyboard.press("Enter")
    blocked = says("Blocked", language=locale)
    expect(page.locator(".answer h2")).to_contain_text(f"{blocked}: +7 999")
    expect(page.locator(".progress:visible")).to_have_count(0)
    somebody.look(f"lookup-blocked-{name}")
    page.locator(".answer table th a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("79990000000")
    page.keyboard.press("Enter")
    none = says_many(*NOT_BLOCKED, 22, language=locale)
    expect(page.locator(".answer h2")).to_contain_text(none)
    somebody.look(f"lookup-none-{name}")


def press(page, key, code, **modifiers):
    """A key of another keyboard layout: whether the page took it for its own."""
    return page.evaluate(
        """([key, code, modifiers]) => !(document.activeElement ?? document.body).dispatchEvent(
          new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true, ...modifiers}))""",
        [key, code, modifiers],
    )


def test_the_key_of_the_slash_finds_the_search_in_a_russian_layout_too(person, black):
    support = person().sign_in("support")
    page, finder = support.page, support.page.locator("#finder")
    for key, code, modifiers in [
        (".", "Period", {}),  # a full stop of its own
        ("-", "Slash", {}),  # German
        ("?", "Slash", {"shiftKey": True}),
        (".", "Slash", {"ctrlKey": True}),
        (".", "Slash", {"altKey": True}),
        ("/", "Slash", {"metaKey": True}),
    ]:
        assert not press(page, key, code, **modifiers)
        expect(finder).not_to_be_focused()
    assert press(page, ".", "Slash")
    expect(finder).to_be_focused()
    assert not press(page, ".", "Slash")  # a full stop that is typed
    page.keyboard.type("8.999.888/77")
    expect(finder).to_have_value("8.999.888/77")
    finder.blur()
    assert press(page, "/", "Digit7", shiftKey=True)  # German
    expect(finder).to_be_focused()


def test_progress_and_hits_show_while_the_lists_are_read(person, many, black, sandbox):
    support = person().sign_in("support")
    page = support.page
    sandbox.latency = 0.4
    page.goto(f"{support.url}/lookup/?number=79998887766", wait_until="commit")
    expect(page.locator(".step .hits th a")).to_have_text("Чёрный список 1", timeout=10_000)
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".progress:visible")).to_have_count(1)
    expect(page.locator(".answer h2")).to_contain_text(says("Blocked"), timeout=10_000)
    expect(page.locator(".step:visible")).to_have_count(0)


def test_leaving_the_page_stops_the_work(person, many, black, sandbox):
    for n in range(80):  # a quarter of a minute's work
        sandbox.add_list(4821, name=f"Ещё {n}")
    support = person().sign_in("support")
    page = support.page
    sandbox.latency = 1
    page.goto(f"{support.url}/lookup/?number=79998887766", wait_until="commit")
    expect(page.locator(".progress:visible")).to_have_count(1)
    page.goto(f"{support.url}/connection/")
    page.wait_for_timeout(9000)  # Chromium takes some seconds to hang up
    calls = len(sandbox.calls)
    assert calls < len(sandbox.lists(4821))
    page.wait_for_timeout(2500)
    assert len(sandbox.calls) == calls


def test_what_could_not_be_read_is_said_and_read_again(person, many, black, sandbox):
    support = person().sign_in("support")
    page = support.page
    sandbox.fail("500", path=f"contact-lists/{black}", times=None)
    support.goto("/lookup/?number=79998887766")
    expect(page.locator(".answer h2")).to_contain_text(
        says("Not known: not all lists could be read")
    )
    support.look("lookup-incomplete")
    sandbox.clear_faults()
    page.locator(".answer .primary").click()
    expect(page.locator(".answer h2")).to_contain_text(says("Blocked"))


def test_a_link_of_the_intranet_works_through_the_login_and_without_javascript(person, many, black):
    support = person(java_script_enabled=False)
    support.goto("/lookup/?number=%2B7%20999%20888-77-66")
    page = support.page
    page.fill("#id_username", "support")
    page.fill("#id_password", "browser-tests")
    page.press("#id_password", "Enter")
    expect(page.locator(".answer h2")).to_contain_text(f"{says('Blocked')}: +7 999 888-77-66")
    expect(page.locator(".step:visible")).to_have_count(0)
    page.fill("#finder", "никто")
    page.press("#finder", "Enter")
    expect(page.locator(".answer h2")).to_contain_text(
        saying("No such name in the only list", "No such name in any of the %(total)s lists")
    )


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_manager_blocks_what_is_not_blocked(
    person, many, black, sandbox, javascript, width, locale
):
    manager = person(java_script_enabled=javascript, width=width, locale=locale)
    manager.sign_in("manager")
    page = manager.page
    manager.goto("/lookup/?number=8 999 111-22-33")
    page.locator(".answer .primary").press("Enter")
    expect(page.locator("#id_numbers")).to_have_value("8 999 111-22-33")
    page.fill("#id_numbers", "8 999 111-22-33\n79998887766, abc")
    page.fill("#id_name", "Спам")
    page.locator(f"[name=list][value='{black}']").press("Space")
    page.locator("main .primary").press("Enter")
    expect(page.locator("table.hits tbody tr")).to_have_count(3)
    if javascript:
        manager.look("block-preview")
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator("h1 bdi")).to_have_text("Чёрный список 1")
    expect(page.locator("#rows")).to_contain_text("+7 999 111-22-33")
    if javascript:
        manager.look("blocked")
    manager.goto("/block/")
    expect(page.locator("[name=list]").first).to_be_checked()
    page.fill("#id_numbers", "103")
    page.fill("#id_name", "Спам")
    page.locator("[name=list]").nth(1).press("Space")
    page.locator("main .primary").press("Enter")
    sandbox.fail("422", method="PUT", path=f"contact-lists/{black}")
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator("main .outcome")).to_have_count(2)
    if javascript:
        manager.look("block-partial")
    sandbox.clear_faults()
    page.locator("main button.primary").press("Enter")  # what is left is shown first
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator("#rows")).to_contain_text("103")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_manager_unblocks_by_keyboard_what_a_lookup_found(
    person, many, black, javascript, width, locale
):
    manager = person(java_script_enabled=javascript, width=width, locale=locale)
    manager.sign_in("manager")
    page = manager.page
    manager.goto("/lookup/?number=8 812 333-44-55")
    page.locator("form[action='/unblock/'] button").press("Enter")
    expect(page.locator(".choices li")).to_have_count(1)
    expect(page.locator(".choices .gone")).to_be_visible()
    if javascript:
        manager.look("unblock")
    page.locator("[name=confirm]").press("Enter")
    words = saying(*NOT_BLOCKED, language=locale)
    expect(page.locator(".answer h2")).to_contain_text(words)
    expect(page.locator(".toast form button")).to_be_visible()
    if javascript:
        manager.look("unblocked")
    page.locator(".toast form button").press("Enter")
    words = says("Blocked", language=locale)
    expect(page.locator(".answer h2")).to_contain_text(words)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "locale"), [(360, "en-US"), (1280, "ru-RU")])
def test_many_numbers_are_pasted_and_come_back_as_a_table_and_a_file(
    person, many, black, javascript, width, locale
):
    support = person(java_script_enabled=javascript, width=width, locale=locale)
    support.sign_in("support")
    page = support.page
    support.goto("/lookup/")
    page.locator("main a.many").press("Enter")
    page.fill("#many-numbers", "79998887766\n8 999 111-22-33\nabc")
    page.locator("main form .primary").press("Enter")
    expect(page.locator(".answer tbody tr")).to_have_count(3)
    expect(page.locator(".progress:visible")).to_have_count(0)
    if javascript:
        support.look("lookup-many")
    with page.expect_download() as download:
        page.locator("[name=csv]").press("Enter")
    assert download.value.path().read_text().count("\n") == 4


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_mask_that_may_cover_the_number_leads_to_its_row(person, black, sandbox, width, locale):
    found = sandbox.lists(4821)[black]
    found["contacts"].append({"name": "Старая АТС", "phones": ["7 999 *", "101"]})
    sandbox.put(4821, black, found)
    support = person(width=width, locale=locale).sign_in("support")
    page = support.page
    support.goto("/lookup/?number=79990000000")
    expect(page.locator(".answer.verdict-possible h2")).to_be_visible()
    support.look("lookup-possible")
    page.locator(".answer .notice a").press("Enter")
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows tr")).to_contain_text("7 999 *")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_number_leaves_more_contacts_than_django_takes_fields(
    person, sandbox, account, javascript
):
    contacts = [{"name": f"Спам {n}", "phones": ["79998887766", "101"]} for n in range(1200)]
    many = sandbox.add_list(account, name="Много", contacts=contacts)
    manager = person(java_script_enabled=javascript, width=1280, locale="ru-RU")
    manager.sign_in("manager")
    page = manager.page
    manager.goto("/lookup/?number=79998887766")
    page.locator("form[action='/unblock/'] button").click()
    expect(page.locator(".choices input:checked")).to_have_count(1200)
    page.locator(".choices input").first.uncheck()
    page.locator("[name=confirm]").click()
    expect(page.locator(".toast").first).to_contain_text(
        saying("%(number)s is removed from the chosen contacts of “%(list)s”.")
    )
    stored = sandbox.lists(account)[many]["contacts"]
    assert [contact["phones"] for contact in stored[:2]] == [["79998887766", "101"], ["101"]]
    assert {tuple(contact["phones"]) for contact in stored[1:]} == {("101",)}


def test_many_answers_are_copied_as_text_and_the_folded_field_opens_by_one_press(
    person, many, black
):
    support = person(permissions=["clipboard-read", "clipboard-write"]).sign_in("support")
    page = support.page
    support.goto("/lookup/many/")
    page.fill("#many-numbers", "79998887766\nabc")
    page.locator("main form .primary").press("Enter")
    button = page.get_by_role("button", name=says("Copy as text"))
    button.press("Enter")
    expect(page.locator("#told")).to_have_text(says("Copied"))
    expect(button).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()").splitlines() == [
        f"+7 999 888-77-66 — {says('blocked', context='of a number')}: Чёрный список 1 (Иван Иванов)",
        f"abc — {says('not a number', context='of a number')}",
    ]
    support.look("lookup-many-copied")
    expect(page.locator("#many-numbers")).to_be_hidden()
    page.locator("main summary").press("Enter")
    expect(page.locator("#many-numbers")).to_have_value("79998887766\nabc")
    support.look("lookup-many-opened")


def test_without_javascript_the_folded_field_opens_and_nothing_offers_to_copy(person, many, black):
    support = person(java_script_enabled=False).sign_in("support")
    page = support.page
    support.goto("/lookup/many/?numbers=79998887766")
    expect(page.locator(".answer [name=csv]")).to_be_visible()
    expect(page.get_by_text(says("Copy as text"))).to_be_hidden()
    page.locator("main summary").click()
    page.fill("#many-numbers", "103")
    page.locator("main details .primary").click()
    expect(page.locator(".answer tbody tr")).to_have_count(1)

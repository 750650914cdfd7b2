"""Lists are found and sorted; contacts are chosen, moved, and brought back; with and without JavaScript."""

import pytest
from playwright.sync_api import expect

HOW = ("width", "locale", "javascript")
DESKS = [(360, "ru-RU", True), (1280, "en-US", True), (1280, "ru-RU", False), (360, "en-US", False)]


@pytest.fixture
def manager(person):
    """Looks at the page where an axe can run: it is a script too."""

    def open_browser(width, locale, javascript):
        somebody = person(width=width, locale=locale, java_script_enabled=javascript)
        if not javascript:
            somebody.look = lambda _name: None
        return somebody.sign_in("manager")

    return open_browser


def press(page, selector):
    page.locator(selector).first.press("Enter")


@pytest.mark.parametrize(HOW, DESKS)
def test_a_list_is_found_and_the_others_sorted(manager, black, width, locale, javascript):
    somebody = manager(width, locale, javascript)
    page = somebody.page
    page.fill("[name=q]", "чёрный")
    page.press("[name=q]", "Enter")
    expect(page.locator("table.lists tbody tr")).to_have_count(1)
    expect(page.locator("table.lists")).to_contain_text("Чёрный список 1")
    somebody.look("lists-found")
    somebody.goto("/lists/?sort=-name")
    expect(page.locator("table.lists tbody tr").first).to_contain_text("Чёрный список 1")
    press(page, "table.lists thead th:first-child a")
    expect(page.locator("table.lists tbody tr").first).to_contain_text("Белый список 1")
    somebody.look("lists-sorted")
    somebody.goto(f"/lists/{black}/?sort=name")
    expect(page.locator("#rows tr").first).to_contain_text("Иван Иванов")
    press(page, "table.contacts thead th:first-child a")
    expect(page.locator("#rows tr").first).to_contain_text("Пётр Петров")
    somebody.look("list-sorted")


@pytest.mark.parametrize(HOW, DESKS)
def test_chosen_contacts_are_moved_and_brought_back(manager, black, width, locale, javascript):
    somebody = manager(width, locale, javascript)
    page, target = somebody.page, black - 1
    somebody.goto(f"/lists/{black}/")
    boxes = page.locator("#rows [name=contact]")
    boxes.nth(0).press("Space")
    boxes.nth(2).click(modifiers=["Shift"])
    if javascript:
        expect(page.locator("#rows [name=contact]:checked")).to_have_count(3)
        boxes.nth(1).press("Space")
        expect(page.locator("#chooser [data-counted]")).to_contain_text("2")
    somebody.look("chosen")
    press(page, "#chooser [value=move]")
    expect(page.locator("main table tbody tr")).to_have_count(2)
    somebody.look("move-where")
    page.select_option("#target", str(target))
    press(page, "main form .primary")
    expect(page.locator("[name=confirm]")).to_be_visible()
    somebody.look("move-preview")
    press(page, "[name=confirm]")
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.locator("#rows tr")).to_have_count(1)
    somebody.look("moved")
    somebody.goto(f"/lists/{target}/")
    expect(page.locator("#rows tr")).to_have_count(2)
    somebody.goto("/journal/")
    somebody.look("move-in-journal")
    press(page, "main .what a.note")
    expect(page.locator("main table tbody tr")).to_have_count(2)
    somebody.look("move-by-list")
    press(page, "main form[action*=undo] button")
    expect(page.locator(".toast").first).to_be_visible()
    somebody.goto(f"/lists/{black}/")
    expect(page.locator("#rows tr")).to_have_count(3)


@pytest.mark.parametrize(HOW, DESKS)
def test_chosen_contacts_are_removed_in_one_go(manager, black, width, locale, javascript):
    somebody = manager(width, locale, javascript)
    page = somebody.page
    somebody.goto(f"/lists/{black}/")
    if javascript:
        page.locator("[data-choose-page]").press("Space")
    else:
        for box in page.locator("#rows [name=contact]").all():
            box.press("Space")
    press(page, "#chooser [value=remove]")
    somebody.look("remove-chosen")
    press(page, "[name=confirm]")
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.locator("#rows tr")).to_have_count(0)
    press(page, ".toast form button")
    expect(page.locator("#rows tr")).to_have_count(3)


def names_in(sandbox, list_id):
    return [contact["name"] for contact in sandbox.lists(4821)[list_id]["contacts"]]


@pytest.fixture
def halfway(manager, sandbox, black):
    """Whoever moves the first contact into the list before, and meets this fault as it is to be taken out."""

    def move(fault, width, locale, javascript):
        somebody = manager(width, locale, javascript)
        page = somebody.page
        sandbox.fail(fault, method="PUT", path=f"contact-lists/{black}")
        somebody.goto(f"/lists/{black}/")
        page.locator("#rows [name=contact]").first.press("Space")
        press(page, "#chooser [value=move]")
        page.select_option("#target", str(black - 1))
        press(page, "main form .primary")
        press(page, "[name=confirm]")
        expect(page.locator("main table tbody tr")).to_have_count(2)
        assert names_in(sandbox, black - 1) == ["Иван Иванов"]
        assert "Иван Иванов" in names_in(sandbox, black)
        return somebody

    return move


@pytest.mark.parametrize(HOW, DESKS)
def test_of_a_move_that_stops_halfway_the_rest_is_done_later(
    halfway, sandbox, black, width, locale, javascript
):
    somebody = halfway("500", width, locale, javascript)
    somebody.look("move-halfway")
    press(somebody.page, "main form[action*=go-on] button")
    expect(somebody.page.locator("main form[action*=go-on]")).to_have_count(0)
    assert "Иван Иванов" not in names_in(sandbox, black)


@pytest.mark.parametrize(HOW, DESKS)
def test_a_move_in_doubt_is_told_as_one(halfway, width, locale, javascript):
    somebody = halfway("hang", width, locale, javascript)
    expect(somebody.page.locator("main .outcome.unknown")).to_have_count(1)
    somebody.look("move-in-doubt")


def test_escape_lets_go_of_what_was_chosen(manager, black):
    somebody = manager(1280, "ru-RU", javascript=True)
    somebody.goto(f"/lists/{black}/")
    somebody.page.locator("[data-choose-page]").press("Space")
    expect(somebody.page.locator("#chooser")).to_be_visible()
    somebody.page.keyboard.press("Escape")
    expect(somebody.page.locator("#rows [name=contact]:checked")).to_have_count(0)

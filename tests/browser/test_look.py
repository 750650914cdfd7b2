"""How pages look and are handled: narrow and wide, by touch and by keyboard, on paper, in any colours."""

import pytest
from playwright.sync_api import expect

PAGES = [
    "/lists/",
    "{list}",
    "{list}?q=никого",
    "/lookup/?number=79998887766",
    "/journal/",
    "/connection/",
]


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize(
    "colours",
    [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}],
    ids=["light", "dark", "forced"],
)
def test_no_page_is_wider_than_the_window_in_any_colours(person, black, width, colours):
    manager = person(width=width, **colours).sign_in("manager")
    for path in PAGES:
        manager.goto(path.format(list=f"/lists/{black}/"))
        manager.look(f"look-{width}")


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_a_word_of_200_letters_breaks_no_page(person, sandbox, width):
    contacts = [{"name": "Щ" * 200, "phones": ["79990001133", "Ъ" * 200]}]
    long = sandbox.add_list(4821, name="Ж" * 200, contacts=contacts, id=95_000 + width)
    manager = person(width=width).sign_in("manager")
    for path in ("/lists/", f"/lists/{long}/", "/lookup/?number=79990001133", "/block/?number=101"):
        manager.goto(path)
        manager.look("long-word")


def test_on_a_phone_the_first_contact_is_in_sight(person, black):
    manager = person(width=360).sign_in("manager")
    manager.goto(f"/lists/{black}/")
    assert manager.page.locator("#rows tr").first.bounding_box()["y"] < 400


def test_on_a_phone_the_header_is_one_row_and_a_menu_of_one(person, black):
    manager = person(width=360).sign_in("manager")
    tops = {round(entry.bounding_box()["y"]) for entry in manager.page.locator(".menu a").all()}
    assert len(tops) == 1
    assert manager.page.locator(".top").bounding_box()["height"] < 100


def test_the_brand_aligns_with_the_content_and_no_entry_moves_another(person, black):
    manager = person(width=1280).sign_in("manager")
    page = manager.page
    left = page.locator(".brand").bounding_box()["x"]
    assert page.locator("h1").bounding_box()["x"] == left
    places = [entry.bounding_box()["x"] for entry in page.locator(".menu a").all()]
    manager.goto("/journal/")
    assert [entry.bounding_box()["x"] for entry in page.locator(".menu a").all()] == places


def test_a_name_its_numbers_and_its_actions_stand_together(person, black):
    manager = person(width=1900).sign_in("manager")
    manager.goto(f"/lists/{black}/")
    row = manager.page.locator("#rows tr").first
    number = row.locator(".number").first.bounding_box()
    action = row.locator("td.actions a").first.bounding_box()
    assert action["x"] - (number["x"] + number["width"]) < 300


def test_no_number_breaks(person, black):
    support = person(width=320).sign_in("support")
    for path in (f"/lists/{black}/", "/lookup/?number=79998887766"):
        support.goto(path)
        for number in support.page.locator(".number:visible").all():
            assert number.bounding_box()["height"] < 50


@pytest.mark.parametrize("touch", [True, False])
def test_no_name_is_broken_for_want_of_room(person, sandbox, black, touch):
    name = "Вознесенский"
    contacts = [{"name": name, "phones": ["79998887766"]}]
    list_id = sandbox.add_list(4821, name="Имена", contacts=contacts, id=black + 1)
    manager = person(width=320, has_touch=touch, is_mobile=touch).sign_in("manager")
    manager.goto(f"/lists/{list_id}/")
    assert manager.page.get_by_text(name, exact=True).bounding_box()["height"] < 30


def test_what_is_touched_is_large_enough_for_a_finger(person, black):
    manager = person(width=360, has_touch=True, is_mobile=True).sign_in("manager")
    for path in ("/lists/", f"/lists/{black}/", "/lookup/?number=79998887766"):
        manager.goto(path)
        touched = (
            "button, .button, .icon, .menu a, summary, input:not([type=hidden]), .number[role]"
        )
        for target in manager.page.locator(f":is({touched}):visible").all():
            # A box is pressed on its label, too.
            height = target.evaluate("e => (e.closest('label') ?? e).offsetHeight")
            assert height >= 44, target.evaluate("e => e.outerHTML")


def test_the_menus_open_and_close_by_keyboard(person, black):
    manager = person().sign_in("manager")
    page = manager.page
    page.focus(".person summary")
    page.keyboard.press("Enter")
    expect(page.locator(".person a[href='/connection/']")).to_be_visible()
    manager.look("person-menu")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator(".person a[href='/connection/']")).to_be_hidden()
    expect(page.locator(".person summary")).to_be_focused()
    manager.goto(f"/lists/{black}/")
    page.focus(".toolbar summary")
    page.keyboard.press("Enter")
    manager.look("list-menu")
    page.locator(".toolbar a.danger").press("Enter")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".toolbar summary")).to_be_focused()


def test_the_menu_of_a_person_works_without_javascript(person, black):
    support = person(java_script_enabled=False).sign_in("support")
    support.page.click(".person summary")
    support.page.click(".person a[href='/password/']")
    expect(support.page.locator("form[action='/logout/everywhere/']")).to_be_visible()
    support.page.click(".person summary")
    support.page.click(".person form[action='/logout/'] button")
    support.page.wait_for_url("**/login/**")


def test_a_number_is_copied_with_one_press_of_a_key_or_the_pointer(person, black):
    support = person(permissions=["clipboard-read", "clipboard-write"]).sign_in("support")
    page = support.page
    support.goto(f"/lists/{black}/")
    button = page.locator("#rows .number + .copy").first
    for press in (button.click, lambda: button.press("Enter")):
        page.evaluate("navigator.clipboard.writeText('')")
        press()
        expect(page.locator("#told")).to_contain_text("+79998887766")
        assert page.evaluate("navigator.clipboard.readText()") == "+79998887766"
    support.goto("/lookup/many/?numbers=79998887766")
    page.locator(".answer table [data-copies]").first.click()
    assert page.evaluate("navigator.clipboard.readText()") == "+79998887766"


def remove_first(page):
    name = page.locator("#rows tr").first.locator(".name").inner_text()
    page.locator("#rows tr").first.locator("a.danger").press("Enter")
    page.locator("dialog button.danger").click()
    expect(page.locator("#rows")).not_to_contain_text(name)
    expect(page.locator("dialog")).to_have_count(0)


def test_several_are_removed_one_by_one_and_brought_back_at_once(person, sandbox, black):
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/")
    remove_first(page)
    expect(page.locator("#rows tr").first.locator("a.danger")).to_be_focused()
    remove_first(page)
    expect(page.locator(".toast:visible")).to_have_count(1)
    expect(page.locator("#toasts form input[name=entry]")).to_have_count(2)
    manager.look("removed-two")
    page.keyboard.press("Alt+z")
    expect(page.locator("#rows tr")).to_have_count(3)
    assert len(sandbox.lists(4821)[black]["contacts"]) == 3
    manager.look("undone-two")


def test_after_the_last_match_is_removed_nothing_matches(person, black):
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/?q=Петров")
    expect(page.locator("#count")).to_contain_text("1")
    remove_first(page)
    expect(page.locator("#contacts .empty")).to_be_visible()
    expect(page.locator("#count")).to_contain_text("0")
    expect(page.locator("#total")).to_contain_text("2")
    assert page.locator("#add").evaluate("e => e === document.activeElement")


def test_no_more_than_two_messages_and_none_over_what_acts_on_a_row(person, sandbox, black):
    manager = person(width=1280).sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/")
    page.click("#add")
    for name in ("А", "Б", "В"):
        page.locator("#adding [name=name]").fill(name)
        page.locator("#adding textarea").fill("102")
        page.locator("#adding .primary").click()
        expect(page.locator("#toasts")).to_contain_text(f"«{name}»")
        expect(page.locator("#adding [name=name]")).to_have_value("")
    assert page.locator(".toast:visible").count() == 2
    toasts, action = page.locator("#toasts").bounding_box(), page.locator("td.actions").first
    assert toasts["x"] + toasts["width"] < action.bounding_box()["x"]
    page.locator("h1").click()
    page.keyboard.press("Escape")
    expect(page.locator(".toast:visible")).to_have_count(1)


def test_paper_gets_the_whole_list_and_nothing_to_press(person, sandbox):
    contacts = [{"name": f"Абонент {n}", "phones": [f"7999{n:07}"]} for n in range(120)]
    long = sandbox.add_list(4821, name="Длинный", contacts=contacts, id=97_000)
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{long}/")
    page.click(".toolbar summary")
    page.click(".toolbar a[href*='page=all']")
    expect(page.locator("#rows tr")).to_have_count(120)
    page.emulate_media(media="print")
    for hidden in ("header", ".filter", ".actions", "#toasts", ".copy"):
        assert page.locator(f"{hidden}:visible").count() == 0
    expect(page.locator("h1")).to_be_visible()
    manager.goto("/journal/")
    assert page.locator(".filters:visible, .head .button:visible").count() == 0


def test_only_the_heading_of_an_answer_is_announced(person, black):
    support = person().sign_in("support")
    support.goto("/lookup/?number=79998887766")
    expect(support.page.locator(".answer [role=alert] h2")).to_be_visible()
    assert support.page.locator("[role=alert] table").count() == 0

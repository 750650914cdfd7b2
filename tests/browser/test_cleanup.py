"""Lists are put in order: chosen, previewed, saved, undone; by keyboard, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

HOW = ("width", "locale", "javascript", "colours")
DESKS = [
    (360, "ru-RU", True, "dark"),
    (1280, "en-US", True, "light"),
    (1280, "ru-RU", False, "light"),
    (360, "en-US", False, "dark"),
]
ODD = [
    {"name": "Спам", "phones": ["79160000001"]},
    {"name": "Спам", "phones": ["8 916 000-00-01"]},
    {"name": "Мошенник", "phones": ["79160000001", "79160000001"]},
    {"name": "Два в одном", "phones": ["8 (916) 555-01-73, 8-916-555-01-74"]},
    {"name": "", "phones": ["79160000009"]},
    {"name": "Пусто", "phones": []},
    {"name": "Маска", "phones": ["7999*", "8 (999) xxx-xx-xx"]},
    {"name": "Лишняя цифра", "phones": ["799988877665", "+7 999 111-22-33"]},
]


@pytest.fixture
def lists(sandbox, black):
    """An odd one, one of its name, and a white one that contradicts."""
    sandbox.add_list(4821, name="Спам и роботы", contacts=ODD, id=black + 1)
    sandbox.add_list(4821, name="спам и роботы", contacts=ODD[:1], id=black + 2)
    white = [{"name": "Поставщик", "phones": ["+7 999 888-77-66", "79160000777"]}]
    sandbox.add_list(4821, name="Белый список 2", type="white", contacts=white, id=black + 3)
    return black + 1


@pytest.mark.parametrize(HOW, DESKS)
def test_lists_are_put_in_order_and_back_again(
    person, sandbox, lists, width, locale, javascript, colours
):
    manager = person(
        width=width, locale=locale, java_script_enabled=javascript, color_scheme=colours
    )
    look = manager.look if javascript else lambda _name: None
    page = manager.sign_in("manager").page
    page.locator("main details.dropdown summary").press("Enter")
    page.locator("a[href='/cleanup/']").press("Enter")
    look("cleanup")
    page.locator("[name=look]").press("Enter")
    expect(page.locator("section.findings")).to_have_count(13)
    expect(page.locator(".progress").first).to_be_hidden()
    look("cleanup-found")
    for box in page.locator("[name=fix]").all():
        box.press("Space")
    expect(page.locator("[name=fix]:not(:checked)")).to_have_count(0)
    page.locator(".chosen .primary").press("Enter")
    expect(page.locator("[name=confirm]")).to_be_visible()
    look("cleanup-preview")
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator("section.findings")).to_have_count(6)
    look("cleanup-done")
    names = [contact["name"] for contact in sandbox.lists(4821)[lists]["contacts"]]
    assert names == ["Спам", "Мошенник", "Два в одном", "+7 916 000-00-09", "Маска", "Лишняя цифра"]
    page.locator(".toast form button").first.press("Enter")
    page.wait_for_load_state()
    # What has no name or numbers is not brought back: Plusofon would refuse it.
    expect(page.locator("section.findings")).to_have_count(11)


def test_support_is_shown_no_way_there(person, sandbox, lists):
    support = person(width=1280, locale="ru-RU").sign_in("support")
    assert not support.page.locator("a[href='/cleanup/']").count()
    assert support.goto("/cleanup/").status == 403
    support.look("cleanup-support")


def test_lists_that_are_in_order_are_said_to_be(person, sandbox, black):
    contacts = [{"name": "Спам", "phones": ["79160000001"]}]
    for list_id in list(sandbox.lists(4821)):
        sandbox.drop(4821, list_id)
    sandbox.add_list(4821, name="Чёрный", contacts=contacts, id=black)
    manager = person(width=360, locale="ru-RU").sign_in("manager")
    manager.goto("/cleanup/?look=1")
    expect(manager.page.locator(".cleanup .empty")).to_be_visible()
    manager.look("cleanup-in-order")

"""Two lists become one, and two again; by keyboard, with and without JavaScript."""

import pytest
from playwright.sync_api import expect

HOW = ("width", "locale", "javascript")
DESKS = [(360, "ru-RU", True), (1280, "en-US", True), (1280, "ru-RU", False), (360, "en-US", False)]


@pytest.mark.parametrize(HOW, DESKS)
def test_two_lists_become_one_and_two_again(person, sandbox, black, width, locale, javascript):
    contacts = [
        {"name": "Иван Иванов", "phones": ["79998887766", "79992223300"]},
        {"name": "Пётр Петров", "phones": ["101"]},
        {"name": "Анна", "phones": ["79160000001"]},
    ]
    other = sandbox.add_list(4821, name="Лишний", contacts=contacts, id=black + 1)
    manager = person(width=width, locale=locale, java_script_enabled=javascript)
    look = manager.look if javascript else lambda _name: None
    page = manager.sign_in("manager").page
    page.locator("main details.dropdown summary").press("Enter")
    page.locator("a[href='/lists/merge/']").press("Enter")
    look("merge")
    page.locator("main form .buttons button").first.press("Enter")
    expect(page.locator(".errorlist").first).to_be_visible()
    look("merge-nothing")
    page.locator(f"[name=list][value='{other}']").press("Space")
    page.select_option("[name=target]", str(black))
    page.locator("[name=emptied][value=delete]").check()
    page.locator("main form .buttons button").first.press("Enter")
    expect(page.locator("[name=confirm]")).to_be_visible()
    expect(page.locator("table[aria-labelledby=namesakes]")).to_contain_text("Пётр Петров")
    look("merge-preview")
    page.locator("[name=confirm]").press("Enter")
    page.wait_for_url(f"**/lists/{black}/")
    expect(page.locator("#rows tr")).to_have_count(5)
    look("merged")
    assert other not in sandbox.lists(4821)
    page.locator(".toast form button").first.press("Enter")
    expect(page.locator("#rows tr")).to_have_count(3)
    names = {found["name"]: len(found["contacts"]) for found in sandbox.lists(4821).values()}
    assert names["Лишний"] == 3


@pytest.mark.parametrize("emptied", ["empty", "keep"])
@pytest.mark.parametrize(HOW, [(360, "ru-RU", True), (1280, "en-US", False)])
def test_what_a_list_is_merged_from_stays_as_it_was_chosen(
    person, sandbox, black, width, locale, javascript, emptied
):
    contacts = [{"name": "Анна", "phones": ["79160000001"]}]
    other = sandbox.add_list(4821, name="Второй", contacts=contacts, id=black + 1)
    manager = person(width=width, locale=locale, java_script_enabled=javascript)
    page = manager.sign_in("manager").page
    manager.goto("/lists/merge/")
    page.locator(f"[name=list][value='{other}']").press("Space")
    page.select_option("[name=target]", str(black))
    page.locator(f"[name=emptied][value={emptied}]").check()
    page.locator("main form .buttons button").first.press("Enter")
    page.locator("[name=confirm]").press("Enter")
    page.wait_for_url(f"**/lists/{black}/")
    expect(page.locator("#rows tr")).to_have_count(4)
    left = sandbox.lists(4821)[other]["contacts"]
    assert len(left) == (emptied == "keep")


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_lists_that_have_changed_since_are_shown_again(person, sandbox, black, width, locale):
    contacts = [{"name": "Анна", "phones": ["79160000001"]}]
    other = sandbox.add_list(4821, name="Второй", contacts=contacts, id=black + 1)
    manager = person(width=width, locale=locale).sign_in("manager")
    page = manager.page
    manager.goto("/lists/merge/")
    page.locator(f"[name=list][value='{other}']").press("Space")
    page.select_option("[name=target]", str(black))
    page.locator("[name=emptied][value=delete]").check()
    page.locator("main form .buttons button").first.press("Enter")
    expect(page.locator("[name=confirm]")).to_be_visible()
    found = sandbox.lists(4821)[other]
    more = [*found["contacts"], {"name": "Олег", "phones": ["79160000002"]}]
    sandbox.put(4821, other, {**found, "contacts": more})
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator(".notice").first).to_be_visible()
    manager.look("merge-changed")
    assert other in sandbox.lists(4821)

"""What others have changed elsewhere is said on a list's page, until it is saved here."""

import pytest
from playwright.sync_api import expect

from lists.sandbox import Sandbox
from tests.words import saying

SINCE = "Changed outside this dashboard since %(time)s."


@pytest.fixture
def changed(person, sandbox: Sandbox, black):
    """A contact was renamed here, and then another was added elsewhere."""
    manager = person().sign_in("manager")
    rename_first(manager, black, "Здесь")
    payload = sandbox.lists(4821)[black]
    payload["contacts"].append({"name": "Чужой", "phones": ["105"]})
    sandbox.put(4821, black, payload)
    return black


def rename_first(manager, black, name):
    manager.goto(f"/lists/{black}/")
    change_first(manager.page, name)


def change_first(page, name):
    page.locator("#rows tr").first.locator(".actions a").first.click()
    page.locator("tr.editing [name=name]").fill(name)
    page.locator("tr.editing .primary").click()
    expect(page.locator("#rows tr").first).to_contain_text(name)


@pytest.mark.parametrize("name", ["manager", "support"])
@pytest.mark.parametrize(("locale", "width"), [("ru-RU", 360), ("en-GB", 1280)])
def test_it_is_read_in_both_languages_widths_and_colours(person, changed, name, locale, width):
    somebody = person(locale=locale, width=width).sign_in(name)
    somebody.goto(f"/lists/{changed}/")
    expect(somebody.page.locator("#outside")).to_contain_text(saying(SINCE, language=locale[:2]))
    for scheme in ("light", "dark"):
        somebody.page.emulate_media(color_scheme=scheme)
        somebody.look(f"list-outside-{name}")


def test_our_own_save_takes_it_back_at_once(person, changed):
    manager = person().sign_in("manager")
    manager.goto(f"/lists/{changed}/")
    outside = manager.page.locator("#outside")
    expect(outside).to_contain_text(saying(SINCE))
    change_first(manager.page, "Снова здесь")
    expect(outside).to_be_empty()
    manager.page.reload()
    expect(manager.page.locator("#rows")).to_contain_text("Чужой")
    expect(outside).to_be_empty()


def test_without_javascript_it_is_there(person, changed):
    support = person(java_script_enabled=False).sign_in("support")
    support.goto(f"/lists/{changed}/")
    expect(support.page.locator("#outside")).to_contain_text(saying(SINCE))

"""The whole main job in a real browser: both roles, both languages, a phone's width and a desk's."""

import pytest
from playwright.sync_api import expect

from tests.words import says, says_many

WIDTHS = [360, 1280]
LOCALES = ["ru-RU", "en-US"]


def words_of(locale):
    def one(sentence, **values):
        return says(sentence, language=locale, **values)

    return {
        "overview": one("Overview"),
        "lists": one("Lists"),
        "saved": one("“%(name)s” is changed.", name="Анна"),
        "added": one("“%(name)s” is added.", name="Новый"),
        "removed": one("“%(name)s” is removed from the list.", name="Анна"),
        "stored": one("will be stored as %(stored)s", stored="79991112233"),
        "lost": one("This list has no contacts."),
        "unused": one("not used by Plusofon yet"),
    }


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_manager_walks_the_main_job(person, sandbox, black, locale, width):
    words = words_of(locale)
    scheme = "dark" if width == 360 else "light"
    manager = person(locale=locale, width=width, color_scheme=scheme)
    manager.goto("/login/")
    manager.look("login")
    manager.sign_in_by_password("manager")
    page = manager.page
    expect(page.locator("h1")).to_have_text(words["overview"])
    page.locator(".menu a[href='/lists/']").press("Enter")
    expect(page.locator("h1")).to_have_text(words["lists"])
    expect(page.locator(".badge.white")).to_be_visible()
    manager.look("lists")

    page.get_by_role("link", name="Чёрный список 1", exact=True).click()
    expect(page.locator("#rows tr")).to_have_count(3)
    manager.look("list")

    # A contact is edited where it stands.
    page.locator("#rows tr").first.locator(".actions a").first.click()
    row = page.locator("tr.editing")
    expect(row.locator("[name=name]")).to_be_focused()
    row.locator("[name=name]").fill("Анна")
    row.locator("textarea").fill("8 999 111-22-33")
    expect(row.get_by_text(words["stored"])).to_be_visible()
    manager.look("editing")
    row.locator(".primary").click()
    expect(page.locator("#toasts")).to_contain_text(words["saved"])
    expect(page.locator("#rows tr").first).to_contain_text("+7 999 111-22-33")
    assert "/edit/" in manager.focused()
    manager.look("saved")

    # Another is added; the form stays for the next one.
    page.locator("#add").click()
    adding = page.locator("#adding")
    adding.locator("[name=name]").fill("Новый")
    adding.locator("textarea").fill("102")
    adding.locator("textarea").press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text(words["added"])
    expect(adding.locator("[name=name]")).to_have_value("")
    expect(adding.locator("[name=name]")).to_be_focused()
    adding.locator("[name=name]").press("Escape")
    expect(page.locator("#adding form")).to_have_count(0)
    assert 'id="add"' in manager.focused()

    # One is removed, after a question.
    page.locator("tr", has_text="Анна").locator("a.danger").click()
    expect(page.locator("dialog")).to_be_visible()
    manager.look("removing")
    page.locator("dialog button.danger").click()
    expect(page.locator("#toasts")).to_contain_text(words["removed"])
    expect(page.locator("tr", has_text="Анна")).to_have_count(0)
    expect(page.locator("dialog")).to_have_count(0)

    # The list is renamed, and keeps its contacts.
    page.locator(".toolbar summary").click()
    page.locator(".toolbar a[href$='/edit/']").click()
    expect(page.locator("#id_name")).to_have_value("Чёрный список 1")
    manager.look("renaming")
    page.fill("#id_name", "Спам")
    page.locator("main .primary").click()
    expect(page.locator("h1 bdi")).to_have_text("Спам")
    names = [contact["name"] for contact in sandbox.lists(4821)[black]["contacts"]]
    assert names == ["Пётр Петров", "ООО «Ромашка» <script>", "Новый"]

    # A list is created, and deleted.
    manager.goto("/lists/new/")
    expect(page.get_by_text(words["unused"])).to_be_visible()
    page.fill("#id_name", "Спам 2026")
    manager.look("creating")
    page.locator("main .primary").click()
    expect(page.locator("h1 bdi")).to_have_text("Спам 2026")
    manager.look("empty")
    page.locator(".toolbar summary").click()
    page.locator(".toolbar a.danger").click()
    expect(page.locator("dialog")).to_contain_text(words["lost"])
    manager.look("deleting")
    page.locator("dialog button.danger").click()
    page.wait_for_url("**/lists/")
    expect(page.locator("#lists")).not_to_contain_text("Спам 2026")

    manager.goto("/connection/")
    manager.look("connection")
    manager.goto("/nowhere/")
    manager.look("not-found")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("locale", LOCALES)
def test_support_looks_and_finds(person, black, locale, width):
    support = person(locale=locale, width=width).sign_in("support")
    page = support.page
    support.look("support-lists")
    assert page.get_by_role("link", name="Чёрный список 1", exact=True).count() == 1
    page.get_by_role("link", name="Чёрный список 1", exact=True).click()
    expect(page.locator("#rows tr")).to_have_count(3)
    assert page.locator("a[href*=edit], a[href*=delete], a[href*=new]").count() == 0
    page.locator("#q").press_sequentially("8 812 333")
    expect(page.locator("#rows tr")).to_have_count(1)
    expect(page.locator("#rows")).to_contain_text("Пётр Петров")
    expect(page.locator("#q")).to_be_focused()
    page.wait_for_url("**q=8+812+333")
    support.look("support-found")
    page.locator("#q").fill("никого")
    expect(page.locator(".empty")).to_contain_text("никого")
    support.look("support-nothing")
    page.go_back()
    expect(page.locator("h1")).to_have_text(words_of(locale)["lists"])


def test_the_whole_job_goes_without_javascript(person, sandbox, black):
    manager = person(java_script_enabled=False).sign_in("manager")
    page = manager.page
    page.get_by_role("link", name="Чёрный список 1", exact=True).click()
    page.locator("#rows tr").first.locator(".actions a").first.click()
    page.fill("tr.editing [name=name]", "Анна")
    page.fill("tr.editing textarea", "abc")
    page.click("tr.editing .primary")
    expect(page.locator("tr.editing .errorlist")).to_contain_text(
        says(
            "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.",
            text="abc",
        )
    )
    page.fill("tr.editing textarea", "8 999 111-22-33")
    page.click("tr.editing [name=preview]")
    expect(page.locator("tr.editing .preview")).to_contain_text(
        says("will be stored as %(stored)s", stored="79991112233")
    )
    page.click("tr.editing .primary")
    expect(page.locator("#toasts")).to_contain_text(says("“%(name)s” is changed.", name="Анна"))

    page.click("#add")
    page.fill("#adding [name=name]", "Новый")
    page.fill("#adding textarea", "102")
    page.click("#adding .primary")
    expect(page.locator("#rows")).to_contain_text("Новый")

    page.locator("tr", has_text="Анна").locator("a.danger").click()
    page.click("main button.danger")
    expect(page.locator("#rows tr")).to_have_count(3)

    page.fill("#q", "новый")
    page.click("main search button")
    expect(page.locator("#rows tr")).to_have_count(1)

    page.click(".toolbar summary")
    page.click(".toolbar a.danger")
    expect(page.locator("main")).to_contain_text(
        says_many("%(total)s contact", "%(total)s contacts", 3)
    )
    page.click("main button.danger")
    expect(page.locator("#lists")).not_to_contain_text("Чёрный список 1")
    assert black not in sandbox.lists(4821)


def test_a_contact_is_edited_by_keyboard_alone(person, sandbox, black):
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/")
    page.focus("#rows tr:first-child .icon")
    page.keyboard.press("Enter")
    expect(page.locator("tr.editing [name=name]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("tr.editing")).to_have_count(0)
    expect(page.locator("#rows tr:first-child .icon").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("tr.editing [name=name]")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("Анна")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text(says("“%(name)s” is changed.", name="Анна"))
    expect(page.locator("#rows tr:first-child .icon").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert "/delete/" in manager.focused()
    assert sandbox.lists(4821)[black]["contacts"][0]["name"] == "Анна"

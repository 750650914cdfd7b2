"""A spreadsheet becomes contacts: sent, looked at, confirmed, undone; by keyboard, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

TABLE = (
    "Имя;Телефон\n"
    "Иван Иванов;8 999 888-77-66\n"
    "Пётр Петров;78123334455, 79160000001\n"
    "Анна;79160000002\n"
    "Олег;9.998887766E+10\n"
)


def a_file(content=TABLE, name="table.csv"):
    return {"name": name, "mimeType": "text/csv", "buffer": content.encode()}


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_table_comes_into_a_list_and_goes_again(person, black, javascript, width, locale):
    manager = person(java_script_enabled=javascript, width=width, locale=locale).sign_in("manager")
    page = manager.page
    look = manager.look if javascript else lambda _name: None
    manager.goto(f"/lists/{black}/")
    page.locator("details.dropdown summary").last.press("Enter")
    page.locator(f"a[href='/lists/{black}/import/']").press("Enter")
    look("import")
    page.locator("main .primary").press("Enter")
    expect(page.locator("#import-file_error")).to_be_visible()
    look("import-nothing")
    page.locator("#import-file").set_input_files(a_file("MZ" + "\0" * 40, "table.xlsx"))
    page.locator("main .primary").press("Enter")
    expect(page.locator("#import-file_error")).to_be_visible()

    page.locator("#import-file").set_input_files(a_file())
    page.locator("main .primary").press("Enter")
    expect(page.locator("section.new")).to_contain_text("Анна")
    expect(page.locator("section.refused")).to_contain_text("9.998887766E+10")
    look("import-preview")

    page.locator("[name=mode][value=equal]").press("Space")
    page.locator("#import-unnamed").press("Enter")
    expect(page.locator("section.going")).to_contain_text("Ромашка")
    look("import-equal")
    page.locator("[name=mode][value=add]").press("Space")
    page.locator("#import-unnamed").press("Enter")
    expect(page.locator("section.going")).to_have_count(0)
    page.locator("[name=confirm]").press("Enter")
    expect(page).to_have_url(re.compile(f"/lists/{black}/$"))
    expect(page.locator(".toast").first).to_be_visible()
    expect(page.locator("table.contacts")).to_contain_text("Анна")
    look("imported")
    page.locator(".toast form button").first.press("Enter")
    expect(page.locator("table.contacts")).not_to_contain_text("Анна")


@pytest.mark.parametrize(("width", "locale"), [(1280, "ru-RU"), (360, "en-US")])
def test_a_pasted_table_becomes_a_new_list(person, black, width, locale):
    manager = person(width=width, locale=locale).sign_in("manager")
    page = manager.page
    page.locator("main details.dropdown summary").press("Enter")
    page.locator("a[href='/lists/import/']").press("Enter")
    page.fill("#import-name", f"Банк {black} {width}")
    page.fill("#import-text", "79160000002\tАнна\n79160000003\tОлег")
    manager.look("import-new")
    page.locator("main .primary").press("Enter")
    expect(page.locator("section.new")).to_contain_text("Олег")
    page.locator("#import-column-1").select_option("nothing")
    page.locator("#import-unnamed").fill("Реклама")
    page.locator("#import-unnamed").press("Enter")
    expect(page.locator("section.new")).to_contain_text("Реклама")
    manager.look("import-new-preview")
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator("h1")).to_contain_text("Банк")
    expect(page.locator("table.contacts")).to_contain_text("Реклама")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_a_table_that_was_read_wrongly_is_read_as_it_is_said(
    person, black, javascript, width, locale
):
    manager = person(java_script_enabled=javascript, width=width, locale=locale).sign_in("manager")
    page = manager.page
    look = manager.look if javascript else lambda _name: None
    manager.goto(f"/lists/{black}/import/")
    rows = "Иванов, Анна;79160000002\nИванов, Олег;79160000003\n"
    page.locator("#import-file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode("cp1251")}
    )
    page.locator("main .primary").press("Enter")
    expect(page.locator("section.new")).to_contain_text("Иванов, Анна")
    page.locator("#import-encoding").select_option("utf-8")
    page.locator("#import-unnamed").press("Enter")
    expect(page.locator("main .errors, main .errorlist").first).to_be_visible()
    look("import-encoding")
    page.locator("#import-encoding").select_option("cp1251")
    page.locator("#import-unnamed").press("Enter")
    expect(page.locator("section.new")).to_contain_text("Иванов, Анна")
    look("import-read-as")


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_what_takes_its_time_says_that_it_was_sent(person, black, width, locale):
    manager = person(width=width, locale=locale).sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/import/")
    page.fill("#import-text", "Анна\t79160000002")
    page.locator("main .primary").press("Enter")
    expect(page.locator("section.new")).to_be_visible()
    expect(page.locator(".waits")).to_have_count(0)
    # As if the answer never came: who drives a browser sees nothing of a page that is being left.
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    page.locator("[name=confirm]").press("Enter")
    waits = page.locator("form[data-waits]").get_attribute("data-waits")
    expect(page.locator(".waits")).to_have_text(waits)
    expect(page.locator("#told")).to_have_text(waits)
    manager.look("import-waits")


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_what_would_go_by_now_is_shown_again(person, sandbox, black, width, locale):
    manager = person(width=width, locale=locale).sign_in("manager")
    page = manager.page
    manager.goto(f"/lists/{black}/import/")
    page.fill("#import-text", "Анна\t79160000002")
    page.locator("[name=mode][value=equal]").press("Space")
    page.locator("main .primary").press("Enter")
    expect(page.locator("section.going")).to_be_visible()
    found = sandbox.lists(4821)[black]
    more = [*found["contacts"], {"name": "Олег", "phones": ["79160000003"]}]
    sandbox.put(4821, black, {**found, "contacts": more})
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator(".notice").first).to_be_visible()
    expect(page.locator("section.going")).to_contain_text("Олег")
    manager.look("import-changed")
    assert len(sandbox.lists(4821)[black]["contacts"]) == 4

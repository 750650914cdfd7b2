"""An account in one file, and back from it; by keyboard, with and without JavaScript."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.workbooks import rows_of

HOW = ("width", "locale", "javascript")
DESKS = [(360, "ru-RU", True), (1280, "en-US", True), (1280, "ru-RU", False), (360, "en-US", False)]


def downloaded(page, press):
    with page.expect_download() as download:
        press()
    return download.value


@pytest.mark.parametrize(HOW, DESKS)
def test_what_was_lost_comes_back_from_the_file(person, sandbox, black, width, locale, javascript):
    manager = person(width=width, locale=locale, java_script_enabled=javascript)
    look = manager.look if javascript else lambda _name: None
    page = manager.sign_in("manager").page
    manager.goto("/backup/")
    look("backup")
    button = page.locator("main form .primary")
    file = downloaded(page, lambda: button.press("Enter")).path()
    content = Path(file).read_bytes()
    before = sandbox.lists(4821)
    sandbox.put(4821, black, before[black] | {"contacts": before[black]["contacts"][:1]})

    page.locator("a[href='/restore/']").press("Enter")
    page.locator("main .primary").press("Enter")
    expect(page.locator(".errorlist").first).to_be_visible()
    look("restore-nothing")
    page.locator("[name=file]").set_input_files(
        {"name": "backup.zip", "mimeType": "application/zip", "buffer": content}
    )
    page.locator("main .primary").press("Enter")
    expect(page.locator("[name=choose]")).to_be_visible()
    look("restore-compared")
    page.locator("[name=choose]").press("Enter")
    expect(page.locator("[name=confirm]")).to_be_visible()
    look("restore-preview")
    page.locator("[name=confirm]").press("Enter")
    expect(page.locator(".toast").first).to_be_visible()
    assert sandbox.lists(4821) == before


@pytest.mark.parametrize("locale", ["ru-RU", "en-US"])
def test_a_list_is_taken_along_as_a_table(person, black, locale):
    support = person(locale=locale).sign_in("support")
    page = support.page
    support.goto(f"/lists/{black}/")
    page.locator("details.dropdown summary").last.press("Enter")
    support.look("export")
    file = downloaded(page, lambda: page.locator("main a[href*='format=xlsx']").press("Enter"))
    assert file.suggested_filename.endswith(".xlsx")
    assert ["ООО «Ромашка» <script>", "101\n49301234567"] in rows_of(Path(file.path()).read_bytes())
    file = downloaded(page, lambda: page.locator("main a[href*='format=csv']").press("Enter"))
    text = Path(file.path()).read_text("utf-8-sig")
    delimiter = ";" if locale == "ru-RU" else ","
    assert "Иван Иванов" in {row[0] for row in csv.reader(io.StringIO(text), delimiter=delimiter)}

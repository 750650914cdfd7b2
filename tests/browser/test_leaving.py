"""What is typed and not sent is not left without a question; what is not typed, or was sent, never asks."""

import pytest
from playwright.sync_api import expect

from tests.words import saying, says

LEAVE = says("What you typed is not saved yet. Leave it?")


@pytest.fixture
def manager(person):
    return person().sign_in("manager")


@pytest.fixture
def asked(manager):
    """The questions that were asked, each refused as long as `answers` has no other answer."""
    questions, answers = [], []

    def answer(dialog):
        questions.append(dialog.message if dialog.type == "confirm" else dialog.type)
        dialog.accept() if answers and answers.pop() else dialog.dismiss()

    manager.page.on("dialog", answer)
    return questions, answers


def open_row(manager, black):
    manager.goto(f"/lists/{black}/")
    manager.page.locator("#rows tr").first.locator(".actions a").first.click()
    row = manager.page.locator("tr.editing")
    expect(row.locator("[name=name]")).to_be_focused()
    return row


def leave(page, how):
    match how:
        case "cancel":
            page.locator("tr.editing [data-cancel]").press("Enter")
        case "escape":
            page.locator("tr.editing [name=name]").press("Escape")
        case "filter":
            page.locator("#q").press_sequentially("П")


@pytest.mark.parametrize("how", ["cancel", "escape", "filter"])
def test_leaving_a_row_with_changes_asks_first(manager, asked, black, how):
    questions, answers = asked
    page, row = manager.page, open_row(manager, black)
    row.locator("[name=name]").press_sequentially("!")
    with page.expect_event("dialog"):
        leave(page, how)
    expect(row.locator("[name=name]")).to_have_value("!Иван Иванов")
    expect(row.locator("[name=name]")).to_be_focused()
    answers.append(True)
    with page.expect_event("dialog"):
        leave(page, how)
    expect(row).to_have_count(0)
    assert questions == [LEAVE, LEAVE]


@pytest.mark.parametrize("how", ["cancel", "escape", "filter"])
def test_a_row_without_changes_never_asks(manager, asked, black, how):
    page, row = manager.page, open_row(manager, black)
    row.locator("[name=name]").press_sequentially("!")
    row.locator("[name=name]").press("Backspace")
    leave(page, how)
    expect(row).to_have_count(0)
    assert asked == ([], [])


def test_what_is_to_be_added_asks_before_it_is_emptied_or_opened_again(manager, asked, black):
    questions, answers = asked
    page = manager.page
    manager.goto(f"/lists/{black}/")
    page.locator("#add").press("Enter")
    page.locator("#adding textarea").press_sequentially("102")
    page.locator("#add").press("Enter")
    expect(page.locator("#adding [name=name]")).to_be_focused()
    page.locator("#adding [name=name]").press("Escape")
    expect(page.locator("#adding textarea")).to_have_value("102")
    assert questions == [LEAVE, LEAVE]
    answers.append(True)
    page.locator("#adding [name=name]").press("Escape")
    expect(page.locator("#adding form")).to_have_count(0)


def test_another_row_opens_beside_it_and_asks_nothing(manager, asked, black):
    page, row = manager.page, open_row(manager, black)
    row.locator("[name=name]").press_sequentially("!")
    page.locator("#rows tr").nth(1).locator(".actions a").first.click()
    expect(page.locator("tr.editing")).to_have_count(2)
    expect(page.locator("tr.editing [name=name]").first).to_have_value("!Иван Иванов")
    assert asked == ([], [])


def test_a_link_asks_while_something_is_typed_and_not_once_it_is_saved(manager, asked, black):
    page, row = manager.page, open_row(manager, black)
    row.locator("[name=name]").press_sequentially("!")
    with page.expect_event("dialog"):
        page.locator(".crumbs a").click(no_wait_after=True)
    expect(row.locator("[name=name]")).to_have_value("!Иван Иванов")
    row.locator(".primary").click()
    expect(page.locator("#toasts")).to_contain_text(saying("“%(name)s” is changed."))
    page.locator(".crumbs a").click()
    page.wait_for_url("**/lists/")
    assert asked == (["beforeunload"], [])


def test_what_a_save_has_refused_is_still_typed(manager, asked, black):
    page, row = manager.page, open_row(manager, black)
    row.locator("textarea").fill("abc")
    row.locator(".primary").click()
    expect(row.locator(".errorlist")).to_be_visible()
    with page.expect_event("dialog"):
        leave(page, "cancel")
    expect(row.locator("textarea")).to_have_value("abc")


@pytest.mark.parametrize(
    ("path", "field"), [("/block/?number=103", "#id_name"), ("/lists/new/", "#id_name")]
)
def test_other_forms_ask_when_the_page_is_left_and_not_when_they_are_sent(
    manager, asked, black, path, field
):
    page = manager.page
    manager.goto(path)
    page.locator(".menu a").first.click()
    page.wait_for_url("**/overview/")
    manager.goto(path)
    page.locator(field).press_sequentially("Спам")
    with page.expect_event("dialog"):
        page.locator(".menu a").first.click(no_wait_after=True)
    expect(page.locator(field)).to_have_value("Спам")
    page.locator("main .primary").click()
    if path.startswith("/block/"):
        expect(page.locator(".errorlist")).to_be_visible()  # no list is chosen: typed still
        with page.expect_event("dialog"):
            page.locator(".menu a").first.click(no_wait_after=True)
        page.locator(f"[name=list][value='{black}']").check()
        page.locator("main .primary").click()
        page.locator("[name=confirm]").click()
    expect(page.locator("#toasts")).to_contain_text("103" if "block" in path else "Спам")
    assert set(asked[0]) == {"beforeunload"}
    page.locator(".menu a").first.click()
    page.wait_for_url("**/overview/")

"""What a person sees when something is not as it should be, and that nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests.calls import methods
from tests.words import saying, says


def open_row(manager, black):
    manager.goto(f"/lists/{black}/")
    page = manager.page
    page.locator("#rows tr").first.locator(".actions a").first.click()
    row = page.locator("tr.editing")
    expect(row.locator("[name=name]")).to_be_focused()
    return row


def test_two_people_on_one_contact(person, sandbox, black):
    one, other = person().sign_in("manager"), person().sign_in("manager")
    mine, theirs = open_row(one, black), open_row(other, black)
    theirs.locator("[name=name]").fill("Их имя")
    theirs.locator(".primary").click()
    expect(other.page.locator("#toasts")).to_contain_text(saying("“%(name)s” is changed."))
    mine.locator("[name=name]").fill("Моё имя")
    mine.locator(".primary").click()
    expect(one.page.locator(".versions")).to_contain_text("Их имя")
    expect(one.page.locator("tr.editing [name=name]")).to_have_value("Моё имя")
    one.look("conflict")
    assert sandbox.lists(4821)[black]["contacts"][0]["name"] == "Их имя"
    one.page.locator("tr.editing .primary").click()
    expect(one.page.locator("#rows tr").first).to_contain_text("Моё имя")


def test_a_failing_api_keeps_what_was_typed(person, sandbox, black):
    manager = person().sign_in("manager")
    row = open_row(manager, black)
    row.locator("[name=name]").fill("Анна")
    row.locator("textarea").fill("102")
    for kind, words in (
        ("500-html", says("Plusofon is not working right now")),
        ("html", says("Plusofon's answer could not be understood")),
        ("no-access", "Нет доступа"),
        ("429:60", says("Too many calls to Plusofon")),
        ("hang", says("Plusofon is taking too long")),
    ):
        sandbox.clear_faults()
        sandbox.fail(kind, times=None)
        row.locator(".primary").click()
        expect(manager.page.locator("#notice")).to_contain_text(words)
        expect(row.locator("[name=name]")).to_have_value("Анна")
        expect(row.locator("textarea")).to_have_value("102")
        expect(row.locator(".primary")).to_be_enabled()
        expect(row.locator(".primary")).to_be_focused()
    manager.look("failed-save")
    sandbox.clear_faults()
    row.locator(".primary").click()
    expect(manager.page.locator("#toasts")).to_contain_text(
        says("“%(name)s” is changed.", name="Анна")
    )


def test_the_first_contact_of_an_empty_list(person, sandbox):
    empty = sandbox.add_list(4821, name="Пустой")
    manager = person().sign_in("manager")
    manager.goto(f"/lists/{empty}/")
    expect(manager.page.locator(".empty")).to_be_visible()
    manager.page.click("#add")
    manager.page.fill("#adding [name=name]", "Первый")
    manager.page.fill("#adding textarea", "102")
    manager.page.click("#adding .primary")
    expect(manager.page.locator("#rows tr")).to_be_visible()
    expect(manager.page.locator(".empty")).to_be_hidden()


def test_a_failing_page_says_why_and_offers_another_try(person, sandbox, black):
    support = person().sign_in("support")
    sandbox.fail("502", times=None)
    support.goto(f"/lists/{black}/")
    expect(support.page.locator("h1")).to_have_text(says("Plusofon is not working right now"))
    support.look("failed-page")
    sandbox.clear_faults()
    support.page.locator("main .primary").click()
    expect(support.page.locator("h1 bdi")).to_have_text("Чёрный список 1")


def test_a_double_click_writes_once(person, sandbox, black):
    manager = person().sign_in("manager")
    row = open_row(manager, black)
    sandbox.latency = 0.1
    row.locator("[name=name]").fill("Анна")
    row.locator(".primary").dblclick(no_wait_after=True)
    expect(manager.page.locator("#toasts")).to_contain_text(
        says("“%(name)s” is changed.", name="Анна")
    )
    assert methods(sandbox).count("PUT") == 1


def test_signed_out_in_the_middle_comes_back_to_the_page_not_to_the_piece(person, black):
    manager = person().sign_in("manager")
    manager.goto(f"/lists/{black}/")
    manager.page.context.clear_cookies()
    manager.page.locator("#rows tr").first.locator(".actions a").first.click()
    manager.page.wait_for_url("**/login/**")
    manager.page.fill("#id_username", "manager")
    manager.page.fill("#id_password", "browser-tests")
    manager.page.press("#id_password", "Enter")
    manager.page.wait_for_url(f"**/lists/{black}/")


@pytest.mark.parametrize("lost", ["session", "all cookies"])
def test_what_is_typed_when_the_session_has_ended_is_back_after_signing_in(
    person, sandbox, black, lost
):
    manager = person().sign_in("manager")
    page, row = manager.page, open_row(manager, black)
    row.locator("[name=name]").fill("Анна")
    page.context.clear_cookies(**({"name": "sessionid"} if lost == "session" else {}))
    row.locator(".primary").click()
    if lost == "all cookies":
        expect(row.locator("[name=name]")).to_have_value("Анна")
        page.locator("#notice .primary").click()
    page.wait_for_url("**/login/**")
    expect(page.locator("main .notice")).to_contain_text(
        says(
            "Nothing was sent. Sign in within half an hour, and what you typed will be back in the"
            " form."
        )
    )
    manager.look("signed-out")
    page.fill("#id_username", "manager")
    page.fill("#id_password", "browser-tests")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/edit/")
    expect(page.locator("#rows tr.editing [name=name]")).to_have_value("Анна")
    expect(page.locator("#toasts")).to_contain_text(
        says("What you typed is kept but not sent yet: check it, then press the button.")
    )
    manager.look("signed-in-again")
    assert sandbox.lists(4821)[black]["contacts"][0]["name"] == "Иван Иванов"
    page.locator("tr.editing .primary").click()
    expect(page.locator("#toasts")).to_contain_text(says("“%(name)s” is changed.", name="Анна"))


def test_a_newcomer_connects_and_comes_back(person, sandbox, black):
    newcomer = person()
    newcomer.goto("/login/?next=/lists/")
    page = newcomer.page
    page.fill("#id_username", "newcomer")
    page.fill("#id_password", "browser-tests")
    page.press("#id_password", "Enter")
    page.wait_for_url("**/connection/**")
    expect(page.locator("#toasts")).to_contain_text(says("You are not connected to Plusofon yet."))
    newcomer.look("newcomer")
    page.fill("#id_token", "wrong-token")
    page.locator("main .primary").click()
    expect(page.locator("#id_token_error")).to_contain_text(
        says("Plusofon does not know this token. Nothing was saved.")
    )
    expect(page.locator("#id_token")).to_have_value("")
    newcomer.look("wrong-token")
    page.fill("#id_token", "newcomer-token")
    page.locator("main .primary").click()
    page.wait_for_url("**/lists/")
    expect(page.locator("#toasts")).to_contain_text("Орлова Анна")


def test_a_refused_token_leads_to_the_connection_page(person, sandbox, black):
    support = person().sign_in("support")
    sandbox.fail("401", times=None)
    support.goto(f"/lists/{black}/")
    support.page.wait_for_url("**/connection/**")
    expect(support.page.locator("main")).to_contain_text(
        saying("Plusofon has refused your token since %(when)s. Enter a new one.")
    )
    support.look("refused")
    sandbox.clear_faults()
    support.page.locator("main .primary").click()
    support.page.wait_for_url(f"**/lists/{black}/")


def test_a_server_that_does_not_answer_is_said_and_keeps_what_was_typed(person, black):
    manager = person().sign_in("manager")
    row = open_row(manager, black)
    row.locator("[name=name]").fill("Анна")
    manager.page.route("**/edit/", lambda route: route.abort())
    row.locator(".primary").click()
    expect(manager.page.locator("#notice")).to_contain_text(
        says("The server did not answer. What you typed is still here; try again.")
    )
    expect(row.locator("[name=name]")).to_have_value("Анна")
    manager.problems = [p for p in manager.problems if "htmx:error" not in p]


def test_light_dark_and_language_are_a_click_away(person, black):
    support = person().sign_in("support")
    page = support.page
    assert page.locator("html").get_attribute("data-theme") is None
    for theme, expected in (("light", "light"), ("dark", "dark"), ("", None)):
        page.locator(".person summary").click()
        page.locator(f".themes [value='{theme}']").click()
        assert page.locator("html").get_attribute("data-theme") == expected
        support.look(f"theme-{theme}")
    page.locator(".person summary").click()
    page.locator(".languages [value=en]").click()
    expect(page.locator("h1")).to_have_text("Lists")


def test_nothing_personal_stays_in_the_browsers_storage(person, black):
    manager = person().sign_in("manager")
    open_row(manager, black)
    manager.page.locator("[data-cancel]").click()
    kept = manager.page.evaluate("[localStorage.length, sessionStorage.length]")
    assert kept == [0, 0]


def test_a_first_visit_and_an_inline_edit_are_light(person, black):
    manager = person()
    sizes = []
    manager.page.on(
        "requestfinished",
        lambda request: sizes.append((request.url, request.sizes(), request.method)),
    )
    manager.sign_in("manager")
    manager.goto(f"/lists/{black}/")
    manager.page.wait_for_load_state("networkidle")
    first_visit = sum(
        size["responseBodySize"] + size["responseHeadersSize"] for _, size, _ in sizes
    )
    assert first_visit < 120_000
    sizes.clear()
    row = open_row_here(manager)
    row.locator("[name=name]").fill("Анна")
    row.locator(".primary").click()
    expect(manager.page.locator("#toasts")).to_contain_text(saying("“%(name)s” is changed."))
    for _, size, _ in sizes:
        assert size["requestBodySize"] + size["requestHeadersSize"] < 5_000
        assert size["responseBodySize"] + size["responseHeadersSize"] < 5_000


def open_row_here(manager):
    manager.page.locator("#rows tr").first.locator(".actions a").first.click()
    row = manager.page.locator("tr.editing")
    expect(row.locator("[name=name]")).to_be_focused()
    return row


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
def test_how_many_contacts_come_after_the_page_of_lists(person, black, sandbox, width, locale):
    support = person(width=width, locale=locale).sign_in("support")
    support.goto("/lists/")
    expect(support.page.locator(f"#count-{black}")).to_have_text("3")
    assert "<body" in support.focused()  # nothing has drawn the eye elsewhere
    support.look("lists-counted")
    sandbox.fail("500", path=f"contact-lists/{black}", times=None)
    support.goto("/lists/")
    expect(support.page.locator(f"#count-{black}")).to_contain_text("—")
    expect(support.page.locator(f"#count-{black - 1}")).to_have_text("0")


def test_without_javascript_contacts_are_counted_when_asked(person, black):
    support = person(java_script_enabled=False).sign_in("support")
    support.goto("/lists/")
    support.page.click("#counts a")
    expect(support.page.locator(f"#count-{black}")).to_have_text("3")

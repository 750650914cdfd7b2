"""The day at a glance, in a browser: who sees what, in which room, and what arrives after the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.signed_in import browser
from tests.words import saying, says

ANSWERS = "Plusofon answers: %(ms)s ms"
FAILING = says("Plusofon is not working right now")
NOT_KNOWN = "Which lists were changed outside is not known: they could not be read."
# How much of the window moves, and how far, without anybody pressing anything (Layout Instability, WICG).
WATCH = """
window.shifted = [];
new PerformanceObserver((list) => shifted.push(...list.getEntries().map((entry) => entry.value)))
  .observe({ type: "layout-shift" });
"""


@pytest.fixture
def busy(dashboard, sandbox, black):
    """Numbers were blocked, and blocks requested; then somebody changed the list elsewhere."""
    url, sessions = dashboard
    with browser(url, next(sessions["manager"])) as manager:
        for n in range(3):
            added = {"name": f"Спам {n}", "phones": f"7999{black:06}{n}"}
            assert manager.post(f"/lists/{black}/contacts/new/", data=added).status_code == 302
    with browser(url, next(sessions["support"])) as support:
        asked = {"numbers": f"7998{black:07}", "list": "manager", "reason": "Звонит ночью"}
        support.post("/requests/new/", data={**asked, "checked": asked["numbers"]})
    payload = sandbox.lists(4821)[black]
    sandbox.put(4821, black, {**payload, "contacts": payload["contacts"][1:]})
    return black


def arrived(page, language):
    """Everything that comes after the page is there. The sizes may be those of a test before."""
    expect(page.locator("#now")).to_contain_text(saying(ANSWERS, language=language))
    expect(page.locator("#sizes .read-at")).to_be_visible()


def count_again(page):
    """What somebody has counted in the last five minutes is not counted again by itself."""
    page.locator("#sizes .read-at a").press("Enter")


@pytest.mark.parametrize("name", ["manager", "support"])
@pytest.mark.parametrize(
    ("locale", "width"), [("ru-RU", 360), ("en-GB", 360), ("ru-RU", 1280), ("en-GB", 1280)]
)
def test_both_roles_see_their_day_in_both_languages_and_widths(person, busy, name, locale, width):
    somebody = person(locale=locale, width=width).sign_in(name)
    page, language = somebody.page, locale[:2]
    somebody.goto("/overview/")
    arrived(page, language)
    title = "Needs you" if name == "manager" else "My requests"
    expect(page.get_by_role("heading", name=says(title, language=language))).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        somebody.look(f"overview-{name}")


def test_in_forced_colours_the_bars_are_still_seen(person, busy):
    manager = person(forced_colors="active").sign_in("manager")
    manager.goto("/overview/")
    arrived(manager.page, "ru")
    manager.look("overview-forced")
    ink = "element => getComputedStyle(element).stroke"
    bar = manager.page.locator(".plot .up").last
    ground = manager.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert bar.evaluate(ink) != ground


def test_what_was_changed_outside_arrives_among_what_needs_a_manager(person, busy):
    manager = person().sign_in("manager")
    manager.goto("/overview/")
    count_again(manager.page)
    outside = manager.page.locator("#outside")
    expect(outside.locator(f"a[href='/lists/{busy}/']")).to_be_visible()
    outside.locator(f"a[href='/lists/{busy}/']").press("Enter")
    expect(manager.page.locator("#outside strong")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_as_the_pieces_arrive_and_nothing_is_announced(person, sandbox, black, width):
    sandbox.latency = 0.5
    manager = person(width=width).sign_in("manager")
    page = manager.page
    manager.goto("/overview/")
    page.wait_for_timeout(200)  # numbers get their buttons
    page.evaluate(WATCH)
    arrived(page, "ru")
    page.wait_for_timeout(300)
    assert page.evaluate("shifted") == []
    assert page.locator("#told").inner_text() == ""
    announced = "one => !!one.closest('[aria-live], [role=status], [role=alert]')"
    for place in ("#now", "#sizes", "#outside"):
        assert not page.locator(place).evaluate(announced)


def test_while_plusofon_fails_the_page_stands_and_may_try_again(person, sandbox, black):
    manager = person().sign_in("manager")
    page = manager.page
    sandbox.fail("500", times=None)
    manager.goto("/overview/")
    expect(page.locator("#now")).to_contain_text(FAILING)
    page.locator("#sizes a[hx-get]").press("Enter")
    expect(page.locator("#sizes")).to_contain_text(FAILING)
    expect(page.locator("#outside")).to_contain_text(says(NOT_KNOWN))
    expect(page.locator("#notice")).to_be_empty()
    manager.look("overview-failing")
    sandbox.clear_faults()
    page.locator("#now a").press("Enter")
    expect(page.locator("#now")).to_contain_text(saying(ANSWERS))


def test_lists_are_counted_again_by_the_keyboard_and_the_focus_stays(person, sandbox, black):
    support = person().sign_in("support")
    page = support.page
    support.goto("/overview/")
    arrived(page, "ru")
    count_again(page)
    expect(page.locator("#sizes .read-at a")).to_be_focused()
    expect(page).to_have_url(re.compile("/overview/$"))


def test_the_keyboard_searches_opens_the_table_and_follows_a_day(person, busy):
    manager = person().sign_in("manager")
    page = manager.page
    manager.goto("/overview/")
    page.keyboard.press("/")
    expect(page.locator("#lookup-number")).to_be_focused()
    page.locator(".panel summary").press("Enter")
    day = page.locator("table[aria-labelledby=days] a").first
    expect(day).to_be_visible()
    manager.look("overview-table")
    day.press("Enter")
    page.wait_for_url("**/journal/?since=*")
    expect(page.locator("table.journal")).to_contain_text("Спам 2")
    manager.goto("/overview/")
    page.locator("#lookup-number").fill(f"7999{busy:06}2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lookup/?number=*")


def test_bars_are_no_stops_of_the_tab_key(person, busy):
    manager = person().sign_in("manager")
    manager.goto("/overview/")
    assert manager.page.locator(".plot > svg a").count() > 0
    for _ in range(60):
        manager.page.keyboard.press("Tab")
        assert not manager.page.evaluate("document.activeElement.closest('.plot > svg') !== null")


@pytest.mark.parametrize("name", ["manager", "support"])
def test_without_javascript_links_bring_what_comes_later(person, busy, name):
    somebody = person(java_script_enabled=False).sign_in(name)
    page = somebody.page
    somebody.goto("/overview/")
    expect(page.locator(".plot > svg")).to_be_visible()
    page.locator("#now a").press("Enter")
    page.wait_for_url("**/overview/?live=1")
    arrived(page, "ru")
    page.locator(".panel summary").press("Enter")
    expect(page.locator("table[aria-labelledby=days] tbody tr")).to_have_count(30)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_day_shows_the_first_steps(person, width):
    newcomer = person(width=width)
    newcomer.sign_in_by_password("newcomer")
    page = newcomer.page
    expect(page.get_by_role("heading", name=says("First steps"))).to_be_visible()
    newcomer.look("overview-first-day")
    page.locator(".steps a").first.press("Enter")
    page.wait_for_url("**/connection/?next=/overview/")


def test_a_session_that_has_ended_leads_to_the_sign_in_and_back(person, sandbox, black):
    support = person().sign_in("support")
    page = support.page
    support.goto("/overview/")
    arrived(page, "ru")
    page.context.clear_cookies()
    count_again(page)
    page.wait_for_url("**/login/?next=%2Foverview%2F")

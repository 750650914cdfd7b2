"""A number's page, from every number: what a desk opens when a caller complains."""

import pytest
from playwright.sync_api import expect

from tests.words import saying, says

CLIPBOARD = ["clipboard-read", "clipboard-write"]
FREE = (
    "Not blocked: it is not in the only list",
    "Not blocked: it is in none of the %(total)s lists",
)
# What stands elsewhere, or is of another size, once the buttons for copying are gone.
MOVED = """() => {
  const all = [...document.querySelectorAll("#rows :is(tr, th, td, .number, .stored)")];
  const places = () => all.map((element) => JSON.stringify(element.getBoundingClientRect()));
  const before = places();
  document.querySelectorAll(".copy").forEach((button) => button.remove());
  return places().filter((place, index) => place !== before[index]);
}"""
COPIED = "navigator.clipboard.readText()"


def ask(support, number, reason):
    support.goto(f"/requests/new/?number={number}")
    support.page.fill("#id_reason", reason)
    support.page.locator("main .primary").press("Enter")
    expect(support.page.locator("table.requests").first).to_contain_text(reason)


def decline(manager, reason, why):
    manager.goto("/requests/")
    row = manager.page.locator("table.requests tr", has_text=reason)
    row.locator("a[href$='/decline/']").press("Enter")
    manager.page.fill("#id_why", why)
    manager.page.locator("main .danger").press("Enter")
    expect(manager.page.locator(".toast")).to_be_visible()


def block(manager, number, lists):
    manager.goto(f"/block/?number={number}")
    manager.page.fill("#id_name", "Спам")
    for list_id in lists:
        manager.page.locator(f"[name=list][value='{list_id}']").check()
    manager.page.locator("main .primary").press("Enter")
    manager.page.locator("[name=confirm]").press("Enter")
    expect(manager.page.locator("main form[action$='/undo/']")).to_have_count(len(lists))


@pytest.fixture
def known(person, sandbox, black):
    """A number of which the journal tells: declined once, then blocked in two lists; and asked about again."""
    number = f"7999{black:07}"
    spam = sandbox.add_list(4821, name="Спам и роботы", id=black + 1)
    support, manager = person().sign_in("support"), person().sign_in("manager")
    ask(support, number, f"Звонит ночью {number}")
    decline(manager, f"Звонит ночью {number}", "Это наш поставщик")
    block(manager, number, [black, spam])
    support.goto(f"/requests/new/unblock/?number={number}")
    support.page.fill("#id_reason", "Клиент жалуется")
    support.page.locator("main .primary").press("Enter")
    expect(support.page.locator("table.requests").first).to_contain_text("Клиент жалуется")
    return number


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    ("width", "locale", "scheme"), [(360, "ru-RU", "dark"), (1280, "en-US", "light")]
)
@pytest.mark.parametrize("name", ["support", "manager"])
def test_the_page_of_a_number_tells_its_history_and_its_requests(
    person, known, black, name, javascript, width, locale, scheme
):
    somebody = person(
        java_script_enabled=javascript, width=width, locale=locale, color_scheme=scheme
    ).sign_in(name)
    page = somebody.page
    somebody.goto(f"/lists/{black}/")
    page.locator(f"#rows a.number[href='/lookup/?number={known}']").press("Enter")
    expect(page.locator(".answer h2")).to_contain_text(says("Blocked", language=locale[:2]))
    expect(page.locator(".answer .notice.good")).to_contain_text("Клиент жалуется")
    history = page.locator("section", has=page.locator("#history"))
    expect(history.locator(".lines li")).to_have_count(1)
    decided = page.locator("section", has=page.locator("#decided"))
    expect(decided.locator("tbody tr")).to_have_count(1)
    expect(decided).to_contain_text("Это наш поставщик")
    undo = history.locator("form[action$='/undo/'] button")
    expect(undo).to_have_count(1 if name == "manager" else 0)
    if javascript:
        somebody.look(f"number-{name}")
        page.locator("#decided").scroll_into_view_if_needed()
        somebody.look(f"number-{name}-below")
    if name == "manager":
        undo.press("Enter")
        expect(page.locator(".answer h2")).to_contain_text(saying(*FREE, language=locale[:2]))
        expect(history.locator(".lines li")).to_have_count(2)
        undone = history.locator(".lines .outcome", has_text=says("undone", language=locale[:2]))
        expect(undone).to_have_count(1)
    else:
        history.get_by_role("link", name=says("List by list", language=locale[:2])).press("Enter")
        expect(page.locator("main tbody tr")).to_have_count(2)


@pytest.mark.parametrize(("width", "locale"), [(360, "ru-RU"), (1280, "en-US")])
@pytest.mark.parametrize("touch", [False, True])
@pytest.mark.parametrize("name", ["support", "manager"])
def test_numbers_of_a_list_are_calm_links_that_are_copied_beside(
    person, black, name, width, locale, touch
):
    somebody = person(width=width, locale=locale, permissions=CLIPBOARD, has_touch=touch)
    page = somebody.sign_in(name).page
    somebody.goto(f"/lists/{black}/")
    numbers = page.locator("#rows .numbers")
    expect(numbers.locator(".copy")).to_have_count(5)
    somebody.look(f"numbers-{name}{'-touch' * touch}")
    for target in numbers.locator("a, button").all():
        place = target.bounding_box()
        assert place["height"] >= (44 if touch else 24)
        assert place["width"] >= 24
    numbers.nth(1).locator(".copy").click()
    assert page.evaluate(COPIED) == "+78123334455"
    first = numbers.first.locator("a.number").first
    first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("+79998887766")
    assert page.evaluate(COPIED) == "+79998887766"
    assert page.evaluate(MOVED) == []
    first.click()
    expect(page.locator(".answer h2")).to_contain_text("+7 999 888-77-66")


@pytest.mark.parametrize(("width", "locale"), [(360, "en-US"), (1280, "ru-RU")])
def test_on_its_own_page_a_number_is_copied_by_a_press_and_others_lead_on(
    person, black, width, locale
):
    support = person(width=width, locale=locale, permissions=CLIPBOARD).sign_in("support")
    page = support.page
    support.goto("/lookup/?number=79998887766")
    page.locator(".answer td .number").first.press("Enter")
    assert page.evaluate(COPIED) == "+79998887766"
    expect(page).to_have_url(f"{support.url}/lookup/?number=79998887766")
    page.locator(".answer td a.number + .copy").click()
    assert page.evaluate(COPIED) == "+79992223300"
    page.locator(".answer td a.number").click()
    expect(page.locator(".answer h2")).to_contain_text("+7 999 222-33-00")


def test_when_plusofon_is_down_the_history_is_a_press_away(person, known, sandbox):
    support = person().sign_in("support")
    sandbox.fail("503", times=None)
    support.goto(f"/lookup/?number={known}")
    support.look("number-down")
    support.page.locator("main a[href^='/journal/']").press("Enter")
    expect(support.page.locator("table.journal tbody tr")).to_have_count(4)


# Of each number of a sentence: the mark behind it, how far behind, and whether it or the button has left its line.
PUNCTUATION = """() => [...document.querySelectorAll(".today .what a.number")].map((number) => {
  const range = document.createRange();
  const mark = number.nextSibling;
  range.selectNodeContents(mark);
  const [at, behind] = [number, range].map((place) => place.getBoundingClientRect());
  const button = number.nextElementSibling.getBoundingClientRect();
  const hasLeft = [behind, button].some((place) => place.height && place.top >= at.bottom);
  return { mark: mark.data, gap: behind.left - at.right, hasLeft };
})"""


def test_punctuation_behind_a_number_stands_close_to_it_and_begins_no_line(person, black):
    manager = person(width=360).sign_in("manager")
    page = manager.page
    numbers = [f"7999000{black + place:04}" for place in range(4)]
    manager.goto(f"/lists/{black}/contacts/new/")
    page.fill("#adding [name=name]", "Спам")
    page.fill("#adding [name=phones]", ", ".join(numbers))
    page.press("#adding button.primary", "Enter")
    expect(page.locator("#rows")).to_contain_text("Спам")
    manager.goto("/overview/")
    sentence = page.locator(".today li").first
    expect(sentence.locator(".what .copy")).to_have_count(4)
    for width in range(320, 420, 7):
        page.set_viewport_size({"width": width, "height": 800})
        found = page.evaluate(PUNCTUATION)[:4]
        assert [one["mark"] for one in found] == [",", ",", ",", ""]
        assert not any(one["hasLeft"] for one in found), (width, found)
        assert all(abs(one["gap"]) < 1 for one in found[:3]), (width, found)
    page.set_viewport_size({"width": 360, "height": 800})
    manager.look("punctuation")

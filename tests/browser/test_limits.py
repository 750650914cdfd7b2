"""The foot of every page, and the page that it leads to."""

import pytest
from playwright.sync_api import expect

LIGHT, DARK, FORCED = (
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"forced_colors": "active"},
)


@pytest.mark.parametrize(
    ("locale", "width", "colours"),
    [
        ("ru-RU", 360, LIGHT),
        ("ru-RU", 1280, DARK),
        ("en-GB", 360, FORCED),
        ("en-GB", 1280, LIGHT),
    ],
)
def test_a_stranger_reads_what_it_cannot_do(person, locale, width, colours):
    stranger = person(locale=locale, width=width, **colours)
    page = stranger.page
    stranger.goto("/login/")
    stranger.look("login-with-foot")
    page.click("footer a")
    page.wait_for_url("**/limits/")
    expect(page.locator("main h2").last).to_be_visible()
    stranger.look("limits")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_foot_stands_below_the_content_and_never_over_it(person, black, width):
    manager = person(width=width).sign_in("manager")
    page = manager.page
    for path in (f"/lists/{black}/", "/journal/", "/limits/", "/connection/"):
        manager.goto(path)
        foot, main = (page.locator(part).bounding_box() for part in ("footer", "main"))
        assert foot["y"] >= main["y"] + main["height"]
        # … and at the end of the window, or of the page where that is longer.
        end = page.evaluate("Math.max(innerHeight, document.documentElement.scrollHeight)")
        assert foot["y"] + foot["height"] == pytest.approx(end, abs=1)


def test_the_foot_is_large_enough_for_a_finger_and_not_on_paper(person):
    stranger = person(width=360, has_touch=True, is_mobile=True)
    stranger.goto("/login/")
    link = stranger.page.locator("footer a")
    assert link.bounding_box()["height"] >= 44
    stranger.page.emulate_media(media="print")
    expect(link).to_be_hidden()

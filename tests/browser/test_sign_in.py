"""Who is not signed in, and who looks after people: both doors in a real browser."""

import pytest

from tests.words import saying, says

from .conftest import PASSWORD


def test_a_stranger_chooses_the_language_and_keeps_the_page_it_came_for(person):
    somebody = person()
    page = somebody.page
    somebody.goto("/journal/?page=1")
    page.wait_for_url("**/login/**")
    assert page.inner_text("h1") == says("Sign in")
    page.click("button[name=language][value=en]")
    page.wait_for_load_state()
    assert page.inner_text("h1") == "Sign in"
    assert page.evaluate("document.documentElement.lang") == "en"
    somebody.look("login-in-english")
    page.fill("#id_username", "manager")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/journal/?page=1")
    assert page.inner_text("h1") == "Journal"


def sign_in_as_staff(somebody):
    somebody.goto("/admin/")
    somebody.page.fill("#id_username", "staff")
    somebody.page.fill("#id_password", PASSWORD)
    somebody.page.press("#id_password", "Enter")
    somebody.page.wait_for_selector("#user-tools")


@pytest.mark.parametrize("width", [1280, 600])
def test_the_admin_works_under_our_content_security_policy(person, width):
    """A browser tells of each breach of it in its console; `person` fails for that."""
    staff = person(width=width)
    page = staff.page
    sign_in_as_staff(staff)
    for path in (
        *("auth/user/", "auth/user/?q=man", "auth/user/add/", "auth/group/", "auth/group/add/"),
        *(
            "password_change/",
            "auth/user/1/history/",
            "auth/user/1/delete/",
            "auth/user/1/password/",
        ),
    ):
        assert staff.goto(f"/admin/{path}").status == 200, path
    staff.goto("/admin/auth/user/")
    page.click("text=support")
    # Its scripts run: one moves groups from box to box, one fills in today's date.
    page.select_option("#id_groups_from", label="Managers")
    page.click("#id_groups_add")
    assert "Managers" in page.inner_text("#id_groups_to")
    page.locator(".datetimeshortcuts a").first.click()
    assert page.input_value("#id_last_login_0")


def sign_in_as_mover(somebody, password=PASSWORD):
    """Who is not connected: an account of these tests only."""
    somebody.goto("/login/?next=/password/")
    somebody.page.fill("#id_username", "mover")
    somebody.page.fill("#id_password", password)
    somebody.page.press("#id_password", "Enter")
    somebody.page.wait_for_url("**/password/")


@pytest.mark.parametrize(("locale", "width"), [("ru-RU", 1280), ("en-GB", 360)])
def test_a_person_changes_the_password_and_signs_out_everywhere(person, locale, width):
    here, there = person(locale=locale, width=width), person()
    sign_in_as_mover(here)
    sign_in_as_mover(there)
    page = here.page
    assert page.locator("header .person summary bdi").inner_text() == "mover"
    here.look("password")
    page.fill("#id_old_password", PASSWORD)
    page.fill("#id_new_password1", "short")
    page.fill("#id_new_password2", "short")
    page.click("main button.primary")
    page.wait_for_selector(".field.invalid")
    here.look("password-refused")
    for new, old in (("Совсем-новый-2026", PASSWORD), (PASSWORD, "Совсем-новый-2026")):
        page.fill("#id_old_password", old)
        page.fill("#id_new_password1", new)
        page.fill("#id_new_password2", new)
        page.click("main button.primary")
        page.wait_for_selector("[data-toast].success")
    here.look("password-changed")
    there.page.reload()
    there.page.wait_for_url("**/login/**")
    sign_in_as_mover(there)
    page.click("form[action='/logout/everywhere/'] button")
    page.wait_for_url("**/login/")
    here.look("signed-out-everywhere")
    there.page.reload()
    there.page.wait_for_url("**/login/**")


@pytest.mark.parametrize("locale", ["ru-RU", "en-GB"])
@pytest.mark.parametrize("door", ["/login/", "/admin/login/"])
def test_a_locked_door_says_so(person, door, locale):
    somebody = person(locale=locale, width=360)
    page = somebody.page
    for _ in range(5):
        somebody.goto(door)
        page.fill("#id_username", f"nobody-{locale}-{door}")
        page.fill("#id_password", "wrong")
        page.press("#id_password", "Enter")
        page.wait_for_load_state()
    locked = saying(
        "Too many wrong passwords. Until %(time)s no password is accepted, not even the right"
        " one. If you cannot wait, ask the administrator of Plusofon Admin.",
        language=locale,
    )
    page.get_by_text(locked).wait_for()
    if door == "/login/":
        somebody.look("login-locked")

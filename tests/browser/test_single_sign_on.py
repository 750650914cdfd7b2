"""The company's account in a real browser: to the provider and back to the link, and out of both sessions."""

import pytest

from tests.serving import environment, prepare, serving
from tests.single_sign_on.provider import CLIENT_ID, CLIENT_SECRET, providing
from tests.words import says


@pytest.fixture(scope="module")
def provider():
    with providing() as provider:
        provider.asks = True
        yield provider


@pytest.fixture(scope="module", params=[True, False], ids=["with passwords", "without"])
def dashboard(request, sandbox_server, provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("single-sign-on")
    env = environment(
        folder,
        sandbox_server.url,
        OIDC_ISSUER=provider.url,
        OIDC_CLIENT_ID=CLIENT_ID,
        OIDC_CLIENT_SECRET=CLIENT_SECRET,
        SSO_MANAGERS="plusofon-managers",
        LOCAL_LOGIN=str(request.param),
    )
    prepare(env)
    with serving(folder, env) as url:
        yield url, {}, request.param


@pytest.fixture
def has_passwords(dashboard):
    return dashboard[2]


@pytest.mark.parametrize(("locale", "width"), [("ru-RU", 360), ("en-GB", 1280)])
def test_who_comes_with_the_companys_account_is_led_back_and_out_of_both(
    person, provider, has_passwords, locale, width
):
    language = locale[:2]
    somebody = person(locale=locale, width=width)
    page = somebody.page

    def go_on_to_the_provider():
        if has_passwords:
            somebody.look("login-with-company")
            page.click("main a.button.primary")
        page.get_by_text("It is me").wait_for()

    provider.is_signed_in = False
    somebody.goto("/password/?from=intranet")
    go_on_to_the_provider()
    page.get_by_text("It is me").click()
    page.wait_for_url("**/password/?from=intranet")
    assert page.locator("header .person summary bdi").inner_text() == "anna"
    somebody.look("password-of-company")
    page.click("header .person summary")
    page.click("header form[action='/logout/'] button")
    page.wait_for_url("**/signed-out/")
    assert page.inner_text("h1") == says("You are signed out", language=language)
    somebody.look("signed-out")
    assert not provider.is_signed_in
    page.click("main a.button.primary")
    go_on_to_the_provider()


def test_who_is_refused_is_told_why_and_stays_there(person, provider):
    somebody = person(width=360)
    page = somebody.page
    provider.is_signed_in = False
    groups = provider.person.pop("groups")
    try:
        somebody.goto("/login/company/?next=/password/")
        page.get_by_text("It is me").click()
        page.wait_for_url("**/login/company/callback/**")
    finally:
        provider.person["groups"] = groups
    assert page.inner_text("h1") == says("Your account has no access here")
    somebody.look("not-let-in")
    page.click("main a.button.primary")
    page.wait_for_url("**/password/")

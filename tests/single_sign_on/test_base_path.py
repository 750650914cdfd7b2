"""The company's sign-in below a path of the intranet's host: the way there, back and out stays below it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.base_path import BASE, astray, moved_below
from tests.client import signed_in

from .conftest import BehindProxy, who
from .test_openid import back, to_provider

DEEP_LINK = f"{BASE}/lookup/?number=101"
WAY_OUT = "/oauth2/sign_out"  # of the proxy, at the root of the host
LOGIN = f"/login/?next={BASE}/lookup/%3Fnumber%3D101"


@pytest.fixture(autouse=True)
def _below(settings):
    yield from moved_below(settings)


def test_whom_the_header_names_comes_to_the_link_and_leaves_to_where_the_proxy_says(by_header):
    client = BehindProxy("anna")
    assert client.get("/lookup/?number=101").url == f"{BASE}{LOGIN}"
    answer = client.get(LOGIN)
    assert (answer.status_code, answer.url) == (302, DEEP_LINK)
    assert astray(answer) == []
    assert who(client) == "anna"
    page = client.post("/logout/")
    assert page.soup.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={WAY_OUT}"
    assert astray(page) == [WAY_OUT]
    assert astray(client.get("/signed-out/")) == []


def test_who_is_refused_is_led_to_where_the_proxy_says_and_nowhere_else(by_header):
    page = BehindProxy("anna", "strangers").get(LOGIN)
    assert page.status_code == 403
    assert astray(page) == [WAY_OUT]


def test_whom_the_provider_vouches_for_comes_back_to_the_link_and_after_leaving(
    by_openid, provider
):
    client = signed_in()
    button = client.get(LOGIN).soup.select_one("main a.button.primary")["href"]
    assert button.startswith(f"{BASE}/login/company/?next=")
    address = to_provider(client, button.removeprefix(BASE))
    assert asked(address, "redirect_uri") == f"http://testserver{BASE}/login/company/callback/"
    answer = client.get(back(address).removeprefix(BASE))
    assert (answer.status_code, answer.url) == (302, DEEP_LINK)
    assert astray(answer) == []
    assert who(client) == "anna"
    out = client.post("/logout/").soup.select_one("main a.button")["href"]
    assert asked(out, "post_logout_redirect_uri") == f"http://testserver{BASE}/signed-out/"


def test_an_answer_that_nobody_asked_for_leads_to_a_new_beginning_below(by_openid):
    page = signed_in().get("/login/company/callback/")
    assert page.status_code == 400
    assert astray(page) == []


def asked(address, parameter):
    return parse_qs(urlsplit(address).query)[parameter][0]

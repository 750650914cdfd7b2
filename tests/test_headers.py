"""What goes out with every answer, whatever made it: pages, files, errors, redirects, the admin."""

import re

import httpx
import pytest
from django.contrib.auth.models import User
from django.test import Client

from lists.views import lists as lists_page

from .observatory import score
from .serving import environment, prepare, serving

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
A_YEAR = "max-age=31536000"


@pytest.fixture
def secure(settings):
    """As in production: https only."""
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        setattr(settings, name, True)
    settings.SECURE_HSTS_SECONDS = 31_536_000


def browser(user=None, **options):
    client = Client(raise_request_exception=False, **options)
    if user:
        client.force_login(user)
    return client


def broken(*args, **kwargs):
    raise RuntimeError("bug")


def get(path, **headers):
    def ask(client):
        return client.get(path, secure=True, headers=headers)

    return ask


# what is answered -> (who asks, how, the status)
ANSWERS = {
    "a page": ("support", get("/lists/"), 200),
    "a streamed page": ("support", get("/lookup/?number=101"), 200),
    "a piece": ("support", get("/lists/", **{"HX-Request": "true"}), 200),
    "the login": (None, get("/login/"), 200),
    "to the login": (None, get("/lists/"), 302),
    "a redirect": ("support", get("/"), 302),
    "a missing slash": ("support", get("/lists"), 301),
    "a style sheet": (None, get("/static/css/base.css"), 200),
    "a script": (None, get("/static/app.js"), 200),
    "an icon": (None, get("/static/icon.svg"), 200),
    "a style sheet of the admin": (None, get("/static/admin/css/base.css"), 200),
    "no such file": (None, get("/static/none.css"), 404),
    "no such page": ("support", get("/none/"), 404),
    "not for support": ("support", get("/lists/new/"), 403),
    "not by GET": ("support", get("/theme/"), 405),
    "a foreign host": (None, get("/lists/", host="evil.example"), 400),
    "too many fields": (
        "support",
        lambda client: client.post(
            "/lookup/many/", {str(n): "1" for n in range(11_000)}, secure=True
        ),
        400,
    ),
    "a foreign form": (
        None,
        lambda client: Client(enforce_csrf_checks=True).post("/login/", secure=True),
        403,
    ),
    "a spreadsheet": ("support", get("/journal/journal.csv"), 200),
    "health": (None, get("/healthz"), 200),
    "the admin's door": (None, get("/admin/login/"), 200),
    "the admin": ("staff", get("/admin/"), 200),
    "a page of the admin": ("staff", get("/admin/auth/user/"), 200),
    "the admin's words": ("staff", get("/admin/jsi18n/"), 200),
}


@pytest.fixture
def staff(db):
    return User.objects.create_superuser("staff", password="secret")


@pytest.fixture
def answer(request, secure, sandbox, db):
    def answered(name):
        who, ask, status = ANSWERS[name]
        response = ask(browser(request.getfixturevalue(who) if who else None))
        assert response.status_code == status
        return response

    return answered


def content(response):
    text = (b"".join(response) if response.streaming else response.content).decode()
    response.close()
    return text


def assert_safe(response, *, html=""):
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, name
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"].split("; ")
    assert response.headers["Strict-Transport-Security"] == A_YEAR
    assert score(response.headers, response.cookies.values(), html) >= 130


@pytest.mark.parametrize("name", ANSWERS)
def test_every_kind_of_answer_is_worth_130_at_the_observatory(name, answer):
    response = answer(name)
    assert_safe(response, html=content(response))


def test_the_page_that_a_stranger_sees_first_is_worth_135(answer):
    response = answer("the login")
    assert response.cookies["csrftoken"]["secure"]
    assert score(response.headers, response.cookies.values(), content(response)) == 135


def test_a_defect_of_ours_goes_out_like_any_page(secure, sandbox, support, monkeypatch):
    monkeypatch.setattr(lists_page, "render_page", broken)
    response = browser(support).get("/lists/", secure=True)
    assert response.status_code == 500
    assert_safe(response, html=content(response))


def test_an_api_that_fails_changes_nothing_about_it(secure, sandbox, support):
    sandbox.fail("503", times=None)
    response = browser(support).get("/lists/", secure=True)
    assert response.status_code == 503
    assert_safe(response, html=content(response))


@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_what_comes_without_https_is_told_no_less(secure, host, db):
    response = browser().get("/lists/", headers={"host": host})
    assert response.status_code == (301 if host == "testserver" else 400)
    for name, value in EVERYWHERE.items():
        assert response.headers.get(name) == value, name
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The real thing behind a proxy that has taken the https off, with its hashed files."""
    folder = tmp_path_factory.mktemp("secure")
    env = environment(folder, "http://127.0.0.1:9", HTTPS_ONLY="True", TRUST_PROXY="True")
    prepare(env)
    with (
        serving(folder, env) as url,
        httpx.Client(
            base_url=url, headers={"X-Forwarded-Proto": "https"}, trust_env=False
        ) as client,
    ):
        yield client


def test_a_server_sends_them_with_its_files_its_pages_and_its_refusals(server):
    login = server.get("/login/")
    names = re.findall(r'(?:href|src)="(/static/[^"]+)"', login.text)
    assert any(re.fullmatch(r"/static/css/base\.[0-9a-f]+\.css", name) for name in names)
    known = server.get(names[0]).headers["Last-Modified"]
    for response, status in (
        (login, 200),
        *((server.get(name), 200) for name in names),
        (server.get(names[0], headers={"If-Modified-Since": known}), 304),
        (server.get("/"), 302),
        (server.get("/none/"), 404),
        (server.get("/login/", headers={"Host": "evil.example"}), 400),
        (server.post("/login/"), 403),
        (server.get("/login/", headers={"X-Long": "x" * 70_000}), 431),  # by the server itself
        (server.get("/healthz"), 200),
        (server.get("/admin/login/"), 200),
    ):
        assert response.status_code == status, response.url
        for name, value in EVERYWHERE.items():
            assert response.headers.get_list(name) == [value], (response.url, name)
        assert response.headers["Strict-Transport-Security"] == A_YEAR
        assert score(response.headers, html=response.text) >= 130
        assert "Access-Control-Allow-Origin" not in response.headers


class TestTheObservatory:
    """The rules themselves: each lack costs what they say."""

    SAFE = {**EVERYWHERE, "Strict-Transport-Security": A_YEAR}
    POLICY = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"

    def scored(self, html="", **changed):
        headers = {**self.SAFE, "Content-Security-Policy": self.POLICY, **changed}
        return score({name: value for name, value in headers.items() if value}, html=html)

    @pytest.mark.parametrize(
        ("changed", "points"),
        [
            ({}, 130),
            ({"Cross-Origin-Resource-Policy": None}, 120),
            ({"Referrer-Policy": None}, 125),
            ({"Referrer-Policy": "unsafe-url"}, 120),
            ({"X-Content-Type-Options": None}, 125),
            ({"Strict-Transport-Security": None}, 80),
            ({"Strict-Transport-Security": "max-age=3600"}, 120),
            ({"Content-Security-Policy": None}, 75),
            ({"Content-Security-Policy": None, "X-Frame-Options": None}, 55),
            ({"Content-Security-Policy": "default-src 'self'"}, 120),
            ({"Content-Security-Policy": "default-src 'none'; script-src 'unsafe-inline'"}, 80),
            ({"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}, 115),
        ],
    )
    def test_count(self, changed, points):
        assert self.scored(**changed) == points

    def test_take_a_script_of_another_host_for_dangerous(self):
        assert self.scored('<script src="//cdn.example/x.js"></script>') == 50

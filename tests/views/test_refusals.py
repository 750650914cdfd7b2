"""What Django itself refuses: a page of ours, in the person's language, and nothing of it is done."""

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, SuspiciousOperation, TooManyFilesSent
from django.test import RequestFactory

from lists.views import refusals
from tests.client import LintingClient, text
from tests.words import says

URLENCODED = "application/x-www-form-urlencoded"
FORM = {"name": "Анна", "phones": "102"}
BROKEN = "multipart/form-data; boundary="


@pytest.fixture
def small(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 20


REFUSED = {
    "large": ("name=" + "x" * 3000, URLENCODED, 413, says("Too much at once")),
    "many": ("&".join(["list=1"] * 30), URLENCODED, 400, says("Too much at once")),
    "broken": ("x", BROKEN, 400, says("The request could not be read")),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_too_much_or_broken_is_a_page_and_nothing_is_done(
    as_manager, sandbox, account, black, small, what
):
    body, kind, status, words = REFUSED[what]
    before = sandbox.lists(account)
    for path in (f"/lists/{black}/contacts/new/", "/block/", "/unblock/", "/lookup/many/"):
        answer = as_manager.generic("POST", path, body, content_type=kind)
        assert answer.status_code == status
        assert words in answer.soup.h1.text
        assert answer.soup.select_one("header nav")
        assert not answer.soup.select("main form")
    english = as_manager.generic(
        "POST", "/block/", body, content_type=kind, headers={"Accept-Language": "en"}
    )
    assert english.soup.html["lang"] == "en"
    assert "Nothing was done" in text(english)
    assert sandbox.lists(account) == before


@pytest.mark.parametrize("what", REFUSED)
def test_a_piece_of_it_leaves_the_form_where_it_is(as_manager, sandbox, black, small, what):
    body, kind, status, words = REFUSED[what]
    path = f"/lists/{black}/contacts/new/"
    answer = as_manager.generic(
        "POST", path, body, content_type=kind, headers={"HX-Request": "true"}
    )
    assert answer.status_code == status
    assert answer.headers["HX-Retarget"] == "#notice"
    assert words in text(answer)
    assert not answer.soup.html


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("path", ["/nowhere/", "/login/", "/journal/1/undo/", "/theme/"])
def test_a_stranger_gets_the_same_and_no_defect(as_anonymous, small, what, path):
    body, kind, status, _words = REFUSED[what]
    strict = LintingClient(enforce_csrf_checks=True, raise_request_exception=False)
    for client in (as_anonymous, strict):
        answer = client.generic("POST", path, body, content_type=kind)
        assert answer.status_code in {status, 302, 403, 404}
        assert answer.status_code == 302 or answer.soup.h1


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("path", ["/", "/lists/", "/login/", "/healthz"])
def test_another_host_is_refused_without_a_word_of_ours(as_manager, language, path):
    headers = {"Host": "evil.example", "Accept-Language": language}
    answer = as_manager.get(path, headers=headers)
    assert answer.status_code == 400
    assert answer.soup.h1.text == says("There is nothing at this address", language=language)
    assert answer.soup.html["lang"] == language
    assert "evil.example" not in answer.content.decode()
    assert "manager" not in answer.content.decode()
    assert not answer.soup.select("a, form")


def test_another_host_is_refused_before_it_is_led_to_https(as_manager, settings):
    settings.SECURE_SSL_REDIRECT = True
    for headers in ({"Host": "evil.example"}, {"Host": "evil.example", "HX-Request": "true"}):
        answer = as_manager.get("/lists/", headers=headers)
        assert answer.status_code == 400
        assert "evil.example" not in answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#notice"


@pytest.mark.parametrize("path", ["/theme/", "/logout/"])
def test_a_method_that_a_page_does_not_have_is_a_page(as_manager, as_anonymous, path):
    for client in (as_manager, as_anonymous):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
        assert says("This page cannot be opened like this") in answer.soup.h1.text
    piece = as_manager.piece(path)
    assert (piece.status_code, piece.headers["HX-Retarget"]) == (405, "#notice")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_no_page_is_changed_by_another_method(as_manager, black, method):
    for path in ("/lists/", f"/lists/{black}/", "/block/", "/journal/"):
        answer = as_manager.generic(method, path)
        assert answer.status_code == 405
        assert answer.soup.h1


def test_a_session_that_ended_meanwhile_does_not_say_that_nothing_was_done(manager, db):
    request = RequestFactory().post("/lists/", headers={"Accept-Language": "en"})
    answer = refusals.bad_request(request, SessionInterrupted("gone"))
    assert answer.status_code == 400
    assert "check the journal" in answer.content.decode()
    assert "Nothing was done" not in answer.content.decode()


@pytest.mark.parametrize(
    "error", [BadRequest("x"), SuspiciousOperation("x"), TooManyFilesSent("x")]
)
def test_whatever_else_is_refused_is_a_page_too(error):
    answer = refusals.bad_request(RequestFactory().get("/"), error)
    assert answer.status_code == 400
    assert "<h1>" in answer.content.decode()


class TestTheWayBack:
    """`next` leads to a page of ours, or it is forgotten: never a defect after the work was done."""

    ODD = [
        *("word", "lists", "journal", "//evil.example/", "https://evil.example/", "/nowhere/"),
        *(
            "\\\\evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "?page=2",
            "#x",
            " /lists/",
        ),
        *("/lists/\r\nX: 1", "/%ff", "http://[", "/lists/x/", "."),
    ]

    @pytest.mark.parametrize("odd", ODD)
    def test_after_undoing(self, as_manager, sandbox, account, black, odd):
        as_manager.post(f"/lists/{black}/contacts/new/", FORM)
        (undo,) = as_manager.get(f"/lists/{black}/").soup.select("#history form")
        answer = as_manager.post(undo["action"], {"next": odd})
        assert (answer.status_code, answer.url) == (302, "/journal/")
        assert len(sandbox.lists(account)[black]["contacts"]) == 3

    @pytest.mark.parametrize("odd", ODD)
    def test_after_connecting(self, as_manager, odd):
        sent = {"token": "manager-token", "client_id": "10553", "next": odd}
        answer = as_manager.post("/connection/", sent)
        assert (answer.status_code, answer.url) == (302, "/connection/")
        assert as_manager.post("/theme/", {"theme": "dark", "next": odd}).url == "/"

    @pytest.mark.parametrize(
        "path", ["/lists/", "/journal/?number=8+999&page=2", "/lists/1/#contact-0"]
    )
    def test_to_a_page_of_ours_is_kept(self, as_manager, path):
        sent = {"token": "manager-token", "client_id": "10553", "next": path}
        assert as_manager.post("/connection/", sent).url == path

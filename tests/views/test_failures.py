"""Who sees what when something goes wrong (docs/architecture.md#errors-who-sees-what)."""

import logging

import pytest
from django.test import Client

from lists import connection
from lists.models import JournalEntry, Outcome
from lists.plusofon.client import Waits
from lists.plusofon.permits import Permits
from lists.views import contacts
from tests.words import saying, saying_one_of, says

from ..client import signed_in, text, words
from ..plusofon.callers import in_use

SENTENCES = {
    "400": (422, says("Plusofon refused this")),
    "403": (403, says("Plusofon does not allow this")),
    "404": (404, says("List not found")),
    "401-html": (502, says("Plusofon's answer could not be understood")),
    "403-html": (502, says("Plusofon's answer could not be understood")),
    "404-html": (502, says("Plusofon's answer could not be understood")),
    "405": (502, says("Plusofon refused this")),
    "422": (422, says("Plusofon refused this")),
    "429:60": (503, says("Too many calls to Plusofon")),
    "500": (503, says("Plusofon is not working right now")),
    "500-html": (503, says("Plusofon is not working right now")),
    "no-access": (403, "Нет доступа"),
    "502": (503, says("Plusofon is not working right now")),
    "503": (503, says("Plusofon is not working right now")),
    "503-json": (503, says("Plusofon is not working right now")),
    "504": (503, says("Plusofon is not working right now")),
    "html": (502, says("Plusofon's answer could not be understood")),
    "empty": (502, says("Plusofon's answer could not be understood")),
    "truncated-json": (502, says("Plusofon's answer could not be understood")),
    "not-object": (502, says("Plusofon's answer could not be understood")),
    "success-false": (502, says("Plusofon refused this")),
    "success-string": (502, says("Plusofon's answer could not be understood")),
    "no-success": (502, says("Plusofon's answer could not be understood")),
    "missing-contacts": (502, says("Plusofon's answer could not be understood")),
    "null-contacts": (502, says("Plusofon's answer could not be understood")),
    "redirect": (502, says("Plusofon's answer could not be understood")),
    "cut": (503, says("The connection to Plusofon was lost")),
    "truncated": (503, says("The connection to Plusofon was lost")),
    "hang": (503, says("Plusofon is taking too long")),
    "drip": (503, says("Plusofon is taking too long")),
}


@pytest.fixture(autouse=True)
def impatient(settings):
    settings.PLUSOFON_TIMEOUT = settings.PLUSOFON_WRITE_TIMEOUT = 0.8


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_failed_page_says_why_when_and_how_to_go_on(as_support, sandbox, black, kind):
    status, sentence = SENTENCES[kind]
    sandbox.fail(kind, times=None)
    page = as_support.get(f"/lists/{black}/")
    assert page.status_code == status
    assert sentence in text(page)
    assert page.soup.select_one("main .buttons a")
    assert page.soup.select_one(".read-at").text.strip()
    assert says("This list has no contacts yet.") not in text(page)


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_failed_piece_goes_to_the_notice_and_leaves_the_page_alone(
    as_support, sandbox, black, kind
):
    status, sentence = SENTENCES[kind]
    sandbox.fail(kind, times=None)
    piece = as_support.piece(f"/lists/{black}/", {"q": "7"})
    assert piece.status_code == status
    assert not piece.soup.html
    assert (piece.headers["HX-Retarget"], piece.headers["HX-Reswap"]) == ("#notice", "innerHTML")
    assert sentence in text(piece)


@pytest.mark.parametrize("kind", sorted({*SENTENCES} - {"400", "404", "422"}))
def test_a_failed_save_keeps_what_was_typed_and_can_be_tried_again(
    as_manager, sandbox, account, black, kind
):
    before = sandbox.lists(account)
    sandbox.fail(kind, times=None)
    data = {"name": 'Анна "Б"', "phones": "102\n8 999 111 22 33"}
    path = f"/lists/{black}/contacts/new/"
    answer = as_manager.post(path, data)
    assert answer.status_code == SENTENCES[kind][0]
    assert sandbox.lists(account) == before
    kept = answer.soup.select_one("main form")
    typed = {field["name"]: field["value"] for field in kept.select("input[name]")}
    assert typed["name"] == data["name"]
    assert typed["phones"] == data["phones"]
    sandbox.clear_faults()
    del typed["csrfmiddlewaretoken"]
    assert as_manager.post(kept["action"], typed).status_code == 302
    assert sandbox.lists(account)[black]["contacts"][-1]["name"] == 'Анна "Б"'


def test_what_was_typed_for_a_list_that_is_gone_can_still_be_read(
    as_manager, sandbox, account, black
):
    sandbox.drop(account, black)
    data = {"name": "Анна", "phones": "102\n103"}
    answer = as_manager.post(f"/lists/{black}/contacts/new/", data)
    assert answer.status_code == 404
    assert "Анна" in answer.soup.select_one("main dl").text
    assert not answer.soup.select_one("main form")


@pytest.mark.parametrize("kind", ["400", "422"])
def test_a_save_that_the_api_refuses_shows_its_words_in_the_form(as_manager, sandbox, black, kind):
    sandbox.fail(kind, method="PUT")
    data = {"name": "Анна", "phones": "102"}
    answer = as_manager.piece(f"/lists/{black}/contacts/new/", data, post=True)
    assert answer.status_code == 422
    assert answer.soup.select_one(".errorlist").text.strip()
    assert answer.soup.select_one("[name=name]")["value"] == "Анна"


def test_an_api_that_cannot_be_reached_says_that_nothing_was_sent(as_manager, settings, black):
    settings.PLUSOFON_API_URL = "http://127.0.0.1:9"
    answer = as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"})
    assert answer.status_code == 503
    assert says("We could not connect. Nothing was sent.") in text(answer)


def test_a_save_that_was_not_applied_says_so(as_manager, sandbox, black):
    sandbox.fail("500", method="PUT")
    data = {"name": "Анна", "phones": "102"}
    answer = as_manager.post(f"/lists/{black}/contacts/new/", data)
    assert answer.status_code == 503
    assert says("This was not saved") in text(answer)


def test_a_list_refused_while_removing_names_the_contact_that_blocks_it(as_manager, sandbox, black):
    sandbox.strict_phones = True
    row = as_manager.get(f"/lists/{black}/").soup.select_one("#rows tr")
    answer = as_manager.post(row.select_one("a.danger")["href"])
    assert answer.status_code == 422
    assert saying(
        "Plusofon refuses the whole list because of another contact, “%(name)s” (%(phones)s):"
        " %(words)s",
        name="Пётр Петров",
    ).search(text(answer))


def test_a_proxys_page_does_not_confirm_a_deletion(as_manager, sandbox, account, black):
    """It answers 404 while the list is still there."""
    sandbox.fail("504", method="DELETE")
    sandbox.fail("404-html", method="GET", skip=1, times=None)
    as_manager.post(f"/lists/{black}/delete/")
    assert black in sandbox.lists(account)
    assert JournalEntry.objects.get().outcome != Outcome.CONFIRMED


def test_the_apis_words_are_quoted_as_text(as_support, sandbox, black, monkeypatch):
    from lists.plusofon import errors
    from lists.plusofon.client import Plusofon

    def refuse(*args):
        raise errors.NoAccess("<script>alert(1)</script>", status=403)

    monkeypatch.setattr(Plusofon, "get_list", refuse)
    page = as_support.get(f"/lists/{black}/")
    assert b"<script>alert" not in page.content
    assert page.soup.q.text == "<script>alert(1)</script>"


def test_what_is_logged_names_the_error_and_nobodys_number_or_token(
    as_manager, sandbox, black, caplog
):
    caplog.set_level(logging.DEBUG)
    sandbox.strict_phones = True
    as_manager.get(f"/lists/{black}/?q=79998887766")
    sandbox.fail("html", times=None)
    data = {"name": "Анна Каренина", "phones": "79990001122"}
    as_manager.post(f"/lists/{black}/contacts/new/?number=79998887766", data)
    ours = [record.getMessage() for record in caplog.records if record.name == "lists"]
    assert any("NotUnderstood" in line for line in ours)
    everything = caplog.text
    for secret in ("manager-token", "79990001122", "79998887766", "Каренина"):
        assert secret not in everything


def test_a_csrf_failure_is_said_and_resending_is_offered_to_our_own_pages_only(
    manager, sandbox, black
):
    strict = signed_in(manager, enforce_csrf_checks=True)
    path, data = f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"}
    ours = strict.post(path, data, headers={"Sec-Fetch-Site": "same-origin"})
    assert ours.status_code == 403
    assert says("This page was open too long") in text(ours)
    form = ours.soup.select_one("main form")
    again = {field["name"]: field["value"] for field in form.select("input[name]")}
    assert strict.post(form["action"], again).status_code == 302
    theirs = strict.post(path, data, headers={"Sec-Fetch-Site": "cross-site"})
    assert theirs.status_code == 403
    assert not theirs.soup.select_one("main form")
    piece = strict.piece(path, data, post=True)
    assert piece.headers["HX-Retarget"] == "#notice"


def test_what_was_typed_is_said_once_and_in_the_persons_words(manager, sandbox, black):
    strict = signed_in(manager, enforce_csrf_checks=True)
    path, data = f"/lists/{black}/edit/", {"name": "Новое имя", "type": "white"}
    page = strict.post(path, data, headers={"Sec-Fetch-Site": "same-origin"})
    shown = [words(pair) for pair in page.soup.select("dl.about div")]
    assert shown == [
        f"{says('Name')} Новое имя",
        f"{says('Type')} {says('White', context='list type')}",
    ]
    assert not saying_one_of(
        "Nothing was changed.",
        "Nothing was changed. What you typed is still here.",
        "Nothing was changed, and nothing you typed is lost:",
    ).search(text(page))  # the advice has said so


def test_the_connection_is_offered_only_where_it_may_help(as_support, sandbox, black):
    refused = as_support.get("/lists/new/")
    assert refused.status_code == 403
    assert not refused.soup.select_one("main a[href='/connection/']")
    sandbox.fail("403", times=None)
    assert as_support.get(f"/lists/{black}/").soup.select_one("main a[href='/connection/']")
    piece = as_support.piece(f"/lists/{black}/", {"q": "7"})
    assert piece.soup.select_one("a[href='/connection/']")


def test_a_token_is_not_shown_even_by_a_csrf_failure(manager, sandbox):
    strict = signed_in(manager, enforce_csrf_checks=True)
    data = {"token": "very-secret", "client_id": "10553"}
    answer = strict.post("/connection/", data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "very-secret" not in answer.content.decode()


def test_a_defect_of_ours_gives_a_reference_that_is_in_the_log(
    manager, sandbox, black, monkeypatch, caplog
):
    def broken(*args, **kwargs):
        raise RuntimeError("bug")

    monkeypatch.setattr(contacts, "write", broken)
    client = Client(raise_request_exception=False)
    client.force_login(manager)
    path, data = f"/lists/{black}/contacts/new/", {"name": "А", "phones": "102"}
    for headers in ({}, {"HX-Request": "true"}):
        caplog.clear()
        page = client.post(path, data, headers=headers)
        assert page.status_code == 500
        reference = page.content.decode().split("<strong>")[1].split("</strong>")[0]
        assert reference == page.headers["X-Request-ID"]
        lines = [record for record in caplog.records if record.name == "lists"]
        assert [record.event for record in lines] == ["defect"]


def test_a_page_that_fails_shows_the_code_by_which_its_lines_are_found(as_support, sandbox, black):
    sandbox.fail("403", times=None)
    for headers in ({}, {"HX-Request": "true"}):
        page = as_support.get(f"/lists/{black}/", headers=headers)
        assert page.status_code == 403
        shown = page.soup.select_one(".read-at bdi").text
        assert shown == page.headers["X-Request-ID"]
    foreign = as_support.get("/lists/", headers={"Host": "evil.example"})
    assert foreign.soup.select_one("bdi").text == foreign.headers["X-Request-ID"]
    ids = {as_support.get("/journal/").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def test_htmx_signed_out_goes_to_the_login_and_back_to_the_page(as_anonymous, black):
    path = f"/lists/{black}/contacts/0000/edit/"
    current = f"http://testserver/lists/{black}/?page=2"
    piece = as_anonymous.piece(path, **{"HX-Current-URL": current})
    assert piece.status_code == 200
    assert piece.headers["HX-Redirect"] == f"/login/?next=%2Flists%2F{black}%2F%3Fpage%3D2"
    broken = as_anonymous.piece(path, **{"HX-Current-URL": "http://["})
    assert broken.headers["HX-Redirect"] == "/login/?next=%2Flists%2F"
    elsewhere = as_anonymous.piece(path, **{"HX-Current-URL": "https://evil.example/x"})
    assert elsewhere.headers["HX-Redirect"] == "/login/?next=%2Flists%2F"


def test_pages_are_kept_by_no_cache_and_run_no_code_but_ours(as_support, black):
    headers = as_support.get(f"/lists/{black}/").headers
    assert headers["Cache-Control"] == "private, no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_health_is_told_to_anybody_and_nothing_else(as_anonymous, monkeypatch):
    answer = as_anonymous.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")
    from django.db import DatabaseError, connection

    def down():
        raise DatabaseError("secret host")

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", down)
        answer = as_anonymous.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"database")


def test_a_page_that_finds_all_calls_taken_says_that_nothing_was_sent(
    as_manager, sandbox, black, monkeypatch
):
    permits = Permits(2)
    monkeypatch.setattr(connection, "permits_of", lambda account: permits)
    monkeypatch.setattr(connection, "WAITS", Waits(page=0.1, write=0.1))
    path, data = f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"}
    with in_use(permits):
        page, save = as_manager.get(f"/lists/{black}/"), as_manager.post(path, data)
    for answer in (page, save):
        assert answer.status_code == 503
        assert says("Too many calls are waiting for Plusofon") in text(answer)
        assert says(
            "Nothing was sent: searches and changes by your colleagues come first. Try again in a"
            " minute."
        ) in text(answer)
    assert save.soup.select_one("main form [name=name]")["value"] == "Анна"
    assert sandbox.calls == []

"""Our own trouble is said as such: the database fails, and nobody is told a defect or a lie."""

import logging
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, OperationalError
from django.utils import timezone

from lists.models import JournalEntry
from lists.sameness import contact_key
from lists.services import credentials
from lists.views import contacts, health
from tests.people import IVAN

from ..client import fields, in_english, text
from ..trouble import caused_by, dropped, failing

IVAN_KEY = contact_key(IVAN)
ANNA = {"name": "Анна", "phones": "102\n103"}
NOT_WORKING = "Our own database is not working right now"
PAGES = [
    *("/", "/lists/", "/lists/{list}/", "/lists/new/", "/lookup/?number=101", "/journal/"),
    *("/requests/", "/connection/", "/block/?number=101", "/no-such-page/"),
    f"/lists/{{list}}/contacts/{IVAN_KEY}/edit/",
]


@pytest.fixture
def client(manager, sandbox):
    """The manager's, who sees what a browser would."""
    return in_english(manager)


@pytest.fixture
def stranger(db, sandbox):
    return in_english()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_the_database_does_not_work(client, black, path):
    with failing("") as asked:
        page = client.get(path.format(list=black))
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert NOT_WORKING in text(page)
    assert len(asked) == 1  # and it is not asked again to say so
    assert page.soup.select_one("main .button.primary")["href"] == path.format(list=black)


def test_the_admin_says_so_too(client):
    with failing(""):
        page = client.get("/admin/")
    assert page.status_code == 503
    assert NOT_WORKING in page.content.decode().replace("&#x27;", "'")


def test_a_piece_goes_to_the_notice_and_leaves_the_page_alone(client, black):
    with failing(""):
        piece = client.piece(f"/lists/{black}/", {"q": "7"})
    assert (piece.status_code, piece.headers["HX-Retarget"]) == (503, "#notice")
    assert NOT_WORKING in text(piece)
    assert not piece.soup.html


def test_going_back_shows_a_whole_page(client, black):
    with failing(""):
        page = client.piece(f"/lists/{black}/", **{"HX-History-Restore-Request": "true"})
    assert page.status_code == 503
    assert page.soup.html


@pytest.mark.parametrize("sql", ["", "django_session", "auth_user", "lists_journalentry"])
def test_a_save_keeps_what_was_typed_and_can_be_tried_again(client, sandbox, account, black, sql):
    before = sandbox.lists(account)
    path = f"/lists/{black}/contacts/new/"
    with failing(sql):
        page = client.post(path, ANNA)
    assert page.status_code == 503
    assert NOT_WORKING in text(page)
    assert "Nothing was sent to Plusofon" in text(page)
    assert sandbox.lists(account) == before
    again = fields(page)
    assert again == ANNA
    form = page.soup.select_one("main form")
    assert client.post(form["action"], again).status_code == 302
    assert sandbox.lists(account)[black]["contacts"][-1]["name"] == "Анна"


def test_a_piece_of_a_save_says_that_what_was_typed_is_still_there(client, black):
    with failing("lists_journalentry"):
        piece = client.piece(f"/lists/{black}/contacts/new/", ANNA, post=True)
    assert piece.status_code == 503
    assert "Nothing was changed. What you typed is still here." in text(piece)


def test_nobodys_password_or_token_is_shown_again(client, stranger):
    with failing(""):
        login = stranger.post("/login/", {"username": "manager", "password": "very-secret"})
        token = client.post("/connection/", {"token": "very-secret", "client_id": "10553"})
    for page in (login, token):
        assert page.status_code == 503
        assert "very-secret" not in page.content.decode()


def test_the_log_names_the_trouble_and_not_what_the_database_says(client, black, caplog):
    caplog.set_level(logging.INFO)
    with failing("lists_credential", dropped()):
        client.get(f"/lists/{black}/?q=79998887766")
    assert f"GET /lists/{black}/: our database: AdminShutdown" in caplog.text
    assert "79998887766" not in caplog.text


@pytest.mark.parametrize("error", [IntegrityError("twice"), RuntimeError("bug")])
def test_what_is_a_defect_of_ours_is_still_called_one(client, black, error):
    with failing("lists_credential", error):
        page = client.get(f"/lists/{black}/")
    assert page.status_code == 500
    assert "Something was sent" not in text(page)


class TestAfterSomethingWasSent:
    """Then the answer is never that nothing was, nor that it is a defect and nothing else."""

    @pytest.fixture
    def breaking(self, monkeypatch):
        """Something after the write fails."""

        def breaking(error):
            def fail(*args, **kwargs):
                raise error

            monkeypatch.setattr(contacts, "tell_confirmed", fail)

        return breaking

    def test_trouble_of_the_database_leads_to_the_journal(self, client, black, breaking):
        breaking(OperationalError("disk full"))
        page = client.post(f"/lists/{black}/contacts/new/", ANNA)
        assert page.status_code == 503
        assert "It was sent to Plusofon, but our own database failed" in text(page)
        assert "Nothing was sent" not in text(page)
        assert not page.soup.select("main button.primary")

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_a_defect_leads_to_the_journal_too(self, client, black, breaking, headers):
        breaking(RuntimeError("bug"))
        page = client.post(f"/lists/{black}/contacts/new/", ANNA, headers=headers)
        assert page.status_code == 500
        assert "Something had already been sent to Plusofon." in text(page)
        assert JournalEntry.objects.get().outcome == "confirmed"

    def test_the_next_request_of_the_same_thread_has_sent_nothing(self, client, black, breaking):
        client.post(f"/lists/{black}/contacts/new/", ANNA)
        with failing(""):
            page = client.get(f"/lists/{black}/")
        assert NOT_WORKING in text(page)


class TestASessionThatCannotBeSaved:
    """Blocking notes the last choice in it."""

    @pytest.fixture
    def block(self, client, black):
        preview = client.post("/block/", {"numbers": "105", "name": "Спам", "list": black})
        form = preview.soup.select_one("main form")
        sent = fields(preview) | {"confirm": "1", "list": str(black)}
        return lambda: client.post(form.get("action") or "/block/", sent)

    def test_costs_nobody_an_answer_that_tells_of_what_was_sent(
        self, block, sandbox, account, black, caplog
    ):
        with failing('UPDATE "django_session"', caused_by(None)):
            answer = block()
        assert (answer.status_code, answer.url) == (302, f"/lists/{black}/")
        assert sandbox.lists(account)[black]["contacts"][-1]["phones"] == ["105"]
        assert "a session was not saved: OperationalError" in caplog.text

    def test_costs_nobody_a_page_that_is_only_read(self, client, black):
        """Its minutes begin anew, which is written now and then."""
        session = client.session
        session.set_expiry(timezone.now() + timedelta(minutes=30))
        session.save()
        with failing('UPDATE "django_session"') as tries:
            assert client.get(f"/lists/{black}/").status_code == 200
        assert tries

    def test_is_said_where_nothing_was_sent(self, stranger, manager):
        """Else somebody would be led on, and be asked for the password again."""
        manager.set_password("very-secret")
        manager.save()
        with failing('(INSERT INTO|UPDATE) "django_session"'):
            page = stranger.post("/login/", {"username": "manager", "password": "very-secret"})
        assert page.status_code == 503
        assert NOT_WORKING in text(page)

    def test_is_said_where_typed_text_should_have_been_kept(self, stranger, black):
        with failing('(INSERT INTO|UPDATE) "django_session"'):
            page = stranger.post("/requests/new/", {"numbers": "105", "reason": "Спам"})
        assert page.status_code == 503
        assert fields(page) == {"numbers": "105", "reason": "Спам"}

    def test_is_saved_on_a_new_connection(self, block, client, outside_transactions, black):
        with failing('UPDATE "django_session"', dropped(), times=1) as tries:
            assert block().status_code == 302
        assert len(tries) == 2
        assert client.session["block_lists"] == [black]

    def test_is_begun_on_a_new_connection(self, stranger, outside_transactions, black):
        """What a stranger has typed goes into a new one."""
        sent = {"numbers": "105", "reason": "Спам"}
        with failing('INSERT INTO "django_session"', dropped(), times=1) as tries:
            answer = stranger.post("/requests/new/", sent)
        assert answer.status_code == 302
        assert len(tries) == 2
        assert "typed" in stranger.session

    def test_because_it_was_deleted_is_no_trouble_of_the_database(self, block, monkeypatch):
        """Signed out in another tab meanwhile."""
        real = credentials.note

        def note(*args):
            real(*args)
            Session.objects.all().delete()

        monkeypatch.setattr("lists.access.credentials.note", note)
        assert block().status_code == 400


class TestReadiness:
    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch):
        monkeypatch.setattr(health, "_last", health.LastWrite())

    def test_is_told_to_anybody_and_nothing_else(self, as_anonymous):
        answer = as_anonymous.get("/readyz")
        assert (answer.status_code, answer.content) == (200, b"ok")

    def test_means_that_something_was_written(self, as_anonymous):
        with failing("^(INSERT|UPDATE)"):
            answer = as_anonymous.get("/readyz")
            well = as_anonymous.get("/healthz")
        assert (answer.status_code, answer.content) == (503, b"database")
        assert (well.status_code, well.content) == (200, b"ok")

    def test_strangers_who_ask_often_cause_no_more_writes(self, as_anonymous, monkeypatch):
        with failing("^(INSERT|UPDATE)", times=0) as written:
            first = [as_anonymous.get("/readyz").status_code for _ in range(20)]
            once = len(written)
            monkeypatch.setattr(health, "KEPT", 0.0)
            monkeypatch.setattr(health._last, "_tried_at", -1000.0)
            as_anonymous.get("/readyz")
        assert set(first) == {200}
        assert (once, len(written)) == (1, 2)

    def test_is_not_believed_for_long_while_a_write_hangs(self, as_anonymous, monkeypatch):
        assert as_anonymous.get("/readyz").status_code == 200
        with health._last._trying:
            monkeypatch.setattr(
                health._last, "_tried_at", health._last._tried_at - 1.5 * health.KEPT
            )
            assert as_anonymous.get("/readyz").status_code == 200
            monkeypatch.setattr(health._last, "_tried_at", health._last._tried_at - health.KEPT)
            assert as_anonymous.get("/readyz").status_code == 503

    def test_leaves_one_row_that_is_nobodys_session(self, as_anonymous):
        as_anonymous.get("/readyz")
        assert Session.objects.get(pk="readyz").get_decoded() == {}
        as_anonymous.cookies["sessionid"] = "readyz"
        assert as_anonymous.get("/lists/").status_code == 302

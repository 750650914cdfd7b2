"""How long somebody stays signed in, and what ends it at once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from lists import sessions
from lists.connection import CredentialMissing
from lists.forms.password import PasswordForm
from lists.models import Credential, SignOut
from lists.services import credentials, settling
from lists.services.settling import Settled
from lists.session_store import stored_key

from .client import LintingClient, signed_in
from .factories import CredentialFactory, JournalEntryFactory

PAGE, LOGIN = "/requests/", "/login/?next=/requests/"


@pytest.fixture
def clock(monkeypatch):
    """Moves the time on, by minutes."""
    moved = timedelta()
    real = timezone.now

    def move(minutes):
        nonlocal moved
        moved += timedelta(minutes=minutes)

    monkeypatch.setattr(timezone, "now", lambda: real() + moved)
    return move


def is_signed_in(client):
    answer = client.get(PAGE)
    return not (answer.status_code == 302 and answer.url == LOGIN)


def browser_of(name, password="secret"):
    client = LintingClient()
    assert client.post("/login/", {"username": name, "password": password}).status_code == 302
    return client


def test_who_does_nothing_for_an_hour_is_signed_out(manager, sandbox, clock):
    client = browser_of("manager")
    clock(59)
    assert is_signed_in(client)
    clock(59)
    assert is_signed_in(client)
    clock(61)
    assert not is_signed_in(client)


def test_few_minutes_begin_anew_with_each_page_too(manager, sandbox, clock, settings):
    settings.SESSION_IDLE_MINUTES = 1
    client = browser_of("manager")
    for _ in range(3):
        clock(0.9)
        assert is_signed_in(client)
    clock(1.1)
    assert not is_signed_in(client)


def test_after_twelve_hours_everybody_signs_in_again(manager, sandbox, clock):
    client = browser_of("manager")
    for _ in range(23):
        clock(31)
        assert is_signed_in(client)
    clock(8)
    assert not is_signed_in(client)


def test_both_are_settings(manager, sandbox, clock, settings):
    settings.SESSION_HOURS, settings.SESSION_IDLE_MINUTES = 1, 40
    client = browser_of("manager")
    clock(39)
    assert is_signed_in(client)
    clock(22)
    assert not is_signed_in(client)
    client = browser_of("manager")
    clock(41)
    assert not is_signed_in(client)


def test_the_cookie_ends_with_the_session(manager, sandbox, clock):
    client = browser_of("manager")
    assert 3500 < client.cookies["sessionid"]["max-age"] <= 3600
    clock(30)
    again = client.get(PAGE)
    assert 3500 < again.cookies["sessionid"]["max-age"] <= 3600


def test_a_session_is_written_once_a_minute_at_most(as_support, clock, monkeypatch):
    writes = []
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.save",
        lambda self, must_create=False: writes.append(self.session_key),
    )
    for _ in range(5):
        as_support.get(PAGE)
        clock(0.15)
    assert writes == []
    clock(1)
    as_support.get(PAGE)
    assert len(writes) == 1


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(as_manager, clock):
    for _ in range(5):
        clock(15)
        as_manager.piece("/journal/1/check/", post=True, **{"X-Poll": "1"})
    assert not is_signed_in(as_manager)


def test_what_a_page_asks_by_itself_says_so():
    templates = Path(__file__).parent.parent / "templates"
    for path in templates.rglob("*.html"):
        for tag in re.findall(r"<[a-z]+ [^<]*hx-trigger=[^<]*>", path.read_text()):
            if "delay:5s" in tag or "every" in tag:
                assert "X-Poll" in tag, path


def test_what_was_typed_when_the_session_ran_out_is_kept(as_manager, clock, black):
    path = f"/lists/{black}/contacts/new/"
    clock(61)
    login = as_manager.post(path, {"name": "Анна", "phones": "102"}).url
    sent = {"username": "manager", "password": "secret", "next": path}
    assert as_manager.post(login, sent).url == path
    assert as_manager.get(path).soup.select_one("main [name=name]")["value"] == "Анна"


def test_a_session_from_before_this_rule_gets_its_end_with_the_next_page(as_support, settings):
    session = as_support.session
    del session[sessions.BEGAN], session["_session_expiry"]
    session.save()
    assert is_signed_in(as_support)
    row = Session.objects.get(pk=stored_key(as_support.session.session_key))
    assert row.expire_date - timezone.now() <= timedelta(minutes=60)


class TestWhoReadsTheDatabase:
    def test_is_signed_in_as_nobody(self, manager, sandbox):
        client, reader = browser_of("manager"), LintingClient()
        row = Session.objects.get()
        assert row.session_key != client.cookies["sessionid"].value
        for key in (row.session_key, stored_key(row.session_key)):
            reader.cookies["sessionid"] = key
            assert not is_signed_in(reader)
        assert is_signed_in(client)

    def test_cannot_make_the_row_of_another_browser_without_the_secret_key(
        self, manager, sandbox, settings
    ):
        client = browser_of("manager")
        settings.SECRET_KEY = "another-" + "x" * 50
        assert not is_signed_in(client)

    def test_finds_nothing_of_who_has_signed_out(self, manager, sandbox):
        client = browser_of("manager")
        client.post("/logout/")
        assert not Session.objects.exists()


def test_a_key_that_a_browser_has_chosen_is_never_that_of_a_session(manager, sandbox):
    client = LintingClient()
    client.cookies["sessionid"] = "a" * 32
    client.post("/login/", {"username": "manager", "password": "secret"})
    assert client.cookies["sessionid"].value != "a" * 32
    assert is_signed_in(client)


class TestSigningOutEverywhere:
    def test_ends_every_session_of_that_person_and_nobody_elses(self, manager, support, sandbox):
        here, there, colleague = browser_of("manager"), browser_of("manager"), browser_of("support")
        answer = here.post("/logout/everywhere/")
        assert (answer.status_code, answer.url) == (302, "/login/")
        assert not is_signed_in(here)
        assert not is_signed_in(there)
        assert is_signed_in(colleague)
        assert is_signed_in(browser_of("manager"))

    def test_keeps_what_was_typed_elsewhere_for_that_person(self, manager, sandbox, black, anna):
        path = f"/lists/{black}/contacts/new/"
        for who, name in (("manager", "Анна"), ("anna", "")):
            there = browser_of("manager")
            browser_of("manager").post("/logout/everywhere/")
            assert there.post(path, {"name": "Анна", "phones": "102"}).status_code == 302
            there.post("/login/", {"username": who, "password": "secret"})
            field = there.get(path).soup.select_one("main [name=name]")
            assert field.get("value", "") == name

    def test_is_found_beside_the_name(self, as_support):
        page = as_support.get(PAGE)
        assert page.soup.select_one("header .person a[href='/password/']")
        account = as_support.get("/password/")
        assert account.soup.select_one("form[action='/logout/everywhere/'] button")

    def test_ends_a_session_that_is_from_before_this_rule(self, as_support, support):
        session = as_support.session
        del session[sessions.BEGAN]
        session.save()
        sessions.end_everywhere(support)
        assert not is_signed_in(as_support)

    def test_is_forgotten_when_no_session_is_old_enough(self, manager, clock):
        sessions.end_everywhere(manager)
        clock(11 * 60)
        call_command("prune_sign_ins")
        assert SignOut.objects.exists()
        clock(61)
        call_command("prune_sign_ins")
        assert not SignOut.objects.exists()


class TestADeactivatedPerson:
    def test_is_out_at_once_and_needs_a_new_session_when_back(self, as_manager, manager):
        manager.is_active = False
        manager.save()
        assert not is_signed_in(as_manager)
        manager.is_active = True
        manager.save()
        assert not is_signed_in(as_manager)

    def test_is_out_at_once_however_that_was_done(self, as_manager):
        User.objects.update(is_active=False)
        assert not is_signed_in(as_manager)

    def test_leaves_a_token_that_nothing_opens_and_that_is_erased(self, manager, sandbox, capsys):
        User.objects.update(is_active=False)
        manager.refresh_from_db()
        with pytest.raises(CredentialMissing):
            credentials.connection_of(manager)
        colleague = CredentialFactory()
        call_command("prune_sign_ins")
        assert list(Credential.objects.all()) == [colleague]
        assert "1 tokens erased" in capsys.readouterr().out

    def test_settles_nothing_any_more(self, manager, sandbox, black):
        JournalEntryFactory(user=manager, list_id=black, outcome="unknown")
        User.objects.update(is_active=False)
        assert settling.settle_all() == Settled(left={"CredentialMissing": 1})
        assert sandbox.calls == []


class TestChangingOnesPassword:
    NEW = "Совсем-новый-2026"
    SENT = {"old_password": "secret", "new_password1": NEW, "new_password2": NEW}

    @pytest.mark.parametrize("who", ["manager", "support"])
    def test_is_for_everybody_and_ends_every_other_session(self, who, request, sandbox, db):
        request.getfixturevalue(who)
        here, there = browser_of(who), browser_of(who)
        answer = here.post("/password/", self.SENT)
        assert (answer.status_code, answer.url) == (302, "/password/")
        assert is_signed_in(here)
        assert not is_signed_in(there)
        assert is_signed_in(browser_of(who, self.NEW))

    def test_by_the_admin_ends_all_sessions(self, manager, sandbox):
        User.objects.create_superuser("staff", password="secret")
        there, admin = browser_of("manager"), browser_of("staff")
        sent = {"password1": self.NEW, "password2": self.NEW, "usable_password": "true"}
        changed = admin.post(f"/admin/auth/user/{manager.pk}/password/", sent)
        assert changed.status_code == 302
        assert not is_signed_in(there)
        assert is_signed_in(admin)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"old_password": "wrong"},
            {"new_password2": "another"},
            {"new_password1": "12345678", "new_password2": "12345678"},
            {"new_password1": "", "new_password2": ""},
        ],
    )
    def test_refused_says_why_and_changes_nothing(self, as_support, support, wrong):
        answer = as_support.post("/password/", {**self.SENT, **wrong})
        assert answer.status_code == 422
        assert answer.soup.select_one(".field.invalid .errorlist")
        for field in answer.soup.select("input[type=password]"):
            assert not field.get("value")
        support.refresh_from_db()
        assert support.check_password("secret")
        assert is_signed_in(as_support)

    def test_resists_guessing_as_the_login_does(self, as_support, support):
        wrong = {**self.SENT, "old_password": "wrong"}
        answers = [as_support.post("/password/", wrong).status_code for _ in range(5)]
        assert answers == [422] * 4 + [429]
        locked = as_support.post("/password/", self.SENT)
        assert locked.status_code == 429
        assert 880 < int(locked.headers["Retry-After"]) <= 900
        assert LintingClient().post("/login/", wrong | {"username": "support"}).status_code == 200

    def test_mistyped_only_in_the_new_one_locks_nobody(self, as_support):
        wrong = {**self.SENT, "new_password2": "x"}
        answers = [as_support.post("/password/", wrong).status_code for _ in range(7)]
        assert answers == [422] * 7

    def test_does_not_bring_back_what_was_changed_meanwhile(self, as_support, support, monkeypatch):
        real = PasswordForm.is_valid

        def renamed_meanwhile(form):
            User.objects.filter(pk=support.pk).update(last_name="Новая")
            return real(form)

        monkeypatch.setattr(PasswordForm, "is_valid", renamed_meanwhile)
        assert as_support.post("/password/", self.SENT).status_code == 302
        support.refresh_from_db()
        assert support.last_name == "Новая"

    @pytest.mark.parametrize("path", ["/password/", "/admin/auth/user/add/"])
    def test_is_never_shown_again_by_a_csrf_failure(self, support, path):
        strict = signed_in(support, enforce_csrf_checks=True)
        sent = {**self.SENT, "password1": "geheim-1", "password2": "geheim-2"}
        page = strict.post(path, sent, headers={"Sec-Fetch-Site": "same-origin"})
        assert page.status_code == 403
        for secret in ("secret", self.NEW, "geheim-1", "geheim-2"):
            assert f'value="{secret}"' not in page.content.decode()

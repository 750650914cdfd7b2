"""What is typed when the session has ended is back in its form after signing in, and not sent yet."""

import time
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.forms import PasswordInput
from django.forms.forms import BaseForm

from lists.forms.unblock import read_places
from lists.models import BlockRequest, JournalEntry
from lists.sameness import contact_key
from lists.views import signed_out
from lists.views.sent_fields import SECRET_FIELDS
from tests.calls import writes
from tests.client import LintingClient, fields, text
from tests.people import IVAN
from tests.words import saying, says

IVAN_KEY = contact_key(IVAN)
PROMISE, BACK = (
    says(
        "Nothing was sent. Sign in within half an hour, and what you typed will be back in the form."
    ),
    says("What you typed is kept but not sent yet: check it, then press the button."),
)
CONTACT = {"name": "Анна", "phones": "102\n+7 999 111-22-33"}


def end_session():
    """As its cookie's two weeks are over, or as somebody signed out in another tab."""
    Session.objects.all().delete()


def sign_in(client, login_url, username="manager"):
    login = client.get(login_url)
    sent = fields(login, username=username, password="secret")
    assert client.post("/login/", sent, follow=False).status_code == 302
    return login


def lose_session_at(client, path, data, *, htmx=False):
    """The POST of a session that has ended, and signing in again: the login page, where it led."""
    end_session()
    if htmx:
        answer = client.piece(
            path, data, post=True, **{"HX-Current-URL": "http://testserver/lists/"}
        )
        login_url = answer.headers["HX-Redirect"]
    else:
        answer = client.post(path, data)
        assert answer.status_code == 302
        login_url = answer.url
    assert login_url == f"/login/?next={quote(path)}"
    return sign_in(client, login_url)


@pytest.mark.parametrize("htmx", [False, True])
def test_a_new_contact_is_back_in_its_form_and_pressing_again_adds_it(
    as_manager, sandbox, account, black, htmx
):
    path = f"/lists/{black}/contacts/new/"
    login = lose_session_at(as_manager, path, CONTACT, htmx=htmx)
    assert PROMISE in text(login)
    page = as_manager.get(path)
    assert page.status_code == 200
    again = fields(page)
    assert (again["name"], again["phones"]) == (CONTACT["name"], CONTACT["phones"])
    assert BACK in text(page)
    assert writes(sandbox) == []
    assert as_manager.post(path, again).status_code == 302
    assert sandbox.lists(account)[black]["contacts"][-1]["phones"] == ["102", "79991112233"]


@pytest.mark.parametrize("htmx", [False, True])
def test_an_edited_contact_is_back_in_its_row_with_the_version_that_was_seen(
    as_manager, sandbox, account, black, htmx
):
    path = f"/lists/{black}/contacts/{IVAN_KEY}/edit/"
    sent = fields(as_manager.get(path), name="Иван Второй")
    found = sandbox.lists(account)[black]
    lose_session_at(as_manager, path, sent, htmx=htmx)
    page = as_manager.get(path)
    assert page.soup.select_one("#rows tr.editing [name=name]")["value"] == "Иван Второй"
    assert fields(page) == sent
    assert sandbox.lists(account)[black] == found
    assert as_manager.post(path, fields(page)).status_code == 302
    assert sandbox.lists(account)[black]["contacts"][0]["name"] == "Иван Второй"


def test_a_contact_that_somebody_changed_meanwhile_is_a_conflict_all_the_same(
    as_manager, sandbox, account, black
):
    path = f"/lists/{black}/contacts/{IVAN_KEY}/edit/"
    sent = fields(as_manager.get(path), name="Иван Второй")
    found = sandbox.lists(account)[black]
    found["contacts"][0]["name"] = "Их имя"
    sandbox.put(account, black, found)
    lose_session_at(as_manager, path, sent)
    page = as_manager.get(path)
    assert page.status_code == 200
    assert fields(page) == sent
    conflict = as_manager.post(path, fields(page))
    assert conflict.status_code == 409
    assert "Их имя" in text(conflict)


def test_a_new_list_keeps_the_token_of_its_form(as_manager, sandbox, account):
    sent = fields(as_manager.get("/lists/new/"), name="Новый", type="white")
    lose_session_at(as_manager, "/lists/new/", sent)
    page = as_manager.get("/lists/new/")
    assert fields(page) == sent
    assert sandbox.lists(account) == {}
    assert as_manager.post("/lists/new/", fields(page)).status_code == 302
    assert [found["name"] for found in sandbox.lists(account).values()] == ["Новый"]


def test_a_renamed_list_keeps_the_version_that_was_seen(as_manager, sandbox, black):
    path = f"/lists/{black}/edit/"
    sent = fields(as_manager.get(path), name="Другое имя")
    lose_session_at(as_manager, path, sent)
    assert fields(as_manager.get(path)) == sent
    assert writes(sandbox) == []


def block_form(page):
    return {
        "numbers": page.soup.select_one("#id_numbers").text.strip(),
        "name": page.soup.select_one("#id_name")["value"],
        "list": [int(box["value"]) for box in page.soup.select("[name=list][checked]")],
    }


def test_numbers_to_block_lead_to_the_preview_that_was_asked_for(as_manager, sandbox, black):
    sent = {"numbers": "102, 103", "name": "Спам", "list": [black]}
    lose_session_at(as_manager, "/block/", sent)
    page = as_manager.get("/block/")
    assert block_form(page) == sent
    assert saying(
        "Block %(new)s number in “%(list)s”", "Block %(new)s numbers in “%(list)s”", 2, new=2
    ).search(text(page))
    assert writes(sandbox) == []


def test_a_confirmed_block_shows_its_preview_again(as_manager, sandbox, account, black):
    sent = {"numbers": "102, 103", "name": "Спам", "list": [black]}
    shown = as_manager.post("/block/", sent).soup.select_one("[name=shown]")["value"]
    lose_session_at(as_manager, "/block/", {**sent, "shown": shown, "confirm": "1"})
    page = as_manager.get("/block/")
    assert page.status_code == 200
    assert block_form(page) == sent
    assert page.soup.select_one("[name=shown]")["value"] == shown
    assert writes(sandbox) == []
    answer = as_manager.post("/block/", {**sent, "shown": shown, "confirm": "1"})
    assert answer.status_code == 302
    assert sandbox.lists(account)[black]["contacts"][-1]["phones"] == ["102", "103"]


def test_numbers_that_a_lookup_hands_over_fill_the_form(as_manager, sandbox, black):
    lose_session_at(as_manager, "/block/", {"numbers": "102\n103", "fill": "1"})
    page = as_manager.get("/block/")
    assert page.soup.select_one("#id_numbers").text.split() == ["102", "103"]
    assert not page.soup.select(".errorlist")


def test_a_request_to_block_is_back_and_is_sent_once(as_support, sandbox, black):
    page = as_support.get("/requests/new/")
    sent = fields(page, numbers="102", reason="Звонят ночью", list=str(black))
    end_session()
    sign_in(as_support, as_support.post("/requests/new/", sent).url, "support")
    page = as_support.get("/requests/new/")
    assert page.soup.select_one("[name=list] [selected]")["value"] == str(black)
    assert fields(page, list=str(black)) == sent
    assert not BlockRequest.objects.exists()
    assert as_support.post("/requests/new/", sent).status_code == 302
    assert BlockRequest.objects.get().reason == "Звонят ночью"


@pytest.fixture
def asked(as_support, black):
    data = {"numbers": "102", "reason": "Звонят ночью", "list": black}
    as_support.post("/requests/new/", data)
    return BlockRequest.objects.get()


def test_the_reason_of_a_refusal_is_back_and_nothing_is_declined_yet(as_manager, asked):
    path = f"/requests/{asked.pk}/decline/"
    lose_session_at(as_manager, path, {"why": "Это наш клиент"})
    page = as_manager.get(path)
    assert page.status_code == 200
    assert fields(page) == {"why": "Это наш клиент"}
    asked.refresh_from_db()
    assert asked.state == "open"
    assert as_manager.post(path, fields(page)).status_code == 302
    asked.refresh_from_db()
    assert asked.answer == "Это наш клиент"


def test_an_accepted_request_is_looked_at_again(as_manager, sandbox, black, asked):
    path = f"/requests/{asked.pk}/accept/"
    sent = {"numbers": "102, 103", "name": "Ночные звонки", "list": [black], "confirm": "1"}
    lose_session_at(as_manager, path, sent)
    assert block_form(as_manager.get(path)).items() <= sent.items()
    asked.refresh_from_db()
    assert asked.state == "open"
    assert writes(sandbox) == []


def test_an_unblocking_is_offered_again_as_it_was_chosen(as_manager, sandbox, account, black):
    contacts = [{"name": "Спам", "phones": ["79998887766"]}]
    sandbox.add_list(account, name="Второй", contacts=contacts)
    found = as_manager.get("/lookup/?number=79998887766")
    offered = found.soup.select_one("form[action='/unblock/'] [name=offered]")["value"]
    _one, other = read_places(offered)
    sent = {"number": "79998887766", "offered": offered, "contact": other.value, "confirm": "1"}
    lose_session_at(as_manager, "/unblock/", sent)
    page = as_manager.get("/unblock/")
    assert page.status_code == 200
    assert page.soup.select_one("[name=offered]")["value"] == offered
    assert [box["value"] for box in page.soup.select("[name=contact][checked]")] == [other.value]
    assert writes(sandbox) == []


def test_many_numbers_to_look_up_are_back_in_their_form(as_support, sandbox, black):
    end_session()
    sent = {"numbers": "101\n79998887766"}
    sign_in(as_support, as_support.post("/lookup/many/", sent).url, "support")
    page = as_support.get("/lookup/many/")
    assert page.status_code == 200
    assert sandbox.calls == []
    assert page.soup.select_one("textarea").text.split() == ["101", "79998887766"]


@pytest.mark.parametrize("path", ["/lists/{}/delete/", f"/lists/{{}}/contacts/{IVAN_KEY}/delete/"])
def test_a_removal_asks_again(as_manager, sandbox, account, black, path):
    before = sandbox.lists(account)
    login = lose_session_at(as_manager, path.format(black), {"seen": "x"}, htmx=True)
    assert PROMISE not in text(login)
    page = as_manager.get(path.format(black))
    assert page.status_code == 200
    assert page.soup.select_one("main form button.danger")
    assert sandbox.lists(account) == before


@pytest.mark.parametrize("action", ["undo", "repeat", "check"])
@pytest.mark.parametrize("htmx", [False, True])
def test_what_acts_on_an_entry_leads_to_the_journal(as_manager, sandbox, black, action, htmx):
    as_manager.post(f"/lists/{black}/contacts/new/", CONTACT)
    path = f"/journal/{JournalEntry.objects.get().pk}/{action}/"
    written = writes(sandbox)
    assert PROMISE not in text(lose_session_at(as_manager, path, CONTACT, htmx=htmx))
    assert as_manager.get(path).url == "/journal/"
    assert writes(sandbox) == written


def test_who_is_signed_out_already_signs_out(as_manager):
    end_session()
    answer = as_manager.post("/logout/")
    assert (answer.status_code, answer.url) == (302, "/login/")


class TestWhatIsKept:
    @pytest.fixture
    def path(self, black):
        return f"/lists/{black}/contacts/new/"

    def test_is_used_once(self, as_manager, path):
        lose_session_at(as_manager, path, CONTACT)
        assert fields(as_manager.get(path))["name"] == "Анна"
        page = as_manager.get(path)
        assert fields(page)["name"] == ""
        assert BACK not in text(page)
        assert signed_out.KEY not in as_manager.session

    def test_stays_until_a_page_could_show_it(self, as_manager, sandbox, path):
        lose_session_at(as_manager, path, CONTACT)
        sandbox.fail("500", times=None)
        assert as_manager.get(path).status_code == 503
        sandbox.clear_faults()
        assert as_manager.head(path).status_code == 200
        assert fields(as_manager.get(path))["name"] == "Анна"

    def test_is_for_its_own_path_only(self, as_manager, path, black):
        lose_session_at(as_manager, path, CONTACT)
        assert fields(as_manager.get(f"/lists/{black}/edit/"))["name"] == "Чёрный список 1"
        assert fields(as_manager.get("/lists/new/"))["name"] == ""
        assert fields(as_manager.get(path))["name"] == "Анна"

    def test_of_two_tabs_is_kept_for_both(self, as_manager, path):
        end_session()
        as_manager.post("/lists/new/", {"name": "Новый"})
        sign_in(as_manager, as_manager.post(path, CONTACT).url)
        assert fields(as_manager.get(path))["name"] == "Анна"
        assert fields(as_manager.get("/lists/new/"))["name"] == "Новый"

    def test_is_of_a_few_forms_only(self, as_manager, black):
        end_session()
        for key in range(9):
            as_manager.post(f"/lists/{black}/contacts/{key}/edit/", CONTACT)
        kept = list(as_manager.session[signed_out.KEY])
        assert kept == [f"/lists/{black}/contacts/{key}/edit/" for key in range(4, 9)]

    def test_is_short_lived(self, as_manager, path, monkeypatch):
        end_session()
        login_url = as_manager.post(path, CONTACT).url
        assert 1700 < as_manager.session.get_expiry_age() <= 1800
        later = time.time() + 1801
        with monkeypatch.context() as clock:
            clock.setattr(signed_out, "now", lambda: later)
            assert PROMISE not in text(sign_in(as_manager, login_url))
            assert fields(as_manager.get(path))["name"] == ""

    def test_does_not_shorten_the_session_of_who_signs_in(self, as_manager, path, settings):
        settings.SESSION_IDLE_MINUTES = 120
        lose_session_at(as_manager, path, CONTACT)
        assert 7100 < as_manager.session.get_expiry_age() <= 7200

    def test_survives_a_wrong_password(self, as_manager, path):
        end_session()
        login = as_manager.post(path, CONTACT).url
        wrong = as_manager.post("/login/", {"username": "manager", "password": "x", "next": path})
        assert PROMISE in text(wrong)
        sign_in(as_manager, login)
        assert fields(as_manager.get(path))["name"] == "Анна"

    def test_is_no_secret_and_no_token_of_a_form(self, as_manager, path):
        end_session()
        secrets = {"token": "t0ken", "password": "pa55", "csrfmiddlewaretoken": "c5rf"}
        as_manager.post(path, {**CONTACT, **secrets})
        kept = str(as_manager.session[signed_out.KEY])
        assert "102" in kept
        assert not [secret for secret in secrets.values() if secret in kept]

    @pytest.mark.parametrize(
        "path", ["/connection/", "/login/", "/admin/auth/user/add/", "/theme/"]
    )
    def test_is_nothing_of_a_page_with_secrets_or_without_a_form(self, as_anonymous, path):
        data = {"client_id": "10553", "username": "x", "password1": "pa55", "token": "t0ken"}
        as_anonymous.post(path, data)
        assert signed_out.KEY not in as_anonymous.session

    def test_is_nothing_that_is_too_long_and_the_person_is_told(self, as_manager, path):
        data = {**CONTACT, "phones": "ы" * 60_000}
        login = lose_session_at(as_manager, path, data)
        assert says(
            "You were signed out. What you typed was not sent and is too long to be kept."
        ) in text(login)
        assert PROMISE not in text(login)
        assert fields(as_manager.get(path))["name"] == ""

    def test_is_handed_to_the_same_person_only(self, as_manager, manager, path, black, anna):
        manager.set_password("another")
        manager.save()
        sign_in(as_manager, as_manager.post(path, CONTACT).url, "anna")
        assert fields(as_manager.get(path))["name"] == ""

    def test_goes_with_the_session_of_somebody_deactivated(self, as_manager, manager, path, anna):
        manager.is_active = False
        manager.save()
        login = as_manager.post(path, CONTACT).url
        sign_in(as_manager, login, "anna")
        assert signed_out.KEY not in as_manager.session

    def test_came_with_the_csrf_token_of_a_page_of_ours(self, sandbox, db, path):
        strict = LintingClient(enforce_csrf_checks=True)
        foreign = strict.post(path, CONTACT)
        assert foreign.status_code == 403
        assert signed_out.KEY not in strict.session
        token = strict.get("/login/").soup.select_one("[name=csrfmiddlewaretoken]")["value"]
        ours = strict.post(path, {**CONTACT, "csrfmiddlewaretoken": token})
        assert ours.url == f"/login/?next={path}"
        assert list(strict.session[signed_out.KEY]) == [path]


def test_a_csrf_failure_on_the_way_costs_one_press_more_also_with_htmx(
    manager, sandbox, account, black
):
    """All cookies are gone: the page's own token is worth nothing any more."""
    strict = LintingClient(enforce_csrf_checks=True)
    path, same_origin = f"/lists/{black}/contacts/new/", {"Sec-Fetch-Site": "same-origin"}
    notice = strict.piece(path, {**CONTACT, "csrfmiddlewaretoken": "x"}, post=True, **same_origin)
    assert (notice.status_code, notice.headers["HX-Retarget"]) == (403, "#notice")
    form = notice.soup.select_one("form")
    again = {field["name"]: field["value"] for field in form.select("input")}
    answer = strict.post(form["action"], again)
    assert answer.url == f"/login/?next={path}"
    login = strict.get(answer.url)
    token = login.soup.select_one("main [name=csrfmiddlewaretoken]")["value"]
    sent = fields(login, username="manager", password="secret", csrfmiddlewaretoken=token)
    assert strict.post("/login/", sent).url == path
    assert fields(strict.get(path))["phones"] == CONTACT["phones"]
    elsewhere = strict.piece(path, CONTACT, post=True, **{"Sec-Fetch-Site": "cross-site"})
    assert not elsewhere.soup.select("form")


def _forms_of(base):
    for form in base.__subclasses__():
        yield form
        yield from _forms_of(form)


def test_no_field_for_a_secret_is_kept_or_shown_again(client, db):
    client.get("/login/")  # the addresses, and with them every form, are loaded
    forms_of_ours = [form for form in _forms_of(BaseForm) if form.__module__.startswith("lists.")]
    secrets = {
        name
        for form in forms_of_ours
        for name, field in form.base_fields.items()
        if isinstance(field.widget, PasswordInput)
    }
    assert {"token", "password", "old_password"} <= secrets <= SECRET_FIELDS

"""A person's own credentials: tried, then stored, never shown."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.utils import timezone

from lists import encryption
from lists.models import Credential
from lists.services import accounts
from tests.words import saying, says

from ..client import fields, text
from ..conftest import signed_in
from ..factories import CredentialFactory, UserFactory

TOKEN = "manager-token"


@pytest.fixture
def newcomer(db):
    return UserFactory(username="newcomer", group="Managers")


@pytest.fixture
def as_newcomer(newcomer, sandbox):
    return signed_in(newcomer)


def connect(client, token=TOKEN, client_id="10553", **data):
    return client.post("/connection/", {"token": token, "client_id": client_id, **data})


def test_a_newcomer_is_led_here_and_back(as_newcomer, black):
    path = f"/lists/{black}/?q=7"
    led = as_newcomer.get(path)
    assert led.status_code == 302
    page = as_newcomer.get(led.url)
    assert says("You are not connected to Plusofon yet.") in text(page)
    assert page.soup.select_one("[name=client_id]")["value"] == "10553"
    answer = as_newcomer.post("/connection/", fields(page, token=TOKEN))
    assert (answer.status_code, answer.url) == (302, path)


def test_the_pair_is_tried_before_it_is_stored(as_newcomer, newcomer, sandbox):
    answer = connect(as_newcomer, follow=True)
    assert [call.path for call in sandbox.calls] == ["/api/v1/authuser", "/api/v1/contact-lists"]
    credential = Credential.objects.get(user=newcomer)
    assert credential.account == "4821"
    assert credential.owner_email == "orlova@example.ru"
    assert TOKEN not in credential.sealed_token
    assert encryption.unseal(credential.sealed_token, user_id=newcomer.pk) == TOKEN
    assert answer.status_code == 302


def test_whose_account_it_is_is_shown_and_the_token_never(as_newcomer):
    connect(as_newcomer)
    page = as_newcomer.get("/connection/")
    assert "orlova@example.ru" in text(page)
    assert TOKEN not in page.content.decode()
    assert not page.soup.select_one("[name=token]").get("value")


@pytest.mark.parametrize(
    ("token", "client_id", "sentence"),
    [
        ("wrong-token", "10553", says("Plusofon does not know this token. Nothing was saved.")),
        ("", "10553", says("Enter the API token.")),
        (
            "два слова",
            "10553",
            says("This is not a token: it has spaces or characters that tokens do not have."),
        ),
        (
            "two words",
            "10553",
            says("This is not a token: it has spaces or characters that tokens do not have."),
        ),
        (
            "line\nbreak",
            "10553",
            says("This is not a token: it has spaces or characters that tokens do not have."),
        ),
        (TOKEN, "", says("Enter the client code: 10553, unless Plusofon gave you another.")),
        (TOKEN, "abc", says("The client code is digits only.")),
        (TOKEN, "777", says("Plusofon does not allow this")),
    ],
)
def test_what_does_not_work_is_not_stored_and_says_why(as_newcomer, token, client_id, sentence):
    answer = connect(as_newcomer, token, client_id)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert answer.soup.select_one("[name=client_id]").get("value", "") == client_id
    assert token == "" or token not in answer.content.decode()
    assert not Credential.objects.exists()


def test_a_token_that_may_not_read_lists_shows_the_apis_words(as_newcomer, sandbox):
    sandbox.add_account(token="blind", may_read_lists=False)
    answer = connect(as_newcomer, "blind")
    assert answer.status_code == 422
    assert "Нет доступа к спискам контактов" in text(answer)
    assert not Credential.objects.exists()


@pytest.mark.parametrize("kind", ["502", "html", "hang", "cut"])
def test_a_failing_api_stores_nothing(as_newcomer, sandbox, settings, kind):
    settings.PLUSOFON_TIMEOUT = 0.4
    sandbox.fail(kind, path="contact-lists", times=None)
    answer = connect(as_newcomer)
    assert answer.status_code in (502, 503)
    assert saying("%(title)s. The token was not saved. %(advice)s").search(text(answer))
    assert not Credential.objects.exists()


@pytest.mark.parametrize("kind", ["404", "404-error", "403", "no-access"])
def test_an_owner_that_plusofon_does_not_tell_is_no_obstacle(as_newcomer, sandbox, kind):
    sandbox.fail(kind, path="authuser", times=None)
    assert connect(as_newcomer).status_code == 302
    credential = Credential.objects.get()
    assert credential.account == encryption.fingerprint(TOKEN)
    assert says("Plusofon did not say whose it is") in text(as_newcomer.get("/connection/"))


@pytest.mark.parametrize(
    "kind", ["500", "500-html", "502", "503-json", "429:60", "html", "404-html", "cut", "hang"]
)
def test_while_plusofon_cannot_say_whose_account_it_is_nothing_is_stored(
    as_newcomer, sandbox, settings, kind
):
    settings.PLUSOFON_TIMEOUT = 0.4
    sandbox.fail(kind, path="authuser", times=None)
    answer = connect(as_newcomer)
    assert answer.status_code in (502, 503)
    assert saying(
        "%(title)s. We could not find out whose account this token opens, so it was not saved. Try"
        " again in a minute."
    ).search(text(answer))
    assert not Credential.objects.exists()
    sandbox.clear_faults()
    assert connect(as_newcomer).status_code == 302
    assert Credential.objects.get().account == "4821"


def test_a_blank_token_keeps_the_stored_one_and_tries_it(as_manager, manager, sandbox):
    before = manager.credential.set_at
    assert connect(as_manager, token="").status_code == 302
    credential = Credential.objects.get()
    assert encryption.unseal(credential.sealed_token, user_id=manager.pk) == TOKEN
    assert credential.set_at >= before
    assert len(sandbox.calls) == 2


def test_a_wrong_new_token_keeps_the_old_one(as_manager, manager):
    connect(as_manager, "wrong-token")
    credential = Credential.objects.get()
    assert encryption.unseal(credential.sealed_token, user_id=manager.pk) == TOKEN


def test_a_refused_token_leads_here_and_deletes_nothing(as_manager, manager, sandbox):
    sandbox.fail("401", times=None)
    led = as_manager.get("/lists/?page=2")
    assert led.status_code == 302
    assert led.url == "/connection/?next=%2Flists%2F%3Fpage%3D2"
    page = as_manager.get(led.url)
    assert saying("Plusofon has refused your token since %(when)s. Enter a new one.").search(
        text(page)
    )
    first = Credential.objects.get().refused_at
    as_manager.get("/lists/")
    assert Credential.objects.get().refused_at == first
    sandbox.clear_faults()
    as_manager.get("/lists/")
    assert Credential.objects.get().refused_at is None


def test_a_token_refused_while_saving_keeps_what_was_typed(as_manager, sandbox, black):
    path, data = f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"}
    sandbox.fail("401", times=None)
    answer = as_manager.post(path, data)
    assert answer.status_code == 403
    assert answer.soup.select_one("main [name=name]")["value"] == "Анна"
    assert answer.soup.select_one("main [name=phones]")["value"] == "102"
    assert answer.soup.select_one('main a[href="/connection/"]')
    piece = as_manager.piece(path, data, post=True)
    assert piece.headers["HX-Retarget"] == "#notice"


def test_htmx_is_sent_to_the_connection_and_back_to_the_page(as_manager, sandbox, black):
    sandbox.fail("401", times=None)
    current = f"http://testserver/lists/{black}/?q=1"
    piece = as_manager.piece(f"/lists/{black}/", **{"HX-Current-URL": current})
    assert piece.headers["HX-Redirect"] == f"/connection/?next=%2Flists%2F{black}%2F%3Fq%3D1"


def test_a_token_that_no_key_opens_is_asked_for_again(as_manager, manager):
    Credential.objects.update(sealed_token="nonsense")
    assert as_manager.get("/lists/").status_code == 302
    assert says("Your saved token can no longer be read. Enter it again.") in text(
        as_manager.get("/connection/")
    )
    kept = as_manager.post("/lists/1/contacts/new/", {"name": "Анна", "phones": "102"})
    assert kept.status_code == 403
    assert says("Your saved token can no longer be read. Enter it again.") in text(kept)
    assert "Анна" in text(kept)
    assert connect(as_manager, token="").status_code == 422
    assert connect(as_manager).status_code == 302


def test_a_row_copied_to_another_user_does_not_open(as_newcomer, newcomer, manager):
    CredentialFactory(user=newcomer, sealed_token=manager.credential.sealed_token)
    assert as_newcomer.get("/lists/").url.startswith("/connection/")


def test_each_persons_own_token_is_used(as_manager, as_support, sandbox):
    as_manager.get("/lists/")
    as_support.get("/lists/")
    used = [call.headers["authorization"] for call in sandbox.calls]
    assert used == [f"Bearer ***{TOKEN[-4:]}", "Bearer ***oken"]
    tokens = {
        c.user.username: encryption.unseal(c.sealed_token, user_id=c.user_id)
        for c in Credential.objects.all()
    }
    assert tokens == {"manager": "manager-token", "support": "support-token"}


def test_when_it_last_worked_is_noted_once_a_minute(as_manager, django_assert_num_queries):
    old = timezone.now() - timedelta(minutes=5)
    Credential.objects.update(worked_at=old)
    as_manager.get("/lists/")
    noted = Credential.objects.get().worked_at
    assert noted > old
    as_manager.get("/lists/")
    assert Credential.objects.get().worked_at == noted


def test_the_colours_are_kept_in_the_browser_and_can_be_left_to_the_system(as_manager):
    for theme, kept in (("dark", "dark"), ("light", "light"), ("", ""), ("odd", "")):
        as_manager.post("/theme/", {"theme": theme, "next": "/lists/"})
        assert as_manager.get("/lists/").soup.html.get("data-theme", "") == kept


def test_an_owner_told_later_is_shown_when_the_page_is_opened(as_newcomer, sandbox):
    sandbox.fail("404", path="authuser")
    connect(as_newcomer)
    page = as_newcomer.get("/connection/")
    assert "orlova@example.ru" in text(page)
    assert Credential.objects.get().account == "4821"
    sandbox.clear_calls()
    as_newcomer.get("/connection/")
    assert sandbox.calls == []


@pytest.mark.parametrize("kind", ["500", "hang", "401", "html"])
def test_asking_again_never_keeps_anybody_from_a_page(
    as_newcomer, sandbox, monkeypatch, black, kind
):
    monkeypatch.setattr(accounts, "PATIENCE", 0.2)
    sandbox.fail("404", path="authuser")
    connect(as_newcomer)
    cache.clear()
    sandbox.fail(kind, path="authuser", times=None)
    for path in ("/connection/", f"/lists/{black}/"):
        started = time.monotonic()
        assert as_newcomer.get(path).status_code == 200
        assert time.monotonic() - started < 1
    assert Credential.objects.get().account == encryption.fingerprint(TOKEN)


def test_whoever_works_asks_for_their_owner_once_an_hour_until_it_is_told(
    as_newcomer, sandbox, black
):
    def asked():
        return sum(call.path.endswith("authuser") for call in sandbox.calls)

    sandbox.fail("404", path="authuser", times=2)
    connect(as_newcomer)
    assert asked() == 1
    for total in (2, 3, 3):  # told at the third time, and never asked again
        cache.clear()  # an hour later
        as_newcomer.get(f"/lists/{black}/")
        as_newcomer.get(f"/lists/{black}/")
        assert asked() == total
    assert Credential.objects.get().account == "4821"


def test_a_request_of_somebody_unknown_reaches_the_managers_once_their_owner_is_told(
    as_newcomer, newcomer, as_manager, sandbox, black
):
    newcomer.groups.set([Group.objects.get(name="Support")])
    sandbox.fail("404", path="authuser")
    connect(as_newcomer, "support-token")
    form = as_newcomer.get("/requests/new/?number=74951112233")
    asked = fields(form, numbers="74951112233", list=black, reason="Мешает")
    assert as_newcomer.post("/requests/new/", asked).status_code == 302
    assert "Мешает" not in text(as_manager.get("/requests/"))
    connect(as_newcomer, "support-token")
    assert "Мешает" in text(as_manager.get("/requests/"))


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_no_link_sends_anybody_elsewhere_after_connecting(as_manager, target):
    answer = as_manager.post("/connection/", {"token": "", "client_id": "10553", "next": target})
    assert answer.url == "/connection/"
    answer = as_manager.post("/theme/", {"theme": "dark", "next": target})
    assert answer.url == "/"


def test_a_deactivated_or_deleted_user_leaves_no_token_behind(manager, support):
    manager.is_active = False
    manager.save()
    support.delete()
    assert not Credential.objects.exists()


def test_the_admin_does_not_show_tokens(client, manager):
    manager.is_staff = manager.is_superuser = True
    manager.save()
    client.force_login(manager)
    assert b"credential" not in client.get("/admin/").content.lower()
    page = client.get(f"/admin/auth/user/{manager.pk}/change/").content.decode()
    assert TOKEN not in page
    assert manager.credential.sealed_token not in page

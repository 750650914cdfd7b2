"""Signing in by the header of the intranet's proxy (docs/operations.md#signing-in-with-the-companys-own-accounts).

What the server makes of headers that are doubled, or spelt with underscores: `test_served`.
"""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lists import sessions
from tests.client import fields, signed_in, text
from tests.factories import CredentialFactory, UserFactory
from tests.words import says

from .conftest import BehindProxy, who

NO_ACCESS, NO_NAME = says("Your account has no access here"), says("Your name did not arrive")
KEPT = says("What you typed is kept but not sent yet: check it, then press the button.")


def sign_in(*told, **options):
    client = BehindProxy(*told, **options)
    answer = client.get("/login/?next=/lookup/%3Fnumber%3D101")
    assert (answer.status_code, answer.get("Location")) == (302, "/lookup/?number=101")
    return client


def groups_of(name):
    return set(User.objects.get(username=name).groups.values_list("name", flat=True))


class TestWhoIsSeenForTheFirstTime:
    def test_is_made_without_a_password_and_with_the_role_of_their_groups(self, by_header):
        client = sign_in("anna", "staff, plusofon-managers")
        anna = User.objects.get()
        assert (anna.username, groups_of("anna")) == ("anna", {"Managers"})
        assert not anna.has_usable_password()
        assert who(client) == "anna"

    def test_comes_back_to_the_link_that_they_opened(self, by_header):
        client = BehindProxy("anna")
        page = client.get("/lookup/?number=101", follow=True)
        assert page.redirect_chain == [
            ("/login/?next=/lookup/%3Fnumber%3D101", 302),
            ("/lookup/?number=101", 302),
            ("/connection/?next=%2Flookup%2F%3Fnumber%3D101", 302),
        ]

    def test_may_be_both(self, by_header):
        sign_in("anna", "desk,admins")
        assert groups_of("anna") == {"Managers", "Support"}

    @pytest.mark.parametrize(
        "groups", ["", None, "staff", "plusofon", "Admins", "desk2", "*", ",,"]
    )
    def test_in_none_of_the_groups_is_refused_with_a_sentence_and_not_made(self, by_header, groups):
        page = BehindProxy("anna", groups).get("/login/")
        assert page.status_code == 403
        assert NO_ACCESS in text(page)
        assert "anna" in text(page)
        assert not User.objects.exists()
        assert not Session.objects.exists()

    def test_is_support_where_everybody_is(self, by_header):
        by_header.SSO_SUPPORT, by_header.SSO_GROUPS_HEADER = ["*"], ""
        sign_in("anna", None)
        assert groups_of("anna") == {"Support"}

    def test_is_never_staff_whatever_the_groups_are_called(self, by_header):
        by_header.SSO_MANAGERS = ["superuser", "staff", "is_staff"]
        client = sign_in("anna", "superuser,staff,is_staff")
        assert client.get("/admin/").status_code == 302
        assert not User.objects.filter(is_staff=True).exists()


class TestWhatTheHeaderSays:
    @pytest.mark.parametrize("address", ["127.0.0.1", "10.1.0.200", "::ffff:10.1.0.7"])
    def test_is_believed_from_listed_addresses(self, by_header, address):
        assert who(sign_in("anna", address=address)) == "anna"

    @pytest.mark.parametrize(
        "address", ["127.0.0.2", "10.1.1.7", "::1", "", "unix:", "10.1.0.7, 1"]
    )
    def test_is_believed_from_no_other_and_that_is_logged_once(self, by_header, caplog, address):
        client = BehindProxy("anna", address=address)
        for _ in range(3):
            page = client.get("/login/", headers={"X-Forwarded-For": "127.0.0.1"})
            assert page.status_code == 200
            assert page.soup.select_one("#id_password")
        assert not User.objects.exists()
        (line,) = [r.getMessage() for r in caplog.records if "not believed" in r.getMessage()]
        assert "anna" not in line
        assert (address or "no address") in line

    def test_does_not_count_where_no_header_is_set(self, db, sandbox):
        client = BehindProxy("anna")
        assert client.get("/overview/").url == "/login/?next=/overview/"
        assert client.get("/login/").status_code == 200

    @pytest.mark.parametrize(
        "name",
        [
            *(
                "anna, boris",
                "anna,boris",
                "anna boris",
                "a" * 151,
                "anna\x00",
                "anna\x7f",
                "an\tna",
            ),
            *(
                "DOMAIN\\anna",
                "anna/../boris",
                "<script>",
                "anna\u200b",
                "ａnna",
                "anna\u0301\u0301",
                "«»",
            ),
        ],
    )
    def test_that_is_no_name_lets_nobody_in(self, by_header, name):
        page = BehindProxy(name).get("/login/")
        assert page.status_code == 403
        assert NO_NAME in text(page)
        assert not User.objects.exists()

    def test_in_another_encoding_than_utf_8_lets_nobody_in(self, by_header):
        page = BehindProxy().get("/login/", HTTP_X_REMOTE_USER="J\xf6rg")
        assert page.status_code == 403
        groups = BehindProxy("anna", None).get("/login/", HTTP_X_REMOTE_GROUPS="admins,\xff")
        assert groups.status_code == 403

    def test_may_be_written_in_russian_and_up_to_the_longest_name(self, by_header):
        assert who(sign_in("анна.орлова@пример.рф")) == "анна.орлова@пример.рф"
        assert who(sign_in("я" * 150)) == "я" * 150

    def test_means_the_same_person_in_capital_letters(self, by_header):
        sign_in("anna")
        assert who(sign_in("ANNA")) == "anna"
        assert who(sign_in("Анна")) == who(sign_in("анна"))
        assert User.objects.count() == 2

    def test_is_nobody_where_it_is_empty(self, by_header):
        page = BehindProxy("").get("/login/")
        assert page.soup.select_one("#id_password")
        assert not page.soup.select("main a")


class TestWhoIsHereAlready:
    def test_keeps_what_is_theirs(self, by_header, manager):
        manager.set_unusable_password()
        manager.save()
        client = sign_in("Manager")
        assert client.get("/lists/").status_code == 200
        assert User.objects.count() == 1

    @pytest.mark.parametrize("name", ["root", "Root", "ROOT"])
    def test_with_a_password_is_not_taken_over(self, by_header, name):
        User.objects.create_superuser("root", password="secret")
        page = BehindProxy(name).get("/login/")
        assert page.status_code == 403
        assert says("This name has a password here") in text(page)
        assert "/login/?next=&password" in {a["href"] for a in page.soup.select("main a")}
        assert not User.objects.get().groups.exists()

    def test_and_deactivated_stays_out(self, by_header):
        client = sign_in("anna")
        anna = User.objects.get()
        anna.is_active = False
        anna.save()
        assert client.get("/lists/").url.startswith("/login/")
        page = client.get("/login/")
        assert page.status_code == 403
        assert says("Your account is switched off here") in text(page)

    def test_keeps_groups_and_flags_that_an_administrator_gave(self, by_header):
        sign_in("anna", "desk")
        anna = User.objects.get()
        anna.groups.add(Group.objects.create(name="Auditors"))
        anna.is_staff = True
        anna.save()
        client = sign_in("anna", "admins")
        assert groups_of("anna") == {"Managers", "Auditors"}
        assert client.get("/admin/").status_code == 200

    def test_keeps_a_role_that_no_group_is_named_for(self, by_header):
        by_header.SSO_MANAGERS, by_header.SSO_SUPPORT = [], ["*"]
        sign_in("anna")
        User.objects.get().groups.add(Group.objects.get(name="Managers"))
        sign_in("anna")
        assert groups_of("anna") == {"Managers", "Support"}


class TestASession:
    def test_loses_a_role_with_the_request_that_no_longer_has_it(self, by_header):
        client = sign_in("anna", "admins,desk")
        CredentialFactory(user=User.objects.get())
        assert client.get("/lists/new/").status_code == 200
        client.groups = "desk"
        assert client.post("/lists/new/", {"name": "x", "type": "black"}).status_code == 403
        client.groups = "admins"
        assert client.get("/lists/new/").status_code == 200

    def test_ends_with_the_last_role(self, by_header, sandbox):
        client = sign_in("anna")
        client.groups = "staff"
        assert client.post("/lists/new/", {"name": "x", "type": "black"}).status_code == 302
        assert groups_of("anna") == set()
        assert client.get("/login/").status_code == 403
        assert sandbox.calls == []

    def test_costs_no_more_queries_than_one_of_a_password(self, by_header):
        asked = []
        for client in (sign_in("anna"), signed_in(UserFactory(group="Managers"))):
            client.get("/password/")
            with CaptureQueriesContext(connection) as queries:
                client.get("/signed-out/")
            asked.append(len(queries))
        assert asked[0] == asked[1] > 0

    @pytest.mark.parametrize("name", [None, "", "boris", "an na"])
    @pytest.mark.parametrize("path", ["/password/", "/no-such-page/", "/overview/"])
    def test_ends_when_the_header_names_nobody_or_somebody_else(self, by_header, name, path):
        client = sign_in("anna")
        client.name = name
        assert "anna" not in client.get(path).content.decode()
        client.name = "anna"
        assert client.get("/password/").status_code == 302

    def test_ends_where_its_request_comes_past_the_proxy(self, by_header):
        client = sign_in("anna")
        client.address = "127.0.0.2"
        assert client.get("/password/").status_code == 302

    def test_opens_nothing_once_the_single_sign_on_is_off(self, by_header):
        client = sign_in("anna")
        by_header.SSO_HEADER = ""
        by_header.AUTHENTICATION_BACKENDS = by_header.AUTHENTICATION_BACKENDS[:2]
        assert client.get("/password/").status_code == 302

    def test_leaves_nothing_of_one_person_to_the_next(self, by_header, black):
        client = sign_in("anna")
        CredentialFactory(user=User.objects.get())
        client.get("/lists/")
        client.name = "boris"
        path = f"/lists/{black}/contacts/new/"
        login = client.post(path, {"name": "Тайна", "phones": "102"}).url
        assert client.get(login).url == path
        CredentialFactory(user=User.objects.get(username="boris"))
        page = client.get(path)
        assert who(client) == "boris"
        assert KEPT not in text(page)
        assert "Тайна" not in page.content.decode()

    def test_gives_back_what_was_typed_to_the_same_person(self, by_header, black):
        client = sign_in("anna")
        CredentialFactory(user=User.objects.get())
        sessions.end_everywhere(User.objects.get())
        path = f"/lists/{black}/contacts/new/"
        login = client.post(path, {"name": "Анна", "phones": "102"}).url
        assert client.get(login).url == path
        assert fields(client.get(path))["name"] == "Анна"

    def test_that_ran_out_keeps_what_was_typed_for_its_person_only(self, by_header, black):
        client = sign_in("anna")
        Session.objects.update(expire_date="2020-01-01T00:00Z")
        path = f"/lists/{black}/contacts/new/"
        client.post(path, {"name": "Тайна", "phones": "102"})
        client.name = "boris"
        client.get("/login/")
        CredentialFactory(user=User.objects.get(username="boris"))
        assert "Тайна" not in client.get(path).content.decode()

    def test_has_the_limits_of_every_session(self, by_header):
        by_header.SESSION_HOURS, by_header.SESSION_IDLE_MINUTES = 1, 5
        client = sign_in("anna")
        assert 290 < client.session.get_expiry_age() <= 300

    def test_of_a_password_has_nothing_to_do_with_the_header(self, by_header):
        UserFactory(username="root")
        client = BehindProxy("anna")
        page = client.get("/login/?password")
        assert page.soup.select_one("#id_password")
        assert page.soup.select_one("main a.primary")["href"] == "/login/?next="
        client.post("/login/?password", {"username": "root", "password": "secret"})
        assert who(client) == "root"
        client.name = None
        assert who(client) == "root"


class TestSigningOut:
    @pytest.mark.parametrize("path", ["/logout/", "/logout/everywhere/", "/admin/logout/"])
    def test_leads_to_where_the_proxys_session_ends(self, by_header, path):
        client = sign_in("anna")
        page = BeautifulSoup(client.post(path).content, "html.parser")
        refresh = page.select_one("meta[http-equiv=refresh]")["content"]
        assert refresh == "0; url=/oauth2/sign_out"
        assert page.select_one("main a.button")["href"] == "/oauth2/sign_out"
        assert client.get("/password/").status_code == 302

    def test_ends_on_a_page_that_signs_nobody_in_again(self, by_header):
        client = sign_in("anna")
        client.post("/logout/")
        page = client.get("/signed-out/")
        assert says("You are signed out") in text(page)
        assert "_auth_user_id" not in client.session

    def test_says_that_only_this_session_has_ended_where_there_is_no_such_place(self, by_header):
        by_header.SSO_LOGOUT_URL = ""
        page = sign_in("anna").post("/logout/", follow=True)
        assert page.redirect_chain == [("/signed-out/", 302)]
        still = "You are still signed in with the company's account: end that where you began it."
        assert says(still) in text(page)

    def test_of_a_session_that_has_ended_already_ends_the_proxys_too(self, by_header):
        client = sign_in("anna")
        Session.objects.all().delete()
        assert client.post("/logout/").soup.select_one("meta[http-equiv=refresh]")
        client.name = "an na"
        assert client.post("/logout/").soup.select_one("meta[http-equiv=refresh]")

    def test_of_who_came_with_a_password_ends_no_other(self, by_header):
        client = signed_in(UserFactory(username="root"))
        answer = client.post("/logout/")
        assert (answer.status_code, answer.url) == (302, "/signed-out/")


class TestWithoutPasswords:
    @pytest.fixture(autouse=True)
    def _off(self, by_header, without_passwords):
        pass

    @pytest.mark.parametrize("path", ["/login/", "/login/?password", "/admin/login/"])
    def test_none_is_looked_at(self, path):
        UserFactory(username="root", is_staff=True)
        page = BehindProxy().post(path, {"username": "root", "password": "secret"})
        assert page.status_code == 403
        assert says("Passwords are not used here") in page.content.decode()
        assert not Session.objects.exists()

    @pytest.mark.parametrize("path", ["/login/", "/login/?password"])
    def test_who_comes_past_the_proxy_is_told_so_and_led_nowhere(self, path):
        page = BehindProxy("anna", address="127.0.0.2").get(path)
        assert page.status_code == 403
        assert not page.soup.select("meta[http-equiv=refresh], #id_password")

    def test_a_session_of_a_password_has_ended(self):
        person = UserFactory(username="root")
        client = BehindProxy()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/password/").status_code == 302

    def test_ones_own_is_changed_elsewhere(self):
        client = sign_in("anna")
        page = client.get("/password/")
        elsewhere = (
            "You sign in with the company's account: its password is changed there, not here."
        )
        assert says(elsewhere) in text(page)
        assert not page.soup.select("main input[type=password]")
        assert page.soup.select_one("form[action='/logout/everywhere/']")
        assert client.post("/password/", {"new_password1": "x"}).status_code == 403

    def test_the_admin_opens_for_staff_and_says_so_to_others(self):
        client = BehindProxy("anna")
        answer = client.get("/admin/auth/user/", follow=True)
        assert answer.status_code == 403
        assert says("Administrators only") in answer.content.decode()
        User.objects.update(is_staff=True, is_superuser=True)
        assert client.get("/admin/auth/user/").status_code == 200
        assert client.get("/admin/login/").url == "/login/?next=%2Fadmin%2F"


def test_health_needs_no_header(by_header, without_passwords):
    for path in ("/healthz", "/readyz"):
        assert BehindProxy().get(path).status_code == 200


def test_wrong_passwords_lock_as_ever_and_the_header_is_no_guess(by_header, settings):
    settings.LOGIN_ATTEMPTS_OF_ADDRESS = 3
    for n in range(5):
        sign_in(f"person{n}")
    for _ in range(3):
        page = BehindProxy().post("/login/", {"username": "root", "password": "wrong"})
    assert page.status_code == 429
    assert who(sign_in("anna")) == "anna"

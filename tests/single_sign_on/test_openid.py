"""Signing in at an OpenID provider, over HTTP: the way there and back, and what nobody is let in with."""

import hmac
import json
import logging
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache

from lists import single_sign_on
from lists.models import OpenIDSubject
from lists.single_sign_on import openid
from tests.client import in_english, signed_in, text
from tests.factories import UserFactory
from tests.words import says

from .conftest import who
from .provider import ANNA, CLIENT_SECRET, PUBLIC_PEM, STRANGE_KEY

pytestmark = pytest.mark.usefixtures("by_openid")

IN_THE_YEAR_3000 = 32_503_680_000
BEGIN = "/login/company/?next=/lookup/%3Fnumber%3D101"
CANCELLED, OUTDATED, SILENT, UNTRUSTED = (
    says("You are not signed in"),
    says("This sign-in is out of date"),
    says("The company's sign-in does not answer"),
    says("The company's sign-in cannot be trusted"),
)


def to_provider(client, begin=BEGIN):
    """The address at the provider to which the browser is led."""
    answer = client.get(begin)
    assert answer.status_code == 302
    return answer.url


def back(address):
    """What the provider makes of it: the path of ours with code and state."""
    url = urlsplit(requests.get(address, allow_redirects=False, timeout=5).headers["Location"])
    return f"{url.path}?{url.query}"


def come(client=None):
    """Go the whole way, and what is answered at its end."""
    client = client or signed_in()
    return client.get(back(to_provider(client)))


def come_in():
    client = signed_in()
    assert come(client).status_code == 302
    return client


def refused(answer, words, status):
    assert words in text(answer)
    assert answer.status_code == status
    assert not User.objects.filter(username="anna").exists()
    assert "_auth_user_id" not in answer.client.session
    again = answer.soup.select_one("main a.button.primary")["href"]
    assert again.startswith("/login/company/?next=")
    return True


class TestTheWay:
    def test_leads_back_to_the_link_that_was_opened(self, provider):
        client = signed_in()
        login = client.get("/lookup/?number=101").url
        page = client.get(login)
        button = page.soup.select_one("main a.button.primary")
        assert button.text.strip() == says("Sign in with the company's account")
        assert page.soup.select_one("#id_password")
        answer = client.get(back(to_provider(client, button["href"])))
        assert (answer.status_code, answer.url) == (302, "/lookup/?number=101")
        assert who(client) == "anna"
        anna = User.objects.get()
        assert [group.name for group in anna.groups.all()] == ["Managers"]
        assert not anna.has_usable_password()

    def test_asks_with_state_nonce_and_pkce_and_tells_no_secret(self, provider):
        client = signed_in()
        asked = {k: v[0] for k, v in parse_qs(urlsplit(to_provider(client)).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["redirect_uri"] == "http://testserver/login/company/callback/"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32
        assert CLIENT_SECRET not in asked.values()

    @pytest.mark.parametrize(
        "next_", ["https://evil.example/", "//evil.example", "/no/such/page", ""]
    )
    def test_leads_to_no_other_site_afterwards(self, next_):
        client = signed_in()
        answer = client.get(back(to_provider(client, f"/login/company/?next={next_}")))
        assert answer.url == "/overview/"

    def test_of_two_tabs_leads_each_to_its_own_page(self):
        client = signed_in()
        one = back(to_provider(client))
        other = back(to_provider(client, "/login/company/?next=/journal/"))
        assert client.get(one).url == "/lookup/?number=101"
        assert client.get(other).url == "/journal/"

    def test_keeps_what_was_typed_when_the_session_had_ended(self, manager, black):
        manager.set_unusable_password()
        manager.save()
        client = signed_in(manager)
        Session.objects.all().delete()
        path = f"/lists/{black}/contacts/new/"
        login = client.post(path, {"name": "Анна", "phones": "102"}).url
        begin = client.get(login).soup.select_one("main a.button.primary")["href"]
        assert client.get(back(to_provider(client, begin))).url == path

    def test_begins_a_session_with_our_limits_and_another_key(self, settings):
        settings.SESSION_IDLE_MINUTES = 5
        client = signed_in()
        address = back(to_provider(client))
        before = client.session.session_key
        assert 1700 < client.session.get_expiry_age() <= 1800
        client.get(address)
        assert client.session.session_key != before
        assert 290 < client.session.get_expiry_age() <= 300

    @pytest.mark.parametrize("ways", [["client_secret_basic"], None])
    def test_works_with_a_provider_that_takes_the_secret_in_a_header_only(self, provider, ways):
        provider.document = {"token_endpoint_auth_methods_supported": ways}
        come_in()
        sent = dict(provider.calls)["/token"]
        assert "client_secret" not in sent

    def test_reads_the_providers_document_once(self, provider):
        come_in()
        come_in()
        assert [path for path, _ in provider.calls].count("/.well-known/openid-configuration") == 1

    def test_forgives_a_slash_too_many_in_the_setting(self, provider, settings):
        settings.OIDC_ISSUER = provider.url + "/"
        come_in()


class TestWhoComes:
    def test_has_the_role_of_today(self, provider):
        come_in()
        provider.person = ANNA | {"groups": ["desk"]}
        come_in()
        assert [group.name for group in User.objects.get().groups.all()] == ["Support"]

    @pytest.mark.parametrize(
        "groups", [[], None, "staff", {"plusofon-managers": 1}, [["admins"]], 7]
    )
    def test_with_no_role_is_not_made_and_not_sent_round_again(self, provider, groups):
        provider.person = ANNA | {"groups": groups}
        page = come()
        assert refused(page, says("Your account has no access here"), 403)
        assert not page.soup.select("meta[http-equiv=refresh]")

    def test_loses_the_role_and_stays_out_once_in_no_group(self, provider):
        come_in()
        provider.person = ANNA | {"groups": ["staff"]}
        assert come().status_code == 403
        assert not User.objects.get().groups.exists()

    def test_is_known_again_under_a_new_name(self, provider):
        come_in()
        provider.person = ANNA | {"preferred_username": "anna.kim"}
        assert who(come_in()) == "anna"

    def test_is_somebody_else_under_a_name_that_was_given_on(self, provider):
        come_in()
        provider.person = ANNA | {"sub": "other"}
        page = come()
        assert page.status_code == 403
        assert says("This name belongs to somebody else here") in text(page)

    def test_takes_a_name_over_from_another_provider_that_was_configured_before(self, provider):
        come_in()
        OpenIDSubject.objects.update(issuer="https://old.example")
        provider.person = ANNA | {"sub": "new"}
        assert who(come_in()) == "anna"
        assert OpenIDSubject.objects.get().subject == "new"

    def test_takes_up_what_somebody_without_a_password_has_here(self):
        anna = UserFactory(username="Anna")
        anna.set_unusable_password()
        anna.save()
        assert who(come_in()) == "Anna"
        assert OpenIDSubject.objects.get().user == anna

    def test_is_not_taken_for_the_owner_of_a_password(self):
        UserFactory(username="Anna", is_superuser=True, is_staff=True)
        page = come()
        assert page.status_code == 403
        assert says("This name has a password here") in text(page)

    def test_keeps_their_password_out_of_it_once_they_have_one(self):
        come_in()
        anna = User.objects.get()
        anna.set_password("secret")
        anna.save()
        assert says("This name has a password here") in text(come())

    @pytest.mark.parametrize("name", [None, 7, "", "an na", "anna\n", ["anna"]])
    def test_without_a_usable_name_is_not_let_in(self, provider, name):
        provider.person = ANNA | {"preferred_username": name}
        assert refused(come(), says("Your name did not arrive"), 403)

    def test_may_be_called_by_the_mail_address_if_that_is_theirs(self, provider, settings):
        settings.OIDC_USERNAME_CLAIM = "email"
        provider.person = ANNA | {"email": "anna@example.ru", "email_verified": False}
        assert come().status_code == 403
        provider.person = ANNA | {"email": "anna@example.ru", "email_verified": True}
        assert who(come_in()) == "anna@example.ru"

    def test_deactivated_stays_out(self):
        come_in()
        User.objects.update(is_active=False)
        page = come()
        assert page.status_code == 403
        assert says("Your account is switched off here") in text(page)

    def test_ends_the_session_of_whoever_was_here(self, provider):
        client = come_in()
        session = client.session
        session["of"] = "anna"
        session.save()
        provider.person = ANNA | {"sub": "b", "preferred_username": "boris"}
        come(client)
        assert who(client) == "boris"
        assert "of" not in client.session

    def test_is_no_guess_of_a_password(self, settings):
        settings.LOGIN_ATTEMPTS_OF_ADDRESS = 2
        for _ in range(4):
            come_in()


def unsigned(claims):
    return jwt.encode(claims, None, "none", headers={"kid": "1"})


def by_a_stranger(claims):
    return jwt.encode(claims, STRANGE_KEY, "RS256", headers={"kid": "1"})


def by_the_public_key(claims):
    """HS256 with what everybody has: a library that believes the header takes it for the secret."""

    def part(value):
        return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part({"alg": "HS256", "typ": "JWT", "kid": "1"}) + b"." + part(claims)
    digest = hmac.digest(PUBLIC_PEM, signed, "sha256")
    return (signed + b"." + urlsafe_b64encode(digest).rstrip(b"=")).decode()


def by_the_secret(claims):
    return jwt.encode(claims, CLIENT_SECRET * 3, "HS256", headers={"kid": "1"})


def with_another_key(claims):
    return jwt.encode(claims, STRANGE_KEY, "RS256", headers={"kid": "2"})


def without_key_id(claims):
    return jwt.encode(claims, STRANGE_KEY, "RS256")


class TestATokenIsRefused:
    @pytest.mark.parametrize(
        "claims",
        [
            *({"nonce": "another"}, {"nonce": None}, {"aud": "another-client"}, {"aud": None}),
            *({"iss": "https://evil.example"}, {"iss": None}, {"sub": None}, {"sub": 7}),
            *({"exp": 1}, {"exp": None}, {"iat": None}, {"nbf": IN_THE_YEAR_3000}),
            *({"iat": IN_THE_YEAR_3000}, {"azp": "another-client"}),
            {"aud": ["plusofon-admin", "another-client"]},
            {"aud": []},
        ],
        ids=str,
    )
    def test_that_is_not_for_us_or_not_for_now(self, provider, claims, caplog):
        provider.claims = claims
        assert refused(come(), UNTRUSTED, 502)
        assert "the OpenID provider's answer is not believed: " in caplog.text

    @pytest.mark.parametrize(
        "sign",
        [
            *(unsigned, by_a_stranger, by_the_public_key, by_the_secret, with_another_key),
            *(without_key_id, lambda _: "a.b.c", lambda _: "", lambda _: None, lambda _: ["x"]),
        ],
    )
    def test_that_is_not_signed_by_the_provider(self, provider, sign):
        provider.sign = sign
        assert refused(come(), UNTRUSTED, 502)

    def test_that_ended_a_moment_ago_is_not_for_clocks_differ(self, provider):
        provider.claims = {"exp": int(time.time()) - 5, "iat": int(time.time()) + 5}
        come_in()

    @pytest.mark.parametrize("info", [{"sub": "other"}, {"sub": None}])
    def test_whose_userinfo_is_about_somebody_else(self, provider, info):
        provider.info = info
        assert refused(come(), UNTRUSTED, 502)

    def test_whose_userinfo_would_name_another_issuer(self, provider):
        provider.info = {"iss": "https://evil.example", "aud": "x"}
        come_in()
        assert OpenIDSubject.objects.get().issuer == provider.url


class TestTheAnswer:
    def test_with_another_state_is_refused(self):
        client = signed_in()
        address = back(to_provider(client))
        state = parse_qs(urlsplit(address).query)["state"][0]
        assert refused(client.get(address.replace(state, "x" * 32)), OUTDATED, 400)

    @pytest.mark.parametrize("query", ["", "?code=x", "?state=x", "?code=x&state=y", "?error=x"])
    def test_that_nobody_asked_for_is_refused(self, query, provider):
        assert refused(signed_in().get(f"/login/company/callback/{query}"), OUTDATED, 400)
        assert not provider.calls

    def test_of_another_browser_is_refused(self, provider):
        address = back(to_provider(signed_in()))
        assert refused(signed_in().get(address), OUTDATED, 400)

    def test_without_a_code_is_refused(self):
        client = signed_in()
        state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
        assert refused(client.get(f"/login/company/callback/?state={state}"), OUTDATED, 400)

    def test_is_good_once(self):
        client = signed_in()
        address = back(to_provider(client))
        assert client.get(address).status_code == 302
        assert client.get(address).status_code == 400

    def test_whose_code_was_used_elsewhere_is_refused(self, provider):
        client = signed_in()
        address = back(to_provider(client))
        provider.codes.clear()
        assert refused(client.get(address), OUTDATED, 400)

    def test_whose_code_belongs_to_another_sign_in_is_refused(self, provider):
        """Injected into this browser: the verifier of PKCE is not its own."""
        mine, theirs = signed_in(), signed_in()
        address, stolen = back(to_provider(mine)), back(to_provider(theirs))
        code = parse_qs(urlsplit(address).query)["code"][0]
        address = address.replace(code, parse_qs(urlsplit(stolen).query)["code"][0])
        assert refused(mine.get(address), OUTDATED, 400)

    def test_too_long_after_it_was_begun_is_refused(self, monkeypatch):
        client = signed_in()
        address = back(to_provider(client))
        monkeypatch.setattr(openid, "BEGUN_FOR", -1)
        assert refused(client.get(address), OUTDATED, 400)

    def test_of_another_provider_is_refused(self, provider):
        client = signed_in()
        address = back(to_provider(client)) + "&iss=https://evil.example"
        assert refused(client.get(address), UNTRUSTED, 502)

    @pytest.mark.parametrize(
        ("error", "words", "status"),
        [
            ("access_denied", CANCELLED, 403),
            ("<script>", CANCELLED, 403),
            ("temporarily_unavailable", SILENT, 503),
        ],
    )
    def test_that_says_no_is_a_page_in_words(self, error, words, status, caplog):
        client = signed_in()
        state = parse_qs(urlsplit(to_provider(client)).query)["state"][0]
        answer = client.get("/login/company/callback/", {"error": error, "state": state})
        assert refused(answer, words, status)
        assert "<script>" not in caplog.text
        assert answer.soup.select_one("main a.primary")["href"].endswith(
            "%2Flookup%2F%3Fnumber%3D101"
        )

    def test_is_said_in_english_too(self):
        page = in_english().get("/login/company/callback/")
        assert page.soup.h1.text == "This sign-in is out of date"

    def test_leaves_no_code_on_the_page_that_refuses_it(self, provider):
        provider.claims = {"aud": "another"}
        client = signed_in()
        address = back(to_provider(client))
        page = client.get(address).content.decode()
        assert parse_qs(urlsplit(address).query)["code"][0] not in page


class TestAProviderInTrouble:
    @pytest.mark.parametrize(
        "path", ["/.well-known/openid-configuration", "/token", "/jwks", "/userinfo"]
    )
    @pytest.mark.parametrize(
        ("fault", "words"),
        [
            ((500, "secret-body"), SILENT),
            ((403, "secret-body"), None),
            ((200, "<html>secret-body"), UNTRUSTED),
            ((200, []), UNTRUSTED),
            ((200, {}), UNTRUSTED),
        ],
        ids=str,
    )
    def test_is_told_in_words_and_not_in_the_log(self, provider, path, fault, words, caplog):
        caplog.set_level(logging.DEBUG)
        provider.faults[path] = fault
        client = signed_in()
        answer = client.get(BEGIN)
        if answer.status_code == 302:
            answer = client.get(back(answer.url))
        assert answer.status_code in (502, 503)
        assert refused(answer, words or says("Try again"), answer.status_code)
        for secret in ("secret-body", CLIENT_SECRET, "access_token", "eyJ"):
            assert secret not in caplog.text

    def test_that_is_down_is_told_in_words(self, settings):
        settings.OIDC_ISSUER = "http://127.0.0.1:9"
        assert refused(signed_in().get(BEGIN), SILENT, 503)

    def test_that_goes_down_in_between_is_told_in_words(self, provider):
        provider.document = {"token_endpoint": "http://127.0.0.1:9/token"}
        assert refused(come(), SILENT, 503)

    @pytest.mark.parametrize(
        "document",
        [
            *(
                {"issuer": "https://evil.example"},
                {"token_endpoint": "ftp://x"},
                {"jwks_uri": None},
            ),
            {"end_session_endpoint": "javascript:alert(1)"},
        ],
        ids=str,
    )
    def test_whose_document_is_not_its_own_is_not_asked(self, provider, document):
        provider.document = document
        assert refused(signed_in().get(BEGIN), UNTRUSTED, 502)

    def test_refuses_us_and_says_which_error_it_was(self, provider, settings, caplog):
        settings.OIDC_RP_CLIENT_SECRET = "wrong"
        assert refused(come(), UNTRUSTED, 502)
        assert "the OpenID provider answered 401" in caplog.text


def test_no_token_and_no_code_is_logged_where_all_goes_well(caplog, provider):
    caplog.set_level(logging.DEBUG)
    client = signed_in()
    address = back(to_provider(client))
    client.get(address)
    client.post("/logout/")
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith("urllib3")]
    for secret in (parse_qs(urlsplit(address).query)["code"][0], "eyJ", CLIENT_SECRET):
        assert secret not in " ".join(ours)


class TestSigningOut:
    def test_ends_the_providers_session_too(self, provider):
        client = come_in()
        page = client.post("/logout/")
        url = urlsplit(page.soup.select_one("main a.button")["href"])
        assert f"{url.scheme}://{url.netloc}{url.path}" == f"{provider.url}/logout"
        sent = {name: values[0] for name, values in parse_qs(url.query).items()}
        claims = jwt.decode(sent["id_token_hint"], options={"verify_signature": False})
        assert claims["sub"] == ANNA["sub"]
        assert sent["post_logout_redirect_uri"] == "http://testserver/signed-out/"
        assert single_sign_on.ID_TOKEN not in client.session
        assert client.get("/password/").status_code == 302

    @pytest.mark.parametrize("trouble", ["down", "no such place"])
    def test_ends_ours_whatever_the_provider_does(self, provider, trouble, settings):
        client = come_in()
        cache.clear()
        if trouble == "down":
            provider.faults["/.well-known/openid-configuration"] = (500, "")
        else:
            provider.document = {"end_session_endpoint": None}
        page = client.post("/logout/", follow=True)
        assert page.redirect_chain == [("/signed-out/", 302)]
        still = "You are still signed in with the company's account: end that where you began it."
        assert says(still) in text(page)
        assert client.get("/password/").status_code == 302


class TestWithoutPasswords:
    @pytest.fixture(autouse=True)
    def _off(self, by_openid, without_passwords):
        pass

    def test_the_login_leads_straight_to_the_provider(self):
        client = signed_in()
        page = client.get("/login/?next=/lookup/%3Fnumber%3D101")
        refresh = page.soup.select_one("meta[http-equiv=refresh]")["content"]
        assert refresh == "0; url=/login/company/?next=%2Flookup%2F%3Fnumber%3D101"
        assert not page.soup.select("#id_password")
        assert (
            client.get(back(to_provider(client, refresh.removeprefix("0; url=")))).status_code
            == 302
        )
        assert who(client) == "anna"

    def test_and_not_after_signing_out_or_a_refusal(self, provider):
        client = come_in()
        client.post("/logout/")
        page = client.get("/signed-out/")
        assert not page.soup.select("meta[http-equiv=refresh]")
        provider.claims = {"nonce": "x"}
        assert not come(client).soup.select("meta[http-equiv=refresh]")

    def test_no_password_is_looked_at(self):
        UserFactory(username="root")
        page = signed_in().post("/login/", {"username": "root", "password": "secret"})
        assert page.status_code == 403

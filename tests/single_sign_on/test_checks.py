"""Settings of the single sign-on that contradict one another stop the start, with a sentence."""

import sys
from subprocess import run

import pytest
from django.core.checks import run_checks

from tests.test_setup import ROOT, in_production, manage

HEADER = {
    "SSO_HEADER": "X-Remote-User",
    "SSO_GROUPS_HEADER": "X-Remote-Groups",
    "SSO_PROXIES": ["10.0.0.7", "fd00::/8"],
    "SSO_LOGOUT_URL": "https://id.example.ru/logout",
    "SSO_MANAGERS": ["managers"],
}
OPENID = {
    "OIDC_ISSUER": "https://id.example.ru/realms/company",
    "OIDC_RP_CLIENT_ID": "plusofon-admin",
    "OIDC_RP_CLIENT_SECRET": "secret",
    "SSO_SUPPORT": ["desk"],
}


def faults(settings, values):
    for name, value in values.items():
        setattr(settings, name, value)
    return [(found.id, found.msg) for found in run_checks()]


@pytest.mark.parametrize(
    "values",
    [
        *(HEADER, OPENID, HEADER | {"LOCAL_LOGIN": False}, OPENID | {"LOCAL_LOGIN": False}),
        HEADER | {"SSO_GROUPS_HEADER": "", "SSO_SUPPORT": ["*"]},
        HEADER | {"SSO_LOGOUT_URL": "/oauth2/sign_out"},
        OPENID | {"OIDC_ISSUER": "http://127.0.0.1:8080"},
    ],
    ids=str,
)
def test_what_works_has_no_fault(settings, values):
    assert faults(settings, values) == []


@pytest.mark.parametrize(
    ("values", "fault", "words"),
    [
        (HEADER | OPENID, "lists.E020", "both set"),
        ({"LOCAL_LOGIN": False}, "lists.E021", "nobody gets in"),
        (HEADER | {"SSO_PROXIES": []}, "lists.E022", "SSO_PROXIES names no address"),
        (
            HEADER | {"SSO_PROXIES": ["proxy.local"]},
            "lists.E022",
            "“proxy.local”, which is neither",
        ),
        (
            HEADER | {"SSO_PROXIES": ["10.0.0.7/24"]},
            "lists.E022",
            "“10.0.0.7/24”, which is neither",
        ),
        (HEADER | {"SSO_PROXIES": ["0.0.0.0/0"]}, "lists.E022", "the whole world"),
        (HEADER | {"SSO_PROXIES": ["::/0"]}, "lists.E022", "the whole world"),
        (HEADER | {"SSO_HEADER": "X_Remote_User"}, "lists.E022", "letters, digits and dashes"),
        (
            HEADER | {"SSO_GROUPS_HEADER": "X-Groups:"},
            "lists.E022",
            "SSO_GROUPS_HEADER is “X-Groups:”",
        ),
        ({"SSO_PROXIES": ["10.0.0.7"]}, "lists.E022", "but SSO_HEADER is not"),
        (HEADER | {"SSO_MANAGERS": []}, "lists.E024", "nobody would be let in"),
        (OPENID | {"SSO_SUPPORT": []}, "lists.E024", "nobody would be let in"),
        (HEADER | {"SSO_GROUPS_HEADER": ""}, "lists.E024", "SSO_GROUPS_HEADER is not set"),
        (HEADER | {"SSO_LOGOUT_URL": ""}, "lists.W020", "signed in again"),
        (HEADER | {"SSO_LOGOUT_URL": "javascript:x"}, "lists.E025", "SSO_LOGOUT_URL is neither"),
        (OPENID | {"OIDC_RP_CLIENT_ID": ""}, "lists.E023", "OIDC_CLIENT_ID is not set"),
        (OPENID | {"OIDC_RP_CLIENT_SECRET": ""}, "lists.E023", "OIDC_CLIENT_SECRET is not set"),
        (OPENID | {"OIDC_RP_SCOPES": "email"}, "lists.E023", "no “openid”"),
        ({"OIDC_RP_CLIENT_ID": "x"}, "lists.E023", "but OIDC_ISSUER is not"),
        *(
            (OPENID | {"OIDC_ISSUER": issuer}, "lists.E023", "OIDC_ISSUER has to be https://")
            for issuer in (
                *(
                    "http://id.example.ru",
                    "id.example.ru",
                    "https://",
                    "https://id.example.ru/?a=1",
                ),
                *(
                    "https://me:pw@id.example.ru",
                    "https://id.example.ru/ x",
                    "https://[",
                    "ftp://::1",
                ),
            )
        ),
    ],
    ids=str,
)
def test_what_contradicts_itself_is_said(settings, values, fault, words):
    ((found, sentence),) = faults(settings, values)
    assert found == fault
    assert words in sentence
    assert "secret" not in sentence


def test_a_package_that_is_missing_is_said(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "mozilla_django_oidc", None)  # as if it were not installed
    ((_, sentence),) = faults(settings, OPENID)
    assert "pip install --require-hashes -r requirements-oidc.txt" in sentence


IN_THE_ENVIRONMENT = {
    "OIDC_ISSUER": OPENID["OIDC_ISSUER"],
    "OIDC_CLIENT_ID": "plusofon-admin",
    "OIDC_CLIENT_SECRET": "provider-secret",
    "SSO_SUPPORT": "desk",
}


class TestTheStart:
    def test_needs_no_provider(self):
        checked = manage("check", **IN_THE_ENVIRONMENT)
        assert checked.returncode == 0, checked.stderr

    @pytest.mark.parametrize("is_set", [True, False])
    def test_without_the_package_ends_with_a_sentence_only_where_a_provider_is_set(self, is_set):
        """The package hidden from imports, as on a server that has installed requirements.txt alone."""
        hidden = (
            "import sys; sys.modules['mozilla_django_oidc'] = None;"
            "import plusofon_admin.wsgi;"
            "from django.urls import resolve; resolve('/login/company/')"
        )
        started = run(
            [sys.executable, "-W", "ignore", "-c", hidden],
            cwd=ROOT,
            env=in_production(**(IN_THE_ENVIRONMENT if is_set else {})),
            capture_output=True,
            text=True,
            check=False,
        )
        assert started.returncode == int(is_set), started.stderr
        assert ("mozilla-django-oidc is not installed: pip install" in started.stderr) == is_set
        assert "provider-secret" not in started.stderr

    def test_opens_sessions_by_the_configured_ways_alone(self):
        code = "from django.conf import settings as s; print(*s.AUTHENTICATION_BACKENDS)"
        asked = manage(
            "shell", "-v0", f"--command={code}", **IN_THE_ENVIRONMENT, LOCAL_LOGIN="False"
        )
        assert asked.stdout.split() == [
            "axes.backends.AxesStandaloneBackend",
            "lists.single_sign_on.backends.OpenID",
        ]

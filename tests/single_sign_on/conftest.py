"""The dashboard with a single sign-on, of either kind."""

import pytest
from django.core.cache import cache

from lists import single_sign_on
from lists.single_sign_on import header
from tests.client import LintingClient

from .provider import CLIENT_ID, CLIENT_SECRET, providing

LOCAL = "django.contrib.auth.backends.ModelBackend"
AXES = "axes.backends.AxesStandaloneBackend"


@pytest.fixture
def roles(settings):
    """Which of the company's groups are what here."""
    settings.SSO_MANAGERS = ["plusofon-managers", "admins"]
    settings.SSO_SUPPORT = ["desk"]


@pytest.fixture
def by_header(settings, roles, db, sandbox):
    """Signing in by the proxy's header; its settings, to be changed."""
    settings.SSO_HEADER, settings.SSO_GROUPS_HEADER = "X-Remote-User", "X-Remote-Groups"
    settings.SSO_PROXIES = ["127.0.0.1", "10.1.0.0/24"]
    settings.SSO_LOGOUT_URL = "/oauth2/sign_out"
    settings.AUTHENTICATION_BACKENDS = [AXES, LOCAL, single_sign_on.HEADER]
    header.warn_of.cache_clear()
    return settings


@pytest.fixture
def provider():
    with providing() as provider:
        yield provider


@pytest.fixture
def by_openid(settings, roles, db, sandbox, provider):
    """Signing in at the provider; its settings, to be changed."""
    settings.OIDC_ISSUER = provider.url
    settings.OIDC_RP_CLIENT_ID, settings.OIDC_RP_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    settings.AUTHENTICATION_BACKENDS = [AXES, LOCAL, single_sign_on.OPENID]
    cache.clear()
    return settings


@pytest.fixture
def without_passwords(settings):
    settings.LOCAL_LOGIN = False
    settings.AUTHENTICATION_BACKENDS = [
        backend for backend in settings.AUTHENTICATION_BACKENDS if backend != LOCAL
    ]


class BehindProxy(LintingClient):
    """A browser whose requests the proxy sends on, with what it knows of the person; None: no such header."""

    def __init__(self, name=None, groups="plusofon-managers", *, address="127.0.0.1", **options):
        super().__init__(**options)
        self.name, self.groups, self.address = name, groups, address

    def request(self, **request):
        told = {
            "HTTP_X_REMOTE_USER": as_wsgi(self.name),
            "HTTP_X_REMOTE_GROUPS": as_wsgi(self.groups),
        }
        told = {key: value for key, value in told.items() if value is not None}
        return super().request(**{"REMOTE_ADDR": self.address} | told | request)


def as_wsgi(text):
    """As the server hands on what was sent in UTF-8."""
    return text if text is None else text.encode().decode("latin-1")


def who(client):
    """The name that the page shows, "" for nobody."""
    name = client.get("/password/").soup
    shown = name and name.select_one("header .person summary bdi")
    return shown.text if shown else ""

"""Our side: in this process, where its processor time can be told; or served as in production."""

import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client

from tests.factories import CredentialFactory, UserFactory
from tests.serving import environment, prepare, served
from tests.signed_in import browser, sessions_of

from .stand_in import ACCOUNT, TOKEN

MANAGER = TOKEN.removesuffix("-token")  # as `sessions_of` pairs them


def in_process(url, *, group="Managers", **person):
    """A person of the dashboard in this process, and their browser."""
    settings.PLUSOFON_API_URL = url
    user = UserFactory(group=group, **person)
    CredentialFactory(user=user, token=TOKEN, account=str(ACCOUNT))
    client = Client()
    client.force_login(user)
    return user, client


def asking(client, path, **options):
    """Ask for a page, which must be there."""

    def ask():
        assert client.get(path, **options).status_code == 200, path

    return ask


@contextmanager
def browsers(url, names=(MANAGER,), *options, **client_options):
    """A browser for each of these people, of `manage.py serve` with these options."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        env = environment(folder, url, PLUSOFON_TIMEOUT="15", PLUSOFON_WRITE_TIMEOUT="30")
        prepare(env)
        sessions = sessions_of(names, env)
        with served(folder, env, *options) as running:
            clients = [
                browser(running.url, session, timeout=60, **client_options)
                for session in sessions.values()
            ]
            yield clients
            for client in clients:
                client.close()

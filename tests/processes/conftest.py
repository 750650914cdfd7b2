"""Real processes over a real database: four workers, on SQLite and on PostgreSQL.

TEST_POSTGRES_URL names a server on which databases may be made (`.ci/run` starts one).
"""

import json
import os
import random
import secrets
import time
from contextlib import contextmanager

import psycopg
import pytest

from lists.sandbox import Sandbox, serve
from tests.people import OWNER
from tests.serving import environment, manage, prepare, serving
from tests.signed_in import browser, sessions_of

ACCOUNT = 4821
WORKERS = 4
PEOPLE = ["anna", "boris", "vera", "gleb"]
JOURNAL = """
import json
from lists.models import JournalEntry
fields = ("username", "action", "outcome", "list_id", "change", "cause")
print(json.dumps(list(JournalEntry.objects.order_by("id").values(*fields))))
"""


def assert_arrives_in_pieces(client, gate):
    """A hit in the first of the lists is shown before the last, which waits for the gate, is read."""
    with client.stream("GET", "/lookup/?number=79998887766") as answer:
        received = ""
        for piece in answer.iter_text():
            received += piece
            if "Иван" in received and not gate.is_set():
                assert "</html>" not in received
                gate.set()
        assert gate.is_set(), "it was collected until the last list was read"
        assert "</html>" in received


class Stage:
    """A dashboard of several processes, its sandbox, and people who are signed in."""

    def __init__(self, url, sandbox, sessions, env):
        self.url, self.sandbox, self.sessions, self.env = url, sandbox, sessions, env

    def client(self, name):
        """A browser of that person."""
        return browser(self.url, self.sessions[name], timeout=60)

    def journal(self):
        return json.loads(manage(self.env, "shell", "-v0", "-c", JOURNAL))

    def contacts(self, list_id):
        """The list's contacts, as the API has them."""
        return self.sandbox.lists(ACCOUNT)[list_id]["contacts"]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def database(request, tmp_path_factory):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'db.sqlite3'}"
        return
    with postgres() as url:
        yield url


@contextmanager
def postgres():
    """The address of an empty database of PostgreSQL."""
    server = os.environ.get("TEST_POSTGRES_URL")
    if not server:
        pytest.skip("no PostgreSQL: TEST_POSTGRES_URL names none")
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.rsplit("/", 1)[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def stage(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stage")
    sandbox = Sandbox()
    for name in PEOPLE:
        sandbox.add_account(token=f"{name}-token", owner=OWNER)
    with serve(sandbox) as server:
        patient = {"PLUSOFON_TIMEOUT": "10", "PLUSOFON_WRITE_TIMEOUT": "10"}
        env = environment(folder, server.url, DATABASE_URL=database, **patient)
        prepare(env)
        sessions = sessions_of(PEOPLE, env)
        for method in ("GET", "PUT"):
            sandbox.before(method, "contact-lists", dawdle, times=None)
        with serving(folder, env, workers=WORKERS) as url:
            yield Stage(url, sandbox, sessions, env)


def dawdle():
    """As a real API does: now fast, now slow."""
    time.sleep(random.uniform(0.02, 0.1))

"""Real processes over a real database: gunicorn with four workers, on SQLite and on PostgreSQL.

TEST_POSTGRES_URL names a server on which databases may be made (`.ci/run` starts one).
"""

import json
import os
import random
import secrets
import time

import httpx
import psycopg
import pytest

from lists.plusofon.sandbox import Sandbox, serve
from tests.serving import environment, manage, serving

ACCOUNT = 4821
WORKERS = 4
PEOPLE = ["anna", "boris", "vera", "gleb"]
# A session for each, so that sixty people need not have their passwords checked first.
PREPARE = f"""
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from lists.services import credentials
sessions = {{}}
for name in {PEOPLE}:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name="Managers"))
    credentials.connect(by=user, token=f"{{name}}-token", client_id="10553")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    sessions[name] = session.session_key
print(json.dumps(sessions))
"""
JOURNAL = """
import json
from lists.models import JournalEntry
fields = ("username", "action", "outcome", "list_id", "change", "cause")
print(json.dumps(list(JournalEntry.objects.order_by("id").values(*fields))))
"""


class Stage:
    """A dashboard of several processes, its sandbox, and people who are signed in."""

    def __init__(self, url, sandbox, sessions, env):
        self.url, self.sandbox, self.sessions, self.env = url, sandbox, sessions, env

    def client(self, name):
        """A browser of that person."""
        token = secrets.token_hex(16)
        return httpx.Client(
            base_url=self.url,
            cookies={"sessionid": self.sessions[name], "csrftoken": token},
            headers={"X-CSRFToken": token},
            timeout=60,
            trust_env=False,
        )

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
    owner = {
        "id": ACCOUNT,
        "email": "orlova@example.ru",
        "first_name": "Анна",
        "last_name": "Орлова",
    }
    for name in PEOPLE:
        sandbox.add_account(token=f"{name}-token", owner=owner)
    with serve(sandbox) as server:
        patient = {"PLUSOFON_TIMEOUT": "10", "PLUSOFON_WRITE_TIMEOUT": "10"}
        env = environment(folder, server.url, DATABASE_URL=database, **patient)
        manage(env, "migrate", "-v0")
        manage(env, "collectstatic", "-v0")
        sessions = json.loads(manage(env, "shell", "-v0", "-c", PREPARE))
        for method in ("GET", "PUT"):
            sandbox.before(method, "contact-lists", dawdle, times=None)
        with serving(folder, env, workers=WORKERS) as url:
            yield Stage(url, sandbox, sessions, env)


def dawdle():
    """As a real API does: now fast, now slow."""
    time.sleep(random.uniform(0.02, 0.1))

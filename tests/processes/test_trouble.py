"""A database that really is locked, full, read-only or gone, under a server as in production."""

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from bs4 import BeautifulSoup

from lists.sandbox import Sandbox, serve
from tests.serving import environment, prepare, serving
from tests.signed_in import sessions_of

from .conftest import ACCOUNT, PEOPLE, Stage
from .test_dropped import DROP

NOT_WORKING = "Our own database is not working right now"
MANY = "\n".join(
    f"7999{n:07}" for n in range(400)
)  # more than there is room for without a new page
CONTACT = {"name": "Анна", "phones": MANY}


@pytest.fixture(scope="module")
def prepared(database, tmp_path_factory):
    """A dashboard that is set up but not served yet."""
    folder = tmp_path_factory.mktemp("trouble")
    sandbox = Sandbox()
    for name in ("anna", "boris", "vera", "gleb"):
        sandbox.add_account(token=f"{name}-token", owner={"id": ACCOUNT, "email": "a@example.ru"})
    with serve(sandbox) as server:
        env = environment(folder, server.url, DATABASE_URL=database)
        prepare(env)
        yield (
            folder,
            Stage("", sandbox, sessions_of(PEOPLE, env), env),
        )


@contextmanager
def served(prepared, options=""):
    """… and served, with these options of the database's address: the stage, a list, and a browser."""
    folder, stage = prepared
    env = {**stage.env, "DATABASE_URL": stage.env["DATABASE_URL"] + options}
    list_id = stage.sandbox.add_list(ACCOUNT, name="Список")
    with serving(folder, env) as url:
        stage.url = url
        with stage.client("anna") as client:
            client.headers["Accept-Language"] = "en"
            yield stage, list_id, client


def assert_said_and_kept(stage, list_id, client, *, ready=False):
    """The page of a save that could not even begin; returns what its form would send."""
    page = client.post(f"/lists/{list_id}/contacts/new/", data=CONTACT)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "5"
    soup = BeautifulSoup(page.text, "html.parser")
    assert soup.h1.text == NOT_WORKING
    assert "Nothing was sent to Plusofon." in soup.main.text
    again = {field["name"]: field["value"] for field in soup.select("main form input[name]")}
    assert again.items() >= CONTACT.items()
    assert stage.contacts(list_id) == []
    assert (client.get("/readyz").status_code == 200) == ready
    return again


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
class TestSqlite:
    def test_that_is_locked_is_told_and_then_saved(self, prepared):
        with served(prepared, "?timeout=1") as (stage, list_id, client):
            path = stage.env["DATABASE_URL"].removeprefix("sqlite:///")
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            assert client.get("/lists/").status_code == 200  # pages are read all the same
            again = assert_said_and_kept(stage, list_id, client)
            other.execute("ROLLBACK")
            other.close()
            assert client.post(f"/lists/{list_id}/contacts/new/", data=again).status_code == 302
            assert stage.contacts(list_id)[0]["name"] == "Анна"

    def test_that_is_full_is_told(self, prepared):
        full = "?init_command=PRAGMA journal_mode=WAL; PRAGMA max_page_count=1"
        with served(prepared, full) as (stage, list_id, client):
            assert_said_and_kept(stage, list_id, client, ready=True)  # one small row has room

    def test_that_is_read_only_is_told(self, prepared):
        with served(prepared, "?init_command=PRAGMA query_only=1") as (stage, list_id, client):
            assert client.get("/healthz").status_code == 200
            assert_said_and_kept(stage, list_id, client)

    def test_that_was_deleted_is_told(self, prepared):
        """A connection that was open goes on without its file; every new one finds nothing."""
        with served(prepared) as (stage, list_id, client):
            Path(stage.env["DATABASE_URL"].removeprefix("sqlite:///")).unlink()

            def save(_):
                return client.post(f"/lists/{list_id}/contacts/new/", data=CONTACT)

            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(save, range(8)))
            assert {answer.status_code for answer in answers} <= {302, 503}
            assert any(NOT_WORKING in answer.text.replace("&#x27;", "'") for answer in answers)


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
class TestPostgres:
    @pytest.fixture
    def administer(self, prepared):
        """Changes the database from another one, and ends every connection to it."""

        def administer(command):
            _, stage = prepared
            url = stage.env["DATABASE_URL"]
            name = url.rsplit("/", 1)[1]
            with psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True) as connection:
                connection.execute(f"ALTER DATABASE {name} {command}")
                drop = DROP.replace("current_database()", f"'{name}'")
                connection.execute(drop)

        return administer

    @pytest.mark.parametrize(
        ("trouble", "mended"),
        [
            ("ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"),
            ("SET default_transaction_read_only = on", "RESET default_transaction_read_only"),
        ],
    )
    def test_that_is_gone_or_read_only_is_told_and_then_saved(
        self, prepared, administer, trouble, mended
    ):
        with served(prepared) as (stage, list_id, client):
            administer(trouble)
            again = assert_said_and_kept(stage, list_id, client)
            administer(mended)
            saved = client.post(f"/lists/{list_id}/contacts/new/", data=again)
            assert saved.status_code == 302
            assert len(stage.contacts(list_id)) == 1

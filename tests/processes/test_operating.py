"""What docs/operations.md tells to type is typed as it stands there, while a real server serves: every night's
work, a backup that is restored, a new key. On SQLite and on PostgreSQL."""

import json
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from lists.sandbox import Sandbox, serve
from tests.chapters import commands, cron_lines
from tests.people import OWNER
from tests.serving import ROOT, SQLITE, environment, manage, prepare, serving
from tests.signed_in import browser, sessions_of
from tests.words import saying_one_of

HELD = saying_one_of(
    "%(who)s has been saving this list since %(time)s",
    "It is in doubt whether the last change of this list was saved",
)
LATE_WRITE = 12  # seconds
REQUEST = """
from django.utils import timezone
from lists.models import BlockRequest
BlockRequest.objects.create(
    account="4821", username="boris", asked_at=timezone.now(), numbers="79991112233", reason="Ночью",
    form_token="1",
)
"""


class House:
    """A dashboard, its folders, and Anna, who is signed in."""

    def __init__(self, folder, env, session, list_id):
        self.folder, self.env, self.session, self.list_id = folder, env, session, list_id
        self.backups = folder / "backups"
        self.backups.mkdir(mode=0o700)
        self.saved = 0

    @contextmanager
    def opened(self):
        """Anna's browser, for as long as the dashboard is served."""
        with serving(self.folder, self.env) as url, browser(url, self.session, timeout=60) as anna:
            yield anna

    def save(self, anna):
        self.saved += 1
        answer = self.sent(anna)
        assert answer.status_code == 302, answer.text

    def save_once_the_list_is_free(self, anna):
        """A backup holds what was being saved at its moment; nobody knows of that yet what became of it."""
        self.saved += 1
        latest = time.monotonic() + LATE_WRITE + 5
        while (answer := self.sent(anna)).status_code == 503 and time.monotonic() < latest:
            assert HELD.search(answer.text)
            time.sleep(1)
        assert answer.status_code == 302, answer.text

    def sent(self, anna):
        new = {"name": f"Контакт {self.saved}", "phones": f"+7 999 000-{self.saved:02}-00"}
        return anna.post(f"/lists/{self.list_id}/contacts/new/", data=new)

    def typed(self, block, *, shell="sh", env=None):
        """Run as it stands in the document, but for where this house is."""
        for path, here in {
            "/opt/plusofon-admin": str(ROOT),
            "/var/backups/plusofon-admin": str(self.backups),
            ".venv/bin/python": sys.executable,
            "python": sys.executable,
            "var/": f"{self.folder}/var/",
            **({} if self.is_sqlite else {"plusofon_restored": self.restored}),
        }.items():
            block = re.sub(rf"(?<![\w/.]){re.escape(path)}", here, block)
        return subprocess.Popen(
            [shell, "-e", "-c", block],
            cwd=ROOT,
            env=env or self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=0,
        )

    def done(self, block, *, typing=None, **options):
        """What it printed, once it has ended well."""
        process = self.typed(block, **options)
        out, err = process.communicate(typing)
        assert (process.returncode, err) == (0, ""), block
        return out

    def refused(self, block, **options):
        """The sentence with which it ended."""
        process = self.typed(block, **options)
        _, err = process.communicate()
        assert process.returncode == 1
        return err

    @property
    def is_sqlite(self):
        return self.env["DATABASE_URL"].startswith(SQLITE)

    @property
    def nightly(self):
        """All lines of the table for cron; on PostgreSQL only the one that another database changes."""
        lines = cron_lines()
        assert len(lines) == 7
        return lines if self.is_sqlite else [line for line in lines if "backup_database" in line]

    @property
    def restored(self):
        """The name of the database into which the backup of this one goes."""
        return urlsplit(self.env["DATABASE_URL"]).path[1:].removesuffix("_restored") + "_restored"


@pytest.fixture(scope="module")
def house(database, tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    sandbox = Sandbox()
    account = sandbox.add_account(token="anna-token", owner=OWNER)
    list_id = sandbox.add_list(account, name="Спам")
    (folder / "var").mkdir(mode=0o700)
    if database.startswith(SQLITE):
        database = f"{SQLITE}{folder / 'var' / 'db.sqlite3'}"
    with serve(sandbox) as server:
        settled_soon = {"PLUSOFON_LATE_WRITE": f"{LATE_WRITE}"}
        env = environment(
            folder, server.url, DATABASE_URL=database, LOG_LEVEL="WARNING", **settled_soon
        )
        prepare(env)
        session = sessions_of(["anna"], env)["anna"]
        manage(env, "shell", "-v0", "-c", REQUEST)
        house = House(folder, env, session, list_id)
        yield house
    if not house.is_sqlite:
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {house.restored} WITH (FORCE)")


MOST_SAVES = 40  # a page of the journal has them all


def test_every_nights_work_is_done_all_at_once_while_people_save_and_its_backup_is_restored(house):
    stop = threading.Event()

    def work():
        while house.saved < MOST_SAVES and not stop.is_set():
            house.save(anna)
            time.sleep(0.1)  # that people go on for as long as the jobs take

    with house.opened() as anna:
        for _ in range(5):
            house.save(anna)
        if house.is_sqlite:
            assert entries_in_a_copy(house) == 0  # all of them stand in the -wal
        working = threading.Thread(target=work)
        working.start()
        try:
            jobs = [house.typed(line) for line in house.nightly]
            for job in jobs:
                assert (*job.communicate(), job.returncode) == ("", "", 0), job.args
        finally:
            stop.set()
            working.join()
    written = {re.sub(r"\d", "N", path.name): path for path in house.backups.iterdir()}
    assert set(written) == ({"database-N", "lists-N.zip"} if house.is_sqlite else {"database-N"})
    assert {path.stat().st_mode & 0o777 for path in written.values()} == {0o600}
    written["database-N"].rename(house.backups / "database")
    restore(house)
    with house.opened() as anna:
        told = set(re.findall(r"Контакт \d+", anna.get("/journal/").text))
        assert told == {f"Контакт {n + 1}" for n in range(len(told))}
        assert 5 <= len(told) <= house.saved
        assert "Ночью" in anna.get("/requests/").text
        assert "orlova@example.ru" in anna.get("/connection/").text
        house.save_once_the_list_is_free(anna)
    without_its_keys(house)


def entries_in_a_copy(house):
    path = Path(house.env["DATABASE_URL"].removeprefix(SQLITE))
    copy = shutil.copy(path, house.folder / "copied.sqlite3")
    with closing(sqlite3.connect(copy)) as copied:
        return copied.execute("SELECT COUNT(*) FROM lists_journalentry").fetchone()[0]


def restore(house):
    """The chapter, line by line; the server is stopped."""
    if house.is_sqlite:
        (block,) = commands("Restoring SQLite")
        said = house.done(block)
        file = house.folder / "var" / "db.sqlite3"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    else:
        into_a_new_one, check = commands("Restoring PostgreSQL")
        address = urlsplit(house.env["DATABASE_URL"])
        reached = {"PGHOST": address.hostname, "PGPORT": str(address.port), "PGUSER": "tests"}
        house.done(into_a_new_one, env={**house.env, **reached})
        restored = address._replace(path=f"/{house.restored}").geturl()
        house.env["DATABASE_URL"] = restored
        said = house.done(check)
    assert "Account: Орлова Анна" in said


def without_its_keys(house):
    """The tokens of a backup are worth nothing: that is said, and all else works."""
    env = {**house.env, "CREDENTIAL_KEYS": "A" * 43 + "="}
    sentence = house.refused("python manage.py check_plusofon anna", env=env)
    assert "“Your saved token can no longer be read. Enter it again.”" in sentence


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_keys_are_changed_as_the_chapter_says(house):
    make, rotate, check = commands("Keys")
    old = house.env["CREDENTIAL_KEYS"]
    new = house.done(make).strip()
    house.env["CREDENTIAL_KEYS"] = f"{new},{old}"
    assert house.done(rotate) == "1 rotated\n"
    house.env["CREDENTIAL_KEYS"] = new
    assert "Account: Орлова Анна" in house.done(check)
    house.env["CREDENTIAL_KEYS"] = old
    assert "can no longer be read" in house.refused(check)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_shape_of_an_answer_is_shown_without_what_is_in_it(house):
    (block,) = commands("When Plusofon's API changes its shape", language="bash")
    block = block.replace("https://restapi.plusofon.ru", house.env["PLUSOFON_API_URL"])
    shape = house.done(block, shell="bash", typing="anna-token\n")
    assert json.loads(shape)["data"] == [{"id": "int", "name": "str", "type": "str"}]
    assert json.loads(shape)["success"] == "bool"
    assert "Спам" not in shape

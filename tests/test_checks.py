"""What keeps the dashboard from working stops its start, with a sentence that names the variable."""

import os
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from subprocess import run

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError

from lists import release_checks
from plusofon_admin import private_sqlite
from plusofon_admin.environment import Environment, log_level, time_zone

from .test_setup import ROOT, in_production, manage

KEY = Fernet.generate_key().decode()


def faults(**of):
    """What `manage.py check` finds: (id, sentence) of each."""
    return [(found.id, found.msg) for found in run_checks(**of)]


def test_the_settings_of_the_tests_have_no_fault(settings):
    assert faults() == []


@pytest.mark.parametrize(
    ("name", "value", "fault", "words"),
    [
        ("CREDENTIAL_KEYS", [KEY, ""], "lists.E002", "CREDENTIAL_KEYS is malformed: no. 2"),
        ("CREDENTIAL_KEYS", ["secret"], "lists.E002", "no. 1"),
        ("CREDENTIAL_KEYS", ["ключ"], "lists.E002", "no. 1"),
        ("CONTACTS_PER_PAGE", 0, "lists.E003", "CONTACTS_PER_PAGE is 0. Make it 1 or more"),
        ("PLUSOFON_CALLS_AT_ONCE", 0, "lists.E003", "PLUSOFON_CALLS_AT_ONCE is 0."),
        ("WORKERS", 0, "lists.E003", "WORKERS is 0."),
        ("THREADS", 3, "lists.E003", "THREADS is 3. Make it 4 or more"),
        ("JOURNAL_KEEP_DAYS", -1, "lists.E003", "JOURNAL_KEEP_DAYS is -1."),
        ("JOURNAL_KEEP_DAYS", 10**9, "lists.E003", "JOURNAL_KEEP_DAYS is more than"),
        ("PLUSOFON_TIMEOUT", 0.0, "lists.E003", "PLUSOFON_TIMEOUT is 0."),
        ("PLUSOFON_TIMEOUT", -1.0, "lists.E003", "PLUSOFON_TIMEOUT is -1."),
        ("PLUSOFON_TIMEOUT", float("nan"), "lists.E003", "PLUSOFON_TIMEOUT is nan."),
        ("PLUSOFON_WRITE_TIMEOUT", 0.0, "lists.E003", "PLUSOFON_WRITE_TIMEOUT is 0."),
        ("SESSION_HOURS", 0.0, "lists.E003", "SESSION_HOURS is 0. It has to be a number of hours"),
        ("LOGIN_ATTEMPTS_OF_ADDRESS", 0, "lists.E003", "Make it 1 or more"),
        ("PROXY_COUNT", -1, "lists.E003", "Make it 0 or more"),
        ("PLUSOFON_LATE_WRITE", 20.0, "lists.E003", "is shorter than PLUSOFON_WRITE_TIMEOUT"),
        ("METRICS", True, "lists.E010", "METRICS_TOKEN is not set, and METRICS is on."),
        ("METRICS_TOKEN", "short", "lists.E010", "METRICS_TOKEN is shorter than 16 letters."),
        ("PLUSOFON_API_URL", "restapi.plusofon.ru", "lists.E004", "has to be https://"),
        ("PLUSOFON_API_URL", "ftp://restapi.plusofon.ru", "lists.E004", "has to be https://"),
        ("PLUSOFON_API_URL", "https://", "lists.E004", "has to be https://"),
        ("PLUSOFON_API_URL", "https:// plusofon.ru", "lists.E004", "has to be https://"),
        ("PLUSOFON_API_URL", "https://plusofon.ru:port", "lists.E004", "is not an address"),
        ("PLUSOFON_API_URL", "https://me:hidden@plusofon.ru", "lists.E004", "name or password"),
        ("PLUSOFON_API_URL", "https://plusofon.ru/?a=1", "lists.E004", "ends in ? or #"),
        ("PLUSOFON_API_URL", "http://plusofon.ru", "lists.E004", "unencrypted"),
        ("PLUSOFON_API_URL", "http://10.0.0.7", "lists.E004", "unencrypted"),
        ("PLUSOFON_CLIENT_ID", "10 553", "lists.E005", "PLUSOFON_CLIENT_ID is not"),
        ("PLUSOFON_CLIENT_ID", "десять", "lists.E005", "PLUSOFON_CLIENT_ID is not"),
        ("ALLOWED_HOSTS", ["a.ru", " b.ru"], "lists.E006", "“ b.ru”, which has a space"),
        ("ALLOWED_HOSTS", ["*.example.ru"], "lists.E006", "write “.example.ru”"),
        ("ALLOWED_HOSTS", ["https://a.ru"], "lists.E006", "leave out the scheme"),
        ("ALLOWED_HOSTS", ["a.ru:8000"], "lists.E006", "leave out the port"),
        ("ALLOWED_HOSTS", [], "lists.E006", "ALLOWED_HOSTS is empty"),
        ("ALLOWED_HOSTS", ["*"], "lists.W001", "ALLOWED_HOSTS has “*”"),
        ("CSRF_TRUSTED_ORIGINS", ["https://a.ru/"], "lists.E007", "no browser sends"),
        ("CSRF_TRUSTED_ORIGINS", [" https://a.ru"], "lists.E007", "no browser sends"),
        ("LANGUAGE_CODE", "de", "translation.E004", "LANGUAGE_CODE"),
        ("BASE_PATH", "plusofon", "lists.E012", "BASE_PATH is “plusofon”, which is not a path"),
        ("BASE_PATH", "/a//b", "lists.E012", "is not a path"),
        ("BASE_PATH", "/a/../b", "lists.E012", "is not a path"),
        ("BASE_PATH", "/сервис", "lists.E012", "is not a path"),
        ("BASE_PATH", "/a?b", "lists.E012", "is not a path"),
        ("BASE_PATH", "https://a.ru/b", "lists.E012", "is not a path"),
        ("BASE_PATH", "/lists", "lists.E012", "begins with /lists"),
        ("BASE_PATH", "/icons/a", "lists.E012", "begins with /icons"),
        ("BASE_PATH", "/static", "lists.E012", "begins with /static"),
        ("BASE_PATH", "/healthz", "lists.E012", "begins with /healthz"),
    ],
)
def test_a_setting_that_cannot_work_is_said(settings, name, value, fault, words):
    settings.PLUSOFON_WRITE_TIMEOUT = 30.0
    setattr(settings, name, value)
    ((found, sentence),) = faults()
    assert found == fault
    assert words in sentence
    assert "hidden" not in sentence
    assert "secret" not in sentence


def test_an_origin_without_scheme_is_said(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["a.ru"]
    assert ("lists.E007", "CSRF_TRUSTED_ORIGINS has “a.ru”, which no browser sends.") in faults()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLUSOFON_API_URL", "http://localhost:8080"),
        ("PLUSOFON_API_URL", "http://[::1]:8080/api"),
        ("PLUSOFON_API_URL", "https://restapi.plusofon.ru"),
        ("ALLOWED_HOSTS", [".example.ru", "[::1]", "10.0.0.7"]),
        ("CSRF_TRUSTED_ORIGINS", ["https://a.ru:8443", "https://*.example.ru"]),
        ("CREDENTIAL_KEYS", [KEY, f" {KEY}"]),
        ("JOURNAL_KEEP_DAYS", 0),
        ("BASE_PATH", "/plusofon"),
        ("BASE_PATH", "/it/desk-1/calls.v2"),
        ("THREADS", 4),
    ],
)
def test_a_setting_at_the_edge_is_accepted(settings, name, value):
    setattr(settings, name, value)
    assert faults() == []


def test_the_stand_in_may_be_reached_without_encryption(settings):
    settings.PLUSOFON_API_URL, settings.SANDBOX = "http://sandbox:8080", True
    assert faults() == []


class TestVariables:
    @pytest.fixture
    def env(self, monkeypatch):
        """A variable of this text, as the settings read it."""

        def env(text):
            monkeypatch.setenv("PA_TEST", text)
            return Environment()

        return env

    @pytest.mark.parametrize(
        ("text", "cast", "value"),
        [
            *(("8", int, 8), ("", int, 7), (" ", int, 7), (" 9 ", int, 9), ("0.5", float, 0.5)),
            *(("1e3", float, 1000.0), ("on", bool, True), ("NO", bool, False), ("0", bool, False)),
            *(("", bool, 7), ("debug", log_level, "DEBUG"), ("", log_level, 7)),
            ("Asia/Omsk", time_zone, "Asia/Omsk"),
        ],
    )
    def test_are_read_as_they_are_meant(self, env, text, cast, value):
        read = env(text)
        assert read.get_value("PA_TEST", cast=cast, default=7) == value
        assert read.unreadable == []

    @pytest.mark.parametrize(
        ("text", "cast", "words"),
        [
            ("four", int, "PA_TEST is “four”, which is not a whole number."),
            ("1.5", int, "PA_TEST is “1.5”, which is not a whole number."),
            ("15s", float, "PA_TEST is “15s”, which is not a number."),
            ("ture", bool, "PA_TEST is “ture”, which is not True or False."),
            ("Mars", time_zone, "PA_TEST is “Mars”, which is not a time zone, as Europe/Moscow."),
            ("Europe", time_zone, "PA_TEST is “Europe”, which is not a time zone"),
            ("../x", time_zone, "PA_TEST is “../x”, which is not a time zone"),
            ("loud", log_level, "PA_TEST is “loud”, which is not DEBUG, INFO"),
        ],
    )
    def test_that_cannot_be_read_have_a_sentence(self, env, text, cast, words, settings):
        read = env(text)
        assert read.get_value("PA_TEST", cast=cast, default=7) == 7
        (sentence,) = read.unreadable
        assert words in sentence
        settings.UNREADABLE = read.unreadable
        assert faults() == [("lists.E001", sentence)]

    @pytest.mark.parametrize(
        "text",
        [
            *("postgres//me:hidden@host/name", "mysql://me:hidden@host/name", "var/db.sqlite3"),
            *("postgres://me:hidden@host:port/name", "postgres://me:hidden@host/"),
        ],
    )
    def test_that_name_no_database_have_a_sentence_without_the_password(self, env, text):
        read = env(text)
        assert read.database("PA_TEST") == {"ENGINE": "django.db.backends.dummy"}
        assert read.unreadable[0].startswith("PA_TEST is not the address of a database: ")
        assert "hidden" not in read.unreadable[0]

    @pytest.mark.parametrize("text", ["sqlite:////srv/db.sqlite3", "postgres://me:x@host/name"])
    def test_that_name_a_database_are_taken(self, env, text):
        assert env(text).database("PA_TEST")["NAME"] in {"/srv/db.sqlite3", "name"}


class TestSecrets:
    """A secret may be a file, whose name is in the variable NAME_FILE."""

    @pytest.fixture
    def read(self, monkeypatch, tmp_path):
        """The secret of a file with these bytes; `None`: there is no file."""

        def read(content, of="secret", **also):
            if content is not None:
                (tmp_path / "file").write_bytes(content)
            monkeypatch.setenv("PA_TEST_FILE", str(tmp_path / "file"))
            for name, value in also.items():
                monkeypatch.setenv(name, value)
            return getattr(Environment(), of)("PA_TEST")

        return read

    def test_are_what_stands_in_the_file(self, read):
        assert read(b"hid den\n") == "hid den"

    def test_that_are_set_to_nothing_are_left_to_the_file(self, read):
        assert read(b"hidden", PA_TEST=" ") == "hidden"

    def test_that_name_a_database_may_be_files(self, read):
        assert read(b"postgres://me:x@host/name\n", of="database")["NAME"] == "name"

    @pytest.mark.parametrize("of", ["secret", "database"])
    @pytest.mark.parametrize(
        ("content", "also", "sentence"),
        [
            (None, {}, "names cannot be read: No such file or directory."),
            (b" \n", {}, "The file that PA_TEST_FILE names is empty."),
            (b"hidden\xff", {}, "names cannot be read: it is not text."),
            (b"hidden", {"PA_TEST": "hidden"}, "PA_TEST and PA_TEST_FILE are both set"),
            (None, {"PA_TEST_FILE": "hidden"}, "names cannot be read: No such file"),
            (None, {"PA_TEST_FILE": "/"}, "names cannot be read: Is a directory."),
        ],
    )
    def test_that_cannot_be_told_stop_the_start(self, read, of, content, also, sentence):
        with pytest.raises(ImproperlyConfigured) as raised:
            read(content, of, **also)
        assert sentence in str(raised.value)
        assert "hidden" not in str(raised.value)

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o600, 0o400])
    def test_that_others_may_read_are_a_caution(self, settings, tmp_path, mode):
        file = tmp_path / "key"
        file.write_text("hidden")
        file.chmod(mode)
        settings.SECRET_FILES = [file]
        said = [
            ("lists.W003", f"Other users of this machine may read {file}, which has secrets in it.")
        ]
        assert faults() == (said if mode & 0o077 else [])

    @pytest.mark.parametrize("directory", ["/run/secrets", "/run/credentials/plusofon.service"])
    def test_that_a_container_engine_put_there_are_none(self, settings, monkeypatch, directory):
        monkeypatch.setattr(Path, "is_file", lambda path: True)
        monkeypatch.setattr(Path, "stat", lambda path: os.stat_result((0o100444, *[0] * 9)))
        settings.SECRET_FILES = [Path(directory) / "secret_key"]
        assert faults() == []


class TestTheStart:
    def test_names_everything_that_is_wrong_at_once_and_no_secret(self):
        wrong = {
            "CREDENTIAL_KEYS": f"{KEY},",
            "DATABASE_URL": "postgres//me:hidden@host/name",
            "THREADS": "sixteen",
            "TIME_ZONE": "Mars",
            "LOG_LEVEL": "loud",
        }
        checked = manage("check", **wrong)
        assert checked.returncode == 1
        for name in wrong:
            assert name in checked.stderr
        assert "Traceback" not in checked.stderr
        assert KEY not in checked.stderr
        assert "hidden" not in checked.stderr

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"CREDENTIAL_KEYS": f"{KEY},"}, "CREDENTIAL_KEYS is malformed: no. 2"),
            ({"LANGUAGE_CODE": "de"}, "LANGUAGE_CODE"),
            ({"PLUSOFON_CALLS_AT_ONCE": "-1"}, "PLUSOFON_CALLS_AT_ONCE is -1"),
        ],
    )
    def test_of_any_server_ends_with_the_sentence(self, changes, sentence):
        started = run(
            [sys.executable, "-W", "ignore", "-c", "import plusofon_admin.wsgi"],
            cwd=ROOT,
            env=in_production(**changes),
            capture_output=True,
            text=True,
            check=False,
        )
        assert started.returncode == 1
        assert sentence in started.stderr


class TestARelease:
    @pytest.fixture
    def database(self, tmp_path):
        return {
            "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
            "STATIC_ROOT": str(tmp_path / "static"),
        }

    def test_is_ready_once_its_files_are_collected_and_its_migrations_applied(self, database):
        before = manage("check", "--database", "default", **database)
        assert before.returncode == 1
        assert "The static files of this release are not collected." in before.stderr
        assert "Migrations are not applied: " in before.stderr
        assert manage("check", **database).returncode == 0
        assert manage("migrate", "--verbosity=0", **database).returncode == 0
        assert manage("collectstatic", "--verbosity=0", **database).returncode == 0
        after = manage("check", "--database", "default", **database)
        assert after.returncode == 0, after.stderr

    def test_is_not_migrated_with_settings_that_cannot_work(self, database):
        refused = manage("migrate", **database, CREDENTIAL_KEYS="x")
        assert refused.returncode == 1
        assert "CREDENTIAL_KEYS" in refused.stderr

    @pytest.mark.django_db
    def test_whose_migrations_are_applied_has_no_fault(self):
        call_command("check", databases=["default"], verbosity=0)

    @pytest.mark.django_db
    def test_may_start_while_its_database_does_not_answer(self, monkeypatch):
        def gone(connection):
            raise OperationalError("secret host")

        monkeypatch.setattr(release_checks, "MigrationExecutor", gone)
        ((fault, sentence),) = faults(databases=["default"])
        assert fault == "lists.W002"
        assert "secret" not in sentence

    @pytest.mark.django_db
    @pytest.mark.parametrize(
        ("said", "why"),
        [
            (
                'FATAL:  password authentication failed for user "u"',
                "refuses the name or the password",
            ),
            ('FATAL:  database "x" does not exist', "has no database or no user of that name"),
            ("connection refused", "nothing listens at that address"),
            ("unable to open database file", "its file cannot be opened"),
            ("odd", "does not answer: OperationalError."),
        ],
    )
    def test_says_why_its_database_does_not_answer(self, monkeypatch, said, why):
        def gone(connection):
            raise OperationalError("secret host") from psycopg.OperationalError(said)

        monkeypatch.setattr(release_checks, "MigrationExecutor", gone)
        ((_fault, sentence),) = faults(databases=["default"])
        assert why in sentence

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    def test_whose_folder_is_read_only_is_not_ready(self, settings, tmp_path):
        tmp_path.chmod(0o500)
        settings.UPLOADS_DIR = tmp_path / "uploads"
        ((fault, sentence),) = faults(databases=[])
        assert (fault, "UPLOADS_DIR" in sentence) == ("lists.E011", True)

    def test_whose_folder_is_a_file_is_not_ready(self, settings, tmp_path):
        (tmp_path / "file").write_text("")
        settings.UPLOADS_DIR = tmp_path / "file" / "uploads"
        ((fault, sentence),) = faults(databases=[])
        assert fault == "lists.E011"
        assert sentence == f"UPLOADS_DIR: {settings.UPLOADS_DIR} cannot be written to."

    def test_whose_database_has_no_folder_is_not_ready(self, database, tmp_path):
        nowhere = f"sqlite:///{tmp_path / 'nowhere' / 'db.sqlite3'}"
        refused = manage("check", "--database", "default", **database | {"DATABASE_URL": nowhere})
        assert refused.returncode == 1
        assert f"DATABASE_URL is in {tmp_path / 'nowhere'}, which is not there." in refused.stderr

    @pytest.mark.parametrize("name", ["SECRET_KEY", "CREDENTIAL_KEYS"])
    def test_without_a_secret_ends_with_one_sentence(self, database, name):
        refused = manage("serve", **database, **{name: ""})
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"{name} is not set, nor is {name}_FILE. Make one with: ")
        assert len(refused.stderr.splitlines()) == 1

    def test_that_lacks_a_new_file_is_not_ready(self, settings, tmp_path):
        settings.STATIC_ROOT = tmp_path
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }
        with pytest.raises(CommandError, match=r"lists\.E008"):
            call_command("check", databases=[])
        call_command("collectstatic", verbosity=0, interactive=False)
        call_command("check", databases=[])
        (tmp_path / "new").mkdir()
        (tmp_path / "new" / "new.css").write_text("")
        settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, tmp_path / "new"]
        with pytest.raises(CommandError, match=r"lists\.E008"):
            call_command("check", databases=[])


class TestTheDatabaseFile:
    """Its owner's alone, and so is whatever stands beside it; whoever made it, with whatever umask."""

    @pytest.mark.parametrize("umask", [0o022, 0o000])
    def test_is_made_for_nobody_else(self, tmp_path, umask):
        file = tmp_path / "db.sqlite3"
        before = os.umask(umask)
        try:
            with closing(private_sqlite.Connection(str(file))) as made:
                made.execute("PRAGMA journal_mode=WAL")
                made.execute("CREATE TABLE one (id)")
                modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in tmp_path.iterdir()}
        finally:
            os.umask(before)
        assert modes == dict.fromkeys(("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm"), 0o600)

    def test_that_others_may_read_is_named_with_what_mends_it(self, tmp_path):
        file = tmp_path / "db.sqlite3"
        env = {"DATABASE_URL": f"sqlite:///{file}", "STATIC_ROOT": str(tmp_path / "static")}
        warning = f"Others than its owner may read the database {file}"
        assert warning not in manage("check", "--database", "default", **env).stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o640)
        checked = manage("check", "--database", "default", **env).stderr
        assert warning in checked
        assert f"chmod 600 {file}*" in checked
        assert checked.count("tokens, names and numbers") == 1

    def test_that_cannot_be_made_is_told_by_sqlite(self, tmp_path):
        with pytest.raises(sqlite3.OperationalError, match="unable to open"):
            private_sqlite.Connection(str(tmp_path / "missing" / "db.sqlite3"))

    def test_keeps_its_locks_however_many_connections_are_made(self, tmp_path):
        """To open and close it beside SQLite would drop them."""
        path = str(tmp_path / "db.sqlite3")
        with closing(private_sqlite.Connection(path, isolation_level=None)) as holder:
            holder.execute("CREATE TABLE one (id)")
            holder.execute("BEGIN EXCLUSIVE")
            private_sqlite.Connection(path).close()
            locked = run(
                [sys.executable, "-c", TRY_TO_WRITE, path],
                capture_output=True,
                text=True,
                check=False,
            )
        assert "database is locked" in locked.stderr


TRY_TO_WRITE = """
import sqlite3, sys
sqlite3.connect(sys.argv[1], timeout=0).execute("CREATE TABLE two (id)")
"""

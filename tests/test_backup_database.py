"""`manage.py backup_database`: all or nothing, whatever the database is, and for its owner alone.

While it serves, and restored as the documents say: `processes/test_restoring.py`.
"""

import os
import re
import sqlite3
import stat
import subprocess
from contextlib import closing

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from lists import database_backup

from .factories import BlockRequestFactory, CredentialFactory, JournalEntryFactory, UserFactory
from .test_setup import manage
from .trouble import failing

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="it is SQLite")
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="it is PostgreSQL")


@pytest.fixture
def anna():
    """Connected, and in no group: with the end of each of these tests the database is emptied."""
    return CredentialFactory(user=UserFactory(username="anna")).user


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "database.backup"


@pytest.fixture(params=[0o022, 0o000], ids=["umask 022", "umask 000"])
def umask(request):
    before = os.umask(request.param)
    yield
    os.umask(before)


def backup(path, *options):
    call_command("backup_database", path, *options)


def in_folder(path):
    return sorted(found.name for found in path.parent.iterdir())


def test_it_says_what_it_holds_in_one_line(path, anna, capsys):
    for _ in range(5):
        JournalEntryFactory(user=anna)
    BlockRequestFactory(user=anna)
    CredentialFactory(sealed_token="nonsense")
    backup(path)
    assert capsys.readouterr().out == (
        "2 people, 2 tokens (1 of them open with today's CREDENTIAL_KEYS), 5 journal entries, 1 requests"
        f" in {path}\n"
    )


def test_its_owner_alone_may_read_it(path, umask, anna):
    backup(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert in_folder(path) == [path.name]


def test_what_is_there_stays_unless_it_is_told_otherwise(path, anna):
    path.write_bytes(b"of yesterday")
    with pytest.raises(
        CommandError, match=r"is there already\. Choose another name, or add --replace"
    ):
        backup(path)
    assert path.read_bytes() == b"of yesterday"
    backup(path, "--replace")
    assert path.read_bytes() != b"of yesterday"
    assert in_folder(path) == [path.name]


def test_a_file_that_comes_meanwhile_stays_too(path, anna, monkeypatch):
    real = database_backup.write

    def while_another_is_quicker(file):
        path.write_bytes(b"of another")
        return real(file)

    monkeypatch.setattr(database_backup, "write", while_another_is_quicker)
    with pytest.raises(CommandError, match="is there already"):
        backup(path)
    assert path.read_bytes() == b"of another"
    assert in_folder(path) == [path.name]


@pytest.mark.parametrize("name", ["missing/x", "."])
def test_a_place_that_cannot_be_written_is_named(path, name, anna):
    with pytest.raises(CommandError, match=r"Backup failed: .* cannot be written: "):
        backup(path.parent / name, "--replace")
    assert in_folder(path) == []


@on_sqlite
class TestOfSQLite:
    def test_is_a_whole_database_in_one_file(self, path, anna):
        backup(path)
        with closing(sqlite3.connect(path)) as copy:
            assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            assert copy.execute("SELECT username FROM auth_user").fetchall() == [("anna",)]
        assert in_folder(path) == [path.name]

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda content: b"no database" * 1000, r"does not work just now \(SQLITE_NOTADB\)"),
            (lambda content: content[:-40_000] + b"\xff" * 40_000, r"\(SQLITE_CORRUPT\)"),
            (lambda content: content.replace(b"anna", b"ANNA", 1), "is damaged: 1 faults, as "),
        ],
    )
    def test_of_a_damaged_one_is_none(self, path, tmp_path, anna, spoil, words):
        backup(path)
        broken = tmp_path / "db.sqlite3"
        broken.write_bytes(spoil(path.read_bytes()))
        path.unlink()
        done = manage("backup_database", str(path), DATABASE_URL=f"sqlite:///{broken}")
        assert done.returncode == 1
        assert re.search(words, done.stderr)
        assert "Traceback" not in done.stderr
        assert in_folder(path) == []


@on_postgresql
class TestOfPostgreSQL:
    def test_is_an_archive_that_its_own_program_reads(self, path, anna):
        backup(path)
        listed = subprocess.run(
            ["pg_restore", "--list", path], check=True, capture_output=True, text=True
        )
        assert "TABLE DATA public lists_journalentry" in listed.stdout

    def test_of_one_that_fails_is_a_sentence_and_no_file(self, path, anna):
        with failing("pg_export"), pytest.raises(CommandError, match="does not work just now"):
            backup(path)
        assert in_folder(path) == []

    def test_where_its_program_is_missing_the_command_to_run_is_told(self, path, anna, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        with pytest.raises(
            CommandError, match=r"pg_dump is not installed here\..* pg_dump --format="
        ):
            backup(path)
        assert in_folder(path) == []

"""Our own database as one file, of one moment, while everybody goes on working.

SQLite's file alone lacks what still stands in its write-ahead log; here its online backup copies both. Of
PostgreSQL it is what `pg_dump --format=custom` writes.
"""

import os
import shlex
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Model
from psycopg.conninfo import make_conninfo

from . import encryption
from .models import BlockRequest, Credential, JournalEntry

# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
REACHED_BY = (
    *("host", "port", "user", "dbname", "service", "passfile"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey"),
)


class Unfinished(Exception):
    """There is no backup; in a sentence, without a password."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many rows are in a backup. `opened`: how many of its tokens today's keys open."""

    people: int
    tokens: int
    opened: int
    entries: int
    requests: int


def write(file: IO[bytes]) -> Held:
    """Into an empty file that has a name, and verify it. Raises `Unfinished`, `django.db.Error`, `OSError`."""
    if connection.vendor == "sqlite":
        return _copy_sqlite(file)
    return _dump_postgresql(file)


def _copy_sqlite(file: IO[bytes]) -> Held:
    """One reading transaction: in WAL mode it makes nobody wait, and nobody's write is in it by half."""
    connection.ensure_connection()
    with connection.wrap_database_errors, closing(sqlite3.connect(file.name)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a file that is whole without a -wal beside it
        faults = [row[0] for row in copy.execute("PRAGMA integrity_check")]
        if faults != ["ok"]:
            raise Unfinished(f"the database is damaged: {len(faults)} faults, as {faults[0]!r}")
        return _held(copy.cursor())


def _dump_postgresql(file: IO[bytes]) -> Held:
    """What is counted is what is dumped: both see the same snapshot
    (https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION)."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        held = _held(cursor)
        command = ["pg_dump", "--format=custom", f"--snapshot={snapshot}", _conninfo()]
        _run(command, password=connection.connection.info.password, stdout=file)
    file.seek(0)
    _run(["pg_restore", f"--file={os.devnull}"], stdin=file)  # reads all of it
    return held


def _run(
    command: list[str],
    *,
    password: str = "",
    stdin: IO[bytes] | None = None,
    stdout: IO[bytes] | None = None,
) -> None:
    """The password goes by the environment: a command line can be read by everybody."""
    env = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing that people type
            command, env=env, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, check=False
        )
    except FileNotFoundError as error:
        raise Unfinished(
            f"{command[0]} is not installed here. Install Debian's package postgresql-client, or run where"
            f" it is: pg_dump --format=custom --file=FILE {shlex.quote(_conninfo())}"
        ) from error
    if done.returncode:
        words = " ".join(done.stderr.decode(errors="replace").split())
        raise Unfinished(f"{command[0]} ended with {done.returncode}: {words[:500]}")


def _conninfo() -> str:
    """How to reach the database, without the password. What else our own driver is told, an older pg_dump may not
    know."""
    told = connection.get_connection_params()
    return make_conninfo(**{name: told[name] for name in REACHED_BY if name in told})


class Cursor(Protocol):
    """SQLite's own, or Django's."""

    def execute(self, sql: str, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


def _held(cursor: Cursor) -> Held:
    cursor.execute(f"SELECT user_id, sealed_token FROM {Credential._meta.db_table}")  # noqa: S608
    tokens = cursor.fetchall()
    return Held(
        people=_count(User, cursor),
        tokens=len(tokens),
        opened=sum(_opens(sealed, user_id) for user_id, sealed in tokens),
        entries=_count(JournalEntry, cursor),
        requests=_count(BlockRequest, cursor),
    )


def _count(model: type[Model], cursor: Cursor) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {model._meta.db_table}")  # noqa: S608
    ((count,),) = cursor.fetchall()
    return int(count)


def _opens(sealed: str, user_id: int) -> bool:
    try:
        encryption.unseal(sealed, user_id=user_id)
    except encryption.Unreadable:
        return False
    return True

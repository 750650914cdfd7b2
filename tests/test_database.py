"""Our own database: what counts as its trouble, and a dropped connection that is made again once.

What a dropped connection does to people is tried on a real one in `processes/test_dropped.py`.
"""

import sqlite3

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
)

from lists.database import is_trouble, name_of, once_more, reading_once_more, was_dropped

from .trouble import caused_by, dropped, failing


class TestTrouble:
    @pytest.mark.parametrize("kind", [OperationalError, InterfaceError, InternalError])
    def test_is_what_the_database_itself_reports(self, kind):
        assert is_trouble(kind("disk full"))

    def test_is_a_file_that_is_no_database_any_more(self):
        assert is_trouble(caused_by(sqlite3.DatabaseError("malformed"), DatabaseError))

    @pytest.mark.parametrize(
        "error",
        [
            *(IntegrityError("twice"), DataError("too long"), ProgrammingError("no such table")),
            *(DatabaseError("Forced update did not affect any rows."), ValueError("bug"), None),
        ],
    )
    def test_is_not_what_we_asked_wrongly(self, error):
        assert not is_trouble(error)

    def test_is_logged_by_its_name_and_without_its_words(self):
        with pytest.raises(sqlite3.OperationalError) as raised:
            sqlite3.connect(":memory:").execute("SELECT 79998887766 FROM nowhere")
        assert name_of(caused_by(raised.value)) == "SQLITE_ERROR"
        assert name_of(caused_by(psycopg.errors.DiskFull("79998887766"))) == "DiskFull"
        assert name_of(OperationalError("79998887766")) == "OperationalError"


class TestADroppedConnection:
    @pytest.mark.parametrize(
        "cause",
        [
            *(psycopg.errors.AdminShutdown(), psycopg.errors.ConnectionFailure()),
            *(psycopg.OperationalError("closed unexpectedly"), psycopg.InterfaceError("closed")),
        ],
    )
    def test_is_known_by_what_the_driver_says(self, cause):
        assert was_dropped(caused_by(cause))

    @pytest.mark.parametrize(
        "cause",
        [
            *(psycopg.errors.DiskFull(), psycopg.errors.DeadlockDetected(), None),
            *(psycopg.errors.UniqueViolation(), sqlite3.OperationalError("locked")),
        ],
    )
    def test_is_not_guessed(self, cause):
        assert not was_dropped(caused_by(cause))

    def test_is_made_again_once(self, db, outside_transactions):
        done = []

        def work(outcome):
            done.append(outcome)
            if len(done) == 1:
                raise dropped()
            return outcome

        assert once_more(work)("done") == "done"
        assert done == ["done", "done"]

    def test_is_told_the_second_time(self, db, outside_transactions):
        done = []

        def work():
            done.append(1)
            raise dropped()

        with pytest.raises(OperationalError):
            once_more(work)()
        assert len(done) == 2

    @pytest.mark.parametrize("inside", [True, False])
    def test_is_told_at_once_where_again_would_be_wrong(self, db, request, inside):
        """In the middle of a transaction, or where it is no dropped connection at all."""
        done = []
        if not inside:
            request.getfixturevalue("outside_transactions")

        def work():
            done.append(1)
            raise dropped() if inside else OperationalError("disk full")

        with pytest.raises(OperationalError):
            once_more(work)()
        assert len(done) == 1

    @pytest.mark.parametrize("sql", ["SELECT 1", "\nWITH one AS (SELECT 1) SELECT * FROM one"])
    def test_costs_no_reading_statement(self, db, outside_transactions, sql):
        with failing("", dropped(), times=1) as tries, connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.fetchone() == (1,)
        assert len(tries) == 2

    def test_is_told_by_a_reading_statement_the_second_time(self, db, outside_transactions):
        with failing("SELECT", dropped()) as tries, pytest.raises(OperationalError):
            User.objects.count()
        assert len(tries) == 2

    def test_is_told_by_a_statement_that_writes(self, db, outside_transactions):
        """It may have been carried out: whoever wrote it knows whether twice is once."""
        with failing("DELETE", dropped()) as tries, pytest.raises(OperationalError):
            connection.cursor().execute("DELETE FROM django_session")
        assert len(tries) == 1

    def test_is_told_in_the_middle_of_a_transaction(self, db):
        with failing("SELECT", dropped()) as tries, pytest.raises(OperationalError):
            User.objects.count()
        assert len(tries) == 1

    def test_is_watched_for_on_every_connection(self, db):
        assert connection.execute_wrappers.count(reading_once_more) == 1

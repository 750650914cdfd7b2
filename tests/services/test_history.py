"""What the journal tells of a number, and how many entries it has."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lists.models import Action, JournalNumber, Outcome
from lists.services import history, origins, requests
from tests.factories import JournalEntryFactory, ask
from tests.people import IVAN

NUMBER = "79998887766"
OTHER = "79992223300"
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL chooses by what is in the table"
)


def written(number=NUMBER, **fields):
    entry = JournalEntryFactory(**fields)
    JournalNumber.objects.create(entry=entry, number=number)
    return entry


def changes(by, number=NUMBER):
    return list(history.of_number(number, last=10, by=by).changes)


@pytest.mark.parametrize("spelling", [NUMBER, "8 (999) 888-77-66"])
def test_changes_of_a_number_are_found_in_any_spelling_the_newest_first(support, spelling):
    added, removed = written(), written(action=Action.REMOVE, outcome=Outcome.UNKNOWN)
    written(OTHER)
    assert changes(support, spelling) == [removed, added]


def test_an_act_over_several_lists_is_one_of_them(support):
    act = JournalEntryFactory(action=Action.BLOCK, list_id=None)
    parts = [written(part_of=act, list_id=list_id) for list_id in (11, 12)]
    assert changes(support) == [act]
    assert changes(support, OTHER) == []
    assert len(parts) == 2


def test_what_was_only_asked_for_is_no_change(support):
    ask(support, numbers=NUMBER)
    added = written()
    assert changes(support) == [added]


def test_what_another_account_did_is_never_told(support, stranger):
    theirs = written(account="another")
    assert changes(support) == []
    assert changes(stranger) == [theirs]


def plans_of(act):
    """How SQLite goes about each of its queries."""
    with CaptureQueriesContext(connection) as queries:
        act()
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            yield str(cursor.fetchall())


@on_sqlite
def test_all_of_a_year_is_counted_by_an_index_without_looking_at_the_entries(support):
    written()
    (plan,) = plans_of(history.entries(history.Filters(), by=support).count)
    assert "USING COVERING INDEX" in plan


@on_sqlite
@pytest.mark.parametrize(
    "ask_for",
    [
        lambda by: list(history.entries(history.Filters(number=NUMBER), by=by)),
        lambda by: list(history.of_number(NUMBER, last=10, by=by).changes),
        lambda by: origins.origins(NUMBER, [(11, IVAN)], by=by),
        lambda by: list(requests.decided_about(NUMBER, by=by)),
    ],
    ids=["the journal", "its page", "a lookup", "its requests"],
)
def test_a_number_is_found_by_its_own_entries_and_not_among_all_of_the_account(support, ask_for):
    written()
    for plan in plans_of(lambda: ask_for(support)):
        assert "account=" not in plan

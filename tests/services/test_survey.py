"""How large every list is, and which were changed outside: read a few at a time, and counted once."""

import threading

import pytest
from django.db import connection

from lists import bulkhead
from lists.bulkhead import BulkheadFull
from lists.connection import Connection, open_api
from lists.intents import AddContacts
from lists.models import JournalEntry, Outcome
from lists.plusofon.errors import PlusofonError
from lists.services import survey
from lists.services.survey import UnderWay, changed_outside
from lists.writing.write import write
from tests.calls import methods
from tests.factories import JournalEntryFactory
from tests.people import ANNA, IVAN

A_CONTACT = {"name": "Анна", "phones": ["101"]}


@pytest.fixture
def lists(sandbox, account):
    """Three, of one, five and two contacts."""
    return [
        sandbox.add_list(account, name=f"Список {n}", contacts=[A_CONTACT] * n) for n in (1, 5, 2)
    ]


@pytest.fixture
def count(by):
    return lambda **options: survey.survey(by=by, **options)


def sizes(found):
    return [(each.list.name, each.contacts) for each in found.lists]


def change_outside(sandbox, account, list_id):
    payload = sandbox.lists(account)[list_id]
    sandbox.put(account, list_id, {**payload, "contacts": [*payload["contacts"], A_CONTACT]})


class TestCounting:
    def test_tells_the_largest_first(self, count, lists):
        found = count()
        assert sizes(found) == [("Список 5", 5), ("Список 2", 2), ("Список 1", 1)]
        assert (found.total, found.unread, found.contacts) == (3, 0, 8)

    def test_of_no_lists_is_nothing(self, count):
        found = count()
        assert (found.total, found.lists, found.contacts) == (0, (), 0)

    def test_reads_each_list_once_and_two_at_a_time(self, count, lists, sandbox, most_at_once):
        count()
        assert len(methods(sandbox)) == 1 + 3
        assert most_at_once() == 2

    def test_a_list_that_cannot_be_read_is_told_as_unread(self, count, lists, sandbox):
        sandbox.fail("500", path=f"contact-lists/{lists[1]}", times=None)
        found = count()
        assert sizes(found) == [("Список 2", 2), ("Список 1", 1)]
        assert (found.total, found.unread) == (3, 1)

    def test_one_that_goes_meanwhile_is_none_of_them(self, count, lists, sandbox, account):
        sandbox.before("GET", f"contact-lists/{lists[0]}", lambda: sandbox.drop(account, lists[0]))
        found = count()
        assert (found.total, found.unread) == (2, 0)

    def test_what_is_not_read_in_time_is_told_as_unread(self, count, lists, monkeypatch):
        monkeypatch.setattr(survey, "LONGEST", 0.0)
        assert (count().total, count().unread) == (3, 3)

    def test_fails_where_it_cannot_be_told_which_lists_there_are(self, count, lists, sandbox):
        sandbox.fail("500", times=None)
        with pytest.raises(PlusofonError):
            count()
        sandbox.clear_faults()
        assert count().total == 3  # and nobody is told that somebody is at it

    def test_is_not_begun_while_enough_others_read_all_lists(self, count, lists, monkeypatch):
        monkeypatch.setattr(bulkhead, "scans", bulkhead.Bulkhead(0))
        with pytest.raises(BulkheadFull):
            count()


class TestWhatIsKnown:
    def test_is_not_counted_again(self, count, lists, sandbox):
        first = count()
        sandbox.clear_calls()
        assert count() == first
        assert sandbox.calls == []

    def test_is_counted_anew_when_asked_for(self, count, lists, sandbox, account):
        count()
        change_outside(sandbox, account, lists[0])
        assert ("Список 1", 2) in sizes(count(anew=True))
        assert ("Список 1", 2) in sizes(count())

    def test_is_of_the_account(self, count, lists, stranger):
        count()
        api = open_api(token="stranger-token", client_id="10553", account="another")
        assert survey.survey(by=Connection(api, stranger, "another")).total == 0

    def test_who_comes_while_it_is_counted_is_told_so(self, count, lists, sandbox):
        reached, go_on = threading.Event(), threading.Event()

        def wait():
            reached.set()
            go_on.wait(5)

        def count_elsewhere():
            try:
                count()
            finally:
                connection.close()

        sandbox.before("GET", "contact-lists", wait)
        counting = threading.Thread(target=count_elsewhere)
        counting.start()
        try:
            assert reached.wait(5)
            with pytest.raises(UnderWay):
                count()
            with pytest.raises(UnderWay):
                count(anew=True)
        finally:
            go_on.set()
            counting.join()
        assert count().total == 3


class TestChangedOutside:
    @pytest.fixture
    def changed(self, lists, by, sandbox, account):
        """The first was saved here, and then changed elsewhere; the second was only saved here."""
        for list_id in lists[:2]:
            write(AddContacts((ANNA,)), list_id, by=by)
        for list_id in (lists[0], lists[2]):
            change_outside(sandbox, account, list_id)
        return lists[0]

    def test_is_a_list_that_was_saved_here_before(self, count, changed):
        (each,) = changed_outside(count())
        assert each.list.id == changed
        entry = JournalEntry.objects.filter(list_id=changed).get()
        assert (each.outside.entry_id, each.outside.since) == (entry.pk, entry.ended_at)

    def test_holds_only_until_it_is_saved_here_again(self, count, changed, lists, by):
        found = count()
        write(AddContacts((IVAN,)), lists[1], by=by)
        assert len(changed_outside(found)) == 1
        write(AddContacts((IVAN,)), changed, by=by)
        assert changed_outside(found) == []
        assert changed_outside(count(anew=True)) == []

    def test_holds_though_a_save_was_refused(self, count, changed):
        found = count()
        JournalEntryFactory(list_id=changed, outcome=Outcome.REFUSED, digest_after="another")
        assert len(changed_outside(found)) == 1

    def test_costs_no_query_where_there_is_none(self, count, lists, django_assert_num_queries):
        found = count()
        with django_assert_num_queries(0):
            assert changed_outside(found) == []

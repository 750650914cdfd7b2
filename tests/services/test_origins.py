"""Who put a number where a lookup finds it: as far as the journal knows, and no further."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.changes import ContactChange, ListChange
from lists.models import Action, JournalNumber, Outcome
from lists.plusofon.values import Contact
from lists.services import history
from tests.factories import BlockRequestFactory, JournalEntryFactory
from tests.people import IVAN, put

NUMBER = "79998887766"
RENAMED = Contact("Иван Петрович", IVAN.phones)
pytestmark = pytest.mark.usefixtures("manager")


def written(*changes, number=NUMBER, **fields):
    entry = JournalEntryFactory(list_change=ListChange(contacts=changes), **fields)
    JournalNumber.objects.create(entry=entry, number=number)
    return entry


def change(before, after):
    (one,) = put(before, after).contacts
    return one


def origins(manager, *list_ids, number=NUMBER):
    return history.origins(number, list_ids or [11], by=manager)


def test_the_last_write_that_gave_it_is_told_in_any_spelling(manager):
    written(change(None, IVAN))
    written(change(IVAN, None), action=Action.REMOVE)
    last = written(change(None, IVAN), username="anna")
    assert origins(manager, number="8 (999) 888-77-66")[11] == (last, None)


def test_a_contact_that_only_got_another_name_was_not_put_there_by_that(manager):
    added = written(change(None, IVAN))
    written(change(IVAN, RENAMED), action=Action.EDIT)
    assert origins(manager)[11].entry == added


@pytest.mark.parametrize("action", [Action.REMOVE, Action.DELETE])
def test_what_was_taken_out_here_came_back_from_elsewhere(manager, action):
    written(change(None, IVAN))
    written(change(IVAN, None), action=action)
    assert origins(manager) == {}


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN, Outcome.IN_DOUBT])
def test_only_what_is_confirmed_counts(manager, outcome):
    written(change(None, IVAN), outcome=outcome)
    assert origins(manager) == {}


def test_what_a_late_write_wiped_out_does_not_count(manager):
    late = written(change(None, IVAN), number="101", list_id=12)
    written(change(None, IVAN), overwritten_by=late)
    assert origins(manager) == {}


def test_a_list_that_came_back_brought_it(manager):
    back = written(action=Action.CREATE, change="")
    assert origins(manager)[11].entry == back


def test_each_list_has_its_own(manager):
    first, second = written(change(None, IVAN)), written(change(None, IVAN), list_id=12)
    found = origins(manager, 11, 12, 13)
    assert {list_id: origin.entry for list_id, origin in found.items()} == {11: first, 12: second}


def test_strangers_are_never_told(manager, stranger):
    written(change(None, IVAN))
    assert history.origins(NUMBER, [11], by=stranger) == {}


class TestTheRequestBehindIt:
    def test_is_told_where_it_was_written_for_one(self, manager):
        written(change(None, IVAN))
        asked = BlockRequestFactory(numbers=NUMBER)
        written(action=Action.ACCEPT, request=asked, change="")
        assert origins(manager)[11].request == asked

    def test_is_not_somebody_elses(self, manager):
        written(change(None, IVAN))
        asked = BlockRequestFactory(numbers=NUMBER)
        written(action=Action.ACCEPT, request=asked, change="", username="anna")
        assert origins(manager)[11].request is None

    def test_is_not_one_of_long_after(self, manager):
        written(change(None, IVAN), started_at=timezone.now() - timedelta(hours=1))
        asked = BlockRequestFactory(numbers=NUMBER)
        written(action=Action.ACCEPT, request=asked, change="")
        assert origins(manager)[11].request is None


def test_a_change_of_several_contacts_may_hold_it(manager):
    many = written(ContactChange(None, Contact("Анна", ("101",))), change(None, IVAN))
    assert origins(manager)[11].entry == many

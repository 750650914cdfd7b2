"""Whether a list was changed past this dashboard: as far as the journal knows, and never said of what we did."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.intents import AddContacts
from lists.models import JournalEntry, Outcome
from lists.plusofon.values import Contact, ContactList
from lists.sameness import list_digest
from lists.services.outside import MOST_LOOKED_THROUGH, changed_outside
from lists.writing.write import create_list, delete_list, write
from tests.factories import JournalEntryFactory
from tests.people import ANNA, SPAM

pytestmark = pytest.mark.django_db
OURS, THEIRS = SPAM, ContactList(0, "Спам", "black", (ANNA,))
ADDED = AddContacts((ANNA,))


@pytest.fixture
def look(by):
    """The list is read, and compared with what the journal knows of it."""

    def look(list_id):
        asked_at = timezone.now()
        return changed_outside(by.api.get_list(list_id), asked_at=asked_at)

    return look


@pytest.fixture
def put_outside(sandbox, account):
    def put_outside(list_id, name="Чужой"):
        payload = sandbox.lists(account)[list_id]
        contacts = [*payload["contacts"], {"name": name, "phones": ["105"]}]
        sandbox.put(account, list_id, {**payload, "contacts": contacts})

    return put_outside


def saved(found, list_id=7, **fields):
    """A save of long ago, after which the list looked like this."""
    fields = {"ended_at": timezone.now() - timedelta(hours=1), **fields}
    return JournalEntryFactory(list_id=list_id, digest_after=list_digest(found), **fields)


def compared(found=THEIRS, list_id=7):
    read = ContactList(list_id, found.name, found.type, found.contacts)
    return changed_outside(read, asked_at=timezone.now())


def test_a_list_that_was_never_written_here_is_not_known(look, black, put_outside):
    put_outside(black)
    assert look(black) is None


def test_a_list_is_as_we_left_it(look, black, by):
    write(ADDED, black, by=by)
    assert look(black) is None


def test_what_others_did_after_our_last_save_is_known_from_then_on(look, black, by, put_outside):
    write(ADDED, black, by=by)
    put_outside(black)
    entry = JournalEntry.objects.get()
    changed = look(black)
    assert (changed.entry_id, changed.since) == (entry.pk, entry.ended_at)


def test_after_our_next_save_it_is_as_we_left_it_again(look, black, by, put_outside):
    write(ADDED, black, by=by)
    put_outside(black)
    write(AddContacts((Contact("Новый", ("106",)),)), black, by=by)
    assert look(black) is None


def test_a_list_that_was_created_here_is_known_too(look, by, put_outside):
    made = create_list(SPAM, by=by).list
    assert look(made.id) is None
    put_outside(made.id)
    assert look(made.id)


def test_a_deletion_that_was_refused_tells_nothing_of_a_list(look, black, by, sandbox, put_outside):
    write(ADDED, black, by=by)
    sandbox.fail("no-access", method="DELETE")
    with pytest.raises(Exception, match="Нет доступа"):
        delete_list(black, by=by)
    assert look(black) is None
    put_outside(black)
    assert look(black)


def test_what_is_saved_while_the_list_is_read_may_be_missing_in_it(by, black):
    asked_at = timezone.now()
    found = by.api.get_list(black)
    write(ADDED, black, by=by)
    assert changed_outside(found, asked_at=asked_at) is None


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.IN_DOUBT, Outcome.UNKNOWN])
def test_nothing_is_said_while_what_differs_may_be_our_own(outcome):
    saved(OURS)
    ours = saved(SPAM, outcome=outcome, ended_at=None)
    assert compared() is None
    ours.outcome = Outcome.REFUSED
    ours.save()
    assert compared()


def test_a_lock_of_which_nothing_was_sent_does_not_count():
    saved(OURS)
    JournalEntryFactory(list_id=7, outcome=Outcome.LOCKED, digest_after="", ended_at=None)
    assert compared()


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN])
def test_a_write_that_landed_after_it_had_been_given_up_is_ours(outcome):
    saved(THEIRS, outcome=outcome)
    saved(OURS)
    assert compared() is None


def test_what_a_late_write_has_overwritten_does_not_count():
    late = saved(OURS)
    saved(THEIRS, overwritten_by=late)
    assert compared(OURS) is None
    assert compared(THEIRS).entry_id == late.pk


def test_requests_and_other_lists_do_not_count():
    saved(OURS, list_id=8)
    JournalEntryFactory(list_id=7, digest_after="")
    assert compared() is None


def test_an_account_that_went_by_another_name_has_the_same_lists():
    saved(OURS, account="fingerprint")
    assert compared()


def test_where_all_that_is_looked_through_failed_nothing_is_known():
    saved(OURS)
    for _ in range(MOST_LOOKED_THROUGH):
        saved(SPAM, outcome=Outcome.REFUSED)
    assert compared() is None


def test_it_costs_one_query(django_assert_num_queries):
    saved(OURS)
    with django_assert_num_queries(1):
        assert compared()

"""The newest acts of the journal, and how many there were today: what the overview tells at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.models import Outcome
from lists.services import acts, history
from lists.services.acts import Mark
from lists.services.history import midnight
from tests.factories import JournalEntryFactory


@pytest.fixture
def today():
    return timezone.localdate()


def ids(entries):
    return [entry.pk for entry in entries]


def test_the_newest_acts_come_first_and_no_more_than_asked_for(manager):
    entries = [JournalEntryFactory() for _ in range(3)]
    JournalEntryFactory(part_of=entries[0])
    JournalEntryFactory(outcome=Outcome.LOCKED, list_id=12)
    assert ids(acts.latest(2, by=manager)) == ids(entries[:0:-1])
    assert ids(acts.latest(9, by=manager)) == ids(entries[::-1])


def test_a_mark_tells_an_act_that_has_become_another(manager):
    entry = JournalEntryFactory(outcome=Outcome.UNKNOWN)
    (before,) = acts.latest(1, by=manager)
    assert before == Mark(entry.pk, "unknown", None, entry.started_at)
    late = JournalEntryFactory()
    entry.outcome, entry.overwritten_by = Outcome.CONFIRMED, late
    entry.save()
    assert acts.latest(2, by=manager)[1] == Mark(entry.pk, "confirmed", late.pk, entry.started_at)


def test_acts_are_told_by_their_ids_the_newest_first(manager):
    entries = [JournalEntryFactory() for _ in range(3)]
    locked = JournalEntryFactory(outcome=Outcome.LOCKED, list_id=12)
    wanted = [entries[0].pk, entries[2].pk, locked.pk]
    assert list(history.of_ids(wanted, by=manager)) == [entries[2], entries[0]]


def test_a_day_counts_its_acts_from_midnight_on(manager, today):
    for started_at in (midnight(today), midnight(today) - timedelta(seconds=1), timezone.now()):
        act = JournalEntryFactory(started_at=started_at)
    JournalEntryFactory(part_of=act)
    JournalEntryFactory(outcome=Outcome.LOCKED, list_id=12)
    assert acts.total_since(today, by=manager) == 2


def test_an_act_of_yesterday_that_is_gone_on_with_today_is_of_today_as_well(manager, today):
    now = timezone.now()
    act, other, strange = (
        JournalEntryFactory(started_at=now - timedelta(days=2), **fields)
        for fields in ({"list_id": None}, {}, {"account": "another"})
    )
    assert acts.resumed(today, by=manager) == []
    for whole in (act, act, strange):
        JournalEntryFactory(part_of=whole, account=whole.account, started_at=now)
    JournalEntryFactory(part_of=other, started_at=now - timedelta(days=2))
    assert [mark.pk for mark in acts.resumed(today, by=manager)] == [act.pk]


def test_another_account_has_none_of_it(manager, stranger, today):
    entry = JournalEntryFactory()
    assert acts.latest(1, by=stranger) == []
    assert acts.total_since(today, by=stranger) == 0
    assert list(history.of_ids([entry.pk], by=stranger)) == []

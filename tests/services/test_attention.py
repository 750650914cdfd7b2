"""What waits for a manager: requests, and changes that are not settled."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.models import Action, JournalEntry, Operation, Outcome
from lists.services import attention
from lists.services.attention import LOOKED_BACK, Queue
from tests.factories import BlockRequestFactory, JournalEntryFactory

LONG_AGO = timezone.now() - timedelta(hours=1)


def written(outcome=Outcome.UNKNOWN, **fields):
    fields = {"started_at": LONG_AGO, "sent_at": LONG_AGO, **fields}
    return JournalEntryFactory(outcome=outcome, **fields)


def act(outcome=Outcome.PARTLY, *, claimed_at=None, **fields):
    entry = written(outcome, action=Action.BLOCK, list_id=None, **fields)
    Operation.objects.create(entry=entry, plan="[]", lists_count=2, claimed_at=claimed_at)
    return entry


def unsettled(by):
    return attention.unsettled(by=by)


class TestTheQueue:
    def test_tells_how_many_wait_and_since_when(self, manager):
        asked_at = timezone.now() - timedelta(days=3)
        BlockRequestFactory()
        BlockRequestFactory(asked_at=asked_at)
        BlockRequestFactory(asked_at=asked_at - timedelta(days=1), state="declined")
        BlockRequestFactory(asked_at=asked_at - timedelta(days=1), account="another")
        assert attention.queue(by=manager) == Queue(2, asked_at)

    def test_may_be_empty(self, manager):
        assert attention.queue(by=manager) == Queue(0, None)


class TestWhatIsNotSettled:
    def test_is_in_doubt_or_unknown_or_not_done_in_all_lists(self, manager):
        entries = [
            written(Outcome.UNKNOWN, list_id=1),
            written(Outcome.IN_DOUBT, list_id=2),
            act(),
            written(Outcome.PENDING, list_id=3),  # whoever sent it has died
        ]
        for outcome in (Outcome.CONFIRMED, Outcome.REFUSED):
            written(outcome, list_id=4)
        assert unsettled(manager) == entries[::-1]

    def test_is_nothing_as_a_rule_and_costs_one_query(self, manager, django_assert_num_queries):
        written(Outcome.CONFIRMED)
        manager.credential  # noqa: B018 - is fetched
        with django_assert_num_queries(1):
            assert unsettled(manager) == []

    def test_is_not_what_somebody_is_at_just_now(self, manager):
        written(Outcome.PENDING, list_id=1, sent_at=timezone.now())
        written(Outcome.LOCKED, list_id=2)
        act(claimed_at=timezone.now())
        assert unsettled(manager) == []
        left = act(claimed_at=LONG_AGO)
        assert unsettled(manager) == [left]

    def test_is_told_of_the_act_and_not_of_its_parts(self, manager):
        whole = act()
        written(part_of=whole)
        assert unsettled(manager) == [whole]

    @pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.IN_DOUBT])
    def test_is_over_where_the_list_was_written_since(self, manager, outcome):
        """What stands there may be of the later write: reading tells nothing any more."""
        entry = written(outcome, list_id=7)
        written(Outcome.CONFIRMED, list_id=8)
        written(Outcome.REFUSED, list_id=7)
        JournalEntryFactory(list_id=7, action=Action.ASK, request=BlockRequestFactory())
        assert unsettled(manager) == [entry]
        written(Outcome.CONFIRMED, list_id=7)
        assert unsettled(manager) == ([entry] if outcome == Outcome.IN_DOUBT else [])

    @pytest.mark.parametrize("outcome", [Outcome.CONFIRMED, Outcome.PARTLY])
    def test_is_over_where_the_act_is_undone_or_is_about_to_be(self, manager, outcome):
        undo = act(outcome, undoes=act())
        assert unsettled(manager) == ([undo] if outcome == Outcome.PARTLY else [])

    def test_is_over_after_a_month(self, manager):
        written(started_at=timezone.now() - LOOKED_BACK - timedelta(minutes=1))
        assert unsettled(manager) == []

    def test_of_another_account_is_nothing(self, manager, stranger):
        written()
        assert unsettled(stranger) == []

    def test_is_told_without_the_lists_that_were_deleted(self, manager):
        written(action=Action.DELETE, whole_list="{}")
        (entry,) = unsettled(manager)
        assert "whole_list" in entry.get_deferred_fields()
        assert JournalEntry.objects.count() == 1

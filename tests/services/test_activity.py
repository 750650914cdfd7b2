"""What is done these days, counted by day and by person; and the reasons of requests."""

from datetime import datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from lists.models import Action, Operation, Outcome
from lists.services.activity import DAYS, OfDay, OfPerson, Reason, activity, last_days, reasons
from tests.factories import BlockRequestFactory, JournalEntryFactory

TODAY, YESTERDAY = 0, 1  # days ago


@pytest.fixture(autouse=True)
def _nothing_is_known_yet():
    cache.clear()


def at(days_ago, hour=12, minute=0):
    """That hour of that day, where the dashboard is."""
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def written(days_ago=TODAY, action=Action.ADD, **fields):
    return JournalEntryFactory(started_at=at(days_ago), action=action, **fields)


def act(*parts, action=Action.BLOCK, outcome=Outcome.CONFIRMED, **fields):
    """One over several lists, and how the write of each has ended."""
    whole = written(action=action, outcome=outcome, list_id=None, **fields)
    Operation.objects.create(entry=whole, plan="[]", lists_count=len(parts))
    for part in parts:
        written(part_of=whole, outcome=part)
    return whole


def of(days_ago, by):
    return activity(by=by).days[-1 - days_ago][1:]


class TestByDay:
    def test_every_day_is_there_the_oldest_first_and_today_last(self, manager):
        days = [day for day, _, _ in activity(by=manager).days]
        assert days == last_days(DAYS)
        assert (len(days), days[-1]) == (30, timezone.localdate())

    def test_blocks_and_unblocks_are_told_apart(self, manager):
        for action in (Action.ADD, Action.ADD, Action.REMOVE, Action.EDIT, Action.CREATE):
            written(YESTERDAY, action)
        assert of(YESTERDAY, manager) == (2, 1)
        assert of(TODAY, manager) == (0, 0)

    @pytest.mark.parametrize("days_ago", [TODAY, YESTERDAY, DAYS - 1])
    def test_a_day_begins_at_midnight_here(self, manager, days_ago):
        """Which is another hour in the database."""
        for moment in (at(days_ago, 0), at(days_ago, 23, 59)):
            JournalEntryFactory(started_at=moment)
        JournalEntryFactory(started_at=at(days_ago, 0) - timedelta(seconds=1))
        assert of(days_ago, manager) == (2, 0)

    def test_what_is_older_does_not_count(self, manager):
        written(DAYS)
        assert not any(blocked for _, blocked, _ in activity(by=manager).days)

    @pytest.mark.parametrize("days_ago", [TODAY, YESTERDAY])
    def test_only_what_is_confirmed_and_stands_counts(self, manager, days_ago):
        for list_id, outcome in enumerate((Outcome.UNKNOWN, Outcome.IN_DOUBT, Outcome.PENDING)):
            written(days_ago, outcome=outcome, list_id=list_id)
        late = written(days_ago, outcome=Outcome.REFUSED)
        written(days_ago, overwritten_by=late)
        assert of(days_ago, manager) == (0, 0)

    def test_an_act_over_several_lists_counts_once(self, manager):
        act(Outcome.CONFIRMED, Outcome.CONFIRMED)
        act(Outcome.CONFIRMED, action=Action.UNBLOCK)
        act(Outcome.CONFIRMED, action=Action.MOVE)
        assert of(TODAY, manager) == (1, 1)

    def test_one_that_was_not_done_in_all_lists_counts_where_it_was_done_in_any(self, manager):
        act(Outcome.CONFIRMED, Outcome.REFUSED, outcome=Outcome.PARTLY)
        act(Outcome.REFUSED, Outcome.UNKNOWN, outcome=Outcome.PARTLY)
        act(outcome=Outcome.PARTLY)
        assert of(TODAY, manager) == (1, 0)

    def test_of_another_account_nothing_counts(self, manager, stranger):
        written()
        assert of(TODAY, stranger) == (0, 0)
        assert activity(by=stranger).people == ()

    def test_past_days_are_counted_once_and_today_each_time(
        self, manager, django_assert_num_queries
    ):
        assert of(TODAY, manager) == of(YESTERDAY, manager) == (0, 0)
        written(TODAY)
        written(YESTERDAY)
        with django_assert_num_queries(1):
            assert of(TODAY, manager) == (1, 0)
        assert of(YESTERDAY, manager) == (0, 0)
        cache.clear()
        assert of(YESTERDAY, manager) == (1, 0)


class TestByPerson:
    def test_who_has_done_most_comes_first(self, manager):
        for days_ago in (TODAY, YESTERDAY):
            written(days_ago, username="anna")
            written(days_ago, Action.REMOVE, username="anna")
            written(days_ago, Action.ASK, username="vera")
        written(TODAY, Action.RENAME, username="boris")
        assert activity(by=manager).people == (
            OfPerson("anna", 2, 2, 0),
            OfPerson("vera", 0, 0, 2),
            OfPerson("boris", 0, 0, 1),
        )
        assert [person.total for person in activity(by=manager).people] == [4, 2, 1]

    def test_only_the_last_seven_days_count(self, manager):
        written(6, username="anna")
        written(7, username="vera")
        assert [person.name for person in activity(by=manager).people] == ["anna"]


class TestReasons:
    def asked(self, *words, days_ago=TODAY, **fields):
        for reason in words:
            BlockRequestFactory(reason=reason, asked_at=at(days_ago), **fields)

    def test_are_told_as_last_written_whatever_their_case_and_spaces(self, manager):
        self.asked("Угрожает", days_ago=3)
        self.asked("ЗВОНИТ  ещё", "угрожает", days_ago=2)
        self.asked("Звонит еще ", days_ago=1)
        self.asked("Спам", "Звонит ещё", days_ago=0)
        assert reasons(by=manager) == (
            Reason("Звонит ещё", 3),
            Reason("угрожает", 2),
            Reason("Спам", 1),
        )

    def test_are_the_five_most_frequent_of_thirty_days_and_of_the_account(self, manager):
        self.asked(*"AABCDEF")
        self.asked(*"XXX", days_ago=DAYS)
        self.asked(*"YYY", account="another")
        assert [reason.words for reason in reasons(by=manager)] == ["A", "B", "C", "D", "E"]

    def test_those_before_today_are_counted_once_in_ten_minutes(self, manager):
        assert reasons(by=manager) == ()
        self.asked("Спам", days_ago=0)
        self.asked("Спам", "Опрос", days_ago=1)
        assert reasons(by=manager) == (Reason("Спам", 1),)


def test_a_day_of_the_plot_is_a_plain_tuple():
    day = timezone.localdate()
    assert OfDay(day, 1, 2) == (day, 1, 2)

"""The month that the demo begins with is true of the lists, spans thirty days, and leaves something to do."""

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from lists import connection, hints
from lists.management.commands.demo import COLLEAGUES, PASSWORD, PEOPLE, connected_people
from lists.management.demo_month import live
from lists.management.demo_month.times import DAYS, moments
from lists.models import Action, BlockRequest, JournalEntry, JournalNumber, Operation, Outcome
from lists.plusofon.values import Contact, ContactList
from lists.sameness import list_digest
from lists.sandbox import Sandbox
from lists.services import credentials, requests, side_by_side
from lists.wording.journal import sentence
from lists.writing import reconciling, undoing
from lists.writing.entries import change_of, whole_list_of
from lists.writing.outcomes import Confirmed

ACCOUNT = 4821
ELSEWHERE = 53  # the list that somebody has changed outside the dashboard
MOSCOW = ZoneInfo("Europe/Moscow")

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def month(sandbox_server, django_db_setup, django_db_blocker):
    """Lived once for all tests: people by their usernames."""
    sandbox_server.app = Sandbox.seeded()
    cache.clear()
    connection.breaker_of.cache_clear()
    hints.hints_of.cache_clear()
    with (
        django_db_blocker.unblock(),
        override_settings(PLUSOFON_API_URL=sandbox_server.url),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        # One transaction, of which other threads see nothing.
        patch.setattr(side_by_side, "WRITES_AT_ONCE", 1)
        people = connected_people()
        live(people)
        yield people
        transaction.set_rollback(True)


@pytest.fixture
def sandbox(month, sandbox_server):
    """The stand-in after the month; what a test does to its lists is taken back."""
    sandbox = sandbox_server.app
    before = sandbox.lists(ACCOUNT)
    yield sandbox
    sandbox_server.app = sandbox
    for list_id, one in before.items():
        sandbox.put(ACCOUNT, list_id, one)


@pytest.fixture
def by(month):
    return credentials.connection_of(month["manager"])


def read(one):
    """A list of the stand-in as the API tells it."""
    contacts = tuple(Contact(c["name"], tuple(c["phones"])) for c in one["contacts"])
    return ContactList(one["id"], one["name"], one["type"], contacts)


def writes():
    """Of lists: requests and acts over several lists write nothing themselves."""
    acts = Operation.objects.values("entry_id")
    return JournalEntry.objects.filter(request=None).exclude(pk__in=acts).order_by("pk")


def unknown():
    return JournalEntry.objects.get(outcome=Outcome.UNKNOWN)


# When


def test_the_month_spans_thirty_days_and_its_times_rise_with_the_entries(month):
    entries = list(JournalEntry.objects.filter(part_of=None).order_by("pk"))
    days = [timezone.localdate(entry.started_at) for entry in entries]
    today = timezone.localdate()

    assert days[0] == today - timedelta(days=29)
    assert days[-1] == today
    assert today - timedelta(days=1) in days
    assert all(a.started_at <= b.started_at for a, b in pairwise(entries))
    assert max(entry.ended_at for entry in entries) < timezone.now()


def test_an_entry_is_sent_and_ended_right_after_it_was_begun(month):
    for entry in JournalEntry.objects.all():
        assert entry.started_at <= (entry.sent_at or entry.ended_at) <= entry.ended_at
        assert entry.ended_at - entry.started_at < timedelta(minutes=1)


def test_requests_are_decided_after_they_were_asked_for(month):
    asked = list(BlockRequest.objects.order_by("pk"))

    assert all(a.asked_at < b.asked_at for a, b in pairwise(asked))
    assert all(one.asked_at < one.decided_at for one in asked if one.decided_at)


@pytest.mark.parametrize("day", range(1, 8))
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_on_whatever_day_it_starts_the_month_ends_today_and_weekends_are_quieter(day, hour):
    now = datetime(2026, 6, day, hour, 5, tzinfo=MOSCOW)
    found = moments(100, 6, now=now)
    of_days = Counter(at.date() for at in found[:100])
    weekends = [count for day, count in of_days.items() if day.weekday() > 4]
    weekdays = [count for day, count in of_days.items() if day.weekday() <= 4]

    assert found == sorted(found)
    assert all(at.date() == now.date() and at < now for at in found[100:])
    assert len(found) == 106
    assert min(of_days) == now.date() - timedelta(days=29)
    assert max(of_days) == now.date() - timedelta(days=1)
    assert len(of_days) < DAYS - 1
    assert sum(weekends) < sum(weekdays) / 3
    assert all(9 <= at.hour < 19 for at in found[:100])


# What


def test_the_confirmed_entries_lead_from_the_seeded_lists_to_those_of_today(sandbox):
    lists = {list_id: read(one) for list_id, one in Sandbox.seeded().lists(ACCOUNT).items()}
    for entry in writes():
        if entry.action == Action.CREATE:
            lists[entry.list_id] = whole_list_of(entry)
        else:
            lists[entry.list_id] = change_of(entry).apply_to(lists[entry.list_id])
    now = {list_id: read(one) for list_id, one in sandbox.lists(ACCOUNT).items()}

    assert lists.keys() == now.keys()
    differs = [
        i for i in now if (now[i].name, now[i].contacts) != (lists[i].name, lists[i].contacts)
    ]
    assert differs == [ELSEWHERE]
    gone = set(lists[ELSEWHERE].contacts) - set(now[ELSEWHERE].contacts)
    came = set(now[ELSEWHERE].contacts) - set(lists[ELSEWHERE].contacts)
    assert len(gone) == len(came) == 1


def test_exactly_one_list_is_not_as_its_last_confirmed_write_left_it(sandbox):
    last = {entry.list_id: entry for entry in writes().filter(outcome=Outcome.CONFIRMED)}
    now = sandbox.lists(ACCOUNT)

    assert [i for i in last if list_digest(read(now[i])) != last[i].digest_after] == [ELSEWHERE]


def test_the_last_writes_can_be_undone(sandbox, by):
    last = writes().filter(outcome=Outcome.CONFIRMED, part_of=None).order_by("-pk")[:10]

    assert all(isinstance(undoing.undo(entry, by=by), Confirmed) for entry in last)


def test_checking_again_confirms_the_write_that_nobody_knows_of(sandbox, by):
    entry = unknown()
    reconciling.settle(entry, by=by)

    entry.refresh_from_db()
    assert entry.outcome == Outcome.CONFIRMED


def test_there_is_something_of_everything(month):
    actions = Counter(JournalEntry.objects.values_list("action", flat=True))

    assert actions.keys() >= {
        *(Action.ADD, Action.EDIT, Action.REMOVE, Action.RENAME, Action.CREATE, Action.MOVE),
        *(Action.BLOCK, Action.ASK, Action.ACCEPT, Action.DECLINE, Action.WITHDRAW),
    }
    assert 80 <= sum(actions.values()) <= 140
    assert actions[Action.ADD] > 3 * actions[Action.REMOVE] > 20
    assert JournalEntry.objects.filter(undoes__isnull=False).count() == 2
    whole = JournalEntry.objects.get(action=Action.BLOCK)
    assert whole.parts.count() == 3
    assert set(JournalEntry.objects.values_list("outcome", flat=True)) == {
        *(Outcome.CONFIRMED, Outcome.UNKNOWN)
    }


def test_four_people_have_worked_in_the_last_week(month):
    since = timezone.now() - timedelta(days=7)
    worked = JournalEntry.objects.filter(started_at__gte=since).values_list("username", flat=True)

    assert set(worked) == {*PEOPLE, *COLLEAGUES}


def test_what_guides_rely_on_is_left_alone(sandbox):
    seeded = Sandbox.seeded().lists(ACCOUNT)

    assert not JournalNumber.objects.filter(number="79998887766").exists()
    for list_id in (11, 17, 38, 52, 95):
        assert sandbox.lists(ACCOUNT)[list_id] == seeded[list_id]


def test_the_same_month_is_lived_each_time(sandbox, sandbox_server, month):
    def told():
        # Numbers of requests go on where a database has counted before.
        return [
            re.sub(r"no\. \d+|№ \d+", "no.", sentence(entry))
            for entry in JournalEntry.objects.order_by("pk")
        ]

    first = told()
    JournalEntry.objects.all().delete()
    BlockRequest.objects.all().delete()
    sandbox_server.app = Sandbox.seeded()
    live(month)

    assert told() == first


# What is left to do


def test_the_manager_has_three_requests_to_decide(month):
    waiting = list(requests.queue(by=month["manager"]))
    today = timezone.localdate()
    ages = [(today - timezone.localdate(asked.asked_at)).days for asked in waiting]

    assert requests.waiting(by=month["manager"]) == 3
    assert [asked.kind for asked in waiting] == ["block", "unblock", "block"]
    assert ages[0] > 1
    assert ages[-1] == 0


def test_support_has_one_decision_to_see(month):
    (news,) = BlockRequest.objects.filter(is_seen=False).exclude(state="open")

    assert requests.waiting(by=month["support"]) == 1
    assert (news.username, news.state) == ("support", "declined")
    assert timezone.localdate(news.decided_at) == timezone.localdate()


def test_requests_have_ended_in_each_way(month):
    ended = Counter(BlockRequest.objects.values_list("kind", "state"))

    assert ended.keys() == {
        *(("block", "open"), ("block", "accepted"), ("block", "declined"), ("block", "withdrawn")),
        *(("unblock", "open"), ("unblock", "accepted"), ("unblock", "declined")),
    }


def test_some_reasons_are_given_again_and_again(month):
    reasons = Counter(BlockRequest.objects.values_list("reason", flat=True))

    assert {reason for reason, times in reasons.items() if times > 1} == {
        *("Спам", "Мошенники", "Молчат в трубку", "Навязывают кредит"),
    }


@pytest.mark.parametrize("username", COLLEAGUES)
@pytest.mark.parametrize("password", [PASSWORD, "", "!"])
def test_nobody_can_sign_in_as_the_colleagues(month, username, password):
    browser = Client()
    browser.post("/login/", {"username": username, "password": password})

    assert not month[username].has_usable_password()
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("username", PEOPLE)
def test_the_two_who_are_told_can(month, username):
    browser = Client()

    assert browser.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    assert browser.session["_auth_user_id"] == str(month[username].pk)

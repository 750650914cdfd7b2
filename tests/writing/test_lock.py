"""One writer a list: who comes second waits, is told who is saving, or takes over from the dead."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lists.bulkhead import Bulkhead, upstream
from lists.changes import ContactChange, ListChange
from lists.connection import Connection
from lists.models import JournalEntry, Outcome
from lists.plusofon.client import Plusofon
from lists.plusofon.errors import OutOfTime
from lists.plusofon.values import Contact
from lists.writing import journal, lease, lock
from lists.writing.outcomes import Busy, Confirmed, HeldInDoubt, LockLost
from lists.writing.write import write
from tests.calls import methods
from tests.factories import JournalEntryFactory

VERA = ListChange(contacts=(ContactChange(None, Contact("Вера", ("102",))),))
ATS = ListChange(contacts=(ContactChange(None, Contact("АТС", ("7999*", "101"))),))


def under_way(black, *, ago=0.0, outcome=Outcome.PENDING, **fields):
    """A write of somebody else that was sent so many seconds ago."""
    then = timezone.now() - timedelta(seconds=ago)
    sent_at = None if outcome == Outcome.LOCKED else then
    times = {"started_at": then, "sent_at": sent_at, "ended_at": None}
    return JournalEntryFactory(list_id=black, outcome=outcome, **times, **fields)


def test_a_list_has_one_lock_and_none_afterwards(by, black):
    with lock.held(lock.OfList(black), by=by) as entry:
        assert list(JournalEntry.objects.all()) == [entry]
        assert (entry.account, entry.username) == ("4821", "manager")
        assert entry.outcome == Outcome.LOCKED
    assert not JournalEntry.objects.exists()


def test_who_comes_second_is_told_who_is_saving_and_until_when(by, black, sandbox, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.2)
    holder = under_way(black, username="anna")
    with pytest.raises(Busy) as busy:
        write(VERA, black, by=by)
    assert (busy.value.username, busy.value.since) == ("anna", holder.started_at)
    assert busy.value.until == lease.frees_at(holder)
    assert sandbox.calls == []


def test_an_act_waits_for_no_lock_longer_than_it_lasts(by, black, sandbox):
    """Half a minute for each of its lists would hold a thread for many."""
    under_way(black)
    act = replace(by, api=by.api.ending_in(0.3))
    began = time.monotonic()
    with pytest.raises(Busy):
        write(VERA, black, by=act)
    time.sleep(0.3)
    with pytest.raises(OutOfTime):
        write(VERA, black, by=act)
    assert time.monotonic() - began < 1.5
    assert sandbox.calls == []


def test_a_stranger_is_told_no_name(by, black, monkeypatch):
    """An id is the same list to everybody, whatever name we have for the account."""
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.2)
    under_way(black, username="anna", account="another")
    with pytest.raises(Busy) as busy:
        write(VERA, black, by=by)
    assert (busy.value.username, busy.value.since) == ("", None)


def test_two_names_for_one_account_share_the_lock_of_a_list(by, black, monkeypatch):
    """Somebody connected while `authuser` did not say whose account it is."""
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.1)
    nameless = Connection(by.api, by.user, "a hash of the token")
    with (
        lock.held(lock.OfList(black), by=by),
        pytest.raises(Busy),
        lock.held(lock.OfList(black), by=nameless),
    ):
        pass


def test_another_list_is_not_waited_for(by, black, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.2)
    under_way(black + 1)
    assert isinstance(write(VERA, black, by=by), Confirmed)


def test_the_second_goes_on_as_soon_as_the_first_is_done(by, black, monkeypatch):
    holder = under_way(black)
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            holder.delete()

    monkeypatch.setattr(lock.time, "sleep", pause)
    assert isinstance(write(VERA, black, by=by), Confirmed)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= lock.LONGEST_PAUSE


def test_a_row_left_by_a_crash_is_settled_by_the_next_writer(by, black, sandbox):
    left = under_way(black, ago=300, list_change=ATS)
    assert isinstance(write(VERA, black, by=by), Confirmed)
    left.refresh_from_db()
    assert left.outcome == Outcome.CONFIRMED
    assert methods(sandbox) == ["GET", "GET", "PUT", "GET"]


@pytest.mark.parametrize(
    ("outcome", "ago"), [(Outcome.IN_DOUBT, 1), (Outcome.PENDING, 59), (Outcome.IN_DOUBT, 59)]
)
def test_who_meets_a_doubt_is_told_at_once_who_left_it_and_until_when(
    by, black, sandbox, settings, outcome, ago
):
    """A crash too: nobody waits half a minute for a lock that is not free by then."""
    settings.PLUSOFON_WRITE_TIMEOUT = 30.0
    left = under_way(black, ago=ago, outcome=outcome, username="anna")
    began = time.monotonic()
    with pytest.raises(HeldInDoubt) as held:
        write(VERA, black, by=by)
    assert time.monotonic() - began < 1
    assert held.value.username == "anna"
    assert held.value.until == left.sent_at + timedelta(seconds=60)
    assert sandbox.calls == []


def test_what_is_in_doubt_is_never_refused_before_its_time_ends(by, black):
    left = under_way(black, ago=59, outcome=Outcome.IN_DOUBT)
    with pytest.raises(HeldInDoubt):
        write(VERA, black, by=by)
    left.refresh_from_db()
    assert left.outcome == Outcome.IN_DOUBT


def test_a_row_of_which_nothing_was_sent_goes(by, black):
    under_way(black, ago=300, outcome=Outcome.LOCKED, action="", change="")
    write(VERA, black, by=by)
    assert [entry.username for entry in JournalEntry.objects.all()] == ["manager"]


def test_a_lock_that_somebody_took_over_while_we_read_sends_nothing(
    by, black, sandbox, monkeypatch
):
    real = Plusofon.get_list

    def read_for_long(api, list_id):
        JournalEntry.objects.all().delete()
        return real(api, list_id)

    monkeypatch.setattr(Plusofon, "get_list", read_for_long)
    with pytest.raises(LockLost):
        write(VERA, black, by=by)
    assert methods(sandbox) == ["GET"]
    assert not JournalEntry.objects.exists()


def test_a_machine_that_slept_before_sending_sends_nothing(by, black, sandbox, monkeypatch):
    """Others may believe by now that nothing can land any more. `time.monotonic` would not have seen it."""
    times = iter([1000.0, 1000.0 + journal.LONGEST_NOTING + 1])
    monkeypatch.setattr(journal, "_clock", lambda: next(times))
    with pytest.raises(LockLost):
        write(VERA, black, by=by)
    assert methods(sandbox) == ["GET"]
    assert not JournalEntry.objects.exists()


def test_the_clock_counts_while_a_machine_sleeps(monkeypatch):
    if hasattr(time, "CLOCK_BOOTTIME"):
        assert journal._clock() == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=1)
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert journal._clock() == pytest.approx(time.time(), abs=1)


@pytest.mark.parametrize("short_wait", [1.0, 0.0])
def test_threads_of_one_process_queue_without_asking_the_database(monkeypatch, short_wait):
    monkeypatch.setattr(lock, "SHORT_WAIT", short_wait)
    order = []

    def write_slowly(name):
        with lock._turn(lock.OfList(11), until=time.monotonic() + 5, by=None):
            order.append(name)
            time.sleep(0.05)
            order.append(name)

    threads = [threading.Thread(target=write_slowly, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [order[0], order[2], order[4]] == [order[1], order[3], order[5]]
    assert sorted(set(order)) == ["a", "b", "c"]


def test_a_thread_that_waited_too_long_in_the_queue_is_told(by, black, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.05)
    with (
        lock.held(lock.OfList(black), by=by),
        pytest.raises(Busy) as busy,
        lock.held(lock.OfList(black), by=by),
    ):
        pass
    assert busy.value.username == "manager"


@pytest.fixture
def crowd(monkeypatch):
    """As many wait for locks as may for long."""
    monkeypatch.setattr(lock, "_waiting", Bulkhead(1))
    monkeypatch.setattr(lock, "SHORT_WAIT", 0.1)
    with lock._waiting.enter():
        yield


def test_half_of_the_threads_that_may_work_with_plusofon_may_wait_for_locks():
    assert lock._waiting.seats == upstream.seats // 2 == 6


def test_who_comes_when_enough_wait_for_a_row_is_told_soon(by, black, sandbox, crowd):
    under_way(black, username="anna")
    began = time.monotonic()
    with pytest.raises(Busy) as busy:
        write(VERA, black, by=by)
    assert time.monotonic() - began < 1
    assert busy.value.username == "anna"
    assert sandbox.calls == []


def test_who_comes_when_enough_wait_for_a_thread_is_told_soon(by, black, crowd):
    began = time.monotonic()
    with (
        lock.held(lock.OfList(black), by=by),
        pytest.raises(Busy) as busy,
        lock.held(lock.OfList(black), by=by),
    ):
        pass
    assert time.monotonic() - began < 1
    assert busy.value.username == "manager"


def test_whoever_need_not_wait_is_not_kept_by_those_who_do(by, black, crowd):
    assert isinstance(write(VERA, black, by=by), Confirmed)


def test_a_short_wait_is_open_to_everybody(by, black, crowd, monkeypatch):
    monkeypatch.setattr(lock, "SHORT_WAIT", 5.0)
    holder = under_way(black)
    monkeypatch.setattr(lock.time, "sleep", lambda _: holder.delete())
    assert isinstance(write(VERA, black, by=by), Confirmed)


def test_places_to_wait_come_back(by, black, monkeypatch):
    monkeypatch.setattr(lock, "_waiting", Bulkhead(1))
    monkeypatch.setattr(lock, "SHORT_WAIT", 0.05)
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.3)
    under_way(black)
    for _ in range(3):
        with pytest.raises(Busy):
            write(VERA, black, by=by)
    with lock._waiting.enter():
        pass


def refused(**_):
    """As the constraint does, where another's row is not to be found any more."""
    raise IntegrityError


def test_a_row_that_came_and_went_while_looking_is_looked_for_again(by, black, monkeypatch):
    real, refusals = JournalEntry.objects.get_or_create, [IntegrityError]

    def get_or_create(**row):
        if refusals:
            raise refusals.pop()
        return real(**row)

    monkeypatch.setattr(JournalEntry.objects, "get_or_create", get_or_create)
    with lock.held(lock.OfList(black), by=by) as entry:
        assert entry.outcome == Outcome.LOCKED


def test_a_lock_whose_holder_cannot_be_found_is_somebody_elses(by, black, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(JournalEntry.objects, "get_or_create", refused)
    with pytest.raises(Busy) as busy, lock.held(lock.OfList(black), by=by):
        pass
    assert (busy.value.username, busy.value.until) == ("", None)


@pytest.mark.parametrize("of", [lock.OfList(11), lock.OfCreation("4821")])
def test_the_database_refuses_a_second_unended_row(by, monkeypatch, of):
    """What get_or_create does not see yet, the constraint does."""
    list_id = of.list_id if isinstance(of, lock.OfList) else None
    met = []

    def blind(**_):
        met.append(list_id)
        with transaction.atomic():
            under_way(list_id)

    under_way(list_id)
    monkeypatch.setattr(JournalEntry.objects, "get_or_create", blind)
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.05)
    with pytest.raises(Busy), lock.held(of, by=by):
        pass
    assert met


def test_a_write_is_not_begun_without_the_time_for_all_of_its_calls(
    by, black, sandbox, monkeypatch
):
    """It has its turn at the API before it reads, and keeps it until it has read back."""
    holding = []
    real = Plusofon.replace_list

    def replace(api, contact_list, body):
        holding.append(api._permits._free)
        return real(api, contact_list, body)

    monkeypatch.setattr(Plusofon, "replace_list", replace)
    write(VERA, black, by=by)
    assert holding == [by.api._permits.total - 1]

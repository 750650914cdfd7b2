"""One writer a list: who comes second waits, is told who is saving, or takes over from the dead."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from lists.changes import ContactChange, ListChange
from lists.models import JournalEntry, Outcome
from lists.plusofon.values import Contact
from lists.services import editing, journal, lock
from lists.services.outcomes import Confirmed
from tests.factories import JournalEntryFactory

VERA = ListChange(contacts=(ContactChange(None, Contact("Вера", ("102",))),))


def pending(black, **fields):
    return JournalEntryFactory(list_id=black, outcome=Outcome.PENDING, ended_at=None, **fields)


def test_a_list_has_one_pending_write_and_none_afterwards(api, black, manager):
    with lock.held(black, api=api, by=manager) as entry:
        assert list(JournalEntry.objects.all()) == [entry]
        assert (entry.account, entry.username) == ("4821", "manager")
    assert not JournalEntry.objects.exists()


def test_who_comes_second_is_told_who_is_saving(api, black, manager, sandbox, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.2)
    holder = pending(black, username="anna")
    with pytest.raises(lock.Busy) as busy:
        editing.write(VERA, black, api=api, by=manager)
    assert (busy.value.username, busy.value.since) == ("anna", holder.started_at)
    assert sandbox.calls == []


def test_another_list_and_another_account_are_not_waited_for(api, black, manager, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.2)
    pending(black + 1)
    pending(black, account="another")
    assert isinstance(editing.write(VERA, black, api=api, by=manager), Confirmed)


def test_the_second_goes_on_as_soon_as_the_first_is_done(api, black, manager, monkeypatch):
    holder = pending(black)
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        if len(pauses) == 3:
            holder.delete()

    monkeypatch.setattr(lock.time, "sleep", pause)
    assert isinstance(editing.write(VERA, black, api=api, by=manager), Confirmed)
    assert pauses == sorted(pauses)
    assert pauses[-1] <= lock.LONGEST_PAUSE


def test_a_row_left_by_a_crash_is_settled_by_the_next_writer(api, black, manager, sandbox):
    long_ago = timezone.now() - timedelta(minutes=5)
    left = pending(
        black,
        started_at=long_ago,
        list_change=ListChange(contacts=(ContactChange(None, Contact("АТС", ("7999*", "101"))),)),
    )
    assert isinstance(editing.write(VERA, black, api=api, by=manager), Confirmed)
    left.refresh_from_db()
    assert left.outcome == Outcome.CONFIRMED
    assert [call.method for call in sandbox.calls] == ["GET", "GET", "PUT", "GET"]


def test_a_row_of_which_nothing_was_sent_goes(api, black, manager):
    pending(black, started_at=timezone.now() - timedelta(minutes=5), action="", change="")
    editing.write(VERA, black, api=api, by=manager)
    assert [entry.username for entry in JournalEntry.objects.all()] == ["manager"]


def test_a_lock_that_was_lost_while_reading_sends_nothing(api, black, manager, sandbox):
    def take_long(_found):
        JournalEntry.objects.update(started_at=timezone.now() - timedelta(minutes=5))
        return VERA

    with pytest.raises(journal.LockLost):
        editing.write(take_long, black, api=api, by=manager)
    assert [call.method for call in sandbox.calls] == ["GET"]
    assert not JournalEntry.objects.exists()


def test_threads_of_one_process_queue_without_asking_the_database():
    order = []

    def write(name):
        with lock._turn("4821", 11, until=time.monotonic() + 5):
            order.append(name)
            time.sleep(0.05)
            order.append(name)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [order[0], order[2], order[4]] == [order[1], order[3], order[5]]
    assert sorted(set(order)) == ["a", "b", "c"]


def test_a_thread_that_waited_too_long_in_the_queue_is_told(api, black, manager, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.05)
    with (
        lock.held(black, api=api, by=manager),
        pytest.raises(lock.Busy) as busy,
        lock.held(black, api=api, by=manager),
    ):
        pass
    assert busy.value.username == "manager"


def test_a_row_that_came_and_went_while_looking_is_looked_for_again(
    api, black, manager, monkeypatch
):
    real, answers = lock._pending, [(None, False)]
    monkeypatch.setattr(lock, "_pending", lambda *a: answers.pop() if answers else real(*a))
    with lock.held(black, api=api, by=manager) as entry:
        assert entry.outcome == Outcome.PENDING


def test_the_database_refuses_a_second_pending_row(black, manager, monkeypatch, api):
    """What get_or_create does not see yet, the constraint does."""

    def blind(**_):
        with transaction.atomic():
            pending(black)

    pending(black)
    monkeypatch.setattr(JournalEntry.objects, "get_or_create", blind)
    assert lock._pending(black, "4821", manager, None) == (None, False)

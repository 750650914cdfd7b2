"""Several lists are written side by side; what became of each is told in their order.

Over a real database, by real processes: tests/processes/test_side_by_side.py.
"""

import threading
import time
from contextvars import Context

import pytest
from django.db import OperationalError

from lists.plusofon.errors import TimedOut
from lists.plusofon.values import ListEntry
from lists.services.side_by_side import Done, side_by_side
from lists.writing import sent

LISTS = [ListEntry(n, f"Список {n}", "black") for n in range(10)]


class Writes:
    """What each list's write does; how many ran at once, and which began."""

    def __init__(self, **acts):
        self.acts, self.begun, self.most = acts, [], 0
        self._running, self._guard = 0, threading.Lock()

    def of(self, entry):
        def write():
            with self._guard:
                self.begun.append(entry.id)
                self._running += 1
                self.most = max(self.most, self._running)
            try:
                return self.acts.get(f"_{entry.id}", lambda: time.sleep(0.05))() or Done(
                    entry, None
                )
            finally:
                with self._guard:
                    self._running -= 1

        return write

    def run(self, lists=LISTS):
        return side_by_side([(entry, self.of(entry)) for entry in lists])


def failing(error):
    def act():
        raise error

    return act


def test_five_are_written_at_once_and_told_in_order():
    writes = Writes(_0=lambda: time.sleep(0.3))
    started = time.monotonic()
    assert [done.list for done in writes.run()] == LISTS
    assert writes.most == 5
    assert time.monotonic() - started < 0.05 * len(LISTS) + 0.3


def test_a_single_one_is_written_by_the_thread_that_asks():
    threads = []
    Writes(_0=lambda: threads.append(threading.current_thread())).run(LISTS[:1])
    assert threads == [threading.current_thread()]


def test_none_is_none():
    assert side_by_side([]) == []


def test_one_lists_error_keeps_no_other_from_being_written():
    error = TimedOut()
    writes = Writes(_3=lambda: Done(LISTS[3], None, error))
    assert [done.error for done in writes.run()] == [None] * 3 + [error] + [None] * 6


def test_where_our_database_fails_what_has_not_begun_is_not_tried():
    trouble = OperationalError("disk full")
    writes = Writes(_2=failing(trouble), _1=lambda: time.sleep(0.1))
    told = writes.run()
    assert [done.list for done in told] == LISTS
    assert told[2].error is trouble
    assert {done.list.id for done in told if done.error is None} == set(writes.begun) - {2}
    assert len(writes.begun) < len(LISTS)


def test_where_our_database_fails_for_all_it_is_an_error_since_nothing_was_sent():
    trouble = OperationalError("disk full")
    writes = Writes(**{f"_{n}": failing(trouble) for n in range(10)})
    with pytest.raises(OperationalError):
        writes.run()
    assert len(writes.begun) <= 4


def test_after_a_defect_those_under_way_are_carried_through_and_no_other_is_begun():
    done = []

    def slow():
        time.sleep(0.2)
        done.append(1)

    writes = Writes(_0=failing(RuntimeError("bug")), _1=slow, _2=slow, _3=slow, _4=slow)
    with pytest.raises(RuntimeError):
        writes.run()
    assert len(done) >= 3
    assert len(writes.begun) < len(LISTS)


def test_the_request_knows_that_something_was_sent_for_it():
    sent.begin()
    assert not sent.anything()
    Writes(_5=sent.note).run()
    assert sent.anything()


def test_outside_a_request_nobody_asks_what_was_sent():
    command = Context()
    command.run(sent.note)
    assert not command.run(sent.anything)

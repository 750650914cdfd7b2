"""Who may call the API when: first come, first served, and long scans never take everything."""

import threading
import time

import pytest

from lists.plusofon.errors import NoPermit
from lists.plusofon.permits import Permits

from .callers import Caller, in_use


@pytest.fixture
def caller():
    """Starts callers, one after another, and sees that all of them end."""
    started = []

    def start(permits, **options):
        one = Caller(permits, **options)
        started.append(one)
        one.came.wait(0.02)  # in its place of the queue before the next one comes
        return one

    yield start
    for one in started:
        one.end()


def test_a_permit_is_handed_to_whoever_waits_longest(caller):
    permits = Permits(1)
    holder = caller(permits)
    waiting = [caller(permits) for _ in range(4)]
    for earlier, later in zip([holder, *waiting], waiting, strict=False):
        assert later.waits()
        earlier.end()
        assert later.has_come()
        assert all(one.waits() for one in waiting[waiting.index(later) + 1 :])


def test_whoever_comes_later_does_not_snatch_a_permit_that_somebody_waits_for(caller):
    permits = Permits(1)
    holder, waiting = caller(permits), caller(permits)
    holder.end()
    with pytest.raises(NoPermit), permits.held(longest_wait=0):
        pass
    assert waiting.has_come()


@pytest.mark.parametrize(
    ("total", "scans"), [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (12, 9), (16, 12)]
)
def test_long_scans_leave_a_quarter_to_everybody_else(total, scans):
    assert Permits(total).scans == scans


def test_a_scan_that_waits_for_its_share_lets_others_by(caller):
    permits = Permits(4)
    scans = [caller(permits, scanning=True) for _ in range(5)]
    assert [one.came.is_set() for one in scans] == [True, True, True, False, False]
    page = caller(permits)
    assert page.has_come()
    assert scans[3].waits()
    page.end()
    assert scans[3].waits()
    scans[0].end()
    assert scans[3].has_come()
    assert scans[4].waits()


def test_a_scan_that_only_waits_for_a_permit_keeps_its_place_before_a_page(caller):
    permits = Permits(4)
    pages = [caller(permits) for _ in range(4)]
    scan, page = caller(permits, scanning=True), caller(permits)
    pages[0].end()
    assert scan.has_come()
    assert page.waits()


def test_waiting_has_an_end_and_an_error_of_its_own():
    permits = Permits(1)
    with in_use(permits):
        started = time.monotonic()
        with pytest.raises(NoPermit) as raised, permits.held(longest_wait=0.1):
            pass
        assert 0.1 <= time.monotonic() - started < 0.5
        assert raised.value.may_still_land is False
    with permits.held(longest_wait=0):
        pass


def test_who_gave_up_waiting_is_not_waited_for(caller):
    permits = Permits(1)
    holder = caller(permits)
    gave_up = caller(permits, longest_wait=0.05)
    later = caller(permits)
    gave_up.end()
    assert isinstance(gave_up.error, NoPermit)
    holder.end()
    assert later.has_come()


def test_a_permit_comes_back_however_its_holder_ends():
    permits = Permits(1)

    def steps():
        with permits.held(longest_wait=0):
            yield

    with pytest.raises(RuntimeError), permits.held(longest_wait=0):
        raise RuntimeError
    left_in_the_middle = steps()
    next(left_in_the_middle)
    left_in_the_middle.close()
    with permits.held(longest_wait=0):
        pass


def test_who_holds_a_permit_needs_no_second_one_and_gives_it_back_once(caller):
    permits = Permits(1)
    with permits.held(longest_wait=0):
        with permits.held(longest_wait=0), permits.held(longest_wait=0, scanning=True):
            pass
        other = caller(permits)
        assert other.waits()
    assert other.has_come()


def test_many_threads_never_hold_more_than_there_are():
    permits, guard, under_way, most = Permits(4), threading.Lock(), 0, []

    def call(scanning):
        nonlocal under_way
        for _ in range(50):
            with permits.held(longest_wait=5, scanning=scanning):
                with guard:
                    under_way += 1
                    most.append(under_way)
                time.sleep(0.0005)
                with guard:
                    under_way -= 1

    threads = [threading.Thread(target=call, args=(n % 2 == 0,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 600
    assert max(most) == 4

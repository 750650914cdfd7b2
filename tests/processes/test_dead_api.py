"""Thirty people at a dashboard whose API hangs: see `dead_api`, and `docs/drill.md` for the whole drill."""

import statistics

import pytest

from .dead_api import drill

HANG, AFTER, TIMEOUT = 10, 8, 2


@pytest.fixture(scope="module")
def drilled():
    return drill(people=30, hang=HANG, before=3, after=AFTER, timeout=TIMEOUT, pause=2)


def test_what_needs_no_plusofon_is_answered_as_if_nothing_were_the_matter(drilled):
    before = drilled.during(-100, 0, ours=True)
    meanwhile = drilled.during(0, HANG, ours=True)
    assert {visit.status for visit in meanwhile} == {200}
    usual = statistics.median(visit.seconds for visit in before)
    slow = sorted(visit.seconds for visit in meanwhile)[int(len(meanwhile) * 0.95)]
    assert slow < usual + 0.5


def test_who_asks_for_what_plusofon_has_is_told_and_mostly_at_once(drilled):
    told = drilled.during(TIMEOUT, HANG, ours=False)
    assert {visit.status for visit in told} <= {200, 202, 302, 503}
    assert statistics.median(visit.seconds for visit in told) < 0.5
    assert all(visit.title for visit in told if visit.status == 503)


def test_the_desk_works_within_five_seconds_of_the_return(drilled):
    assert drilled.back_after <= 5
    back = drilled.during(HANG + 5, HANG + AFTER, ours=False)
    assert sum(visit.status in (200, 302) for visit in back) > len(back) / 2


def test_nothing_is_our_own_defect_and_no_memory_is_kept(drilled):
    assert 500 not in {visit.status for visit in drilled.visits}
    before, after = drilled.memory
    assert after < before + 40

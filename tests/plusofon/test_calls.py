"""What whoever watches is told of each call: in the thread that made it, and nothing of what it was about."""

import threading
from contextlib import suppress
from dataclasses import asdict

import pytest

from lists.plusofon import errors
from lists.plusofon.client import Plusofon
from lists.plusofon.permits import Permits
from lists.plusofon.transport import shared_transport

from .callers import in_use


@pytest.fixture
def told():
    return []


@pytest.fixture
def api(sandbox, settings, told):
    def make(**options):
        return Plusofon(
            url=settings.PLUSOFON_API_URL,
            token="manager-token",
            client_id="10553",
            transport=transport,
            on_call=lambda call: told.append((call, threading.current_thread())),
            **options,
        )

    with shared_transport() as transport:
        yield make


def test_each_call_is_told_once_with_its_operation_and_time(api, told, black):
    found = api().get_list(black)
    api().replace_list(found)
    calls = [call for call, _thread in told]
    assert [(call.operation, call.outcome, call.tries) for call in calls] == [
        ("get_list", "ok", 1),
        ("replace_list", "ok", 1),
    ]
    assert all(0 < call.seconds < 3 for call in calls)
    assert {thread for _call, thread in told} == {threading.current_thread()}
    assert "manager-token" not in str([asdict(call) for call in calls])


@pytest.mark.parametrize(
    ("kind", "times", "outcome", "tries"),
    [
        ("503", 2, "ok", 3),
        ("503", None, "unavailable", 3),
        ("404", 1, "not_found", 1),
        ("html", 1, "not_understood", 1),
        ("hang", None, "timed_out", 1),
    ],
)
def test_tries_are_one_call_and_its_outcome_is_the_last_ones(
    api, sandbox, told, black, kind, times, outcome, tries
):
    sandbox.fail(kind, times=times)
    with suppress(errors.PlusofonError):
        api(timeout=1.0).get_list(black)
    ((call, _thread),) = told
    assert (call.outcome, call.tries) == (outcome, tries)


def test_a_call_that_was_not_tried_took_no_time(api, told, black):
    permits = Permits(1)
    with in_use(permits), pytest.raises(errors.NoPermit):
        api(permits=permits).hurried(0.05).get_list(black)
    ((call, _thread),) = told
    assert (call.outcome, call.tries, call.seconds) == ("no_permit", 0, 0.0)


def test_a_defect_of_ours_is_no_outcome_of_the_api(api, told, black, monkeypatch):
    monkeypatch.setattr("lists.plusofon.wire.read_list", lambda *_, **__: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        api().get_list(black)
    assert told == []


def test_who_has_to_wait_for_a_permit_is_told_and_who_has_not_is_not():
    waits = []
    permits = Permits(1, on_wait=waits.append)
    with permits.held(longest_wait=1):
        assert (permits.in_use, permits.waiting) == (1, 0)
    assert waits == []
    with in_use(permits), pytest.raises(errors.NoPermit), permits.held(longest_wait=0.05):
        pass
    assert len(waits) == 1
    assert waits[0] >= 0.05

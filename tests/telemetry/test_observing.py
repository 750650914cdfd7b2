"""What was done for a request is its own, also what its threads did; so is known whether Plusofon answers."""

from contextvars import Context

import pytest

from lists.plusofon.calls import Call
from lists.services import lookup
from lists.telemetry import context, reachability
from lists.telemetry.observing import Write, observe, waited
from lists.threads import RequestThreads


@pytest.fixture
def about():
    made = context.RequestContext(context.new_id())
    context.begin(made)
    yield made
    context.end()


def test_threads_that_work_for_a_request_carry_its_id_and_others_do_not(about):
    with RequestThreads(2) as pool:
        assert set(pool.map(lambda _: context.request_id(), range(8))) == {about.id}
        context.end()
        assert pool.submit(context.request_id).result() == ""


def test_a_scan_of_all_lists_is_counted_in_the_request_that_began_it(by, sandbox, account, about):
    for n in range(5):
        sandbox.add_list(account, name=f"Список {n}")
    lookup.result_of(lookup.scan(lookup.for_numbers("79998887766"), by=by))
    assert about.calls == {"ok": len(sandbox.calls)}
    assert about.call_seconds > 0


def test_calls_waits_and_writes_are_added_up(about):
    for outcome, tries in (("ok", 1), ("ok", 3), ("timed_out", 1), ("no_permit", 0)):
        observe(Call("get_list", outcome, 0.5, tries))
    waited(0.25)
    observe(Write("confirmed"))
    assert about.calls == {"ok": 2, "timed_out": 1, "no_permit": 1}
    assert (about.call_seconds, about.retries) == (2.0, 2)
    assert (about.waits, about.wait_seconds) == (1, 0.25)
    assert about.writes == {"confirmed": 1}


def test_outside_of_a_request_nothing_is_added_up():
    Context().run(observe, Write("confirmed"))


def test_whether_plusofon_answers_is_told_by_its_last_calls(monkeypatch):
    monkeypatch.setattr(reachability, "_last", reachability.Reachability())
    for silent in ("no_permit", "circuit_open"):
        observe(Call("get_list", silent, 0.0, 0))
    assert reachability.last() == reachability.Reachability()
    observe(Call("get_list", "ok", 0.1, 1))
    answered = reachability.last().answered_at
    assert answered
    observe(Call("get_list", "timed_out", 1.0, 1))
    since = reachability.last().failing_since
    observe(Call("get_list", "connection_cut", 1.0, 1))
    assert since >= answered
    assert reachability.last() == reachability.Reachability(answered, since)
    observe(Call("get_list", "unauthenticated", 0.1, 1))  # a no is an answer
    assert reachability.last().failing_since is None

"""A number seen before is found first, and what is said of it is read live all the same."""

import time
from contextlib import closing

import pytest
from django.test import Client

from lists import connection
from lists.hints import hints_of
from lists.intents import AddContact, RemoveContact
from lists.plusofon.values import Contact
from lists.services import blocking, catalogue, lookup
from lists.services.lookup import Progress
from lists.verdict import Verdict
from lists.writing.write import write

from ..conftest import STRANGER_TOKEN
from ..words import says

NUMBER = "79998887766"
HIT = {"name": "Иван", "phones": ["8 (999) 888-77-66"]}


@pytest.fixture
def lists(sandbox, account):
    """Forty lists; the last but one holds the number."""
    return [
        sandbox.add_list(account, name=f"Список {n}", contacts=[HIT] if n == 38 else [])
        for n in range(40)
    ]


def steps_of(by):
    return list(lookup.scan(lookup.for_numbers(NUMBER), by=by))


def first_blocked(steps):
    """How many lists had been read when the number was said to be blocked."""
    return next(
        (step.read for step in steps if isinstance(step, Progress) and step.is_blocked), None
    )


def reads_of(sandbox, list_id):
    return [call.path for call in sandbox.calls].count(f"/api/v1/contact-lists/{list_id}")


def test_the_list_that_held_it_is_read_first_and_once(by, sandbox, lists):
    assert first_blocked(steps_of(by)) > 20
    sandbox.clear_calls()
    steps = steps_of(by)
    assert first_blocked(steps) == 1
    assert [hit.list.id for hit in steps[-1].hits] == [lists[38]]
    assert (steps[-1].read, steps[-1].total, steps[-1].is_complete) == (40, 40, True)
    assert reads_of(sandbox, lists[38]) == 1
    assert sum(len(step.hits) for step in steps[:-1]) == 1


@pytest.mark.parametrize("reading", ["browsing", "counting", "a scan for another", "a save"])
def test_whoever_reads_a_whole_list_teaches_where_its_numbers_are(by, lists, reading):
    match reading:
        case "browsing":
            by.api.get_list(lists[38])
        case "counting":
            catalogue.counts([lists[38]], api=by.api)
        case "a scan for another":
            blocking.where(["101"], by=by)
        case "a save":
            write(AddContact(Contact("Пётр", (NUMBER,))), lists[7], by=by)
    assert first_blocked(steps_of(by)) == 1


def test_what_was_removed_behind_our_back_is_not_said_to_be_there(by, sandbox, account, lists):
    steps_of(by)
    sandbox.put(account, lists[38], sandbox.lists(account)[lists[38]] | {"contacts": []})
    steps = steps_of(by)
    assert first_blocked(steps) is None
    assert steps[-1].verdict == Verdict.NONE


def test_what_we_removed_ourselves_is_not_said_to_be_there(by, lists):
    steps_of(by)
    seen = by.api.get_list(lists[38]).contacts[0]
    write(RemoveContact("", seen), lists[38], by=by)
    assert hints_of(by.account).lists_with([NUMBER]) == []
    assert steps_of(by)[-1].verdict == Verdict.NONE


def test_a_list_that_was_deleted_meanwhile_says_nothing_and_is_forgotten(
    by, sandbox, account, lists
):
    steps_of(by)
    sandbox.drop(account, lists[38])
    steps = steps_of(by)
    assert first_blocked(steps) is None
    assert (steps[-1].verdict, steps[-1].total) == (Verdict.NONE, 39)
    sandbox.clear_calls()
    steps_of(by)
    assert reads_of(sandbox, lists[38]) == 0


def test_a_list_that_became_white_blocks_nobody(by, sandbox, account, lists):
    steps_of(by)
    sandbox.put(account, lists[38], sandbox.lists(account)[lists[38]] | {"type": "white"})
    steps = steps_of(by)
    assert first_blocked(steps) is None
    assert steps[-1].verdict == Verdict.NONE
    assert [hit.list.id for hit in steps[-1].hits] == [lists[38]]


def test_one_that_is_deleted_between_its_reading_and_the_index_is_dropped(
    by, sandbox, account, lists
):
    steps_of(by)
    sandbox.before("GET", "contact-lists?page=2", lambda: sandbox.drop(account, lists[38]))
    sandbox.latency = 0.02
    steps = steps_of(by)
    assert steps[-1].verdict == Verdict.NONE
    assert steps[-1].hits == ()


def test_one_that_cannot_be_read_any_more_makes_it_incomplete(by, sandbox, lists):
    steps_of(by)
    sandbox.fail("500", path=f"contact-lists/{lists[38]}", times=None)
    steps = steps_of(by)
    assert first_blocked(steps) is None
    assert steps[-1].verdict == Verdict.INCOMPLETE
    assert [one.list.id for one in steps[-1].unread] == [lists[38]]


def test_a_remembered_list_that_hangs_holds_up_no_other(by, sandbox, lists, settings):
    steps_of(by)
    sandbox.hang_seconds = 1
    sandbox.fail("hang", path=f"contact-lists/{lists[38]}")
    started = time.monotonic()
    steps = lookup.scan(lookup.for_numbers(NUMBER), by=by)
    read = 0
    while read < 39:
        read = next(steps).read
    assert time.monotonic() - started < 1
    *_, result = steps
    assert result.total == 40


def test_strangers_are_told_nothing_of_our_lists(by, sandbox, lists, manager):
    steps_of(by)
    api = connection.open_api(token=STRANGER_TOKEN, client_id="10553", account="9")
    sandbox.clear_calls()
    steps = steps_of(connection.Connection(api, manager, "9"))
    assert steps[-1].verdict == Verdict.NONE
    assert not [call for call in sandbox.calls if "contact-lists/" in call.path]


def test_what_is_remembered_costs_two_rounds_of_calls_at_most(by, sandbox, account):
    ids = [sandbox.add_list(account, name=f"Список {n}", contacts=[HIT]) for n in range(20)]
    steps_of(by)
    for list_id in ids:
        sandbox.drop(account, list_id)
    sandbox.clear_calls()
    assert steps_of(by)[-1].verdict == Verdict.NONE
    assert len([call for call in sandbox.calls if "contact-lists/" in call.path]) == 12


LISTS, LATENCY = 300, 0.1
CALLS = 2.5


def test_with_300_lists_the_verdict_stands_on_the_page_after_two_and_a_half_calls(
    support, sandbox, account, outside_transactions
):
    """Over HTTP, each call a tenth of a second away. The best of some: what else a machine does at the same
    time is none of the page's."""
    for n in range(LISTS):
        sandbox.add_list(account, name=f"Список {n}", contacts=[HIT] if n == 250 else [])
    browser = Client()
    browser.force_login(support)
    assert seconds_until_blocked(browser) > 0
    sandbox.latency = LATENCY
    tries = (seconds_until_blocked(browser) for _ in range(20))
    assert any(seconds <= CALLS * LATENCY for seconds in tries)


def seconds_until_blocked(browser):
    """From asking for the page until the piece of it arrives that says so."""
    started = time.perf_counter()
    answer = browser.get(f"/lookup/?number={NUMBER}")
    with closing(answer):
        page = ""
        for piece in answer.streaming_content:
            page += piece.decode()
            if "early verdict-blocked" in page and says("Blocked") in page:
                return time.perf_counter() - started
    raise AssertionError(page)

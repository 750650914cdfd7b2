"""All pages of lists, whatever the API says about how many there are."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lists.plusofon import errors, index
from lists.plusofon.values import ListEntry, Page


@pytest.fixture
def lists(sandbox, account):
    def lists(count):
        return [sandbox.add_list(account, name=f"Список {number}") for number in range(count)]

    return lists


def pages_asked(sandbox):
    return [int(call.query.partition("=")[2]) for call in sandbox.calls]


@pytest.mark.parametrize("count", [0, 1, 15, 16, 40 * 15 + 1])
def test_every_page_is_read_once(api, sandbox, lists, count):
    ids = lists(count)
    found = index.read_index(api=api)
    assert (found.ids, found.trouble) == (ids, None)
    assert pages_asked(sandbox) == list(range(1, max(1, -(-count // 15)) + 1))


def test_a_thousand_million_pages_are_not_asked_for(api, sandbox, lists):
    """It ends with the pages that bring nothing new, and does not pass for complete."""
    ids = lists(20)
    sandbox.quirks = {"last-page"}
    found = index.read_index(api=api)
    assert found.ids == ids
    assert isinstance(found.trouble, errors.NotUnderstood)
    assert len(sandbox.calls) <= 2 * index.AT_A_TIME + 1
    with pytest.raises(errors.NotUnderstood):
        index.all_lists(api)


def test_pages_that_never_end_end_with_the_time_of_the_page(api, sandbox, lists):
    lists(20)
    sandbox.per_page, sandbox.latency = 1, 0.1
    began = time.monotonic()
    found = index.read_index(api=api.ending_in(0.5))
    assert time.monotonic() - began < 1
    assert isinstance(found.trouble, errors.OutOfTime | errors.TimedOut)


def test_more_pages_than_anybody_would_read_are_not_read(api, sandbox, lists, monkeypatch):
    monkeypatch.setattr(index, "MOST_PAGES", 3)
    sandbox.per_page = 1
    ids = lists(5)
    found = index.read_index(api=api)
    assert (found.ids, found.pages) == (ids[:3], 3)
    assert isinstance(found.trouble, errors.NotUnderstood)


@pytest.mark.parametrize(("entries", "name"), [(1000, "x"), (1, "x" * 2**20)])
def test_pages_that_bring_ever_more_lists_do_not_fill_the_memory(entries, name):
    asked = []

    class Endless:
        def get_lists(self, number):
            asked.append(number)
            first = number * entries
            ids = range(first, first + entries)
            many = tuple(ListEntry(list_id, f"{name}{list_id}", "black") for list_id in ids)
            return Page(many, number, last=10**9, per_page=15, total=15 * 10**9)

    found = index.read_index(api=Endless())
    assert isinstance(found.trouble, errors.NotUnderstood)
    assert len(asked) < 60


def test_a_page_that_fails_leaves_the_others_and_says_why(api, sandbox, lists):
    ids = lists(40)
    sandbox.fail("500", path="page=2")
    with ThreadPoolExecutor(3) as pool:
        found = index.read_index(api=api, each=pool.map)
    assert isinstance(found.trouble, errors.ServerError)
    assert set(found.ids) >= {*ids[:15], *ids[30:]}

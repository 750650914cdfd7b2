"""Plusofon hangs, lies or drowns us: every page ends in time, says what is the matter, and keeps what was
typed."""

import time

import pytest

from lists import bulkhead, connection
from lists.bulkhead import Bulkhead
from lists.models import JournalEntry
from tests.client import text
from tests.words import saying, says


@pytest.fixture
def hanging(sandbox, settings):
    settings.PLUSOFON_TIMEOUT = settings.PLUSOFON_WRITE_TIMEOUT = 0.3
    sandbox.hang_seconds = 20
    sandbox.fail("hang", times=None)


def test_after_three_time_outs_pages_are_told_at_once_and_work_again_soon(
    as_manager, sandbox, black, hanging, monkeypatch
):
    connection.breaker_of("4821").trial_every = 3
    path = f"/lists/{black}/"
    for _ in range(3):
        assert says("Plusofon is taking too long") in text(as_manager.get(path))
    answer = as_manager.get(path)
    assert len(sandbox.calls) == 3  # nobody waits for a fourth
    assert (answer.status_code, 1 <= int(answer["Retry-After"]) <= 3) == (503, True)
    assert says("Plusofon is not answering right now") in text(answer)
    sandbox.clear_faults()
    time.sleep(3.1)
    assert as_manager.get(path).status_code == 200


def test_what_was_typed_stays_while_nothing_is_sent(as_manager, sandbox, black, hanging):
    path, typed = f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"}
    connection.breaker_of("4821").trips_after = 1
    as_manager.get(f"/lists/{black}/")
    answer = as_manager.post(path, typed)
    assert answer.status_code == 503
    assert answer.soup.select_one("main form [name=name]")["value"] == "Анна"
    assert not JournalEntry.objects.exists()
    assert len(sandbox.calls) == 1


def test_a_lookup_of_many_lists_ends_soon_and_is_incomplete(
    as_manager, sandbox, account, black, settings
):
    for number in range(60):
        sandbox.add_list(account, name=f"Список {number}")
    settings.PLUSOFON_TIMEOUT = 0.3
    sandbox.hang_seconds = 20
    sandbox.fail("hang", times=None, path=r"contact-lists/")
    began = time.monotonic()
    answer = as_manager.get("/lookup/", {"number": "101"})
    assert time.monotonic() - began < 3
    assert "61" in text(answer)
    assert not saying(
        "Not blocked: it is not in the only list",
        "Not blocked: it is in none of the %(total)s lists",
    ).search(text(answer))


def test_a_number_of_pages_that_cannot_be_true_is_not_believed(as_manager, sandbox, black):
    sandbox.quirks = {"last-page"}
    began = time.monotonic()
    assert as_manager.get("/lists/").status_code == 200
    lookup = as_manager.get("/lookup/", {"number": "79990000000"})
    block = as_manager.get("/block/", {"number": "79990000000"})
    assert time.monotonic() - began < 5
    assert lookup.soup.select_one(".verdict-incomplete") is not None
    assert block.status_code == 502
    assert len(sandbox.calls) < 120


def test_counts_that_find_no_seat_are_numbers_that_are_missing(
    as_manager, sandbox, black, monkeypatch
):
    monkeypatch.setattr(bulkhead, "upstream", Bulkhead(1))
    with bulkhead.upstream.enter():
        answer = as_manager.get("/lists/counts/", {"list": black}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Retarget" not in answer


@pytest.mark.parametrize("kind", ["gzip-twice", "gzip-bomb", "brotli", "endless"])
def test_an_answer_that_would_fill_the_memory_is_not_understood(as_manager, sandbox, black, kind):
    sandbox.fail(kind)
    answer = as_manager.get(f"/lists/{black}/")
    assert answer.status_code == 502
    assert says("Plusofon's answer could not be understood") in text(answer)

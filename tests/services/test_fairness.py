"""What staff wait for while others look numbers up (docs/architecture.md#reading)."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import User

from lists import connection
from lists.changes import ContactChange, ListChange
from lists.plusofon.values import Contact
from lists.services import lookup
from lists.writing.write import write

LISTS, LATENCY = 60, 0.1


@pytest.fixture
def far(sandbox, account, black):
    """Many lists, each call a tenth of a second away."""
    for number in range(LISTS):
        sandbox.add_list(account, name=f"Список {number}")
    sandbox.latency = LATENCY


@contextmanager
def looking_up(people):
    """As many lookups as people, again and again."""
    ended, unread = threading.Event(), []

    def look():
        api = connection.open_api(token="support-token", client_id="10553", account="4821")
        somebody = connection.Connection(api, User(), "4821")
        while not ended.is_set():
            steps = lookup.scan(lookup.for_numbers("101"), by=somebody)
            unread.extend(lookup.result_of(steps).unread)

    threads = [threading.Thread(target=look) for _ in range(people)]
    for thread in threads:
        thread.start()
    time.sleep(5 * LATENCY)  # until they are in full swing
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert unread == []


def seconds_of(act):
    started = time.monotonic()
    act()
    return time.monotonic() - started


def pages(api, list_id):
    """Seconds that each of some pages takes, with the moment between them that reading one takes."""
    for _ in range(5):
        time.sleep(1.5 * LATENCY)
        yield seconds_of(lambda: api.get_list(list_id))


def test_a_page_beside_two_lookups_takes_at_most_four_times_as_long_as_alone(far, api, black):
    alone = max(pages(api, black))
    with looking_up(2):
        beside = max(pages(api, black))
    assert beside <= 4 * alone


def test_a_save_beside_two_lookups_is_saved_soon(far, by, black):
    new = Contact("Анна", ("102",))
    change = ListChange(contacts=(ContactChange(None, new),))
    with looking_up(2):
        took = seconds_of(lambda: write(change, black, by=by))
    assert took <= 4 * 3 * LATENCY

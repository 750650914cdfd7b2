"""Twelve of sixteen threads may work with Plusofon: the others answer what needs none of it."""

import gc
import sys
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
from django.http import StreamingHttpResponse

from lists import access, bulkhead
from lists.bulkhead import Bulkhead, BulkheadFull
from lists.bulkhead import upstream as real
from lists.models import JournalEntry
from lists.plusofon.errors import NotUnderstood
from tests.words import says

pytestmark = pytest.mark.django_db


@pytest.fixture
def seats(sandbox):
    """The bulkhead of this test alone."""
    return bulkhead.upstream


@contextmanager
def taken(seats, *, free=0):
    """Somebody else is at work with Plusofon."""
    with ExitStack() as others:
        for _ in range(seats.seats - free):
            others.enter_context(seats.enter())
        yield


def is_whole(seats):
    with taken(seats), pytest.raises(BulkheadFull):
        seats.enter()
    return True


def test_three_quarters_of_the_threads_may_work_with_plusofon(settings):
    assert settings.THREADS == 16
    assert bulkhead.seats_of(16) == 12
    assert (bulkhead.seats_of(4), bulkhead.seats_of(1)) == (3, 1)


def test_whoever_finds_all_seats_taken_is_told_at_once_and_may_try_again(
    as_manager, sandbox, black, seats
):
    path, typed = f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"}
    with taken(seats):
        as_manager.get("/lists/")  # the first page of its kind, whose templates are read
        began = time.monotonic()
        page, save = as_manager.get(f"/lists/{black}/"), as_manager.post(path, typed)
        assert time.monotonic() - began < 2
    for answer in (page, save):
        assert answer.status_code == 503
        assert answer["Retry-After"] == "2"
        assert says("Too many pages are waiting for Plusofon") in answer.soup.h1.text
    assert page.soup.select_one("main a.primary")["href"] == f"/lists/{black}/"
    assert save.soup.select_one("main form [name=name]")["value"] == "Анна"
    assert (sandbox.calls, JournalEntry.objects.count()) == ([], 0)
    assert as_manager.get(f"/lists/{black}/").status_code == 200


def test_pages_of_our_own_take_no_seat(as_manager, as_anonymous, seats):
    with taken(seats):
        for path in ("/journal/", "/requests/", "/connection/", "/healthz"):
            assert as_manager.get(path).status_code == 200, path
        assert as_anonymous.get("/login/").status_code == 200


def test_a_piece_is_told_in_a_notice(as_manager, black, seats):
    with taken(seats):
        answer = as_manager.get(f"/lists/{black}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Retarget"]) == (503, "#notice")


def test_a_token_is_not_tried_without_a_seat(as_manager, sandbox, seats):
    with taken(seats):
        answer = as_manager.post("/connection/", {"token": "manager-token", "client_id": "10553"})
    assert answer.status_code == 503
    assert sandbox.calls == []


@pytest.mark.parametrize("kind", ["401", "html", "404"])
def test_a_seat_comes_back_however_a_page_ends(as_manager, sandbox, black, seats, kind):
    sandbox.fail(kind, times=1)
    as_manager.get(f"/lists/{black}/")
    assert is_whole(seats)


@pytest.fixture
def unread(client, manager):
    """A lookup whose answer nobody has read yet."""
    client.force_login(manager)
    return lambda: client.get("/lookup/", {"number": "79998887766"})


def test_a_stream_keeps_its_seat_until_it_has_ended(unread, sandbox, black, seats):
    answer = unread()
    assert answer.streaming
    with pytest.raises(BulkheadFull), taken(seats, free=0):
        pass
    assert b"</html>" in b"".join(answer.streaming_content)
    assert is_whole(seats)


def test_a_stream_that_nobody_reads_gives_its_seat_back(unread, black, seats):
    unread().close()
    assert is_whole(seats)


def test_a_stream_that_is_lost_on_its_way_out_gives_its_seat_back(rf, manager, sandbox, seats):
    """A middleware that fails drops the answer without closing it: at once, and not when Python collects."""

    @access.connected
    def view(request, *, by):
        return StreamingHttpResponse(iter([b"x"]))

    request = rf.get("/")
    request.user = manager
    answer = view(request)
    with pytest.raises(BulkheadFull), taken(seats):
        pass
    del answer
    assert is_whole(seats)


def test_a_view_that_breaks_gives_its_seat_back(rf, manager, sandbox, seats):
    @access.connected
    def view(request, *, by):
        raise NotUnderstood

    request = rf.get("/")
    request.user = manager
    with pytest.raises(NotUnderstood):
        view(request)
    assert is_whole(seats)


def test_half_of_the_seats_are_for_who_reads_no_more_than_a_page(as_manager, sandbox, black):
    with ExitStack() as others:
        for _ in range(bulkhead.scans.seats):
            others.enter_context(bulkhead.scans.enter())
        lookup = as_manager.get("/lookup/", {"number": "79998887766"})
        assert (lookup.status_code, lookup["Retry-After"]) == (503, "2")
        assert as_manager.get("/lookup/").status_code == 200
        assert as_manager.get(f"/lists/{black}/").status_code == 200
        counts = as_manager.get("/lists/counts/", {"list": black}, headers={"HX-Request": "true"})
        assert counts.status_code == 200
    assert as_manager.get("/lookup/", {"number": "79998887766"}).status_code == 200


@pytest.mark.parametrize("read", [0, 1])
def test_a_lookup_that_is_left_gives_its_seat_to_the_next(unread, sandbox, black, read):
    answer = unread()
    for _ in range(read):
        next(answer.streaming_content)
    answer.close()
    del answer
    gc.collect()
    assert is_whole(bulkhead.scans)


def test_a_few_may_wait_a_moment_for_a_seat(monkeypatch):
    full = Bulkhead(1, waiting=1)
    seat = full.enter()
    threading.Timer(0.1, seat.__exit__).start()
    began = time.monotonic()
    with full.enter():
        assert 0.05 < time.monotonic() - began < 0.4
        monkeypatch.setattr(bulkhead, "LONGEST_WAIT", 0.1)
        with pytest.raises(BulkheadFull):
            full.enter()
        assert time.monotonic() - began >= 0.15
    assert is_whole(full)


def wait_in_vain(full):
    with pytest.raises(BulkheadFull):
        full.enter()


def test_all_others_are_told_at_once(monkeypatch):
    monkeypatch.setattr(bulkhead, "LONGEST_WAIT", 1.0)
    full = Bulkhead(1, waiting=1)
    with full.enter():
        patient = threading.Thread(target=wait_in_vain, args=(full,))
        patient.start()
        time.sleep(0.1)
        began = time.monotonic()
        with pytest.raises(BulkheadFull):
            full.enter()
        assert time.monotonic() - began < 0.1
        patient.join()


def test_two_of_sixteen_threads_always_answer_what_needs_no_plusofon():
    """Twelve work with it and two wait for a seat."""
    assert real.seats + real._may_wait._value == 14


def test_threads_never_take_more_seats_than_there_are():
    few, at_once, most, guard = Bulkhead(3), 0, 0, threading.Lock()
    refused = []

    def work():
        nonlocal at_once, most
        for _ in range(200):
            try:
                with few.enter():
                    with guard:
                        at_once += 1
                        most = max(most, at_once)
                    time.sleep(0.0001)
                    with guard:
                        at_once -= 1
            except BulkheadFull:
                refused.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 3
    assert refused
    assert is_whole(few)


def test_a_seat_that_is_found_lost_in_the_middle_of_taking_one_blocks_nobody():
    """Python collects lost answers whenever it likes, also while this very thread takes a seat."""
    few = Bulkhead(50)
    lost = [few.enter() for _ in range(49)]

    def collecting(frame, event, arg):
        if lost and frame.f_code.co_filename == threading.__file__:
            lost.pop()
        return collecting

    def take():
        sys.settrace(collecting)
        try:
            few.enter().__exit__()
        finally:
            sys.settrace(None)

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    lost.clear()
    assert is_whole(few)

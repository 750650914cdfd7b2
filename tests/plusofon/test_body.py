"""What comes back may be packed, cut, endless or a bomb: no answer costs more memory than it may."""

import json
import os
import subprocess
import sys
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from gzip import compress

import httpx
import pytest

from lists.plusofon import body, errors
from lists.plusofon.client import Plusofon
from lists.sandbox.answers import json_answer
from lists.sandbox.faults import KINDS


def answering(content, encoding=None):
    """The API of a server that answers this, whatever it is asked."""

    def app(environ, start_response):
        headers = [("Content-Encoding", encoding)] if encoding else []
        start_response("200 OK", headers)
        return [content]

    transport = httpx.WSGITransport(app)
    return Plusofon(url="http://api.example.ru", token="t", client_id="1", transport=transport)


@contextmanager
def at_most(megabytes):
    """The most memory that is held at a time inside."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 2**20
    finally:
        tracemalloc.stop()


def test_a_packed_answer_is_asked_for_and_understood(api, sandbox, black):
    sandbox.fail("gzip")
    assert api.get_list(black).id == black
    assert sandbox.calls[-1].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("gzip-twice", "packed as 'gzip, gzip'"),
        ("gzip-bomb", "too large"),
        ("gzip-cut", "no whole gzip stream"),
        ("brotli", "packed as 'br'"),
    ],
)
def test_what_is_packed_in_another_way_is_refused_before_it_grows(
    api, sandbox, black, kind, detail
):
    sandbox.fail(kind)
    with pytest.raises(errors.NotUnderstood, match=detail):
        api.get_list(black)


@pytest.mark.parametrize("kind", ["gzip-bomb", "gzip-twice", "gzip"])
def test_a_bomb_is_given_up_before_it_has_grown(kind):
    """The largest that is allowed fits three times: as it grows, as it is copied, a piece of it."""
    real = json_answer({"types": [], "success": True})
    answer = KINDS[kind].spoil(real)
    api = answering(answer.body, dict(answer.headers)["Content-Encoding"])
    with at_most(3 * body.LARGEST):
        if kind == "gzip":
            api.get_list_types()
            return
        with pytest.raises(errors.NotUnderstood):
            api.get_list_types()


def test_the_double_bomb_is_one():
    packed = KINDS["gzip-twice"].spoil(json_answer({})).body
    once = zlib.decompress(packed, wbits=31)
    first = zlib.decompressobj(wbits=31).decompress(once, 2**27)
    assert len(packed) < 50_000
    assert len(first) == 2**27


def test_a_write_whose_answer_could_not_be_unpacked_may_have_landed(api, sandbox, black):
    sandbox.fail("gzip-bomb", method="PUT")
    with pytest.raises(errors.NotUnderstood) as raised:
        api.replace_list(api.get_list(black))
    assert raised.value.may_still_land


@pytest.mark.parametrize(
    "content",
    [b"not gzip", compress(b"{}") + b"{}", compress(b"{}")[:-1]],
    ids=["not gzip", "more behind it", "cut"],
)
def test_a_body_that_is_not_what_its_encoding_says_is_not_understood(content):
    with pytest.raises(errors.NotUnderstood, match=r"inflated|gzip stream"):
        answering(content, "gzip").get_lists()


def test_what_comes_behind_a_whole_gzip_stream_is_not_read_to_its_end():
    """zlib keeps it, beside the cap on what is inflated, and copies all of it with every piece."""
    taken = []

    def endless():
        yield compress(b"{}")
        for number in range(1000):
            taken.append(number)
            yield b"x" * 1024

    answer = httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=endless())
    with pytest.raises(errors.NotUnderstood, match="no whole gzip stream"):
        body.whole_body(answer)
    assert len(taken) < 10


@pytest.mark.parametrize("encoding", ["identity", " GZIP ", ""])
def test_an_encoding_may_be_spelt_in_any_case_and_be_none(encoding):
    types = json.dumps({"types": [], "success": True}).encode()
    packed = compress(types) if "GZIP" in encoding else types
    assert answering(packed, encoding).get_list_types() == ()


def test_an_answer_over_the_size_cap_is_not_read_to_its_end(api, sandbox, black, monkeypatch):
    monkeypatch.setattr(body, "LARGEST", 100)
    for kind in ("gzip", "endless"):
        sandbox.fail(kind)
        with pytest.raises(errors.NotUnderstood, match="too large"):
            api.get_list(black)


def test_half_a_million_contacts_are_too_many(api, sandbox, black):
    sandbox.quirks = {"many-contacts"}
    with pytest.raises(errors.NotUnderstood, match="too large"):
        api.get_list(black)


def test_many_values_in_few_bytes_are_refused_before_they_are_parsed():
    """An empty object has three bytes with its comma; parsed, it takes seventy."""
    rows = b",".join([b"{}  "] * (body.MOST_VALUES // 2 + 1))
    with at_most(6), pytest.raises(errors.NotUnderstood, match="too many values"):
        answering(b'{"types":[%s],"success":true}' % rows).get_list_types()


LARGEST_AT_ONCE = """
import sys, threading
import httpx
from lists.plusofon import body
from lists.plusofon.client import Plusofon

HEAD, TAIL = '{"id":1,"name":"%s","type":"black","contacts":[', '],"success":true}'
ROOM = body.LARGEST - 200

def read(content):
    def app(environ, start_response):
        start_response("200 OK", [])
        return [content]
    transport = httpx.WSGITransport(app)
    api = Plusofon(url="http://api.example.ru", token="t", client_id="1", transport=transport)
    kept.append(api.get_list(1))

def many(contact):
    fitting = min(ROOM // (len(contact.encode()) + 1), body.MOST_VALUES // 4 - 3)
    return (HEAD % "x" + ",".join([contact] * fitting) + TAIL).encode()

content = {
    "contacts": lambda: many('{"name":"Иван Петрович Иванов","phones":["79998887766"]}'),
    "values": lambda: many('{"name":"","phones":["1"]}'),
    "text": lambda: (HEAD % ("😀" + "x" * ROOM) + TAIL).encode(),
}[sys.argv[1]]()
kept = []
threads = [threading.Thread(target=read, args=(content,)) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(kept) == 16
# Of this program alone: `ru_maxrss` begins with that of whoever has started it.
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line[:6] == "VmHWM:"))
"""


@pytest.mark.parametrize("what", ["contacts", "values", "text"])
def test_the_largest_answers_of_sixteen_threads_stay_under_600_mb(what):
    """As `manage.py serve` starts a process. A text with an emoji has four bytes a sign."""
    measured = subprocess.run(
        [sys.executable, "-c", LARGEST_AT_ONCE, what],
        env={**os.environ, "MALLOC_MMAP_THRESHOLD_": str(2**20)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(measured.stdout) < 600


def test_large_bodies_are_parsed_one_after_the_other_and_small_ones_beside_them():
    large, small = b" " * body.LARGE, b" "

    def parse_another():
        with body.parsed_in_turn(large):
            pass

    with ThreadPoolExecutor(1) as pool:
        with body.parsed_in_turn(large), body.parsed_in_turn(small):
            second = pool.submit(parse_another)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.1)
        second.result(timeout=5)

"""What the dashboard has no page for, shown with a small application behind the same gunicorn and waitress."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.serving import ROOT, free_port

# Times are short here, sizes are those of production.
APPLICATION = """
import logging, time
import plusofon_admin.server as server
logging.basicConfig(level="INFO", format="%(name)s: %(message)s", force=True)
server.SECONDS_TO_SEND, server.SECONDS_IDLE = 3, 3
def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    if path == "/streams":
        start_response("200 OK", [])
        return ended_said(b"x" * 1_000_000 for _ in range(int(query)))
    if path == "/waits":
        time.sleep(float(query))
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body) + 2))])
    return [b"ok" + body]
def ended_said(pieces):
    try:
        yield from pieces
    finally:
        logging.info("the stream has ended")
"""
THREADS = 2
WAITS = b"HTTP/1.1\r\nHost: x\r\n\r\n"


@dataclass
class Small:
    port: int
    process: subprocess.Popen
    log: Path

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def connect(self, sent=b"", **options):
        connection = socket.socket()
        for option, value in options.items():
            connection.setsockopt(socket.SOL_SOCKET, getattr(socket, option), value)
        connection.settimeout(10)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(sent)
        return connection

    def seconds(self):
        began = time.monotonic()
        assert httpx.get(self.url, timeout=10, trust_env=False).text == "ok"
        return time.monotonic() - began


@pytest.fixture
def small(tmp_path):
    (tmp_path / "small.py").write_text(APPLICATION)
    port, log = free_port(), tmp_path / "log"
    gunicorn = ["gunicorn", "--config", "python:plusofon_admin.server", "--threads", str(THREADS)]
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *gunicorn, "--bind", f"127.0.0.1:{port}", "small"],
            env={**os.environ, "PYTHONPATH": paths},
            stdout=output,
            stderr=output,
        )
    server = Small(port, process, log)
    until(10, lambda: answers(server))
    yield server
    process.terminate()
    process.wait(20)


def answers(server):
    try:
        return server.seconds()
    except httpx.TransportError:
        return False


def until(seconds, is_so):
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def is_closed(connection):
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def received_until(end, connection):
    """All that came until it ends with that. A server that says less lets it time out."""
    received = b""
    while not received.endswith(end):
        received += (piece := connection.recv(1000))
        assert piece, received
    return received


def drip(connection):
    connection.setblocking(True)
    try:
        connection.send(b"a")
    except (BrokenPipeError, ConnectionResetError):
        return


def test_who_sends_a_byte_now_and_then_is_given_a_time_and_no_thread(small):
    with ExitStack() as strangers:
        begun = [b"GET / HTTP/1.1\r\nA: ", b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n"]
        slow = [strangers.enter_context(small.connect(sent)) for sent in begun * 20]
        ends = time.monotonic() + 20  # they would go on for ever
        while not all(map(is_closed, slow)):
            assert time.monotonic() < ends
            for connection in slow:
                drip(connection)
            assert small.seconds() < 3
            time.sleep(0.2)


def test_who_does_not_read_holds_no_thread_and_is_left_after_a_while(small):
    with ExitStack() as strangers:
        sent = b"GET /streams?20 HTTP/1.1\r\nHost: x\r\n\r\n"
        slow = [
            strangers.enter_context(small.connect(sent, SO_RCVBUF=4096)) for _ in range(THREADS * 2)
        ]
        # All of it was taken over, on disk: who reads it, and when, is no thread's business.
        until(20, lambda: small.log.read_text().count("the stream has ended") == len(slow))
        assert small.seconds() < 1
        assert '"GET /streams" 200 ' in small.log.read_text()
        time.sleep(4.5)
        for connection in slow:
            connection.setblocking(True)
            received = 0
            try:
                while piece := connection.recv(1 << 20):
                    received += len(piece)
            except ConnectionResetError:
                pass
            assert received < 20_000_000


def test_a_large_body_arrives_whole_in_both_forms(small):
    body = os.urandom(1_000_000)
    pieces = (body[n : n + 70_000] for n in range(0, len(body), 70_000))
    for content in (body, pieces):
        answer = httpx.post(small.url, content=content, trust_env=False)
        assert answer.content == b"ok" + body


def test_a_body_is_asked_for_where_the_sender_waits_to_be_asked(small):
    sent = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    with small.connect(sent) as connection:
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert received_until(b"okabc", connection)


def test_whoever_has_left_while_waiting_for_a_thread_is_not_served(small):
    with ExitStack() as waiting:
        for _ in range(THREADS):
            waiting.enter_context(small.connect(b"GET /waits?1 " + WAITS))
        time.sleep(0.2)
        for _ in range(4):
            small.connect(b"GET /waits?1.5 " + WAITS).close()
        assert small.seconds() < 1.5
        until(2, lambda: small.log.read_text().count('"GET /waits" 200') == THREADS)
    time.sleep(0.2)
    assert small.seconds() < 1
    assert small.log.read_text().count('"GET /waits"') == THREADS


def test_a_free_thread_gets_a_request_at_once(small):
    with ExitStack() as waiting:
        for _ in range(THREADS - 1):
            waiting.enter_context(small.connect(b"GET /waits?2 " + WAITS))
        time.sleep(0.2)
        assert max(small.seconds() for _ in range(5)) < 1


def test_a_client_of_version_1_0_is_answered_and_let_go(small):
    with small.connect(b"GET / HTTP/1.0\r\n\r\n") as connection:
        received = b"".join(iter(lambda: connection.recv(1000), b""))
    assert received.startswith(b"HTTP/1.0 200 OK\r\n")
    assert received.endswith(b"\r\n\r\nok")


def test_who_is_being_answered_delays_the_stop_and_who_only_sends_does_not(small):
    with ExitStack() as strangers:
        slow = strangers.enter_context(small.connect(b"POST /waits?9 HTTP/1.1\r\nA: "))
        waiting = strangers.enter_context(small.connect(b"GET /waits?1.2 " + WAITS))
        time.sleep(0.3)
        began = time.monotonic()
        small.process.send_signal(signal.SIGTERM)
        received = received_until(b"\r\n\r\nok", waiting)
        ended = None
        while (code := small.process.poll()) is None:
            assert time.monotonic() - began < 8  # who only sends would hold it up for ever
            drip(slow)
            time.sleep(0.1)
        ended = time.monotonic() - began
    assert code == 0
    assert ended > 0.8
    assert re.search(rb"^Connection: close\r$", received, re.MULTILINE)

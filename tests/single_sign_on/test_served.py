"""The header as the real server takes it in: doubled, spelt with underscores, from another address."""

import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.serving import environment, manage, prepare, served

from . import BY_HEADER

PEOPLE = """
from django.contrib.auth.models import User
print(sorted(User.objects.values_list("username", flat=True)))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    env = environment(
        folder,
        "http://127.0.0.1:9",
        **BY_HEADER,
        SSO_MANAGERS="admins",
        LOCAL_LOGIN="False",
    )
    prepare(env)
    with served(folder, env) as server:
        yield server, env


@pytest.fixture
def ask(server):
    """Send these lines with a request for a page, from that address of this machine: status, where it leads."""

    def ask(*lines, path="/login/", source="127.0.0.1"):
        to = ("127.0.0.1", server[0].port)
        with socket.create_connection(to, source_address=(source, 0), timeout=30) as sent:
            head = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *lines]
            sent.sendall("\r\n".join([*head, "", ""]).encode())
            answer = b"".join(iter(lambda: sent.recv(65536), b"")).decode()
        location = re.search(r"^location: (.*?)\r$", answer, re.MULTILINE | re.IGNORECASE)
        return int(answer.split()[1]), location and location[1]

    return ask


def test_the_proxys_header_signs_in(ask):
    assert ask("X-Remote-User: anna", "X-Remote-Groups: admins") == (302, "/overview/")
    assert ask("x-remote-user:Борис", "x-REMOTE-groups:staff, admins") == (302, "/overview/")


def test_who_opens_several_pages_at_once_for_the_first_time_is_one_person(ask, server):
    told = ("X-Remote-User: vera", "X-Remote-Groups: admins")
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, *told) for _ in range(8)]
        assert {answer.result() for answer in answers} == {(302, "/overview/")}
    assert manage(server[1], "shell", "-v0", "-c", PEOPLE).count("vera") == 1


@pytest.mark.parametrize(
    "lines",
    [
        ("X-Remote-User: mallory", "X-Remote-User: anna", "X-Remote-Groups: admins"),
        ("X-Remote-User: mallory", "x-remote-user: mallory", "X-Remote-Groups: admins"),
        ("X-Remote-User: mallory", "X-Remote-Groups: staff", "X-Remote-Groups: admins"),
        ("X-Remote-User: mallory", "X-Remote-Groups: admins", "X-Remote-Groups:"),
        ("X-Remote-User : mallory", "X-Remote-Groups: admins"),
        ("X-Remote-User: mallory\x00", "X-Remote-Groups: admins"),
    ],
)
def test_a_doubled_or_broken_header_is_no_request(ask, lines):
    assert ask(*lines) == (400, None)


@pytest.mark.parametrize(
    "lines",
    [
        ("X_Remote_User: mallory", "X-Remote-Groups: admins"),
        ("X-Remote_User: mallory", "X_Remote-User: mallory", "X_Remote_Groups: admins"),
        ("X-Remote-User: mallory", "X_Remote_Groups: admins"),
        ("X-Remote-User: mallory", "X-Remote-Groups: staff", "X_Remote_Groups: admins"),
        ("X-Remote-User: mallory,anna", "X-Remote-Groups: admins"),
        ("X-Remote-User: mallory", " anna", "X-Remote-Groups: admins"),
        ("X-Remote-User:  ", "X-Remote-Groups: admins"),
        ("Remote-User: mallory", "X-Remote-Groups: admins"),
    ],
)
def test_spelt_in_another_way_it_says_nothing(ask, lines):
    assert ask(*lines) == (403, None)


def test_an_underscore_twin_adds_nothing_to_the_proxys_header(ask, server):
    lines = ("X-Remote-User: vera", "X_Remote_User: mallory", "X-Remote-Groups: admins")
    assert ask(*lines) == (302, "/overview/")


@pytest.mark.parametrize("forwarded", ["127.0.0.1", "127.0.0.1, 127.0.0.1"])
def test_from_another_address_it_is_not_believed_whatever_is_forwarded(ask, server, forwarded):
    told = ("X-Remote-User: mallory", "X-Remote-Groups: admins")
    more = (
        f"X-Forwarded-For: {forwarded}",
        f"X-Real-IP: {forwarded}",
        f"Forwarded: for={forwarded}",
    )
    assert ask(*told, *more, source="127.0.0.2") == (403, None)
    log = server[0].log.read_text()
    assert log.count("X-Remote-User came from 127.0.0.2, which SSO_PROXIES does not list") == 1
    assert "mallory" not in log


def test_health_needs_no_header(ask):
    assert ask(path="/healthz")[0] == ask(path="/readyz")[0] == 200


def test_nobody_else_was_made(server, ask):
    """Last in this file: after all that was tried above."""
    ask("X-Remote-User: anna", "X-Remote-Groups: admins")
    assert "mallory" not in manage(server[1], "shell", "-v0", "-c", PEOPLE)

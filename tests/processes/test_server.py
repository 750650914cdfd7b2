"""`manage.py serve`: strangers who are slow, streams, how it stops, what it logs and what it refuses."""

import ast
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from lists.sandbox import Sandbox, serve
from tests.serving import ROOT, environment, free_port, prepare, served
from tests.signed_in import sessions_of

from .conftest import ACCOUNT, PEOPLE, Stage, assert_arrives_in_pieces

THREADS = 4
LIST = re.compile("contact-lists/[0-9]+$")
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00 (INFO|WARNING) ")
HEAD = b"HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
HALF_A_HEAD = b"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: te"
HALF_A_BODY = b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nusername=ma"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder, its environment and sessions in its database: servers that a test may end."""
    folder = tmp_path_factory.mktemp("prepared")
    sandbox = Sandbox()
    for name in ("anna", "boris", "vera", "gleb"):
        sandbox.add_account(token=f"{name}-token", owner={"id": ACCOUNT, "email": "o@example.ru"})
    with serve(sandbox) as stand_in:
        changed = {"PLUSOFON_TIMEOUT": "10", "PLUSOFON_WRITE_TIMEOUT": "10", "LOG_LEVEL": "INFO"}
        # The name by which the image asks whether it is well is the first one.
        env = environment(
            folder, stand_in.url, ALLOWED_HOSTS="admin.example.ru,127.0.0.1", **changed
        )
        prepare(env)
        sessions = sessions_of(PEOPLE, env)
        yield folder, env, sandbox, sessions


@contextmanager
def another(prepared, folder, *options):
    """A server of its own for a test that ends it, and the stage around it."""
    _, env, sandbox, sessions = prepared
    with served(folder, env, "--threads", str(THREADS), *options) as server:
        yield server, Stage(server.url, sandbox, sessions, env)


@pytest.fixture(scope="module")
def lasting(prepared, tmp_path_factory):
    with another(prepared, tmp_path_factory.mktemp("lasting")) as both:
        yield both


@pytest.fixture
def server(lasting):
    return lasting[0]


@pytest.fixture
def stage(lasting):
    return lasting[1]


@contextmanager
def connected(port, sent=b""):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        yield connection


def raw(port, sent):
    """All that comes back until the server closes."""
    with connected(port, sent) as connection:
        received = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                received += piece
        return received


def seconds_of(url):
    began = time.monotonic()
    assert httpx.get(f"{url}/healthz", timeout=10, trust_env=False).status_code == 200
    return time.monotonic() - began


def until(seconds, is_so):
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def children_of(pid):
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


# Strangers


@pytest.mark.parametrize("half", [HALF_A_HEAD, HALF_A_BODY], ids=["head", "body"])
def test_half_sent_requests_hold_no_thread(server, half):
    with ExitStack() as strangers:
        for _ in range(100):
            strangers.enter_context(connected(server.port, half))
        time.sleep(0.3)
        assert max(seconds_of(server.url) for _ in range(3)) < 1


def test_a_request_that_comes_slowly_but_whole_is_answered(server):
    with connected(server.port) as connection:
        for byte in b"GET /healthz " + HEAD + b"\r\n":
            connection.sendall(bytes([byte]))
            time.sleep(0.002)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


POST = b"POST /login/ " + HEAD
REFUSED = {
    "two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", 400),
    "length and chunks": (
        POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunks of an old version": (
        b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        400,
    ),
    "unknown coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n", 501),
    "odd length": (POST + b"Content-Length: +3\r\n\r\nabc", 400),
    "large body": (POST + b"Content-Length: 9999999999\r\n\r\na", 413),
    "long address": (b"GET /" + b"a" * 70_000 + b" " + HEAD + b"\r\n", 431),
    "long header": (b"GET /healthz " + HEAD + b"Accept: " + b"a" * 70_000 + b"\r\n\r\n", 431),
}


@pytest.mark.parametrize(("sent", "status"), REFUSED.values(), ids=REFUSED)
def test_a_request_with_two_ends_or_without_measure_is_refused(server, sent, status):
    answer = raw(server.port, sent)
    assert re.match(rb"HTTP/1\.[01] %d " % status, answer), answer[:100]


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "SCRIPT-NAME"])
def test_where_the_dashboard_is_mounted_is_not_for_a_header_to_say(server, name):
    answer = httpx.get(f"{server.url}/lists/", headers={name: "/evil"}, trust_env=False)
    assert answer.headers["Location"] == "/login/?next=/lists/"
    answer = httpx.get(f"{server.url}/login/", headers={name: "/login"}, trust_env=False)
    assert answer.status_code == 200


def test_a_header_with_underscores_passes_for_no_other(prepared, tmp_path):
    https = {**prepared[1], "HTTPS_ONLY": "True", "TRUST_PROXY": "True"}
    with served(tmp_path, https) as server:
        for name, status in (("X-Forwarded-Proto", 200), ("X_Forwarded_Proto", 301)):
            answer = httpx.get(f"{server.url}/login/", headers={name: "https"}, trust_env=False)
            assert answer.status_code == status, name


def test_head_is_answered_without_a_body(server):
    for path in (b"/login/", b"/static/icon.svg", b"/healthz"):
        head, body = raw(server.port, b"HEAD " + path + b" " + HEAD + b"\r\n").split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 200"), path
        assert body == b"", path


# Streams


def gated(sandbox, path):
    """Calls for that list wait until the event is set."""
    gate = threading.Event()
    sandbox.before("GET", path, lambda: gate.wait(10))
    return gate


def test_a_lookup_arrives_piece_by_piece(stage):
    found = {"name": "Иван", "phones": ["79998887766"]}
    first = stage.sandbox.add_list(ACCOUNT, name="Первый", contacts=[found])
    last = stage.sandbox.add_list(ACCOUNT, name="Последний")
    gate = gated(stage.sandbox, f"contact-lists/{last}")
    try:
        with stage.client("anna") as client:
            assert_arrives_in_pieces(client, gate)
    finally:
        gate.set()
        stage.sandbox.drop(ACCOUNT, first)
        stage.sandbox.drop(ACCOUNT, last)


def test_a_lookup_ends_when_the_browser_has_left(stage):
    lists = [stage.sandbox.add_list(ACCOUNT, name=f"Список {n}") for n in range(60)]
    stage.sandbox.latency = 0.1
    try:
        with (
            stage.client("boris") as client,
            client.stream("GET", "/lookup/?number=79998887766") as answer,
        ):
            next(answer.iter_raw())
        stage.sandbox.clear_calls()
        time.sleep(2)
        asked = [call for call in stage.sandbox.calls if LIST.search(call.path)]
        assert len(asked) < 40
        seen = len(asked)
        time.sleep(0.5)
        assert len([call for call in stage.sandbox.calls if LIST.search(call.path)]) == seen
    finally:
        stage.sandbox.latency = 0
        for list_id in lists:
            stage.sandbox.drop(ACCOUNT, list_id)


# Stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_whoever_is_saving_gets_the_answer_before_it_stops(prepared, tmp_path, number):
    sending, gate = threading.Event(), threading.Event()
    with another(prepared, tmp_path) as (server, stage):
        list_id = stage.sandbox.add_list(ACCOUNT, name="Спам")
        stage.sandbox.before("PUT", LIST, lambda: (sending.set(), gate.wait(10)))
        answers = []

        def save():
            with stage.client("vera") as client:
                fields = {"name": "Анна", "phones": "79991112233"}
                answers.append(client.post(f"/lists/{list_id}/contacts/new/", data=fields))

        saving = threading.Thread(target=save)
        saving.start()
        assert sending.wait(10)
        os.kill(server.process.pid, number)
        for worker in children_of(server.process.pid):
            os.kill(worker, number)  # as a terminal does
        until(5, lambda: is_refused(server.port))
        time.sleep(2)
        assert server.process.poll() is None
        gate.set()
        saving.join(10)
        assert server.process.wait(10) == 0
        assert [answer.status_code for answer in answers] == [302]
        assert len(stage.contacts(list_id)) == 1
        stage.sandbox.drop(ACCOUNT, list_id)


def is_refused(port):
    try:
        with connected(port):
            return False
    except ConnectionRefusedError:
        return True


def test_a_second_ctrl_c_waits_for_nobody(prepared, tmp_path):
    with another(prepared, tmp_path) as (server, stage):
        list_id = stage.sandbox.add_list(ACCOUNT, name="Спам")
        gate = gated(stage.sandbox, f"contact-lists/{list_id}")
        with connected(server.port, page(stage, f"/lists/{list_id}/")):
            time.sleep(0.5)
            server.process.send_signal(signal.SIGINT)
            time.sleep(0.5)
            assert server.process.poll() is None
            server.process.send_signal(signal.SIGINT)
            server.process.wait(5)
        gate.set()
        stage.sandbox.drop(ACCOUNT, list_id)


def page(stage, path):
    cookie = f"Cookie: sessionid={stage.sessions['gleb']}\r\n".encode()
    return b"GET " + path.encode() + b" " + HEAD + cookie + b"\r\n"


def test_a_hang_up_replaces_the_processes_and_refuses_nobody(prepared, tmp_path):
    with another(prepared, tmp_path, "--workers", "2") as (server, _):
        before = set(children_of(server.process.pid))
        server.process.send_signal(signal.SIGHUP)
        until(
            10,
            lambda: (
                seconds_of(server.url) < 5
                and len(now := set(children_of(server.process.pid))) == 2
                and not now & before
            ),
        )


def test_a_killed_process_is_replaced_and_none_outlives_its_keeper(prepared, tmp_path):
    with another(prepared, tmp_path) as (server, _):
        (worker,) = children_of(server.process.pid)
        os.kill(worker, signal.SIGKILL)
        until(5, lambda: children_of(server.process.pid) not in ([], [worker]))
        assert seconds_of(server.url) < 5
        (worker,) = children_of(server.process.pid)
        server.process.kill()
        server.process.wait()
        until(5, lambda: is_gone(worker))


def is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


# Starting


def started(env, *options):
    """How a start ends that cannot work."""
    command = [sys.executable, "manage.py", "serve", *options]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=30
    )


def test_two_servers_never_share_a_port(prepared, server):
    ended = started(prepared[1], "--port", str(server.port))
    assert ended.returncode == 1
    assert ended.stderr == (
        f"CommandError: Cannot listen on 127.0.0.1:{server.port} (Address already in use)."
        " Choose another address with --host and --port.\n"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--host", "203.0.113.1"), "Cannot listen on 203.0.113.1:8000 (Cannot assign requested"),
        (("--host", "nobody.invalid"), "Cannot listen on nobody.invalid:8000 ("),
        (("--port", "70000"), "Cannot listen on 127.0.0.1:70000 (bind(): port must be 0-65535.)"),
    ],
)
def test_a_start_that_cannot_work_ends_with_one_sentence(prepared, options, sentence):
    ended = started(prepared[1], *options)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"CommandError: {sentence}")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--threads", "2"), "THREADS is 2. Make it 4 or more"),
        (("--workers", "0"), "WORKERS is 0. Make it 1 or more"),
    ],
)
def test_options_are_judged_as_the_settings_are(prepared, options, sentence):
    ended = started(prepared[1], "--port", str(free_port()), *options)
    assert ended.returncode == 1
    assert sentence in ended.stderr


def test_what_a_system_check_forbids_is_not_served(prepared):
    ended = started({**prepared[1], "STATIC_ROOT": "static"}, "--port", str(free_port()))
    assert ended.returncode == 1
    assert "(staticfiles.E002)" in ended.stderr


def test_its_options_are_the_settings_of_the_processes_that_serve(prepared, tmp_path):
    env = {**prepared[1], "WORKERS": "1", "THREADS": "7"}
    with served(tmp_path, env, "--workers", "2") as server:
        until(5, lambda: len(children_of(server.process.pid)) == 2)
        for worker in children_of(server.process.pid):
            variables = Path(f"/proc/{worker}/environ").read_bytes().split(b"\0")
            assert {b"WORKERS=2", b"THREADS=7"} <= set(variables)
            assert b"MALLOC_MMAP_THRESHOLD_=1048576" in variables  # see tests/plusofon/test_body.py


def test_systemd_is_told_when_it_is_ready(prepared, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(10)
        with served(tmp_path, {**prepared[1], "NOTIFY_SOCKET": str(tmp_path / "notify")}):
            assert b"READY=1" in systemd.recv(1000)


def test_it_is_started_from_anywhere(prepared, tmp_path):
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)]
    env = {**prepared[1], "HOME": str(tmp_path)}
    process = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
    try:
        until(10, lambda: not is_refused(port))
        assert seconds_of(f"http://127.0.0.1:{port}") < 5
    finally:
        process.terminate()
        process.wait(10)


def test_an_address_of_version_6_is_served(prepared):
    port = free_port()
    env = {**prepared[1], "ALLOWED_HOSTS": "[::1]"}
    command = [sys.executable, "manage.py", "serve", "--host", "::1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(trust_env=False, transport=httpx.HTTPTransport(retries=9)) as client:
            until(10, lambda: not is_refused_at("::1", port))
            assert client.get(f"http://[::1]:{port}/healthz").status_code == 200
    finally:
        process.terminate()
        process.wait(10)


def is_refused_at(host, port):
    try:
        with socket.create_connection((host, port), timeout=1):
            return False
    except ConnectionRefusedError:
        return True


# The log


def logged(server, what):
    until(5, lambda: what in server.log.read_text())
    return server.log.read_text()


def test_the_log_of_requests_has_no_number_in_it(server):
    referrer = {"Referer": "https://admin.example.ru/lookup/?number=79998887766"}
    url = f"{server.url}/lookup/?number=79998887766"
    httpx.get(url, headers=referrer, trust_env=False)
    assert re.search(
        r' INFO plusofon_admin\.access: 127\.0\.0\.1 "GET /lookup/" 302 \d+ ms \[[a-z]{12}\]\n',
        logged(server, '"GET /lookup/" 302'),
    )
    assert "79998887766" not in server.log.read_text()


def test_no_path_begins_a_line_of_the_log(server):
    for path in (b"/%0aforged%0d%0aforged", b"/\x1b[2Jforged", b"/\x0bforged", "/ёforged".encode()):
        raw(server.port, b"GET " + path + b" " + HEAD + b"\r\n")
    log = logged(server, "\\xd#\\x##forged")
    lines = [line for line in log.splitlines() if "forged" in line]
    assert len(lines) == 4
    assert all(LINE.match(line) for line in lines)
    assert '"GET /%#aforged%#d%#aforged" 404' in log
    assert "\x1b" not in log


def test_what_the_server_refuses_by_itself_is_logged_too(server):
    raw(server.port, b"POST /login/?number=7 " + HEAD + b"Content-Length: 99999999999\r\n\r\na")
    assert '"POST /login/" 413 ' in logged(server, "413")
    raw(server.port, b"nonsense\r\n\r\n")
    logged(server, '"- -" 400 ')


def health_check_of_the_image():
    """The Python that the image runs to see whether it is well, as Docker would pass it on."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    return ast.literal_eval(re.search(r"^HEALTHCHECK .*? CMD (\[.*\])$", text, re.MULTILINE)[1])[2]


def test_the_image_finds_itself_well_under_the_name_it_is_reached_by(prepared, server):
    check = health_check_of_the_image().replace(":8000", f":{server.port}")
    checked = subprocess.run(
        [sys.executable, "-c", check],
        env={**prepared[1], "no_proxy": "*"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_the_image_serves_as_everything_else_does():
    text = (ROOT / "Dockerfile").read_text()
    assert text.endswith('CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]\n')

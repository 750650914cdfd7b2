"""What an operator sees of a server of two processes: its log in JSON, and its metrics."""

import json
import os
import re
import signal
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from lists.sandbox import Sandbox, serve
from tests.serving import environment, prepare, served
from tests.signed_in import browser, sessions_of

from .conftest import ACCOUNT, Stage
from .test_server import HEAD, children_of, raw, until

TOKEN = "monitoring-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HEALTHZ = 'plusofon_admin_request_seconds_count{method="GET",route="healthz",status="2xx"}'
PROXYS = "4bf92f3577b34da6a3ce929d0e0e4736"
FIRST, SECOND, UNKNOWN = "79998887766", "79991112233", "78123334455"
# Whatever a person types or a list holds, in the spellings in which it is sent.
SECRETS = [
    *(FIRST, SECOND, UNKNOWN, "9998887766", "9991112233", "8123334455", "888-77-66"),
    *("Иван", "Анна", "Каренина", "Спам", "anna-token", "Bearer", TOKEN),
]


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    sandbox = Sandbox()
    sandbox.add_account(token="anna-token", owner={"id": ACCOUNT, "email": "o@example.ru"})
    with serve(sandbox) as stand_in:
        changed = {"LOG_FORMAT": "json", "LOG_LEVEL": "INFO", "TRUST_PROXY": "True"}
        metrics = {"METRICS": "True", "METRICS_TOKEN": TOKEN, "PLUSOFON_LATE_WRITE": "3"}
        env = environment(folder, stand_in.url, **changed, **metrics)
        prepare(env)
        sessions = sessions_of(["anna"], env)
        with served(folder, env, "--workers", "2", "--threads", "4") as server:
            stage = Stage(server.url, sandbox, sessions, env)
            walk(stage)
            yield server, stage
        sandbox.release()


def walk(stage):
    """A desk's main actions, with trouble of each kind."""
    sandbox = stage.sandbox
    found = {"name": "Иван", "phones": [FIRST]}
    list_id = sandbox.add_list(ACCOUNT, name="Спам", contacts=[found])
    other = sandbox.add_list(ACCOUNT, name="Спам 2")
    with stage.client("anna") as client:
        client.get("/lists/", headers={"X-Request-ID": PROXYS})
        client.get(f"/lists/{list_id}/", params={"q": FIRST})
        assert "Иван" in client.get("/lookup/", params={"number": "8 (999) 888-77-66"}).text
        fields = {"name": "Анна Каренина", "phones": SECOND}
        assert client.post(f"/lists/{list_id}/contacts/new/", data=fields).status_code == 302
        block = {"numbers": UNKNOWN, "name": "Анна Каренина", "list": [list_id, other]}
        client.post("/block/", data=block | {"confirm": "1"})
        sandbox.fail("hang", method="PUT")
        client.post(f"/lists/{other}/contacts/new/", data=fields)
        sandbox.fail("html", times=2)
        client.post(f"/lists/{list_id}/contacts/new/?number={FIRST}", data=fields)
        sandbox.fail("401")
        client.get("/lists/")
        client.get("/lists/")
        client.get("/journal/", params={"number": FIRST})
        client.get(f"/nowhere/{FIRST}/8%20(999)%20888-77-66/")
        client.get(f"/lists/{FIRST}/")
        client.get("/lists/", headers={"Host": f"{FIRST}.evil.example"})
        client.post("/lists/new/", content=b"x", headers={"Content-Type": "multipart/form-data"})
    with httpx.Client(base_url=stage.url, trust_env=False) as stranger:
        stranger.get("/lookup/", params={"number": FIRST}, headers={"Referer": f"/?n={FIRST}"})
        for _ in range(6):
            page = stranger.get("/login/")
            token = re.search('csrfmiddlewaretoken" value="([^"]+)', page.text)[1]
            sent = {"username": "anna", "password": "wrong", "csrfmiddlewaretoken": token}
            stranger.post("/login/", data=sent)


def lines_of(server):
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def requests_of(server):
    return [line for line in lines_of(server) if line["logger"] == "plusofon_admin.access"]


def test_every_line_is_json_of_one_zone_whoever_wrote_it(watched):
    lines = lines_of(watched[0])
    zone = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00")
    assert all(zone.fullmatch(line["time"]) for line in lines)
    assert lines[0]["logger"] == "gunicorn.error"
    assert "Starting gunicorn" in lines[0]["message"]


def test_no_line_holds_a_number_a_name_or_a_token(watched):
    log = watched[0].log.read_text()
    told = log + log.encode().decode("unicode_escape")
    assert [secret for secret in SECRETS if secret in told] == []
    assert re.findall(r"[0-9]{10,}", re.sub(r'"request_id": "[^"]+"', "", log)) == []
    assert "traceback" not in log.lower()


def test_a_request_is_one_line_with_what_was_done_for_it(watched):
    lines = requests_of(watched[0])
    ids = [line["request_id"] for line in lines]
    assert len(ids) == len(set(ids))
    saved = next(line for line in lines if line.get("route") == "contact-new")
    assert saved["status"] == 302
    assert saved["upstream"]["outcomes"] == {"ok": 3}
    assert saved["writes"] == {"confirmed": 1}
    assert saved["user"] == 1
    assert saved["ms"] >= saved["upstream"]["ms"] > 0
    doubtful = [line for line in lines if line.get("writes") == {"in_doubt": 1}]
    assert [line["upstream"]["outcomes"].get("timed_out") for line in doubtful] == [1]
    looked = next(line for line in lines if line.get("route") == "lookup" and line["status"] == 200)
    assert looked["upstream"]["calls"] >= 3  # to the end of the stream, by the threads of the scan


def test_what_is_said_of_a_request_has_its_code(watched):
    server, _stage = watched
    ids = {line["request_id"] for line in requests_of(server)}
    events = [line for line in lines_of(server) if "event" in line]
    assert all(line["request_id"] in ids for line in events)
    names = [line["event"] for line in events]
    for name in ("write.in_doubt", "token.refused", "sign_in.locked"):
        assert names.count(name) == 1, names
    assert names.count("request.refused") == 2
    assert {"upstream.failed", "sign_in.failed", "sign_in.refused"} <= set(names)


def test_a_proxys_code_is_taken_over(watched):
    assert PROXYS in [line["request_id"] for line in requests_of(watched[0])]


def test_a_strangers_code_is_not(watched, tmp_path):
    _server, stage = watched
    with served(tmp_path, {**stage.env, "TRUST_PROXY": "False"}) as server:
        answer = httpx.get(
            f"{server.url}/login/", headers={"X-Request-ID": PROXYS}, trust_env=False
        )
        own = answer.headers["X-Request-ID"]
        assert re.fullmatch("[a-z]{12}", own)
        until(5, lambda: own in server.log.read_text())
        assert PROXYS not in server.log.read_text()


def test_what_django_never_sees_has_a_code_too(watched):
    server, _stage = watched
    answer = raw(server.port, b"POST /login/ " + HEAD + b"Content-Length: 99999999999\r\n\r\na")
    code = re.search(rb"X-Request-I[dD]: ([a-z]{12})\r\n", answer)[1].decode()
    until(5, lambda: code in server.log.read_text())
    (line,) = [line for line in requests_of(server) if line["request_id"] == code]
    assert (line["status"], line["path"]) == (413, "/login/")


def folders():
    kept_in = [Path("/dev/shm"), Path(tempfile.gettempdir())]
    return {found for place in kept_in for found in place.glob("plusofon-admin-metrics-*")}


def scrape(url):
    text = httpx.get(f"{url}/metrics", headers=BEARER, trust_env=False).text
    rows = re.findall(r"^(plusofon_admin_\w+)(\{.*\})? (\S+)$", text, re.MULTILINE)
    return {name + labels: float(value) for name, labels, value in rows}


def test_metrics_add_up_what_all_processes_have_done(watched):
    server, stage = watched
    name = 'plusofon_admin_request_seconds_count{method="GET",route="journal",status="2xx"}'
    before = scrape(server.url)
    asked, pids = 0, set()
    while len(pids) < 2 and asked < 200:
        with browser(server.url, stage.sessions["anna"], timeout=30) as client:
            assert client.get("/journal/").status_code == 200
        asked += 1
        served_by = [line for line in requests_of(server) if line.get("route") == "journal"]
        pids = {line["pid"] for line in served_by}
    assert len(pids) == 2
    until(5, lambda: scrape(server.url)[name] == before.get(name, 0) + asked)
    for _ in range(10):  # whichever process answers
        assert scrape(server.url)[name] == before.get(name, 0) + asked


def test_metrics_count_calls_writes_and_what_is_open(watched):
    found = scrape(watched[0].url)
    assert (
        found['plusofon_admin_upstream_seconds_count{operation="replace_list",outcome="ok"}'] >= 1
    )
    assert (
        found['plusofon_admin_upstream_seconds_count{operation="replace_list",outcome="timed_out"}']
        == 1
    )
    assert found['plusofon_admin_writes_total{outcome="confirmed"}'] >= 1
    assert found['plusofon_admin_writes_total{outcome="in_doubt"}'] == 1
    assert found['plusofon_admin_sign_ins_locked{kind="name"}'] == 1
    assert found["plusofon_admin_permits_in_use"] == 0


def test_labels_are_bounded_whatever_strangers_ask(watched):
    server, _stage = watched
    before = len(scrape(server.url))
    for n in range(30):
        httpx.request(f"ODD{n}", f"{server.url}/lists/{n}/x{n}", trust_env=False)
    time.sleep(0.2)
    assert len(scrape(server.url)) - before < 40  # one more histogram, or two


def test_the_counts_of_a_process_that_has_ended_stay_and_their_folder_goes_with_the_server(
    watched, tmp_path
):
    _server, stage = watched
    before = folders()
    with served(tmp_path, stage.env, "--threads", "4") as server:
        (folder,) = folders() - before
        (first,) = children_of(server.process.pid)
        asked = scrape(server.url)[HEALTHZ]
        os.kill(first, signal.SIGTERM)
        until(10, lambda: children_of(server.process.pid) not in ([], [first]))
        assert scrape(server.url)[HEALTHZ] >= asked >= 1
        assert not list(folder.glob(f"gauge_live*_{first}.db"))
    assert not folder.exists()

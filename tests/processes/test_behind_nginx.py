"""What people do, through the nginx of deploy/nginx.conf to two processes of compose.yaml: at the root of a host
and below a path of one."""

import itertools
import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from bs4 import BeautifulSoup

from lists.plusofon.values import Contact
from lists.sameness import contact_key
from lists.sandbox import Sandbox, serve
from tests.behind_nginx import PASSWORD, PEOPLE, asked_by, calls_of, nginx, site
from tests.people import OWNER

from .conftest import ACCOUNT, assert_arrives_in_pieces, postgres

LIST = re.compile("contact-lists/[0-9]+$")
pytestmark = pytest.mark.skipif(nginx() is None, reason="no nginx: `.ci/nginx` installs one")


@pytest.fixture(scope="module", params=["", "/plusofon"], ids=["root", "below"])
def behind(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("behind")
    sandbox = Sandbox()
    for name in PEOPLE:
        sandbox.add_account(token=f"{name}-token", owner=OWNER)
    with (
        postgres() as database,
        serve(sandbox) as server,
        site(folder, database, server.url, request.param) as running,
    ):
        running.sandbox = sandbox
        yield running


at_the_root = pytest.mark.parametrize("behind", [""], indirect=True, ids=["root"])


@pytest.fixture
def spam(behind):
    """A list of one contact."""
    contacts = [{"name": "Иван", "phones": ["79998887766"]}]
    list_id = behind.sandbox.add_list(ACCOUNT, name="Спам", contacts=contacts)
    behind.sandbox.clear_calls()
    yield list_id
    behind.sandbox.drop(ACCOUNT, list_id)


def contacts_of(behind, list_id):
    return behind.sandbox.lists(ACCOUNT)[list_id]["contacts"]


def soup_of(answer):
    return BeautifulSoup(answer.text, "html.parser")


def form_in(answer, selector):
    """What a browser would send from that form, but for its buttons."""
    form = soup_of(answer).select_one(selector)
    sent = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field.get("type") not in ("file", "submit")
        and (field.get("type") not in ("radio", "checkbox") or field.has_attr("checked"))
    }
    sent |= {field["name"]: field.text.removeprefix("\n") for field in form.select("textarea")}
    for field in form.select("select"):
        sent[field["name"]] = field.select_one("option[selected]")["value"]
    return sent


def path_of(location):
    """Where that leads, as a client with the base in its address asks for it."""
    return urlsplit(location).path


def test_a_day_of_work(behind, spam):
    base = behind.base
    with behind.client() as client:
        page = client.get("/")
        assert page.headers["Location"] in (f"{base}/overview/", f"{base}/login/?next={base}/")
        sign_in = client.get("/login/", params={"next": f"{base}/lists/"})
        fields = form_in(sign_in, "main form") | {"username": "vera", "password": PASSWORD}
        welcome = client.post("/login/", data=fields)
        assert (welcome.status_code, welcome.headers["Location"]) == (302, f"{base}/lists/")
        assert {(c.path, c.secure) for c in client.cookies.jar} == {(f"{base}/", True)}
        client.headers["X-CSRFToken"] = client.cookies["csrftoken"]

        lists = client.get("/lists/")
        assert "Спам" in lists.text
        assert lists.headers["Strict-Transport-Security"] == "max-age=31536000"
        style = soup_of(lists).select_one("link[rel=stylesheet]")["href"]
        assert style.startswith(f"{base}/static/")
        root = behind.url.removesuffix(base)
        file = client.get(root + style)
        assert (file.status_code, "immutable" in file.headers["Cache-Control"]) == (200, True)

        answer = client.get("/lookup/", params={"number": "8 999 888-77-66"})
        assert f'href="{base}/lists/{spam}/' in answer.text

        blocked = {"numbers": "79991112233", "name": "Робот", "list": spam, "confirm": "1"}
        assert client.post("/block/", data=blocked).status_code in (200, 302)
        assert {"name": "Робот", "phones": ["79991112233"]} in contacts_of(behind, spam)

        key = contact_key(Contact("Робот", ("79991112233",)))
        row = f"/lists/{spam}/contacts/{key}/edit/"
        htmx = {"HX-Request": "true", "HX-Current-URL": f"{behind.url}/lists/{spam}/"}
        form = client.get(row, headers=htmx)
        assert soup_of(form).form["hx-post"] == f"{base}{row}"
        fields = form_in(form, "form") | {"name": "Робот 2"}
        saved = client.post(row, data=fields, headers=htmx)
        assert "Робот 2" in saved.text
        undo = soup_of(saved).select_one('form[action$="/undo/"]')
        assert undo["action"].startswith(f"{base}/journal/")
        fields = {field["name"]: field["value"] for field in undo.select("input[name]")}
        undone = client.post(undo["action"].removeprefix(base), data=fields)
        assert undone.headers["Location"].startswith(f"{base}/")
        assert {"name": "Робот", "phones": ["79991112233"]} in contacts_of(behind, spam)

        file = client.get(f"/lists/{spam}/export/", params={"format": "csv"})
        assert "79991112233" in file.text
        out = client.post("/logout/")
        assert (out.status_code, out.headers["Location"]) == (302, f"{base}/login/")
        assert client.get("/lists/").status_code == 302
    assert httpx.get(f"{behind.url}/healthz", verify=behind.tls, trust_env=False).text == "ok"


def test_a_lookup_arrives_while_lists_are_still_being_read(behind, spam):
    last = behind.sandbox.add_list(ACCOUNT, name="Последний")
    gate = threading.Event()
    behind.sandbox.before("GET", f"contact-lists/{last}", lambda: gate.wait(20))
    try:
        with behind.client("anna") as client:
            assert_arrives_in_pieces(client, gate)
    finally:
        gate.set()
        behind.sandbox.drop(ACCOUNT, last)


def test_a_file_of_megabytes_is_confirmed_by_the_other_process(behind, spam):
    rows = (f"Контакт {n};7916{n:07};{'примечание ' * 70}\n" for n in range(2000))
    table = ("Имя;Телефон;Заметка\n" + "".join(rows)).encode()
    assert len(table) > 2_000_000
    path = f"/lists/{spam}/import/"
    with behind.client("anna") as client:  # nginx takes it in
        assert client.post(path, files={"file": ("t.csv", table)}).status_code == 200
    with behind.directly(0, "anna") as first, behind.directly(1, "anna") as second:
        preview = first.post(path, files={"file": ("t.csv", table)})
        assert preview.status_code == 200
        fields = form_in(preview, "main form[enctype]") | {"confirm": "1"}
        del fields["csrfmiddlewaretoken"]  # of the first one's cookie
        done = second.post(path, data=fields)
        assert done.status_code == 302, done.text
    assert len(contacts_of(behind, spam)) == 2001


def test_a_file_that_is_too_large_is_refused(behind, spam):
    with behind.client("anna") as client:
        table = b"7" * (33 * 1024 * 1024)
        answer = client.post(f"/lists/{spam}/import/", files={"file": ("t.csv", table)})
    assert answer.status_code == 413


def test_without_tls_it_leads_to_where_tls_is(behind):
    for claimed in ({}, {"X-Forwarded-Proto": "https"}):
        answer = httpx.get(f"{behind.plain}/lists/?page=2", headers=claimed, trust_env=False)
        assert answer.status_code == 301
        assert answer.headers["Location"] == f"https://127.0.0.1{behind.base}/lists/?page=2"


def test_what_a_browser_claims_of_where_it_comes_from_does_not_count(behind):
    claimed = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "http"}
    with behind.client(headers=claimed) as client:
        sign_in = client.get("/login/")
        assert sign_in.status_code == 200  # by TLS all the same
        fields = form_in(sign_in, "main form") | {"username": "boris", "password": "wrong"}
        assert client.post("/login/", data=fields).status_code == 200
    logs = "".join(log.read_text() for log in behind.folder.glob("app-*/log"))
    assert re.search(r"boris.*127\.0\.0\.1", logs), logs
    assert "198.51.100.7" not in logs


def test_no_log_has_what_was_looked_for(behind):
    with behind.client("anna") as client:
        client.get("/lookup/", params={"number": "79995554433"})
    assert f'"GET {behind.base}/lookup/" 200' in behind.access_log()
    logs = [*behind.folder.glob("*.log"), *behind.folder.glob("app-*/log")]
    assert not [log for log in logs if "79995554433" in log.read_text()]


def test_below_a_path_its_bare_name_leads_there(behind):
    if behind.base:
        with behind.client() as client:
            answer = client.get(behind.url)
            where = path_of(answer.headers["Location"])
            assert (answer.status_code, where) == (301, f"{behind.base}/")


def test_a_proxy_may_take_the_path_off(behind):
    process = f"http://127.0.0.1:{behind.ports[0]}"
    https = {"X-Forwarded-Proto": "https"}
    with httpx.Client(trust_env=False, headers=https) as proxy:
        for path in ("/login/", f"{behind.base}/login/"):
            page = proxy.get(f"{process}{path}")
            assert page.status_code == 200
            style = soup_of(page).select_one("link[rel=stylesheet]")["href"]
            assert style.startswith(f"{behind.base}/static/")
            for below in (style, style.removeprefix(behind.base)):
                assert proxy.get(f"{process}{below}").status_code == 200
        for path in ("/healthz", f"{behind.base}/healthz"):
            assert httpx.get(f"{process}{path}", trust_env=False).status_code == 200


# Processes that end


@contextmanager
def a_save_under_way(behind, spam):
    """Somebody's save, of which Plusofon has just got the new list: the answers, and what lets it go on."""
    sending, gate, answers = threading.Event(), threading.Event(), []
    behind.sandbox.before("PUT", LIST, lambda: (sending.set(), gate.wait(20)))

    def save():
        with behind.client("anna") as client:
            fields = {"name": "Анна", "phones": "79991112244"}
            htmx = {"HX-Request": "true", "HX-Current-URL": f"{behind.url}/lists/{spam}/"}
            path = f"/lists/{spam}/contacts/new/"
            answers.append(client.post(path, data=fields, headers=htmx))

    saving = threading.Thread(target=save)
    saving.start()
    try:
        assert sending.wait(20)
        yield answers, gate
    finally:
        gate.set()
        saving.join(30)


@at_the_root
def test_whoever_is_saving_gets_the_answer_though_all_of_it_is_stopped(behind, spam):
    with a_save_under_way(behind, spam) as (answers, gate):
        for server in behind.servers.values():
            server.process.send_signal(signal.SIGTERM)
        time.sleep(2)
        assert not answers
        gate.set()
    assert [answer.status_code for answer in answers] == [200]
    assert [server.process.wait(20) for server in behind.servers.values()] == [0, 0]
    assert len(contacts_of(behind, spam)) == 2
    with behind.client("anna") as client:
        down = client.get("/lists/")
    assert (down.status_code, down.headers["HX-Retarget"]) == (502, "#notice")
    assert "The server did not answer." in down.text
    behind.start(0)
    behind.start(1)


@at_the_root
def test_a_save_whose_process_was_killed_is_not_sent_again_by_the_other(behind, spam):
    with a_save_under_way(behind, spam) as (answers, gate):
        which = asked_by(calls_of(behind.sandbox, "GET")[-1])
        kill(behind.servers[which])
        behind.start(which)
        until(lambda: answers)
        gate.set()
    (answer,) = answers
    assert answer.status_code == 502
    assert answer.headers["HX-Retarget"] == "#notice"
    time.sleep(1)
    # It may have died before the last byte of it was sent.
    assert len(calls_of(behind.sandbox, "PUT")) <= 1
    assert [contact["name"] for contact in contacts_of(behind, spam)].count("Анна") <= 1


@at_the_root
def test_while_a_process_is_killed_nobody_who_reads_is_told_an_error(behind, spam):
    enough, read, written = threading.Event(), [], []

    def reading():
        with behind.client("anna") as client:
            while not enough.is_set():
                read.append(client.get(f"/lists/{spam}/").status_code)

    def writing():
        with behind.client("boris") as client:
            for number in map(str, itertools.count(79_990_000_000)):
                fields = {"name": number, "phones": number}
                answer = client.post(f"/lists/{spam}/contacts/new/", data=fields)
                written.append((number, answer.status_code))
                if enough.is_set():
                    return

    with ThreadPoolExecutor(4) as pool:
        people = [pool.submit(act) for act in (reading, reading, reading, writing)]
        try:
            until(lambda: len(read) > 6 and written)
            kill(behind.servers[1])
            before = len(read), len(written)
            until(lambda: len(read) > before[0] + 12 and len(written) > before[1])
        finally:
            enough.set()
        behind.start(1)
        for one in people:
            one.result()
    assert set(read) == {200}
    names = [contact["name"] for contact in contacts_of(behind, spam)]
    saved = {number for number, status in written if status == 302}
    assert saved
    assert saved <= set(names)
    assert len(names) == len(set(names))
    # The one that was under way may be there all the same: it keeps its list locked until that is known.
    others = {number: status for number, status in written if status != 302}
    assert len(others.keys() & set(names)) <= 1
    assert 500 not in others.values()


def until(is_so):
    ends = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def kill(server):
    """All of it at once, as a machine that fails."""
    pid = server.process.pid
    workers = [int(pid) for pid in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    server.process.kill()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    server.process.wait()

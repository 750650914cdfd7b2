"""`make bench`: a number looked up in 300 lists of 50 contacts, each call 100 ms away.

The stand-in runs in a process of its own, so that the CPU time measured is ours alone. Beside it, in
the same run: the loop that the vendor's examples suggest, one call after the other, each with a new
connection.
"""

import http.client
import json
import multiprocessing
import os
import statistics
import threading
import time
from math import ceil
from urllib.parse import urlsplit

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

import httpx
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from lists import connection
from lists.hints import hints_of
from lists.sandbox import Sandbox, serve
from tests.factories import CredentialFactory, UserFactory
from tests.words import says, says_many

LISTS, CONTACTS, LATENCY = 300, 50, 0.1
RUNS = 3
NOT_BLOCKED = (
    "Not blocked: it is not in the only list",
    "Not blocked: it is in none of the %(total)s lists",
)
EARLY, LATE = "79990005001", "79990299001"  # numbers in the fifth list, and in the last but one
ABSENT = "79991112233"
TOKEN = "bench-token"


def stand_in(address):
    """The process of the stand-in."""
    sandbox = Sandbox()
    account = sandbox.add_account(token=TOKEN)
    for n in range(LISTS):
        contacts = [
            {"name": f"Контакт {m}", "phones": [f"7999{n + 1:04}{m:03}"]} for m in range(CONTACTS)
        ]
        sandbox.add_list(account, name=f"Список {n + 1}", contacts=contacts)
    sandbox.latency = LATENCY
    with serve(sandbox) as server:
        address.put(server.url)
        threading.Event().wait()


class Counting(httpx.BaseTransport):
    """Our transport, counting the calls that go through it."""

    def __init__(self, inner):
        self.inner, self.calls = inner, 0

    def handle_request(self, request):
        self.calls += 1
        return self.inner.handle_request(request)


def look_up(client, transport, send):
    """Seconds until it is said to be blocked and until the end, seconds of our own CPU, calls, the answer."""
    transport.calls = 0
    cpu, started, first, page = time.process_time(), time.perf_counter(), None, b""
    for piece in send(client):
        page += piece
        if first is None and b'class="step early' in piece:
            first = time.perf_counter() - started
    ended = time.perf_counter() - started
    words = " ".join(page.decode().split())
    return first, ended, time.process_time() - cpu, transport.calls, words


def vendors_loop(url):
    """Seconds of reading everything call by call, each with a new connection."""
    host = urlsplit(url).netloc
    headers = {"Client": "10553", "Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}

    def get(path):
        calling = http.client.HTTPConnection(host)
        calling.request("GET", f"/api/v1/{path}", headers=headers)
        answer = json.load(calling.getresponse())
        calling.close()
        return answer

    started = time.perf_counter()
    page, last = 1, 1
    while page <= last:
        answer = get(f"contact-lists?page={page}")
        last = answer["last_page"]
        for entry in answer["data"]:
            get(f"contact-lists/{entry['id']}")
        page += 1
    return time.perf_counter() - started


def one(number):
    return lambda client: client.get("/lookup/", {"number": number})


def thousand(client):
    numbers = "\n".join(f"7800{n:07}" for n in range(1000))
    return client.post("/lookup/many/", {"numbers": numbers})


def main():
    address = multiprocessing.Queue()
    process = multiprocessing.Process(target=stand_in, args=(address,), daemon=True)
    process.start()
    settings.PLUSOFON_API_URL = url = address.get(timeout=30)
    call_command("migrate", verbosity=0)
    transport = connection._transport = Counting(connection._transport)
    user = UserFactory(username="support", group="Support")
    CredentialFactory(user=user, token=TOKEN)
    client = Client()
    client.force_login(user)
    try:
        print(f"\n{LISTS} lists of {CONTACTS} contacts, each call {LATENCY * 1000:.0f} ms away")
        none = says_many(*NOT_BLOCKED, LISTS)
        thousand_free = f"{says('not blocked', context='of a number')}: 1000"
        print(f"{'':23}{'s':>6}{'bound':>7}{'blocked':>10}{'CPU/list':>11}{'calls':>7}")
        for name, send, expected, is_seen in [
            ("a number in the fifth", one(EARLY), says("Blocked"), False),
            ("one in the last but one", one(LATE), says("Blocked"), False),
            ("… that was seen before", one(LATE), says("Blocked"), True),
            ("a number in none", one(ABSENT), none, False),
            ("a thousand numbers", thousand, thousand_free, False),
        ]:
            runs = []
            for _ in range(RUNS):
                if not is_seen:
                    hints_of.cache_clear()
                runs.append(look_up(client, transport, send))
            assert all(expected in page for *_, page in runs), name
            seconds = statistics.median(run[1] for run in runs)
            calls = runs[0][3]
            bound = 1.3 * ceil(calls / connection.permits_of("4821").scans) * LATENCY
            hit = f"{statistics.median(run[0] for run in runs):.2f} s" if runs[0][0] else ""
            cpu = statistics.median(run[2] for run in runs) / LISTS * 1000
            print(f"{name:23}{seconds:>6.2f}{bound:>7.2f}{hit:>10}{cpu:>8.1f} ms{calls:>7}")
            if name == "a number in none":
                ours = seconds
        loop = vendors_loop(url)
        print(f"{'call after call':23}{loop:>6.2f}   {loop / ours:.1f} times as long")
    finally:
        process.terminate()


if __name__ == "__main__":
    main()

"""`make bench`: what is out of order in 200 lists of 50 contacts and one of 10,000, each call 50 ms away.

Beside it, in the same run: the bare reading, every page and every list with as many calls at once and nothing
made of them. The stand-in runs in a process of its own, so that the memory measured is ours alone.
"""

import json
import multiprocessing
import os
import resource
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

import httpx
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from lists import connection
from lists.sandbox import Sandbox, serve
from plusofon_admin import server
from tests.factories import CredentialFactory, UserFactory

LISTS, SMALL, LARGE, LATENCY = 200, 50, 10_000, 0.05
RUNS = 5
RATIO, MEMORY = 1.3, 150  # bounds: times the bare reading; MB of the whole process
TOKEN, ACCOUNT = "bench-token", "4821"


def payload(number, size):
    """Each tenth is spelled oddly, each hundredth stands there twice."""
    contacts = []
    for n in range(size):
        phone = f"7916{number:03}{n:04}"
        odd = f"8 ({phone[1:4]}) {phone[4:7]}-{phone[7:9]}-{phone[9:]}" if n % 10 == 0 else phone
        contacts.append({"name": f"Контакт {n}", "phones": [odd]})
        if n % 100 == 50:
            contacts.append({"name": f"Контакт {n}", "phones": [phone]})
    return contacts[:size]


def stand_in(address):
    sandbox = Sandbox()
    account = sandbox.add_account(token=TOKEN, owner={"id": int(ACCOUNT), "email": "a@example.ru"})
    for n in range(LISTS):
        sandbox.add_list(account, name=f"Список {n}", contacts=payload(n, SMALL))
    sandbox.add_list(account, name="Общий", contacts=payload(900, LARGE))
    sandbox.latency = LATENCY
    with serve(sandbox) as running:
        address.put(running.url)
        threading.Event().wait()


def bare_reading(url, at_once):
    """Seconds of reading all pages, all lists, and the pages again, over connections that are kept open."""
    headers = {"Client": "10553", "Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}
    with (
        httpx.Client(base_url=f"{url}/api/v1/", headers=headers) as client,
        ThreadPoolExecutor(at_once) as pool,
    ):
        client.get("contact-lists")  # the connection
        started = time.perf_counter()
        first = client.get("contact-lists").json()
        pages = [f"contact-lists?page={n}" for n in range(2, first["last_page"] + 1)]
        rest = [answer.json() for answer in pool.map(client.get, pages)]
        ids = [entry["id"] for page in (first, *rest) for entry in page["data"]]
        for answer in pool.map(client.get, [f"contact-lists/{list_id}" for list_id in ids]):
            json.loads(answer.content)
        list(pool.map(client.get, ["contact-lists", *pages]))
        return time.perf_counter() - started


def looked(client):
    started = time.perf_counter()
    page = b"".join(client.get("/cleanup/", {"look": 1}))
    seconds = time.perf_counter() - started
    assert b'aria-labelledby="equal"' in page
    return seconds


def main():
    address = multiprocessing.Queue()
    process = multiprocessing.Process(target=stand_in, args=(address,), daemon=True)
    process.start()
    settings.PLUSOFON_API_URL = url = address.get(timeout=60)
    call_command("migrate", verbosity=0)
    server.post_worker_init(None)
    user = UserFactory(username="manager", group="Managers")
    CredentialFactory(user=user, token=TOKEN)
    client = Client()
    client.force_login(user)
    at_once = connection.permits_of(ACCOUNT).scans
    try:
        looked(client)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pairs = [(looked(client), bare_reading(url, at_once)) for _ in range(RUNS)]
        ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        print(
            f"\nOrder in {LISTS} lists of {SMALL} and one of {LARGE:,}, calls {LATENCY * 1000:.0f} ms away"
        )
        print(f"{'':16}{'s':>7}{'÷ bare':>8}{'bound':>7}{'MB':>7}{'bound':>7}")
        print(f"{'bare reading':16}{bare:>7.2f}")
        print(
            f"{'what was found':16}{ours:>7.2f}{ratio:>8.2f}{RATIO:>7.2f}{memory:>7.0f}{MEMORY:>7}"
        )
    finally:
        process.terminate()


if __name__ == "__main__":
    main()

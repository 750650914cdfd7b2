"""`make bench`: a page ÷ the bare call behind it, and its CPU ÷ that of Django admin's change list.

The stand-in runs in a process of its own, 50 ms away; bare call and page take turns, so that both meet the same
noise. The change list shows as many rows of two columns, from a database in memory, as the list has contacts.
"""

import multiprocessing
import os
import statistics
import threading
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

import httpx
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.test import Client

from lists.models import JournalNumber
from lists.sandbox import Sandbox, serve
from plusofon_admin import server
from tests.factories import CredentialFactory, JournalEntryFactory, UserFactory

LATENCY = 0.05
CONTACTS = 50
RUNS = 40
TOKEN = "bench-token"


def stand_in(address, latency):
    """The process of the stand-in: fifteen lists, the first of fifty contacts."""
    sandbox = Sandbox()
    account = sandbox.add_account(token=TOKEN)
    contacts = [
        {"name": f"Контакт {n}", "phones": [f"7999{n:07}", f"7812{n:07}"][: 1 + n % 2]}
        for n in range(CONTACTS)
    ]
    for n in range(15):
        sandbox.add_list(
            account, name=f"Список {n + 1}", contacts=contacts[: CONTACTS if not n else 5]
        )
    sandbox.latency = latency
    with serve(sandbox) as server:
        address.put((server.url, sandbox.lists(account).keys().__iter__().__next__()))
        threading.Event().wait()


def fill_change_list():
    """What the admin shows of a name and a number, as plainly as it can."""
    columns = type("Columns", (admin.ModelAdmin,), {"list_display": ("number", "entry_id")})
    admin.site.register(JournalNumber, columns)
    entry = JournalEntryFactory()
    numbers = [JournalNumber(entry=entry, number=f"7999{n:07}") for n in range(CONTACTS)]
    JournalNumber.objects.bulk_create(numbers)


def timed(act):
    """Seconds by the clock, and of this thread's CPU."""
    cpu, started = time.thread_time(), time.perf_counter()
    act()
    return time.perf_counter() - started, time.thread_time() - cpu


def alternating(**acts):
    """For each act its median seconds, by the clock and of CPU, and its least."""
    taken = {name: [] for name in acts}
    for run in range(RUNS + 5):
        for name, act in acts.items():
            measured = timed(act)
            if run >= 5:
                taken[name].append(measured)
    return {
        name: tuple(statistics.median(each) for each in zip(*rows, strict=True))
        for name, rows in taken.items()
    }


def asking(client, path):
    def ask():
        answer = client.get(path)
        assert answer.status_code == 200, path

    return ask


def calling(api, path):
    def call():
        assert api.get(path).json()["success"]

    return call


def main():
    server.post_worker_init(None)
    call_command("migrate", verbosity=0)
    spawn = multiprocessing.get_context("spawn")
    address = spawn.Queue()
    process = spawn.Process(target=stand_in, args=(address, LATENCY), daemon=True)
    process.start()
    settings.PLUSOFON_API_URL, list_id = address.get(timeout=30)
    user = UserFactory(username="manager", is_staff=True, is_superuser=True)
    fill_change_list()
    CredentialFactory(user=user, token=TOKEN)
    client = Client()
    client.force_login(user)
    headers = {"Authorization": f"Bearer {TOKEN}", "Client": "10553", "Accept": "application/json"}
    api = httpx.Client(
        base_url=f"{settings.PLUSOFON_API_URL}/api/v1/", headers=headers, trust_env=False
    )
    lists, one = "contact-lists", f"contact-lists/{list_id}"
    took = alternating(
        call_lists=calling(api, lists),
        page_of_lists=asking(client, "/lists/"),
        call_list=calling(api, one),
        page_of_list=asking(client, f"/lists/{list_id}/"),
        change_list=asking(client, "/admin/lists/journalnumber/"),
    )
    process.terminate()
    for page, call in (("page_of_lists", "call_lists"), ("page_of_list", "call_list")):
        tell(f"{page} ÷ the bare call, ms", took[page][0], took[call][0], 1.15)
    tell(
        "page_of_list ÷ a change list, CPU ms",
        took["page_of_list"][1],
        took["change_list"][1],
        0.35,
    )


def tell(what, ours, theirs, bound):
    ours, theirs = ours * 1000, theirs * 1000
    print(f"{what:40}{ours:8.1f} ÷{theirs:7.1f} ={ours / theirs:6.2f}  (≤ {bound})")


if __name__ == "__main__":
    main()

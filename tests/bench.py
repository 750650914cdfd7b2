"""`make bench`: our own share of the time of a page, against the stand-in in this process.

Own time is the whole time of a request less what passed inside the stand-in. Medians of many runs;
machines are noisy, so compare numbers of one run with one another.
"""

import os
import statistics
import time
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

import httpx
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lists import connection
from lists.models import JournalEntry, JournalNumber
from lists.sandbox import DEMO_TOKENS, Sandbox
from tests.factories import CredentialFactory, JournalEntryFactory, UserFactory

RUNS = 60
LONG = "Мошенники — общая база"


class Clock:
    """The stand-in as a WSGI app that counts its calls and the time spent inside it."""

    def __init__(self, app):
        self.app, self.calls, self.inside = app, 0, 0.0

    def __call__(self, environ, start_response):
        started = time.perf_counter()
        body = list(self.app(environ, start_response))
        self.inside += time.perf_counter() - started
        self.calls += 1
        return body


def measure(client, clock, path, **headers):
    """Milliseconds of our own in each run, calls of one run, bytes of one answer."""
    own = []
    for _ in range(RUNS):
        clock.calls, clock.inside = 0, 0.0
        started = time.perf_counter()
        answer = client.get(path, headers=headers)
        own.append((time.perf_counter() - started - clock.inside) * 1000)
        assert answer.status_code == 200, path
    return own[5:], clock.calls, len(answer.content)


def fill_journal(total):
    """Ten people over forty lists, two numbers an entry."""
    people = ["anna", "boris", "vera", "gleb", "dina", "egor", "zoya", "igor", "kira", "manager"]
    entries = JournalEntry.objects.bulk_create(
        (
            JournalEntryFactory.build(
                username=people[n % 10],
                list_id=1 + n % 40,
                list_name=f"Список {1 + n % 40}",
                started_at=timezone.now() - timedelta(minutes=total - n),
            )
            for n in range(total)
        ),
        batch_size=1000,
    )
    JournalNumber.objects.bulk_create(
        (
            JournalNumber(entry=entry, number=f"7{head}{n % 9973:07}")
            for n, entry in enumerate(entries)
            for head in ("999", "812")
        ),
        batch_size=1000,
    )


def main():
    call_command("migrate", verbosity=0)
    sandbox = Sandbox.seeded()
    clock = Clock(sandbox)
    connection._transport = httpx.WSGITransport(clock)
    user = UserFactory(username="manager", group="Managers")
    CredentialFactory(user=user, token=DEMO_TOKENS["manager"])
    client = Client()
    client.force_login(user)
    lists = sandbox.lists(4821)
    long = next(list_id for list_id, found in lists.items() if found["name"] == LONG)
    short = next(list_id for list_id, found in lists.items() if 20 < len(found["contacts"]) < 121)
    contacts = len(lists[short]["contacts"])
    pages = {
        "page of lists": ("/lists/", {}, 10),
        f"a list of {contacts}": (f"/lists/{short}/", {}, None),
        "the list of 10,000": (f"/lists/{long}/", {}, 100),
        "… its last page": (f"/lists/{long}/?page=200", {}, 100),
        "… filtered by number": (f"/lists/{long}/?q=8+999", {"HX-Request": "true"}, 100),
        "… filtered by name": (f"/lists/{long}/?q=иванов", {"HX-Request": "true"}, 100),
    }
    fill_journal(100_000)
    pages |= {
        "journal of 100,000": ("/journal/", {}, 50),
        "… a number in it": ("/journal/?number=8+999+000-50-00", {}, 50),
        "… a person and a list": ("/journal/?person=anna&list=12", {}, 50),
        "… the journal's last page": ("/journal/?page=2000", {}, None),
    }
    print(
        f"{'own time, ms':24}{'best':>7}{'median':>8}{'p95':>8}{'bound':>7}{'calls':>7}{'bytes':>9}"
    )
    for name, (path, headers, bound) in pages.items():
        own, calls, size = measure(client, clock, path, **headers)
        median, p95 = statistics.median(own), sorted(own)[int(len(own) * 0.95)]
        times = f"{min(own):>7.1f}{median:>8.1f}{p95:>8.1f}"
        print(f"{name:24}{times}{bound or '':>7}{calls:>7}{size:>9}")


if __name__ == "__main__":
    main()

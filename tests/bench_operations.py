"""`make bench`: acts over several lists. Our share of a move as lists grow; and ten lists written side by side.

A move's own time is all of it less what passed inside the stand-in, in this process. The ten lists are blocked
over real HTTP, each call 100 ms away, from a server's threads with connections of their own.
"""

import multiprocessing
import os
import statistics
import tempfile
import threading
import time

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
# Threads share no database in memory.
folder = tempfile.TemporaryDirectory()
os.environ["DATABASE_URL"] = f"sqlite:///{folder.name}/bench.sqlite3"

import django

django.setup()

import httpx
from django.conf import settings
from django.core.management import call_command

from lists import connection
from lists.connection import Connection
from lists.intents import Planned
from lists.plusofon.values import Contact, ListEntry
from lists.sandbox import Sandbox, serve
from lists.services import blocking, moving, operations
from plusofon_admin import server
from tests.bench import Clock
from tests.factories import CredentialFactory, UserFactory

TOKEN, ACCOUNT = "bench-token", "4821"
LATENCY, LISTS = 0.1, 10
RUNS = 5
BOUND = 300  # ms, of moving a thousand between two lists of ten thousand


def payload(count, first=0):
    return [
        {"name": f"Контакт {n}", "phones": [f"7999{n:07}"]} for n in range(first, first + count)
    ]


def own_share(by, size, moved):
    """Milliseconds of a move between two lists of this size, less the stand-in's."""
    sandbox = Sandbox()
    account = sandbox.add_account(token=TOKEN, owner={"id": int(ACCOUNT), "email": "a@example.ru"})
    source = sandbox.add_list(account, name="Источник", contacts=payload(size))
    target = sandbox.add_list(account, name="Приёмник", contacts=payload(size, first=1_000_000))
    clock = Clock(sandbox)
    connection._transport = httpx.WSGITransport(clock)
    contacts = by().api.get_list(source).contacts[:moved]
    clock.inside, started = 0.0, time.perf_counter()
    entries = ListEntry(source, "Источник", "black"), ListEntry(target, "Приёмник", "black")
    done = operations.carry_out(moving.move(contacts, *entries, by=by()), by=by())
    own = (time.perf_counter() - started - clock.inside) * 1000
    assert all(one.is_confirmed for one in done)
    assert len(sandbox.lists(account)[target]["contacts"]) == size + moved
    return own


def stand_in(address):
    """The process of the stand-in: ten lists, a tenth of a second away."""
    sandbox = Sandbox()
    account = sandbox.add_account(token=TOKEN, owner={"id": int(ACCOUNT), "email": "a@example.ru"})
    ids = [
        sandbox.add_list(account, name=f"Список {n}", contacts=payload(50)) for n in range(LISTS)
    ]
    sandbox.latency = LATENCY
    with serve(sandbox) as server:
        address.put((server.url, ids))
        threading.Event().wait()


def seconds_of_ten(by, ids, number):
    plans = [Planned(ListEntry(list_id, "Список", "black")) for list_id in ids]
    started = time.perf_counter()
    done = blocking.block(Contact("Спам", (number,)), plans, by=by())
    assert all(one.is_confirmed for one in done)
    return time.perf_counter() - started


def main():
    server.post_worker_init(None)
    call_command("migrate", verbosity=0)
    user = UserFactory(username="manager", group="Managers")
    CredentialFactory(user=user, token=TOKEN, account=ACCOUNT)

    def by():
        api = connection.open_api(token=TOKEN, client_id="10553", account=ACCOUNT)
        return Connection(api, user, ACCOUNT).for_an_act()

    over_http = connection._transport
    print(f"\n{'a move, own time in ms':32}{'best':>7}{'median':>8}{'bound':>7}")
    moves = [(1_000, 1_000, None), (5_000, 5_000, None), (20_000, 20_000, None)]
    for size, moved, bound in [(10_000, 1_000, BOUND), *moves]:
        own = [own_share(by, size, moved) for _ in range(RUNS)]
        name = f"{moved:,} between lists of {size:,}"
        print(f"{name:32}{min(own):>7.0f}{statistics.median(own):>8.0f}{bound or '':>7}")

    connection._transport = over_http
    spawn = multiprocessing.get_context("spawn")
    address = spawn.Queue()
    process = spawn.Process(target=stand_in, args=(address,), daemon=True)
    process.start()
    settings.PLUSOFON_API_URL, ids = address.get(timeout=30)
    seconds = [seconds_of_ten(by, ids, f"7912000000{n}") for n in range(RUNS)]
    one = [seconds_of_ten(by, ids[:1], f"7912000001{n}") for n in range(RUNS)]
    ten, alone = statistics.median(seconds), statistics.median(one)
    bound = 1.5 * 3 * LATENCY * 2
    print(
        f"\nten lists, {LATENCY * 1000:.0f} ms a call: {ten:.2f} s (≤ {bound:.2f}), one {alone:.2f} s"
    )
    process.terminate()


if __name__ == "__main__":
    main()

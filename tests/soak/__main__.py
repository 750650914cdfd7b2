"""`make soak`: the write path under everything at once.

Two processes on a new database of the PostgreSQL that DATABASE_URL names, 16 people with a browser each,
faults of the API with late writes among them, a worker killed every 20 seconds, and somebody outside who
writes into the same lists.
Afterwards what people were told, the journal and the lists are held against each other (`checks`).
WRITES, CLIENTS, FAULTS (a share), SECONDS (of writing), LISTS and KILL_EVERY (seconds, 0 for never) change its
size; LATENCY is what each call takes beside the dice's dawdling. With PAUSE (seconds from act to act) people read
more than they write, as a desk does. KEEP names a folder for what tells more of a violation. Ends with status 1
where anything is wrong.
"""

import os
import secrets
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
server_url = os.environ.pop("DATABASE_URL", "")
os.environ["DATABASE_URL"] = "sqlite://:memory:"  # this process has no rows of its own

import django

django.setup()

import psycopg

from lists.sandbox import Sandbox, serve
from tests.serving import environment, manage, megabytes_of_servers, prepare, serving
from tests.signed_in import sessions_of

from .checks import OPEN, Checks, read_journal
from .people import TURNED_AWAY, Desk, Person, Told, as_list
from .trouble import LATE_WRITE, LATEST, Faults, Killer, Outside, every

WRITES = int(os.environ.get("WRITES") or 5000)
CLIENTS = int(os.environ.get("CLIENTS") or 16)
FAULTS = float(os.environ.get("FAULTS") or 0.02)
SECONDS = float(os.environ.get("SECONDS") or 480)
KILL_EVERY = float(os.environ.get("KILL_EVERY", "20"))
LATENCY = float(os.environ.get("LATENCY") or 0)
PAUSE = float(os.environ.get("PAUSE") or 0)
KEEP = os.environ.get("KEEP")
OUTSIDE_EVERY = 3.0
LISTS, CONTACTS = int(os.environ.get("LISTS") or 8), 30
ACCOUNT = 4821
LONGEST_DOUBT = 90.0  # seconds; a writer killed while it read holds its list longest
MOST_SHOWN = 25  # violations
MOST_GROWTH = 60  # MB of the servers from a third of the time on
PEOPLE = [f"client{n}" for n in range(1, CLIENTS + 1)]


def main():
    if not server_url.startswith("postgres"):
        sys.exit("DATABASE_URL names no PostgreSQL: `make soak` starts one.")
    # Whoever ends it leaves no server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder, a_database() as database:
        checks = soak(Path(folder), database)
    for violation in checks.violations[:MOST_SHOWN]:
        print(f"\n✗ {violation}")
    if checks.violations:
        sys.exit(f"\n{len(checks.violations)} violations")
    print("\nnothing lost, nothing untrue, nothing left open")


@contextmanager
def a_database():
    """The address of an empty one, which goes afterwards."""
    name = f"soak_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield server_url.rsplit("/", 1)[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def soak(folder, database):
    """Let them write, wait until nothing can land any more, look at each list once, and check."""
    sandbox = stand_in()
    first = {key: as_list(found) for key, found in sandbox.lists(ACCOUNT).items()}
    with serve(sandbox) as server:
        env = environment(
            folder,
            server.url,
            DATABASE_URL=database,
            PLUSOFON_LATE_WRITE=f"{LATE_WRITE:g}",
            GUNICORN_CMD_ARGS=f"--pid {folder / 'pid'}",
        )
        prepare(env)
        sessions = sessions_of(PEOPLE, env)
        faults, killer = Faults(sandbox, FAULTS), Killer(folder / "pid")
        *shared, settled = first
        outside = Outside(sandbox, ACCOUNT, shared)
        with serving(folder, env, workers=2) as url:
            desk = Desk(
                sandbox,
                ACCOUNT,
                writes=WRITES,
                until=time.time() + SECONDS,
                settled=settled,
                pause=PAUSE,
            )
            people = [Person(name, session, url, desk) for name, session in sessions.items()]
            began = time.monotonic()
            memory = Memory()
            with (
                every(KILL_EVERY, killer) if KILL_EVERY else nullcontext(),
                every(OUTSIDE_EVERY, outside),
                every(30, desk.report),
                every(SECONDS / 3, memory),
            ):
                work(people)
            memory()
            seconds = time.monotonic() - began
            faults.end()
            time.sleep(LATEST)
            settle(env)
            last_look(Person(PEOPLE[0], sessions[PEOPLE[0]], url, desk), env)
            settle(env)
        last = {key: as_list(found) for key, found in sandbox.lists(ACCOUNT).items()}
        print_reads(desk, memory)
        checks = Checks(desk.log, read_journal(env), first, last)
        checks.violations += desk.untrue
        if PAUSE and memory.growth > MOST_GROWTH:
            checks.violations.append(f"the servers' memory grows: {memory.megabytes} MB")
        if KEEP:
            keep(Path(KEEP), folder / "log", checks, faults, outside)
    print_figures(checks, faults, killer, outside, seconds)
    return checks


class Memory:
    """MB of the servers, each time that it is asked."""

    def __init__(self):
        self.megabytes = []

    def __call__(self):
        self.megabytes.append(megabytes_of_servers())

    @property
    def growth(self):
        return self.megabytes[-1] - self.megabytes[0]


def print_reads(desk, memory):
    for what, count in sorted(desk.reads.items()):
        print(f"read × {count}: {what}")
    print(f"the servers took {memory.megabytes} MB")


def stand_in():
    sandbox = Sandbox()
    sandbox.latency = LATENCY
    sandbox.hang_seconds = 5.0
    owner = {"id": ACCOUNT, "email": "orlova@example.ru", "first_name": "Анна"}
    for name in PEOPLE:
        sandbox.add_account(token=f"{name}-token", owner=owner)
    for n in range(LISTS + 1):  # the last one is written to by nobody
        contacts = [
            {"name": f"Был {n}-{m}", "phones": [f"7495{n:03}{m:04}"]} for m in range(CONTACTS)
        ]
        sandbox.add_list(ACCOUNT, name=f"Общий {n}", contacts=contacts)
    return sandbox


def work(people):
    threads = [threading.Thread(target=person.work, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def settle(env):
    """Until nothing is open: what is in doubt and what the dead have left ends by itself."""
    until = time.monotonic() + LONGEST_DOUBT
    while True:
        with suppress(subprocess.CalledProcessError):  # some are still open
            manage(env, "settle_journal")
        if not any(entry.outcome in OPEN for entry in read_journal(env)):
            return
        if time.monotonic() > until:
            return  # the checks will name them
        time.sleep(3)


def last_look(person, env):
    """The next writer of each list finds what landed later than anybody waited."""
    ever = {entry.list_id for entry in read_journal(env)} - {None}
    for list_id in sorted(ever):
        person.add({}, list_id)
    person.browser.close()


def keep(folder, log, checks, faults, outside):
    """The server's log, and all that happened in the order of time."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "server.log").write_bytes(log.read_bytes())
    lines = [(entry.started_at, f"entry {entry}") for entry in checks.entries]
    lines += [(at, f"{at:.2f} fault {what}") for at, what in faults.log]
    lines += [(at, f"{at:.2f} outside wrote list {list_id}") for at, list_id in outside.log]
    (folder / "events.txt").write_text("".join(f"{line}\n" for _, line in sorted(lines)))


def print_figures(checks, faults, killer, outside, seconds):
    words = Counter(write.word.told for write in checks.log)
    writes = sum(count for told, count in words.items() if told not in TURNED_AWAY)
    saves = sorted(write.seconds for write in checks.log if write.word.told == Told.SAVED)
    p95 = saves[int(len(saves) * 0.95)]
    print(
        f"\n{writes} writes by {CLIENTS} people in {seconds:.0f} s: {writes / seconds:.1f} a second"
    )
    print(f"a save: {statistics.median(saves):.2f} s in the middle, 95 % within {p95:.2f} s")
    print(f"{killer.kills} workers killed, {outside.writes} writes from outside")
    print(f"\n{'told':16}{'in the end':14}{'writes':>7}")
    for (told, ended), count in sorted(checks.matched.items()):
        print(f"{told:16}{ended:14}{count:>7}")
    overwritten = [entry for entry in checks.entries if entry.overwritten_by]
    late = {entry.overwritten_by for entry in overwritten}
    print(
        f"\n{len(overwritten)} overwritten by {len(late)} that landed after their doubt had ended"
    )
    by_kind = ", ".join(f"{kind} × {n}" for kind, n in sorted(faults.counts.items()))
    print(f"{faults.counts.total()} faults: {by_kind}")
    refused = Counter(w.word.title for w in checks.log if w.word.told == Told.NOT_SAVED)
    for title, count in refused.most_common():
        print(f"not saved × {count}: {title}")


if __name__ == "__main__":
    main()

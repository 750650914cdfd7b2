"""The drill of the dead API: people browse and save while Plusofon hangs, and after it is back.

`python -m tests.processes.dead_api` (`make drill`) does it at full length and prints the tables of
`docs/drill.md`; `test_dead_api.py` does it in a shorter time.
"""

import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lists.sandbox import Sandbox, serve
from tests.serving import environment, megabytes_of_servers, prepare, serving
from tests.signed_in import browser, sessions_of

ACCOUNT = 4821
LISTS, CONTACTS = 6, 40
LATENCY = 0.05
# What people read who asked for something of Plusofon while it did not answer.
UNANSWERED = {"Plusofon is not answering right now", "Plusofon is taking too long"}
OURS = {"journal", "requests", "connection", "login", "healthz"}
ENDLESS = 1000.0  # seconds


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that somebody asked for. `began`: seconds since the API hung, less than 0 before."""

    page: str
    began: float
    seconds: float
    status: int
    title: str  # of what was refused


@dataclass(frozen=True, slots=True)
class Drill:
    """What became of it. `hang`: for how many seconds nothing was answered. `memory`: MB of the server's
    processes before and after."""

    hang: float
    visits: list[Visit]
    memory: tuple[int, int]

    @property
    def back_after(self):
        """Seconds after the API's return until the last page was asked for that did not get its answer."""
        failed = [visit.began for visit in self.visits if visit.title in UNANSWERED]
        return max(0.0, max(failed, default=0.0) - self.hang)

    def during(self, begins, ends, *, ours):
        return [
            visit
            for visit in self.visits
            if begins <= visit.began < ends and (visit.page in OURS) == ours
        ]


def drill(*, people, hang, before, after, timeout, pause=1.0):
    """So many people. `pause`: seconds between two pages of each, on average."""
    sandbox = stand_in(people)
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(sandbox) as server,
    ):
        env = environment(
            Path(folder),
            server.url,
            PLUSOFON_TIMEOUT=f"{timeout:g}",
            PLUSOFON_WRITE_TIMEOUT=f"{2 * timeout:g}",
        )
        prepare(env)
        sessions = sessions_of([f"client{n}" for n in range(people)], env)
        with serving(Path(folder), env) as url:
            for session in sessions.values():  # the first pages of a process take it longer
                with browser(url, session, timeout=90) as client:
                    visit(client, "lists")
            hangs_at = time.monotonic() + before
            visits, ended = [], threading.Event()
            threads = [
                threading.Thread(target=browse, args=(url, session, pause, hangs_at, visits, ended))
                for session in sessions.values()
            ]
            for thread in threads:
                thread.start()
            time.sleep(before)
            memory = megabytes_of_servers()
            sandbox.fail("hang", times=None)
            time.sleep(hang)
            sandbox.clear_faults()  # whatever hangs now goes on hanging
            time.sleep(after)
            ended.set()
            for thread in threads:
                thread.join()
            drilled = Drill(hang, visits, (memory, megabytes_of_servers()))
        sandbox.release()
    return drilled


def stand_in(people):
    sandbox = Sandbox()
    sandbox.hang_seconds, sandbox.latency = ENDLESS, LATENCY
    for n in range(people):
        sandbox.add_account(token=f"client{n}-token", owner={"id": ACCOUNT})
    for n in range(LISTS):
        contacts = [
            {"name": f"Контакт {m}", "phones": [f"7495{n:03}{m:04}"]} for m in range(CONTACTS)
        ]
        sandbox.add_list(ACCOUNT, name=f"Список {n}", contacts=contacts)
    return sandbox


def browse(url, session, pause, hangs_at, visits, ended):
    pages = {
        "lists": 4,
        "list": 6,
        "lookup": 5,
        "save": 2,
        "journal": 2,
        "requests": 1,
        "connection": 1,
        "login": 1,
        "healthz": 1,
    }
    english = {"Accept-Language": "en"}
    with browser(url, session, timeout=90, headers=english) as client:
        while not ended.wait(random.uniform(0.5, 1.5) * pause):
            (page,) = random.choices(list(pages), list(pages.values()))
            began = time.monotonic()
            answer = visit(client, page)
            seconds = time.monotonic() - began
            title = re.search("<h1>(.*?)</h1>", answer.text) if answer.is_server_error else None
            visits.append(
                Visit(
                    page, began - hangs_at, seconds, answer.status_code, title[1] if title else ""
                )
            )


def visit(client, page):
    some_list = f"/lists/{random.randint(1, LISTS)}/"
    match page:
        case "list":
            return client.get(some_list)
        case "lookup":
            number = f"7495{random.randrange(LISTS):03}{random.randrange(CONTACTS):04}"
            return client.get("/lookup/", params={"number": number})
        case "save":
            number = f"7812{random.randrange(10**7):07}"
            fields = {"name": f"Новый {number}", "phones": number}
            return client.post(f"{some_list}contacts/new/", data=fields)
        case "healthz":
            return client.get("/healthz")
    return client.get(f"/{page}/")


def tables(drilled):
    """As `docs/drill.md` has them."""
    yield "| asked for | pages | answers | in the middle | 95 % | longest |"
    yield "| --- | --- | --- | --- | --- | --- |"
    parts = {
        "before it hangs": (-1000, 0),
        "first 15 s": (0, min(15, drilled.hang)),
        "… until it is back": (min(15, drilled.hang), drilled.hang),
        "after that": (drilled.hang, 1000),
    }
    for part, (begins, ends) in parts.items():
        for ours in (True, False):
            visits = drilled.during(begins, ends, ours=ours)
            if visits:
                kind = "our own" if ours else "of Plusofon"
                yield f"| {part} | {kind} | {answers_of(visits)} | {times_of(visits)} |"
    yield ""
    yield f"The last page that failed was asked for {drilled.back_after:.1f} s after the API's return."
    yield "The server took {} MB before, {} MB after.".format(*drilled.memory)


def answers_of(visits):
    counts = Counter(f"{visit.status} {visit.title}".strip() for visit in visits)
    return ", ".join(f"{count} × {answer}" for answer, count in sorted(counts.items()))


def times_of(visits):
    seconds = sorted(visit.seconds for visit in visits)
    p95 = seconds[int(len(seconds) * 0.95)]
    return f"{statistics.median(seconds):.2f} s | {p95:.2f} s | {seconds[-1]:.2f} s"


if __name__ == "__main__":
    full = drill(people=60, hang=40, before=10, after=15, timeout=15)
    print("\n".join(tables(full)))
    sys.exit(full.back_after > 5)

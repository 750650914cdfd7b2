"""A page ÷ the bare call behind it, as one person and as 32 at the same moment wait for it."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from .dashboard import asking, browsers
from .rows import Result, Row, alternating
from .stand_in import bare, call, contacts, stand_in

PEOPLE, ACCOUNTS, PERMITS = 32, 4, 8
SERVED = ("--workers", "1", "--threads", "48")
LATENCIES = (0, 50, 200)  # ms
RUNS = {1: 25, PEOPLE: 7}
PAGES = {"the page of lists": "lists/", "a list of 50": "lists/{}/"}
PROMISED = 1.15  # from 50 ms on, for one person
OWN_WORK = (
    "This leaves us {:g} ms; by a profile half of what we take is templates, a sixth queries."
)

TITLE = "A page and the bare call behind it"
ABOUT = f"""\
Over HTTP, as a browser asks: `manage.py serve {" ".join(SERVED)}` in a process of its own, the stand-in in another.
A bare call is the one call to the API that the page makes, over a connection that is open, its JSON parsed. With {PEOPLE}
people at once all press at the same moment, and what counts is when the last of them has the page; against it stand as many
bare calls at the same moment over as many connections. An account may make {PERMITS} calls at once, so these people are
of {ACCOUNTS} accounts, {PEOPLE // ACCOUNTS} of each; the last row has all {PEOPLE} in one account, held against {PEOPLE} bare
calls over {PERMITS} connections. Three quarters of the threads may wait for Plusofon, which is why there are 48."""

ONE_ACCOUNT = Row(
    f"a list of 50, {PEOPLE} people of one account at once, 50 ms away",
    f"{PEOPLE} bare calls, {PERMITS} at once",
)


def row_of(page, latency, people):
    against = "the bare call" if people == 1 else f"{people} bare calls at once"
    crowd = "" if people == 1 else f", {people} people at once"
    bound = PROMISED if people == 1 and latency >= 50 else None
    reason = OWN_WORK.format(round((PROMISED - 1) * latency, 1)) if bound else ""
    return Row(f"{page}{crowd}, {latency} ms away", against, bound=bound, reason=reason)


ROWS = [
    *(row_of(page, ms, people) for people in RUNS for ms in LATENCIES for page in PAGES),
    ONE_ACCOUNT,
]


def together(pool, acts):
    """A measure of the seconds until all of these, begun at once, are done."""

    def measure():
        started = time.perf_counter()
        list(pool.map(lambda act: act(), acts))
        return time.perf_counter() - started

    return measure


def measure():
    names = [f"client{n}" for n in range(2 * PEOPLE)]
    accounts = [1 + n % ACCOUNTS for n in range(PEOPLE)] + [ACCOUNTS + 1] * PEOPLE
    owners = {f"{name}-token": account for name, account in zip(names, accounts, strict=True)}
    with (
        stand_in(contacts(50), *([contacts(5)] * 14), owners=owners) as api,
        browsers(api.url, names, *SERVED) as clients,
        ThreadPoolExecutor(PEOPLE) as pool,
    ):
        callers = [bare(api.url, token) for token in owners]
        firsts = [api.ids[account][0] for account in accounts]

        def pairs(page, place, runs, at_once=pool):
            """`place`: whose browsers, and whose calls."""
            path = PAGES[page]
            ours = [
                asking(client, f"/{path.format(first)}")
                for client, first in zip(clients[place], firsts[place], strict=True)
            ]
            theirs = [
                partial(call, caller, f"contact-{path.format(first)}".rstrip("/"))
                for caller, first in zip(callers[place], firsts[place], strict=True)
            ]
            return alternating(together(pool, ours), together(at_once, theirs), runs=runs)

        for people, runs in RUNS.items():
            for latency in LATENCIES:
                api.move_to(latency / 1000)
                for page in PAGES:
                    yield Result(row_of(page, latency, people), pairs(page, slice(people), runs))
        api.move_to(0.05)
        with ThreadPoolExecutor(PERMITS) as permitted:
            one_account = slice(PEOPLE, None)
            yield Result(ONE_ACCOUNT, pairs("a list of 50", one_account, RUNS[PEOPLE], permitted))

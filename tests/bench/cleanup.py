"""What is out of order in 200 lists of 50 contacts and one of 10,000 ÷ the bare reading of them."""

import resource
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from lists import connection

from .dashboard import in_process
from .rows import Result, Row, alternating, promised, timed
from .stand_in import ACCOUNT, bare, call, stand_in

LISTS, SMALL, LARGE, LATENCY = 200, 50, 10_000, 0.05
RUNS = 5
MEMORY = 150e6  # bytes

TITLE = "Order in the lists"
ABOUT = f"""\
One look through {LISTS} lists of {SMALL} contacts and one of {LARGE:,}, {LATENCY * 1000:.0f} ms away. The bare reading takes every page and
every list with as many calls at once, and the pages again, and makes nothing of them. The memory is that of the whole process."""
FOUND, TAKEN = ROWS = [
    Row("what is out of order, found and shown", "the bare reading", "s", bound=1.3),
    Row("memory of the process after it", f"{MEMORY / 1e6:.0f} MB", "MB", bound=1.0),
]


def messy(number, size):
    """Each tenth is spelled oddly, each hundredth stands there twice."""
    found = []
    for n in range(size):
        phone = f"7916{number:03}{n:04}"
        odd = f"8 ({phone[1:4]}) {phone[4:7]}-{phone[7:9]}-{phone[9:]}" if n % 10 == 0 else phone
        found.append({"name": f"Контакт {n}", "phones": [odd]})
        if n % 100 == 50:
            found.append({"name": f"Контакт {n}", "phones": [phone]})
    return found[:size]


def read_all(api, pool):
    read = partial(call, api)
    last = read("contact-lists")["last_page"]
    pages = [f"contact-lists?page={n}" for n in range(1, last + 1)]
    ids = [found["id"] for page in pool.map(read, pages) for found in page["data"]]
    list(pool.map(read, [f"contact-lists/{list_id}" for list_id in ids]))
    list(pool.map(read, pages[1:]))


def look(client):
    page = b"".join(client.get("/cleanup/", {"look": 1}))
    assert b'aria-labelledby="equal"' in page


def measure():
    lists = [messy(n, SMALL) for n in range(LISTS)] + [messy(900, LARGE)]
    with stand_in(*lists, latency=LATENCY) as stand, bare(stand.url) as api:
        del lists
        _, client = in_process(stand.url)
        look(client)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        with ThreadPoolExecutor(connection.permits_of(str(ACCOUNT)).scans) as pool:
            runs = alternating(
                timed(look, client), timed(read_all, api, pool), runs=RUNS, warm_up=1
            )
        yield Result(FOUND, runs)
        yield promised(TAKEN, MEMORY, [memory])

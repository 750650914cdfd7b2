"""A number looked up in 300 lists ÷ the ideal, ÷ the loop that the vendor's examples suggest, ÷ one call."""

import http.client
import json
import time
from math import ceil
from urllib.parse import urlsplit

from lists import connection
from lists.hints import hints_of
from tests.words import says, says_many

from .dashboard import in_process
from .rows import Result, Row, alternating, timed
from .stand_in import ACCOUNT, TOKEN, bare, call, contacts, stand_in

LISTS, CONTACTS, LATENCY = 300, 50, 0.1
RUNS, LOOPS = 3, 2
EARLY, LATE = "79990005001", "79990299001"  # numbers in the fifth list, and in the last but one
ABSENT = "79991112233"
NOT_BLOCKED = (
    "Not blocked: it is not in the only list",
    "Not blocked: it is in none of the %(total)s lists",
)

TITLE = f"A number looked up in {LISTS} lists"
ABOUT = f"""\
{LISTS} lists of {CONTACTS} contacts, {LATENCY * 1000:.0f} ms away. The ideal is what the permits allow: a lookup takes six of an
account's eight calls, so it is calls ÷ six, rounded up, × {LATENCY * 1000:.0f} ms, with all pages of lists read again at the
end, without which “in none” would be no answer. The vendor's loop reads list after list, each call over a new connection.
A number that was seen before is found where it stood last, read live; what counts is when the page says that it is blocked."""

LATE_IN, IN_NONE, MANY, LOOP, SEEN, AT_ONCE = ROWS = [
    Row("a number in the last list but one", "the ideal", "s", bound=1.3),
    Row("a number in none", "the ideal", "s", bound=1.3),
    Row("a thousand numbers in none", "the ideal", "s", bound=1.3),
    Row("a number in none", "the vendor's loop", "s"),
    Row("a number seen before, until it is said", "one bare call", bound=2.5),
    Row("a number in the fifth list, until it is said", "one bare call"),
]


def looking_up(client, answer, *, number=None, is_seen=False, until=b"</html>"):
    """A measure of the seconds until this piece is there. `answer`: what the whole page has to say."""
    many = "\n".join(f"7800{n:07}" for n in range(1000))

    def measure():
        if not is_seen:
            hints_of.cache_clear()
        told, page = None, b""
        started = time.perf_counter()
        if number:
            pieces = client.get("/lookup/", {"number": number})
        else:
            pieces = client.post("/lookup/many/", {"numbers": many})
        for piece in pieces:
            page += piece
            if told is None and until in piece:
                told = time.perf_counter() - started
        assert answer in " ".join(page.decode().split()), number
        return told

    return measure


def vendors_loop(url):
    """Read everything call by call, each with a new connection."""
    host = urlsplit(url).netloc
    headers = {"Client": "10553", "Authorization": f"Bearer {TOKEN}", "Accept": "application/json"}

    def get(path):
        calling = http.client.HTTPConnection(host)
        calling.request("GET", f"/api/v1/{path}", headers=headers)
        answer = json.load(calling.getresponse())
        calling.close()
        return answer

    page, last = 1, 1
    while page <= last:
        answer = get(f"contact-lists?page={page}")
        last = answer["last_page"]
        for entry in answer["data"]:
            get(f"contact-lists/{entry['id']}")
        page += 1


def measure():
    lists = [contacts(CONTACTS, first=1000 * (n + 1)) for n in range(LISTS)]
    with stand_in(*lists, latency=LATENCY) as api, bare(api.url) as caller:
        _, client = in_process(api.url, group="Support")
        none = says_many(*NOT_BLOCKED, LISTS)
        free = f"{says('not blocked', context='of a number')}: 1000"
        blocked, early = says("Blocked"), b'class="step early'
        none_of_them = looking_up(client, none, number=ABSENT)
        none_of_them()
        api.calls()
        none_of_them()
        permits = connection.permits_of(str(ACCOUNT))
        ideal = ceil(api.calls() / permits.scans) * LATENCY
        whole = alternating(
            looking_up(client, blocked, number=LATE),
            looking_up(client, free),
            looking_up(client, none, number=ABSENT),
            runs=RUNS,
            warm_up=0,
        )
        looped = alternating(none_of_them, timed(vendors_loop, api.url), runs=LOOPS, warm_up=0)
        said = alternating(
            looking_up(client, blocked, number=EARLY, until=early),
            looking_up(client, blocked, number=LATE, until=early, is_seen=True),
            timed(call, caller, "contact-lists"),
            runs=RUNS,
            warm_up=0,
        )
        late, many, absent = zip(*whole, strict=True)
        yield Result(LATE_IN, [(each, ideal) for each in late])
        yield Result(IN_NONE, [(each, ideal) for each in absent])
        yield Result(MANY, [(each, ideal) for each in many])
        yield Result(LOOP, looped)
        yield Result(SEEN, [(seen, bare) for _, seen, bare in said])
        yield Result(AT_ONCE, [(first, bare) for first, _, bare in said])

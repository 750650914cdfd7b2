"""Acts over several lists: contacts moved from one to another, and a number blocked in ten at once."""

from itertools import cycle
from math import ceil

from lists import connection
from lists.connection import Connection
from lists.intents import Planned
from lists.plusofon.values import Contact, ListEntry
from lists.services import blocking, moving, operations
from lists.services.side_by_side import WRITES_AT_ONCE

from .dashboard import in_process
from .rows import Result, Row, alternating, promised, timed
from .stand_in import ACCOUNT, TOKEN, bare, call, contacts, stand_in

LATENCY, TEN = 0.1, 10
RUNS = 5
MOVES = [(1_000, 1_000), (1_000, 10_000), (5_000, 5_000)]  # of lists of
OWN, OWN_MOVE = 0.300, (1_000, 10_000)  # seconds of our own that we promise
CALLS = 3  # of a write: read, replace, read back

TITLE = "Acts over several lists"
ABOUT = f"""\
From the press of the button to the last outcome, the journal's entries written. A move takes six calls, and so do the bare calls: of
the target, then of the source, read, replace, read back, each answer parsed; no distance, so that our share is seen. A number
is blocked in {TEN} lists {LATENCY * 1000:.0f} ms away, {WRITES_AT_ONCE} lists at a time: the ideal is
{ceil(TEN / WRITES_AT_ONCE)} × three calls."""

OWN_TIME = Row(
    "our own time of moving {:,} between lists of {:,}".format(*OWN_MOVE),
    f"{OWN * 1000:.0f} ms",
    bound=1.0,
    reason="By a profile two thirds go, in equal parts, to values, hashes for lookups and the journal's index of numbers.",
)
IDEAL = Row(
    f"a number blocked in {TEN} lists",
    "the ideal",
    bound=1.5,
)
ONE = Row(f"a number blocked in {TEN} lists", f"{TEN * CALLS} bare calls, one after the other")


def move_of(moved, size):
    return Row(f"{moved:,} moved between lists of {size:,}", "the six bare calls")


ROWS = [*(move_of(*each) for each in MOVES), OWN_TIME, IDEAL, ONE]


def entry(list_id):
    return ListEntry(list_id, "Список", "black")


def moving_ours(by, lists, moved):
    """A measure of a move, to and fro."""
    ways = cycle([lists, lists[::-1]])

    def measure():
        source, target = next(ways)
        chosen = by().api.get_list(source).contacts[-moved:]

        def move():
            begun = moving.move(chosen, entry(source), entry(target), by=by())
            assert all(one.is_confirmed for one in operations.carry_out(begun, by=by()))

        return timed(move)()

    return measure


def moving_bare(api, lists, moved):
    ways = cycle([lists, lists[::-1]])

    def replace(list_id, change):
        path = f"contact-lists/{list_id}"
        found = call(api, path)
        changed = change(found["contacts"])
        call(api, path, name=found["name"], type=found["type"], contacts=changed)
        call(api, path)

    def measure():
        source, target = next(ways)
        chosen = call(api, f"contact-lists/{source}")["contacts"][-moved:]

        def move():
            replace(target, lambda there: there + chosen)
            replace(source, lambda there: there[:-moved])

        return timed(move)()

    return measure


def measure():
    sizes = [size for _, size in MOVES]
    large = [contacts(size, first) for size in sizes for first in (0, 1_000_000) * 2]
    with stand_in(*large, *([contacts(50)] * TEN)) as stand, bare(stand.url, TOKEN) as api:
        user, _ = in_process(stand.url)
        account = str(ACCOUNT)
        ((*ids,),) = stand.ids.values()

        def by():
            """As each request opens it anew."""
            opened = connection.open_api(token=TOKEN, client_id="10553", account=account)
            return Connection(opened, user, account).for_an_act()

        for place, (moved, size) in enumerate(MOVES):
            ours, theirs = ids[4 * place : 4 * place + 2], ids[4 * place + 2 : 4 * place + 4]
            runs = alternating(
                moving_ours(by, ours, moved),
                moving_bare(api, theirs, moved),
                runs=RUNS,
                warm_up=1,
            )
            yield Result(move_of(moved, size), runs)
            if (moved, size) == OWN_MOVE:
                own = [move - calls for move, calls in runs]
        yield promised(OWN_TIME, OWN, own)

        stand.move_to(LATENCY)
        numbers = iter(range(10_000_000))

        def block():
            plans = [Planned(entry(list_id)) for list_id in ids[-TEN:]]
            contact = Contact("Спам", (f"7912{next(numbers):07}",))
            assert all(one.is_confirmed for one in blocking.block(contact, plans, by=by()))

        def thirty_calls():
            for list_id in ids[-TEN:] * CALLS:
                call(api, f"contact-lists/{list_id}")

        ideal = ceil(TEN / WRITES_AT_ONCE) * CALLS * LATENCY
        runs = alternating(timed(block), timed(thirty_calls), runs=RUNS, warm_up=1)
        yield promised(IDEAL, ideal, [ours for ours, _ in runs])
        yield Result(ONE, runs)

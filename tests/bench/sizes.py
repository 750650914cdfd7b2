"""Lists of 100 to 50,000 contacts: a page of them, and a saved contact, ÷ the bare calls."""

from itertools import count

from tests.wire import open_edit

from .dashboard import browsers
from .rows import Result, Row, alternating, promised, timed
from .stand_in import TOKEN, bare, call, contacts, stand_in

SIZES = (100, 1_000, 10_000, 50_000)
LATENCY = 0.05
RUNS = {100: 9, 1_000: 9, 10_000: 9, 50_000: 3}
HTMX = {"HX-Request": "true"}
OWN, OWN_SIZE = 0.060, 10_000  # seconds that we promise of a list of that size

TITLE = "Lists of 100 to 50,000 contacts"
ABOUT = """\
Over HTTP, 50 ms away. A page shows 50 contacts of a list that has to be read as a whole: one bare call. A contact that is saved
where it stands takes three, since the API can only replace a whole list: read, replace with what was read, read back, each answer
parsed. Our own time is the page's less the bare call's, run by run; against it stands what we promise."""
OWN_TIME = Row(
    f"our own time of a page of a list of {OWN_SIZE:,}",
    f"{OWN * 1000:.0f} ms",
    bound=1.0,
    reason="By a profile two fifths make values of all contacts, two fifths hash their numbers for lookups.",
)


def page_of(size):
    return Row(f"a page of a list of {size:,}", "the bare call")


def save_in(size):
    return Row(f"a contact saved in a list of {size:,}", "the three bare calls")


ROWS = [
    *(page_of(size) for size in SIZES),
    *(save_in(size) for size in SIZES),
    OWN_TIME,
]


def saving(client, list_id):
    """A measure of the seconds that one save takes; the form is opened before."""
    serial = count()

    def measure():
        _, address, fields = open_edit(client, f"/lists/{list_id}/", headers=HTMX)
        fields["name"] = f"Контакт, {next(serial)}"

        def save():
            saved = client.post(address, data=fields, headers=HTMX)
            assert saved.status_code == 200, saved.status_code
            assert fields["name"] in saved.text

        return timed(save)()

    return measure


def three_calls(api, list_id):
    path = f"contact-lists/{list_id}"
    found = call(api, path)
    call(api, path, **{key: found[key] for key in ("name", "type", "contacts")})
    call(api, path)


def measure():
    lists = [contacts(size) for size in SIZES for _ in ("ours", "theirs")]
    with (
        stand_in(*lists, latency=LATENCY) as stand,
        browsers(stand.url) as (client,),
        bare(stand.url, TOKEN) as api,
    ):
        ((*ids,),) = stand.ids.values()
        pairs = dict(zip(SIZES, zip(ids[::2], ids[1::2], strict=True), strict=True))
        pages = {
            size: alternating(
                timed(client.get, f"/lists/{ours}/"),
                timed(call, api, f"contact-lists/{theirs}"),
                runs=RUNS[size],
                warm_up=1,
            )
            for size, (ours, theirs) in pairs.items()
        }
        yield from (Result(page_of(size), runs) for size, runs in pages.items())
        for size, (ours, theirs) in pairs.items():
            runs = alternating(
                saving(client, ours), timed(three_calls, api, theirs), runs=RUNS[size], warm_up=1
            )
            yield Result(save_in(size), runs)
        yield promised(OWN_TIME, OWN, [page - bare for page, bare in pages[OWN_SIZE]])

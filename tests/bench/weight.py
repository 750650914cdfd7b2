"""Bytes on the wire: of a first and a second visit, and of an inline edit."""

from itertools import count

from tests.wire import CHROMIUM, first_visit, inline_edit, page, received, sent

from .dashboard import MANAGER, browsers
from .rows import Result, Row, alternating
from .stand_in import ACCOUNT, TOKEN, contacts, stand_in

RUNS = 3
PLAIN = "plain"  # somebody whose browser takes nothing compressed

TITLE = "Bytes on the wire"
ABOUT = """\
Of a list of 50, as Chromium asks over https. A first visit is the bodies of the page and of its styles, scripts and icons, a second the page's
alone. An inline edit is all that is sent and received, heads included, for the form that opens in its row and the row as saved;
against it stands the same edit by whole pages, as without JavaScript. `tests/test_weight.py` holds every page to its kilobytes."""
FIRST, SECOND, AGAIN, EDIT = ROWS = [
    Row("a first visit", "the same uncompressed", "KB"),
    Row("a second visit", "the same uncompressed", "KB"),
    Row("a second visit", "a first visit", "KB"),
    Row("an inline edit", "whole pages in its place", "KB"),
]


def measure():
    with (
        stand_in(contacts(50), owners={TOKEN: ACCOUNT, f"{PLAIN}-token": ACCOUNT}) as stand,
        browsers(stand.url, (MANAGER, PLAIN), headers=CHROMIUM) as (client, plain),
    ):
        plain.headers["Accept-Encoding"] = "identity"
        ((list_id,),) = stand.ids.values()
        path, serial = f"/lists/{list_id}/", count()

        def first(client):
            return sum(answer.num_bytes_downloaded for answer in first_visit(client, path))

        def second(client):
            return page(client, path).num_bytes_downloaded

        def edit(*, htmx):
            answers = inline_edit(client, path, f"Контакт, {next(serial)}", htmx=htmx)
            return sum(received(answer) + sent(answer) for answer in answers)

        runs = alternating(
            lambda: first(client),
            lambda: first(plain),
            lambda: second(client),
            lambda: second(plain),
            lambda: edit(htmx=True),
            lambda: edit(htmx=False),
            runs=RUNS,
            warm_up=1,
        )
        for row, ours, theirs in ((FIRST, 0, 1), (SECOND, 2, 3), (AGAIN, 2, 0), (EDIT, 4, 5)):
            yield Result(row, [(run[ours], run[theirs]) for run in runs])

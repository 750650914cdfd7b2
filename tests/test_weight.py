"""What goes over the wire, of the real server: how much of it, in which encoding, and when each piece arrives."""

import gzip
import re
import time
import zlib
from itertools import pairwise

import brotli
import pytest
from backports import zstd

from lists.sandbox import Sandbox, serve

from .serving import environment, prepare, serving
from .signed_in import browser, sessions_of
from .wire import CHROMIUM, first_visit, inline_edit, page, received, sent, text_of

MANAGER = "sandbox-manager"  # so that the token is the demo's

# Bytes of the answers' bodies as they travel. The head of each, mostly the same safety headers everywhere, is
# another 900 to 1,150, of which HTTP/2 and HTTP/3 send a few dozen again (RFC 7541, RFC 9204).
FIRST_VISIT, NEXT_PAGE = 30_000, 5_000
INLINE_EDIT = 3_000  # heads included
# Names, numbers and keys of fifty contacts are 2,100 bytes by themselves; their boxes, and what is done with those
# that are chosen, 500; the headings that sort and the exports, 400. That their numbers, 55 and 60 on these pages,
# are links is another 400: eleven digits once more for each; all else of an address is the same in each row.
FIFTY_CONTACTS = 7_700 + 400
CHOOSING = 1_300  # the script that only they have, and its style
# path -> bound of a page whose files the browser has
PAGES = {
    "/overview/": NEXT_PAGE,
    "/lists/": NEXT_PAGE,
    "/lists/11/": FIFTY_CONTACTS,
    "/lists/38/": FIFTY_CONTACTS,
    "/lookup/?number=79998887766": NEXT_PAGE,
    "/block/": NEXT_PAGE,
    "/journal/": NEXT_PAGE,
    "/requests/": NEXT_PAGE,
    "/connection/": NEXT_PAGE,
}


@pytest.fixture(scope="module")
def stand_in():
    with serve(Sandbox.seeded()) as server:
        yield server


@pytest.fixture(scope="module")
def dashboard(stand_in, tmp_path_factory):
    """The address of the server as in production over the demo's data, and the session of a manager."""
    folder = tmp_path_factory.mktemp("weight")
    env = environment(folder, stand_in.url, PLUSOFON_TIMEOUT="10")
    prepare(env)
    sessions = sessions_of([MANAGER], env)
    with serving(folder, env) as url:
        yield url, sessions[MANAGER]


@pytest.fixture
def as_manager(dashboard):
    with browser(*dashboard, headers=CHROMIUM) as client:
        yield client


@pytest.mark.parametrize("path", ["/login/", *PAGES])
def test_a_first_visit_fetches_at_most_30_kilobytes(as_manager, path):
    answers = first_visit(as_manager, path)
    weights = {answer.url.path: answer.num_bytes_downloaded for answer in answers}
    assert any(name.endswith(".css") for name in weights)
    assert any(name.endswith(".js") for name in weights)
    beyond_a_page = PAGES.get(path, NEXT_PAGE) - NEXT_PAGE
    if beyond_a_page:
        beyond_a_page += CHOOSING
    assert sum(weights.values()) <= FIRST_VISIT + beyond_a_page, weights


@pytest.mark.parametrize(("path", "bound"), PAGES.items())
def test_a_second_page_fetches_few_kilobytes(as_manager, path, bound):
    assert page(as_manager, path).num_bytes_downloaded <= bound


def test_an_inline_edit_takes_at_most_3_kilobytes_each_way(as_manager):
    opened, saved = inline_edit(as_manager, "/lists/11/", "Иван Петрович Иванов")
    assert (opened.status_code, saved.status_code) == (200, 200)
    for answer in (opened, saved):
        assert received(answer) <= INLINE_EDIT
        assert sent(answer) <= INLINE_EDIT


DECOMPRESS = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("identity", ""),
    ],
)
@pytest.mark.parametrize(
    ("path", "status"),
    [("/login/", 200), ("/none/", 404), ("/lists/999999/", 404), ("/theme/", 405)],
)
def test_pages_and_refusals_come_in_the_best_encoding_that_the_browser_takes(
    as_manager, path, status, accepted, encoding
):
    with as_manager.stream("GET", path, headers={"Accept-Encoding": accepted}) as response:
        raw = b"".join(response.iter_raw())
    assert response.status_code == status
    assert response.headers.get("Content-Encoding", "") == encoding
    assert response.headers["Content-Length"] == str(len(raw))
    assert DECOMPRESS[encoding](raw).decode().strip().endswith("</html>")
    if encoding:
        assert "accept-encoding" in response.headers["Vary"].lower()
        assert "X-Noise" in response.headers


def test_an_api_that_fails_is_told_of_in_few_bytes(as_manager, stand_in):
    stand_in.app.fail("503", times=3)  # as often as a read is tried
    response = as_manager.get("/lists/")
    assert response.status_code == 503
    assert response.headers["Content-Encoding"] == "zstd"
    assert received(response) <= NEXT_PAGE


def test_a_file_of_which_a_range_is_asked_for_is_not_compressed_again(as_manager):
    name = re.search(r'"(/static/[^"]+\.css)"', text_of(page(as_manager, "/login/")))[1]
    asked = {"Accept-Encoding": "identity", "Range": "bytes=0-9"}
    part = as_manager.get(name, headers=asked)
    assert part.status_code == 206
    assert len(part.content) == 10


DECOMPRESSOR = {
    "zstd": lambda: zstd.ZstdDecompressor().decompress,
    "br": lambda: brotli.Decompressor().process,
    "gzip": lambda: zlib.decompressobj(31).decompress,
}


@pytest.mark.parametrize("encoding", DECOMPRESSOR)
def test_a_slow_lookup_arrives_compressed_piece_by_piece(as_manager, stand_in, encoding):
    """What can be read of it grows with each piece, long before the last."""
    stand_in.app.latency = 0.15  # forty lists, six at a time
    decompress, began = DECOMPRESSOR[encoding](), time.monotonic()
    pieces = []  # seconds, and what could be read then that could not before
    try:
        asked = {"Accept-Encoding": encoding}
        with as_manager.stream("GET", "/lookup/?number=79998887766", headers=asked) as response:
            assert (response.status_code, response.headers["Content-Encoding"]) == (200, encoding)
            for raw in response.iter_raw():
                if text := decompress(raw).decode():
                    pieces.append((time.monotonic() - began, text))
    finally:
        stand_in.app.latency = 0.0
    times = [seconds for seconds, _ in pieces]
    assert pieces[0][1].lstrip().startswith("<!DOCTYPE html>")
    assert "</html>" in pieces[-1][1]
    assert not any("</html>" in text for _, text in pieces[:-1])
    assert times[0] < times[-1] / 3
    assert len(times) >= 5
    assert max(b - a for a, b in pairwise(times)) < times[-1] / 2

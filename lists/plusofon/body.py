"""An answer's body, with a bound on what it becomes: in bytes that arrive, in bytes inflated, in parsing."""

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from .errors import NotUnderstood

# Sixteen threads may hold the largest answers at a time: what these become stays below 600 MB.
LARGEST = 6 * 1024 * 1024  # bytes, inflated; a list of 10,000 contacts has about 2 MB
MOST_VALUES = 250_000  # a contact has four; an empty object takes 3 bytes, and parsed 72
ENCODINGS = "gzip"  # what is asked for; nothing else is taken, and never two
BETWEEN_VALUES = (b",", b"[", b"{")
ENVELOPE = 4096  # bytes, and values, of what an answer has besides the list
LONGEST_ESCAPED = 6  # bytes of an escaped letter, for each that it takes in UTF-8
LARGE = 512 * 1024  # bytes
_parsing_large = threading.Lock()


def whole_body(response: httpx.Response) -> bytes:
    """The body of a streamed response. Raises `NotUnderstood` for one that is too large, cut, or packed
    in another way.

    httpx would inflate as often as the headers say, and each piece as a whole: 64 kB can become 4 GB.
    """
    body = bytearray()
    for piece in _inflated(response):
        body += piece
        if len(body) > LARGEST:
            raise NotUnderstood(detail="the answer is too large", status=response.status_code)
    if len(body) > LARGE and sum(map(body.count, BETWEEN_VALUES)) > MOST_VALUES:
        raise NotUnderstood(detail="the answer has too many values", status=response.status_code)
    return bytes(body)


def can_be_read_back(content: bytes) -> bool:
    """Whether an answer that holds what is sent here would pass `whole_body`: with its letters escaped, as the API
    sends them. A list that could be written and never read again would be lost to everybody."""
    if len(content) * LONGEST_ESCAPED <= LARGEST - ENVELOPE:
        return True
    escaped = len(content.decode().encode("ascii", "backslashreplace"))
    values = sum(map(content.count, BETWEEN_VALUES))
    return escaped <= LARGEST - ENVELOPE and values <= MOST_VALUES - ENVELOPE


def _inflated(response: httpx.Response) -> Iterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding == "identity":
        yield from response.iter_raw()
    elif encoding == ENCODINGS:
        yield from _gunzipped(response.iter_raw(), status=response.status_code)
    else:
        detail = f"the answer is packed as {encoding[:50]!r}"
        raise NotUnderstood(detail=detail, status=response.status_code)


def _gunzipped(packed: Iterator[bytes], *, status: int) -> Iterator[bytes]:
    """A gzip stream, a bounded piece at a time."""
    inflating = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for piece in packed:
            while piece:
                yield inflating.decompress(piece, LARGE)
                piece = inflating.unconsumed_tail
            if inflating.unused_data:
                break  # it would keep whatever else comes, and copy all of it with every piece
        yield inflating.flush()
    except zlib.error as error:
        raise NotUnderstood(detail="the answer could not be inflated", status=status) from error
    if not inflating.eof or inflating.unused_data:
        raise NotUnderstood(detail="the answer is no whole gzip stream", status=status)


@contextmanager
def parsed_in_turn(body: bytes) -> Iterator[None]:
    """Large bodies are parsed one after the other, which needs the memory of one. It takes no longer: the
    parser never shares the interpreter."""
    if len(body) < LARGE:
        yield
        return
    with _parsing_large:
        yield

"""The ways in which a call can fail, and which calls do.

Instead of an answer, and nothing is applied (with "-after": applied first, then answered so):
    400 401 403 404 404-error 405 422 429 500 500-plain 503-json   as Laravel or the vendor says it
    no-access                  the vendor's 500 with a message
    401-html 403-html 404-html nginx's pages: a proxy in front says it, not the API
    500-html 502 503 504       nginx's pages
    html empty not-object success-false      200, and yet no success
    redirect                   302 to http://localhost/elsewhere
"429", "503" and "503-json" take seconds for `Retry-After` after a colon: "429:0".

No answer in time, and the call is applied later, when `Sandbox.land` is called or after the seconds
behind a colon ("late:5"):
    late        as hang
    504-late    nginx gives up first

The call is applied and its real answer spoiled:
    truncated-json             a whole HTTP answer with half the JSON
    success-string no-success missing-contacts null-contacts odd-page
    gzip                       packed, as was asked for
    gzip-cut                   … and its end is missing
    gzip-twice                 packed twice, with spaces before it: 4 GB in 16 kB
    gzip-bomb                  packed once, with spaces before it: 64 MB in 64 kB
    brotli                     says that it is packed in a way that nobody asked for

The connection (these need the real server; in process they raise `CutConnection`):
    refuse      closed before the body is read, nothing applied
    cut         closed in the middle of a body, nothing applied
    cut-after   applied, closed without a byte of answer
    truncated   applied, closed in the middle of the real answer
    hang        silent for `hang_seconds`, then closed, nothing applied
    hang-after  applied, then as hang
    drip        applied, a byte of the real answer per 0.05 s
    endless     applied, the real answer and then spaces for as long as the client reads
"""

import gzip
import json
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from . import answers
from .answers import Answer, Json

DRIP_SECONDS = 0.05
TAKES_SECONDS = {"429", "503", "503-json"}


class CutConnection(Exception):
    """Raised by the app, or while its body is read: close the connection, send nothing more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a failing call waits: for some time, or until somebody releases it."""

    hang_seconds: float
    released: threading.Event

    def wait(self, seconds: float) -> None:
        if self.released.wait(seconds):
            raise CutConnection("released")


def real(answer: Answer) -> Answer:
    return answer


def whole(body: bytes, _: Patience) -> Iterator[bytes]:
    yield body


@dataclass(frozen=True, slots=True)
class FaultKind:
    """`spoil`: from the real answer (`DONE` where nothing is applied) to what is answered, or None
    where not even a status is. `deliver`: how the body leaves."""

    applied: bool = True
    reads_body: bool = True
    spoil: Callable[[Answer], Answer] | None = real
    deliver: Callable[[bytes, Patience], Iterator[bytes]] = whole
    is_late: bool = False
    lands_after: float | None = None

    @property
    def is_endless(self) -> bool:
        """No length can be promised."""
        return self.deliver is without_end


def half(body: bytes, _: Patience) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise CutConnection


def nothing(_: bytes, __: Patience) -> Iterator[bytes]:
    yield b""  # no byte on the wire, not even of a head
    raise CutConnection


def nothing_for_long(_: bytes, patience: Patience) -> Iterator[bytes]:
    yield b""
    patience.wait(patience.hang_seconds)
    raise CutConnection


def drop_by_drop(body: bytes, patience: Patience) -> Iterator[bytes]:
    for value in body:
        patience.wait(DRIP_SECONDS)
        yield bytes([value])


def without_end(body: bytes, patience: Patience) -> Iterator[bytes]:
    yield body
    while not patience.released.is_set():
        yield b" " * 65536
    raise CutConnection("released")


def _rewritten(change: Callable[[Json], Json]) -> FaultKind:
    """The real answer, if it is an object, with something done to it."""

    def spoil(answer: Answer) -> Answer:
        body = json.loads(answer.body)
        return replace(answer, body=answers.php_json(change(body)))

    return FaultKind(spoil=spoil)


def _without(*keys: str) -> Callable[[Json], Json]:
    return lambda body: {key: value for key, value in body.items() if key not in keys}


def _with(key: str, value: object) -> Callable[[Json], Json]:
    return lambda body: {**body, key: value} if key in body else body


def _half_of(answer: Answer) -> Answer:
    return replace(answer, body=answer.body[: len(answer.body) // 2])


def _packed(answer: Answer) -> Answer:
    return replace(answer, body=gzip.compress(answer.body)).with_header("Content-Encoding", "gzip")


def _cut_after_packing(answer: Answer) -> Answer:
    return replace(_packed(answer), body=_packed(answer).body[:-8])


def _bomb(answer: Answer) -> Answer:
    return _packed(replace(answer, body=b" " * 2**26 + answer.body))


def _bomb_twice(answer: Answer) -> Answer:
    """One block, which inflates by itself, again and again: to pack 4 GB would take a while."""
    packed = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    head, block, more = (
        packed.flush(zlib.Z_FULL_FLUSH),
        packed.compress(b" " * 2**26) + packed.flush(zlib.Z_FULL_FLUSH),
        packed.compress(answer.body) + packed.flush(),
    )
    inner = replace(answer, body=head + block * 64 + more)
    return _packed(inner).with_header("Content-Encoding", "gzip, gzip")


def _named_otherwise(answer: Answer) -> Answer:
    return answer.with_header("Content-Encoding", "br")


INSTEAD: dict[str, Answer] = {
    "400": answers.refusal(400, "Неверно указан параметр"),
    "401": answers.words(401, "Unauthenticated."),
    "403": answers.words(403, "This action is unauthorized."),
    "404": answers.no_such_list("15"),
    "404-error": answers.json_answer({"success": False, "error": "Список не найден"}, 404),
    "405": answers.method_not_allowed("PUT", "GET, HEAD"),
    "422": answers.invalid({"contacts.0.phones.0": ["Неверный формат номера телефона."]}),
    "429": replace(
        answers.words(429, "Too Many Attempts."),
        headers=(
            ("Retry-After", "1"),
            ("X-RateLimit-Limit", "60"),
            ("X-RateLimit-Remaining", "0"),
        ),
    ),
    "500": answers.words(500, "Server Error"),
    "500-plain": Answer(500, b"Internal Server Error", content_type="text/plain"),
    "no-access": answers.no_access(),
    "503-json": answers.words(503, "Service Unavailable"),
    "401-html": answers.nginx_page(401),
    "403-html": answers.nginx_page(403),
    "404-html": answers.nginx_page(404),
    "500-html": answers.nginx_page(500),
    "502": answers.nginx_page(502),
    "503": answers.nginx_page(503),
    "504": answers.nginx_page(504),
    "html": Answer(
        200,
        "<!doctype html><title>Плюсофон</title><h1>Вход в личный кабинет</h1>".encode(),
        content_type="text/html; charset=UTF-8",
    ),
    "empty": Answer(200, b""),
    "not-object": answers.json_answer([]),
    "success-false": answers.refusal(200, "Не удалось выполнить запрос"),
    "redirect": Answer(302, b"", content_type="text/html; charset=UTF-8").with_header(
        "Location", f"{answers.ORIGIN}/elsewhere"
    ),
}


def _instead(answer: Answer, *, applied: bool = False) -> FaultKind:
    return FaultKind(applied=applied, spoil=lambda _: answer)


KINDS: dict[str, FaultKind] = {
    **{name: _instead(answer) for name, answer in INSTEAD.items()},
    "truncated-json": FaultKind(spoil=_half_of),
    "success-string": _rewritten(_with("success", "false")),
    "no-success": _rewritten(_without("success")),
    "missing-contacts": _rewritten(_without("contacts")),
    "null-contacts": _rewritten(_with("contacts", None)),
    "odd-page": _rewritten(_with("data", None)),
    "gzip": FaultKind(spoil=_packed),
    "gzip-cut": FaultKind(spoil=_cut_after_packing),
    "gzip-bomb": FaultKind(spoil=_bomb),
    "gzip-twice": FaultKind(spoil=_bomb_twice),
    "brotli": FaultKind(spoil=_named_otherwise),
    "refuse": FaultKind(applied=False, reads_body=False, spoil=None, deliver=nothing),
    "cut": FaultKind(applied=False, deliver=half),
    "cut-after": FaultKind(spoil=None, deliver=nothing),
    "truncated": FaultKind(deliver=half),
    "hang": FaultKind(applied=False, spoil=None, deliver=nothing_for_long),
    "hang-after": FaultKind(spoil=None, deliver=nothing_for_long),
    "late": FaultKind(applied=False, spoil=None, deliver=nothing_for_long, is_late=True),
    "504-late": replace(_instead(INSTEAD["504"]), is_late=True),
    "drip": FaultKind(deliver=drop_by_drop),
    "endless": FaultKind(deliver=without_end),
    **{f"{name}-after": _instead(answer, applied=True) for name, answer in INSTEAD.items()},
}

NO_FAULT = FaultKind()


def kind_named(name: str) -> FaultKind:
    """The kind, with the seconds after its colon. ValueError names the kinds there are."""
    name, colon, seconds = name.partition(":")
    base = name.removesuffix("-after")
    if name not in KINDS:
        known = [known for known in KINDS if known.removesuffix("-after") not in INSTEAD]
        raise ValueError(
            f"{name!r} is no kind of fault. There are {', '.join([*INSTEAD, *known])};"
            f" those before {known[0]} may end in -after"
        )
    if not colon:
        return KINDS[name]
    if KINDS[name].is_late and re.fullmatch(r"[0-9.]+", seconds):
        return replace(KINDS[name], lands_after=float(seconds))
    if base not in TAKES_SECONDS or not re.fullmatch(r"[0-9]+", seconds):
        raise ValueError(
            f"only {', '.join(sorted(TAKES_SECONDS))} take whole seconds after a colon"
        )
    answer = INSTEAD[base].with_header("Retry-After", seconds)
    return _instead(answer, applied=KINDS[name].applied)


@dataclass(slots=True)
class Aim:
    """Which calls are meant: `times` matching ones (None: all), after `skip` matching ones."""

    method: str | None = None
    path: str | re.Pattern[str] | None = None
    times: int | None = 1
    skip: int = 0

    def hits(self, method: str, path: str, query: str) -> bool:
        """Whether this call is one of them; it is counted. `path` is looked for in the path, then in
        the path with its query, so that "page=2" and "contact-lists$" both work."""
        if self.times == 0 or (self.method and self.method.upper() != method):
            return False
        if not (self._found_in(path) or self._found_in(f"{path}?{query}")):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def _found_in(self, text: str) -> bool:
        if self.path is None:
            return True
        return self.path in text if isinstance(self.path, str) else bool(self.path.search(text))

"""`Sandbox`: the stand-in as tests, the demo and the benchmarks hold it in their hands."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from . import accounts, demo, endpoints
from .accounts import Accounts, copied
from .answers import DONE, Json
from .endpoints import Request
from .faults import NO_FAULT, Aim, FaultKind, Patience, kind_named
from .settings import Settings

Path = str | re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it arrived. The token is masked but for its end; `status` 0 means no answer."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    status: int


class Sandbox(Settings):
    """Plusofon's contact-list API, standing in. A WSGI app, empty at first, safe to share by threads.

    Calls are handled one at a time, as the rows of a database would be. Connection faults raise
    `CutConnection`, which `serve` turns into a closed connection.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._accounts = Accounts()
        self._calls: list[Call] = []
        self._faults: list[tuple[Aim, FaultKind]] = []
        self._hooks: list[tuple[Aim, Callable[[], object]]] = []
        self._released = threading.Event()
        self._late: list[Request] = []

    @classmethod
    def seeded(cls) -> "Sandbox":
        """The demo's data: what a Russian company would have, the same every time. See `demo`."""
        sandbox = cls()
        demo.seed(sandbox)
        return sandbox

    # What there is

    def add_account(
        self,
        token: str,
        *,
        owner: Mapping[str, object] | None = None,
        may_read_lists: bool = True,
        may_write: bool = True,
    ) -> int:
        """Let `token` in. Returns the account's id, which is its owner's.

        Tokens whose `owner["id"]` is the same share one account. What `owner` does not say is made up.
        """
        with self._lock:
            return self._accounts.open(
                token,
                copied(owner or {}),
                may_read_lists=may_read_lists,
                may_write=may_write,
            )

    def add_list(
        self,
        account_id: int,
        *,
        name: str,
        type: str = "black",  # noqa: A002 - the API's word
        contacts: Sequence[Mapping[str, object]] = (),
        id: int | None = None,  # noqa: A002
        **unknown: Any,
    ) -> int:
        """Store a list as it is given, quirks and validation aside. Returns its id."""
        payload = {"name": name, "type": type, "contacts": list(contacts), **unknown}
        with self._lock:
            lists = self._accounts.lists(account_id)
            return self._accounts.create(lists, copied(payload), id)

    def lists(self, account_id: int) -> dict[int, Json]:
        """The account's lists by id: a copy, for looking at."""
        with self._lock:
            return {key: copied(one) for key, one in self._accounts.lists(account_id).items()}

    def put(self, account_id: int, list_id: int, payload: Mapping[str, object]) -> None:
        """Somebody else replaces a list behind our back. KeyError where there is none."""
        with self._lock:
            lists = self._accounts.lists(account_id)
            accounts.replace(lists, list_id, copied(payload))

    def edit(self, account_id: int, list_id: int, change: Callable[[Json], Json]) -> None:
        """The same by somebody who loses no race: `change` gets a copy of the list as it is, and no call
        comes between that and the replacing. KeyError where there is none."""
        with self._lock:
            lists = self._accounts.lists(account_id)
            accounts.replace(lists, list_id, copied(change(copied(lists[list_id]))))

    def drop(self, account_id: int, list_id: int) -> None:
        """Somebody else deletes a list behind our back. KeyError where there is none."""
        with self._lock:
            del self._accounts.lists(account_id)[list_id]

    # What was asked

    @property
    def calls(self) -> list[Call]:
        """All calls so far, in the order in which they were applied."""
        with self._lock:
            return list(self._calls)

    def clear_calls(self) -> None:
        with self._lock:
            self._calls.clear()

    # What goes wrong

    def fail(
        self,
        kind: str,
        *,
        method: str | None = None,
        path: Path | None = None,
        times: int | None = 1,
        skip: int = 0,
    ) -> None:
        """Queue a fault (see `faults`) for the next `times` matching calls; None means all of them.

        `skip` matching calls pass first. `path` is a part of the path, or a pattern for it. Faults are
        tried in the order in which they were queued; a call that one takes is not counted by the next.
        """
        fault = (Aim(method, path, times, skip), kind_named(kind))
        with self._lock:
            self._faults.append(fault)

    def clear_faults(self) -> None:
        with self._lock:
            self._faults.clear()

    def land(self) -> int:
        """Apply the calls that are late (see `faults`), in the order in which they came. Returns how many."""
        with self._lock:
            late = list(self._late)
        return sum(map(self._land, late))

    def _land(self, request: Request) -> bool:
        """Whether it had not landed before."""
        with self._lock:
            if request not in self._late:
                return False
            self._late.remove(request)
            endpoints.answer(request, self._accounts, self)
        return True

    def before(
        self, method: str, path: Path, callback: Callable[[], object], times: int | None = 1
    ) -> None:
        """Call `callback` just before the next `times` matching calls are handled.

        It may use the sandbox freely, for example to write between a client's read and its replace.
        """
        with self._lock:
            self._hooks.append((Aim(method, path, times), callback))

    def release(self) -> None:
        """End all hanging, dripping and endless calls at once: their connections are cut."""
        with self._lock:
            released, self._released = self._released, threading.Event()
        released.set()

    # WSGI

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        query = environ.get("QUERY_STRING", "")
        self._released.wait(self.latency)
        for hook in self._take_hooks(method, path, query):
            hook()
        kind, patience = self._take_fault(method, path, query)
        body = _body(environ) if kind.reads_body else b""
        request = Request(method, path, query, _headers(environ), body)
        with self._lock:
            applied = endpoints.answer(request, self._accounts, self) if kind.applied else DONE
            answer = kind.spoil(applied) if kind.spoil else None
            self._calls.append(_call(request, answer.status if answer else 0))
            if kind.is_late:
                self._late.append(request)
        if kind.lands_after is not None:
            timer = threading.Timer(kind.lands_after, self._land, [request])
            timer.daemon = True
            timer.start()
        if answer is None:
            return kind.deliver(b"", patience)
        headers = [("Content-Type", answer.content_type), *answer.headers]
        if not kind.is_endless:
            headers.append(("Content-Length", str(len(answer.body))))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [] if method == "HEAD" else kind.deliver(answer.body, patience)

    def _take_hooks(self, method: str, path: str, query: str) -> list[Callable[[], object]]:
        with self._lock:
            return [callback for aim, callback in self._hooks if aim.hits(method, path, query)]

    def _take_fault(self, method: str, path: str, query: str) -> tuple[FaultKind, Patience]:
        with self._lock:
            hits = (kind for aim, kind in self._faults if aim.hits(method, path, query))
            return next(hits, NO_FAULT), Patience(self.hang_seconds, self._released)


def _body(environ: WSGIEnvironment) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def _headers(environ: WSGIEnvironment) -> dict[str, str]:
    """Header names in lower case. WSGI keeps two of them without its prefix."""
    return {
        key.removeprefix("HTTP_").replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") or key in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }


def _call(request: Request, status: int) -> Call:
    headers = dict(request.headers)
    if "authorization" in headers:
        headers["authorization"] = f"Bearer ***{headers['authorization'][-4:]}"
    return Call(request.method, request.path, request.query, headers, request.body, status)

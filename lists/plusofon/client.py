"""The methods of Plusofon's contact-list API (vendor's page of 2023-02-13), as a table of contents."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import httpx

from . import wire
from .body import ENCODINGS, can_be_read_back, parsed_in_turn, whole_body
from .breaker import Breaker
from .calls import Call, Tries, told
from .errors import (
    ConnectionCut,
    NotSent,
    OutOfTime,
    TimedOut,
    TooLarge,
    Unauthenticated,
)
from .permits import Permits
from .retrying import Budget, backoff, pause_before_retry
from .values import ContactList, ListType, Owner, Page
from .wire import Answer

READ_TRIES = 3
WRITE_TRIES = 3  # connections; a write itself leaves once
MOST_OF_IT = 0.9  # of a call's time: who got so much and no answer was not cut short

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds that a call waits for a permit at most: of a page, where a person waits; of a write, which
    is better late than not at all; of a scan, whose calls nobody waits for one by one."""

    page: float = 3.0
    write: float = 10.0
    scan: float = 30.0


class Plusofon:
    """The API as one account sees it. Cheap to make; may be shared by threads, never by people.

    Each method is one call, tried again only where that is safe, and raises `PlusofonError` (see
    `errors`). It has `timeout` seconds for all its tries, a write `write_timeout`; waiting for one of
    the account's `permits` is not counted, and has an end of its own (`NoPermit`). While the account's
    `breaker` is open no call is made (`CircuitOpen`). `on_list` is told of each list that was read,
    `on_call` of each call as it has ended, in the thread that made it.
    """

    def __init__(
        self,
        *,
        url: str,
        token: str,
        client_id: str,
        transport: httpx.BaseTransport,
        permits: Permits | None = None,
        breaker: Breaker | None = None,
        timeout: float = 15.0,
        write_timeout: float = 30.0,
        waits: Waits | None = None,
        on_list: Callable[[ContactList], None] | None = None,
        on_call: Callable[[Call], None] | None = None,
    ) -> None:
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1/",
            transport=transport,
            headers={
                "Accept": "application/json",
                "Accept-Encoding": ENCODINGS,
                "Content-Type": "application/json",
                "Client": client_id,
                "Authorization": f"Bearer {token}",
            },
            follow_redirects=False,
            trust_env=False,
        )
        self._permits, self._breaker = permits or Permits(1), breaker or Breaker()
        self._timeout, self._write_timeout = timeout, write_timeout
        self._waits = waits or Waits()
        self._on_list, self._on_call = on_list, on_call
        self._ends = math.inf
        self._is_scanning = self._is_hurried = False
        self._token = _Token()

    @property
    def accepted(self) -> bool | None:
        """Whether the API has accepted the token during this object's life: None until it has
        answered, False once it refused."""
        return self._token.accepted

    @property
    def calls_at_once(self) -> int:
        """As many threads make sense: more would wait for permits."""
        return self._permits.scans if self._is_scanning else self._permits.total

    def ending_in(self, seconds: float) -> "Plusofon":
        """The same API for a whole page: all of its calls together end within these seconds, and what
        is asked for later is not tried (`OutOfTime`). A write that has begun is carried through."""
        ending = copy(self)
        ending._ends = time.monotonic() + seconds
        return ending

    def scanning(self, *, within: float | None = None) -> "Plusofon":
        """The same API for a long scan: its calls leave some permits to everybody else. `within`: seconds
        that it has, whatever the page has left."""
        scanning = copy(self) if within is None else self.ending_in(within)
        scanning._is_scanning = True
        return scanning

    def hurried(self, seconds: float) -> "Plusofon":
        """The same API for what can as well be read another time: no more than these seconds."""
        hurried = copy(self)
        hurried._is_hurried = True
        hurried._timeout = min(self._timeout, seconds)
        hurried._waits = replace(self._waits, page=min(self._waits.page, seconds))
        return hurried

    def time_left(self) -> float:
        """Seconds, until its calls end together. Raises `OutOfTime`."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime(detail="the time for the page's calls is over")
        return left

    @contextmanager
    def reserved(self) -> Iterator[None]:
        """One permit for a whole block: the calls that this thread makes in it wait for none, and neither
        the breaker nor the end of the page's time stops them.

        For what must not stop half-way. Raises `NotTried` before the block begins.
        """
        with self._admitted(self._waits.write):
            yield

    def get_lists(self, page: int = 1) -> Page:
        """`GET contact-lists?page=N`, pages from 1. A page beyond the last is empty, not an error."""
        return self._read("get_lists", wire.read_page, "contact-lists", page=page)

    def get_list(self, list_id: int) -> ContactList:
        """`GET contact-lists/{id}`, with all contacts. Raises `NotFound`."""
        read = partial(wire.read_list, list_id=list_id)
        found = self._read("get_list", read, f"contact-lists/{list_id}")
        if self._on_list:
            self._on_list(found)
        return found

    def get_list_types(self) -> tuple[ListType, ...]:
        """`GET contact-lists/types`: what can be created."""
        return self._read("get_list_types", wire.read_types, "contact-lists/types")

    def get_owner(self) -> Owner:
        """`GET authuser`: whose account the token opens."""
        return self._read("get_owner", wire.read_owner, "authuser")

    def body_of(self, contact_list: ContactList) -> bytes:
        """What is sent of a list. Raises `TooLarge` for one that could not be read back."""
        body = wire.write_list(contact_list)
        if not can_be_read_back(body):
            raise TooLarge(detail=f"{len(contact_list.contacts)} contacts, {len(body)} bytes")
        return body

    def create_list(self, contact_list: ContactList, body: bytes | None = None) -> int | None:
        """`POST contact-lists`. The new list's id, or None where the API does not tell it.

        `contact_list.id` is not sent. `body`: its `body_of`, if that is made already. Raises as that.
        """
        body = body or self.body_of(contact_list)
        return self._write("create_list", wire.read_created, "POST", "contact-lists", body)

    def replace_list(self, contact_list: ContactList, body: bytes | None = None) -> None:
        """`PUT contact-lists/{id}`: the whole list becomes this one. `body`, and errors, as in `create_list`."""
        body = body or self.body_of(contact_list)
        path = f"contact-lists/{contact_list.id}"
        self._write("replace_list", wire.read_done, "PUT", path, body)

    def delete_list(self, list_id: int) -> None:
        """`DELETE contact-lists/{id}`."""
        self._write("delete_list", wire.read_done, "DELETE", f"contact-lists/{list_id}", None)

    def _read(
        self, operation: str, read: Callable[[Answer], Value], path: str, **params: int
    ) -> Value:
        with told(operation, self._on_call) as tries:
            return self._understood(read, self._get(path, params, tries))

    def _write(
        self,
        operation: str,
        read: Callable[[Answer], Value],
        method: str,
        path: str,
        content: bytes | None,
    ) -> Value:
        with told(operation, self._on_call) as tries:
            return self._understood(read, self._send_once(method, path, content, tries))

    def _understood(self, read: Callable[[Answer], Value], answer: Answer) -> Value:
        """What the answer says; with it, what it says about the token."""
        try:
            with parsed_in_turn(answer.body):
                value = read(answer)
        except Unauthenticated:
            self._token.accepted = False
            raise
        if self._token.accepted is None:
            self._token.accepted = True
        return value

    def _get(self, path: str, params: dict[str, int], tries: Tries) -> Answer:
        """Tried up to three times where waiting may help."""
        budget, attempt = Budget(self._timeout), 1
        wait = self._waits.scan if self._is_scanning else self._waits.page
        while True:
            try:
                with self._admitted(wait, is_read=True) as seconds:
                    is_cut_short = self._is_hurried or seconds < MOST_OF_IT * budget.left
                    budget.left = min(budget.left, seconds)
                    with tries.one_more():
                        answer = self._send(
                            "GET", path, budget, params=params, had_its_time=not is_cut_short
                        )
            except (NotSent, ConnectionCut):
                if attempt == READ_TRIES or not budget.sleep(backoff(attempt)):
                    raise
            else:
                pause = pause_before_retry(answer, attempt)
                if pause is None or attempt == READ_TRIES or not budget.sleep(pause):
                    return answer
            attempt += 1

    def _send_once(self, method: str, path: str, content: bytes | None, tries: Tries) -> Answer:
        """A write leaves once. Only a connection that was never made is tried again."""
        budget, attempt = Budget(self._write_timeout), 1
        while True:
            try:
                with self._admitted(self._waits.write), tries.one_more():
                    return self._send(method, path, budget, content=content)
            except NotSent:
                if attempt == WRITE_TRIES or not budget.sleep(backoff(attempt)):
                    raise
            attempt += 1

    @contextmanager
    def _admitted(self, longest_wait: float, *, is_read: bool = False) -> Iterator[float]:
        """May call the API within the block, for so many seconds. Raises `NotTried`."""
        if self._permits.is_held:
            yield self.time_left() if self._is_scanning else math.inf
            return
        trial = self._breaker.admit() if is_read else None
        wait = min(longest_wait, self.time_left())
        with self._permits.held(longest_wait=wait, scanning=self._is_scanning):
            if trial is None:  # it may be open, or have opened as we waited
                self._breaker.check()
            yield min(trial or math.inf, self.time_left())

    def _send(
        self,
        method: str,
        path: str,
        budget: Budget,
        *,
        params: dict[str, int] | None = None,
        content: bytes | None = None,
        had_its_time: bool = True,
    ) -> Answer:
        with (
            self._breaker.watching(had_its_time=had_its_time),
            budget.spent(),
            _named_errors(),
            self._client.stream(
                method, path, params=params, content=content, timeout=budget.left
            ) as response,
        ):
            body = whole_body(response)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(status=response.status_code, headers=headers, body=body)


@dataclass(slots=True)
class _Token:
    """What the API made of it."""

    accepted: bool | None = None


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise NotSent(timed_out=True) from error
    except (httpx.ConnectError, httpx.PoolTimeout) as error:
        raise NotSent from error
    except httpx.TimeoutException as error:
        raise TimedOut from error
    except httpx.TransportError as error:
        raise ConnectionCut from error

"""The request that is being answered: its id, and what was done for it. The server writes it into one line.

Threads that work for a request share its context (`lists.threads`).
"""

import re
import secrets
import threading
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field

HEADER = "X-Request-ID"
ENVIRON = "lists.telemetry"  # under which a server hands its `RequestContext` to Django

# Read out on the telephone, and found again: letters only, so that no id is ever taken for a number, and no
# vowels, so that none is a word. Sixteen of them: 48 bits.
LETTERS = b"bcdfghjkmnpqrstv" * 16
LENGTH = 12
# Of a proxy. Longer than any telephone number (15 digits, E.164).
FOREIGN = re.compile(r"[0-9A-Za-z_-]{16,64}")


def new_id() -> str:
    return secrets.token_bytes(LENGTH).translate(LETTERS).decode()


def id_of(foreign: str | None, *, is_trusted: bool) -> str:
    """A request's id: what a trusted proxy calls it (`X-Request-ID`), or one of our own."""
    if is_trusted and foreign and FOREIGN.fullmatch(foreign):
        return foreign
    return new_id()


@dataclass(slots=True)
class RequestContext:
    """`route`: the name of its address, "" where none matched. `user_id`: of who is signed in."""

    id: str
    route: str = ""
    user_id: int | None = None
    calls: Counter[str] = field(default_factory=Counter)  # by outcome
    call_seconds: float = 0.0
    retries: int = 0
    waits: int = 0  # for a permit
    wait_seconds: float = 0.0
    writes: Counter[str] = field(default_factory=Counter)  # by outcome
    lock: threading.Lock = field(default_factory=threading.Lock)


_current: ContextVar[RequestContext | None] = ContextVar("request", default=None)


def begin(context: RequestContext) -> None:
    _current.set(context)


def end() -> None:
    _current.set(None)


def current() -> RequestContext | None:
    return _current.get()


def request_id() -> str:
    """ "" outside of a request."""
    context = _current.get()
    return context.id if context else ""

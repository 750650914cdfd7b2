"""Whether anything was sent to the API since this request began. Then no error may say that nothing was,
or that it is only a defect of ours: what became of it stands in the journal."""

import threading
from contextvars import ContextVar

# Of the request that is being answered; the threads that work for it share the event, in copies of its context.
_anything: ContextVar[threading.Event] = ContextVar("anything_sent")


def note() -> None:
    if event := _anything.get(None):
        event.set()


def anything() -> bool:
    event = _anything.get(None)
    return event is not None and event.is_set()


def begin() -> None:
    """A new request begins: nothing was sent yet."""
    _anything.set(threading.Event())

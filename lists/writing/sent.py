"""Whether anything was sent to the API since this request began. Then no error may say that nothing was,
or that it is only a defect of ours: what became of it stands in the journal."""

from contextvars import ContextVar

_anything = ContextVar("anything_sent", default=False)  # of the thread that answers the request


def note() -> None:
    _anything.set(True)


def anything() -> bool:
    return _anything.get()


def forget() -> None:
    """A new request begins."""
    _anything.set(False)

"""What is no longer as a person saw it, by what stands there now.

Conflict
├── ContactChanged   the contact has become another
├── ContactGone      it is not in the list any more
├── TextChanged      the list has another name or type
├── ListChanged      the list that was to be deleted is another
└── PlanChanged      what would happen is not what was shown
"""

from dataclasses import dataclass
from datetime import datetime

from .plusofon.values import Contact, ContactList


@dataclass(frozen=True, slots=True)
class Trace:
    """Who changed something, and when, as far as the journal knows."""

    username: str
    at: datetime


class Conflict(Exception):
    """Optimistic concurrency: a precondition no longer holds. Nothing was sent."""


class ContactChanged(Conflict):
    """`seen` has become `theirs`; `trace` says by whom, None where the journal does not know."""

    def __init__(self, seen: Contact | None, theirs: Contact, trace: Trace | None = None) -> None:
        super().__init__(theirs)
        self.seen, self.theirs, self.trace = seen, theirs, trace


class ContactGone(Conflict):
    """Nothing in the list shares a number with `seen`; `trace` as above."""

    def __init__(self, seen: Contact | None, trace: Trace | None = None) -> None:
        super().__init__(seen)
        self.seen, self.trace = seen, trace


class TextChanged(Conflict):
    """A list's name or type is `theirs` by now."""

    def __init__(self, theirs: str) -> None:
        super().__init__(theirs)
        self.theirs = theirs


class ListChanged(Conflict):
    """The whole list is `theirs` by now."""

    def __init__(self, theirs: ContactList) -> None:
        super().__init__(theirs)
        self.theirs = theirs


class PlanChanged(Conflict):
    """The list is another than when the preview was made: it has to be shown again."""


class Overtaken(Exception):
    """Somebody else decides the request meanwhile: this list was not tried."""

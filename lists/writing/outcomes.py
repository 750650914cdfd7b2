"""How a write ends: an `Outcome` is returned; an error (nothing was changed) is raised."""

from dataclasses import dataclass
from datetime import datetime

from ..changes import ListChange
from ..conflicts import Trace
from ..models import JournalEntry
from ..plusofon.errors import Invalid, PlusofonError
from ..plusofon.values import Contact, ContactList
from ..sameness import Difference


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The list, read back, shows the change.

    `stored`: contacts that the API stored in another form than sent, as stored. `differs`: what
    somebody else changed at the same moment. `doubt`: what came instead of the API's yes.
    """

    list: ContactList
    entry: JournalEntry
    change: ListChange
    stored: tuple[Contact, ...] = ()
    differs: Difference | None = None
    doubt: PlusofonError | None = None


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """The list showed it before anything was sent. `trace`: who did it, where the journal knows."""

    list: ContactList
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A new list, as read back. `differs`: what the API made otherwise of its contacts. `doubt`: what
    came instead of the API's yes; then it was found by looking."""

    list: ContactList
    entry: JournalEntry
    differs: Difference | None = None
    doubt: PlusofonError | None = None

    @property
    def is_short(self) -> bool:
        """Whether it lacks contacts that were sent."""
        return self.differs is not None and bool(self.differs.missing)


@dataclass(frozen=True, slots=True)
class AlreadyCreated:
    """The same form has made this list before, and it is there. Nothing was sent."""

    list_id: int
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class Deleted:
    """A list is gone. `list`: as it was."""

    list: ContactList
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It was sent, the list does not show it, and it may land until `until`. The list stays locked."""

    cause: PlusofonError
    entry: JournalEntry
    until: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was sent, nothing lands any more, and whether it was applied could not be seen. `cause`: None
    where the API said yes and the list does not show it. `list_id`: of a new list, where it is known."""

    cause: PlusofonError | None
    entry: JournalEntry
    list_id: int | None = None


Unseen = InDoubt | Unknown
ChangeOutcome = Confirmed | AlreadyDone | Unseen
CreateOutcome = Created | AlreadyCreated | Unseen
DeleteOutcome = Deleted | Unseen


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """A step of an act over several lists, that an earlier attempt has done."""

    entry: JournalEntry


StepOutcome = ChangeOutcome | CreateOutcome | DeleteOutcome | DoneBefore


class Waits(Exception):
    """A step before this one is not confirmed: the list was not tried."""


class NotApplied(PlusofonError):
    """Something went wrong after sending, and reading back shows the list exactly as it was."""


class NotDeleted(NotApplied):
    """The same of a deletion: the list is still there."""


class Busy(PlusofonError):
    """Somebody else has been saving this list for longer than we wait. Nothing was sent.

    `until`: when its lock is free at the latest. `is_creation`: they create a list, and so would you.
    """

    def __init__(self, holder: JournalEntry | None, until: datetime | None = None) -> None:
        super().__init__(detail="the list is locked")
        self.username = holder.username if holder else ""
        self.since = holder.started_at if holder else None
        self.until = until
        self.is_creation = holder is not None and holder.list_id is None


class HeldInDoubt(Busy):
    """Whether somebody's write will land is in doubt: until then nobody may write. Nothing was sent."""


class LockLost(PlusofonError):
    """It took so long until it could be sent that others may hold the list's lock. Nothing was sent."""


class NotNoted(PlusofonError):
    """It was sent, and our own database failed before its end could be noted: it is in doubt."""


class MadeAndGone(Exception):
    """The list that this form made is not there any more. Nothing was sent."""

    def __init__(self, entry: JournalEntry) -> None:
        super().__init__(entry.pk)
        self.entry = entry


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the API did not like: its words, and the contact or field they point at."""

    words: str
    contact: Contact | None
    field: str


class ListInvalid(Invalid):
    """The API refused the list that was sent. Nothing was changed."""

    def __init__(self, error: Invalid, sent: ContactList) -> None:
        super().__init__(error.message, status=error.status, fields=error.fields)
        self.problems = tuple(
            Problem(words=words, contact=_contact_at(path, sent), field=_field_of(path))
            for path, sentences in error.fields.items()
            for words in sentences
        )


def _contact_at(path: str, sent: ContactList) -> Contact | None:
    """The contact that Laravel's "contacts.12.phones.0" points at."""
    match path.split("."):
        case ["contacts", index, *_] if index.isdigit() and int(index) < len(sent.contacts):
            return sent.contacts[int(index)]
    return None


def _field_of(path: str) -> str:
    """ "name", "type", "phones" … whichever field of a list or contact a path ends in."""
    words = [word for word in path.split(".") if not word.isdigit()]
    return words[-1] if words else ""

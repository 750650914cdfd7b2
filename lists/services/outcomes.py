"""How a write ends: confirmed or unknown (values), refused (errors: nothing was changed)."""

from dataclasses import dataclass

from ..changes import Difference
from ..models import JournalEntry
from ..plusofon.errors import Invalid, PlusofonError
from ..plusofon.values import Contact, ContactList


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The list, read back, shows the change.

    `entry`: of the journal; None where the change `was_there` already and nothing was sent.
    `stored`: contacts that the API stored in another form than sent, as stored. `differs`: what
    somebody else changed at the same moment.
    """

    list: ContactList
    entry: JournalEntry | None
    stored: tuple[Contact, ...] = ()
    differs: Difference | None = None

    @property
    def was_there(self) -> bool:
        return self.entry is None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The write was sent, and whether it was applied could not be seen. `cause`: None where the API
    said yes and the list does not show it."""

    cause: PlusofonError | None
    entry: JournalEntry


@dataclass(frozen=True, slots=True)
class Created:
    """A new list. `list`: as read back; None where the same form had made it before, and nothing was
    sent."""

    id: int
    entry: JournalEntry
    list: ContactList | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A list is gone. `list`: as it was."""

    list: ContactList
    entry: JournalEntry


class NotApplied(PlusofonError):
    """Something went wrong after sending, and reading back shows that nothing was changed."""


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

"""What a person asked for, as frozen values: a form gives them, `resolving` says what they mean for a list."""

from dataclasses import dataclass
from enum import StrEnum

from .changes import ListChange
from .numbers import Number, read_numbers
from .plusofon.values import Contact, ListEntry


@dataclass(frozen=True, slots=True)
class AddContact:
    contact: Contact


@dataclass(frozen=True, slots=True)
class EditContact:
    """Save what was typed for the contact that the person `seen`; where the form did not carry it,
    for the one that has the `key` (see `contact_key`)."""

    key: str
    seen: Contact | None
    name: str
    typed: str

    def after(self, before: Contact | None) -> Contact:
        """The contact as it shall be: numbers of `before` that nobody touched stay as they are stored."""
        read = read_numbers(self.typed, before)
        numbers = (n.stored for n in read if isinstance(n, Number) and not n.is_repeated)
        return Contact(self.name, tuple(numbers))


@dataclass(frozen=True, slots=True)
class RemoveContact:
    key: str
    seen: Contact | None


@dataclass(frozen=True, slots=True)
class RenameList:
    """Another name or type. `seen`: both as the page showed them; None takes them as they are.

    `seen_digest`: of the name that was seen (`digest_of`), where that was too long to be carried along; then
    `seen_name` does not count.
    """

    name: str
    type: str
    seen_name: str | None
    seen_type: str | None
    seen_digest: str = ""


@dataclass(frozen=True, slots=True)
class BlockNumbers:
    """One contact with those of its numbers that the list does not have yet.

    `planned`: the numbers that the preview named as new there; None where nobody was shown any.
    """

    contact: Contact
    planned: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A list to block numbers in. `numbers`: those that the preview named as new there; None where
    nobody was shown any."""

    list: ListEntry
    numbers: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class UnblockNumber:
    """Take the number from the contacts with these keys (see `contact_key`), by which they are as the
    person saw them; one that loses its last goes.

    `spared`: the keys of others with the number that the person saw, and left alone.
    """

    number: str
    keys: frozenset[str]
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AddContacts:
    """Bring contacts into a list, as `placing.place` says: those that are there already stay as they are."""

    contacts: tuple[Contact, ...]
    joins_by_name: bool = False


@dataclass(frozen=True, slots=True)
class EqualContacts:
    """Make the list have these contacts and no others, as `placing.equalise` says.

    `going`: the `resolving.digest_of_going` of what the preview said would go; `PlanChanged` where by now it is
    something else.
    """

    contacts: tuple[Contact, ...]
    going: str


@dataclass(frozen=True, slots=True)
class RemoveContacts:
    """Take out those of the contacts that are still as the person saw them; the others stay, and stop none."""

    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class CheckNumbers:
    """Change nothing, and raise `PlanChanged` unless the list has each of these numbers in a text of its own."""

    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MendContacts:
    """A change that a preview has shown, merged with what others did since. `kept`: contacts that have what others
    lose by it, and so have to be there as they were seen: else it is a conflict."""

    change: ListChange
    kept: tuple[Contact, ...]


class Emptied(StrEnum):
    """What shall become of a list whose contacts all are in another now."""

    DELETED = "delete"
    EMPTY = "empty"
    KEPT = "keep"


@dataclass(frozen=True, slots=True)
class Undo:
    """The inverse of a change of long ago, merged with what others did since. `spares`: contacts that have become
    others stay as they are, and stop none; nor do those that the API would refuse as they were."""

    change: ListChange
    spares: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """A change that was overwritten, or of which nobody knows, once more, merged with what others did since.
    `spares` as in `Undo`."""

    change: ListChange
    spares: bool = False


Intent = (
    ListChange
    | AddContact
    | EditContact
    | RemoveContact
    | RenameList
    | BlockNumbers
    | UnblockNumber
    | AddContacts
    | EqualContacts
    | RemoveContacts
    | CheckNumbers
    | MendContacts
    | Undo
    | Repeat
)

"""What an entry of the journal is found by: the numbers and the names that it touches."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import JournalEntry, JournalName, JournalNumber
from ..names import folded
from ..phones import normalise
from ..plusofon.values import Contact

LONGEST_NUMBER = 100  # of what stands where a number should; a number has 15 digits
LONGEST_NAME = 200  # of what is looked for; nobody types more


@dataclass(frozen=True, slots=True)
class Terms:
    """What an entry is found by."""

    numbers: set[str]
    names: set[str]

    @classmethod
    def of(cls, contacts: Iterable[Contact], *names: str) -> "Terms":
        found = list(contacts)
        phones = {phone for contact in found for phone in contact.phones}
        return cls(phones, {*names, *(contact.name for contact in found)})


def index(entry: JournalEntry, terms: Terms) -> None:
    """Let the entry be found by its numbers and names."""
    numbers = {storable(normalise(phone))[:LONGEST_NUMBER] for phone in terms.numbers}
    JournalNumber.objects.bulk_create(
        [JournalNumber(entry_id=entry.pk, number=number) for number in numbers - {""}],
        batch_size=1000,
        ignore_conflicts=True,
    )
    names = {storable(folded(name))[:LONGEST_NAME] for name in terms.names}
    JournalName.objects.bulk_create(
        [JournalName(entry_id=entry.pk, name=name) for name in names - {""}],
        batch_size=1000,
        ignore_conflicts=True,
    )


def storable(text: str) -> str:
    """A text of the API without what PostgreSQL cannot store."""
    return text.replace("\x00", "")

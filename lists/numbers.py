"""The numbers of a text area: as typed, and as they will be stored. Pure."""

from dataclasses import dataclass

from . import phones
from .phones import NotANumber
from .plusofon.values import Contact


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed and as it will be stored."""

    typed: str
    stored: str
    untouched: bool = False
    is_repeated: bool = False

    @property
    def is_doubtful(self) -> bool:
        return not self.untouched and phones.is_doubtful(self.stored)


def read_numbers(text: str, before: Contact | None = None) -> list[Number | NotANumber]:
    """In the order in which they were typed. A stored number of `before` left as the page showed it
    stays as it is, however odd."""
    read: list[Number | NotANumber] = []
    untouched = list(before.phones) if before else []
    known: set[str] = set()
    for typed in phones.split(text):
        stored = next((s for s in untouched if typed in (s.strip(), phones.spell(s))), None)
        if stored is not None:
            untouched.remove(stored)
            read.append(Number(typed, stored, untouched=True))
        else:
            try:
                stored = phones.parse(typed)
            except NotANumber as error:
                read.append(error)
                continue
            repeated = phones.normalise(stored) in known
            read.append(Number(typed, stored, is_repeated=repeated))
        known.add(phones.normalise(stored))
    return read

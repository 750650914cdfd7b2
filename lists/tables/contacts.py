"""The contacts that a table means: rows of one name are one contact. Pure.

Numbers and names that the list has already are known again as they stand there, however odd, so that a list that
was exported and comes back is the same list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from .. import phones
from ..phones import Fault
from ..plusofon.values import Contact
from .cells import MOST_OF_CELL, Damage, Wrong, clean, name_of, numbers_of
from .columns import Columns, Role
from .table import MOST_NUMBERS, Odd, Row, Table, TooManyNumbers

LONGEST_NAME = 255  # letters: what Plusofon takes


class Lack(StrEnum):
    """What keeps a row from being a contact."""

    NO_NUMBER = "no number"
    LONG_NAME = "long name"


@dataclass(frozen=True, slots=True)
class Refused:
    """A text of the table that is not imported: which row, and why."""

    row: int
    text: str
    why: Fault | Damage | Lack


@dataclass(frozen=True, slots=True)
class Twice:
    """A number that stands in several rows. `names`: of the contacts that get it."""

    number: str
    rows: tuple[int, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A number that no country gives out."""

    number: str
    row: int
    name: str


@dataclass(frozen=True, slots=True)
class Understood:
    """`rows`: of each contact, in their order."""

    contacts: tuple[Contact, ...]
    rows: tuple[tuple[int, ...], ...]
    refused: tuple[Refused, ...] = ()
    twice: tuple[Twice, ...] = ()
    doubtful: tuple[Doubtful, ...] = ()


def understand(
    table: Table, columns: Columns, *, name: str = "", known: Iterable[Contact] = ()
) -> Understood:
    """`name`: for rows without one; without that each of their numbers is a contact named by itself. `known`: the
    contacts of the list as it is. Raises `TooManyNumbers`."""
    reading = _Reading(_Known(known), name.strip())
    for row in table.rows[1 if columns.has_heading else 0 :]:
        reading.take(row, columns)
    return reading.understood()


@dataclass(slots=True)
class _Known:
    """The names and numbers of a list, by how a table shows them."""

    contacts: Iterable[Contact]
    names: dict[str, str] = field(default_factory=dict)
    cells: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    nameless: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for contact in self.contacts:
            shown = name_of(contact.name)
            self.names.setdefault(shown, contact.name)
            self.cells.setdefault((shown, _squashed("\n".join(contact.phones))), contact.phones)
            for phone in contact.phones:
                if not (phone.isascii() and phone.isdigit()):
                    self.numbers.setdefault(_squashed(phone), phone)
                if not shown:
                    self.nameless.setdefault(phones.normalise(phone), contact.name)

    def name_of(self, number: str) -> str:
        """What a contact is named whose row has no name: nothing, where one of the list has none either."""
        spelled = phones.spell(number)
        return self.nameless.get(phones.normalise(number), spelled) if self.nameless else spelled

    def numbers_of(self, name: str, text: str) -> Iterator[str | Wrong]:
        """Those of a cell: as they stand in the list, where they do."""
        squashed = _squashed(text)
        if whole := self.cells.get((name, squashed)):
            yield from whole
        elif stored := self.numbers.get(squashed):
            yield stored
        elif "\n" in text and self.numbers and len(lines := text.splitlines()) <= MOST_OF_CELL:
            for line in lines:
                stored = self.numbers.get(_squashed(line))
                yield from (stored,) if stored else numbers_of(line)
        else:
            yield from numbers_of(text)


def _squashed(text: str) -> str:
    return " ".join(clean(text).split())


@dataclass(slots=True)
class _Gathered:
    """A contact while rows are read. `numbers`: as stored, by how they are compared."""

    name: str
    numbers: dict[str, str] = field(default_factory=dict)
    rows: dict[int, None] = field(default_factory=dict)


@dataclass(slots=True)
class _Reading:
    known: _Known
    name: str
    gathered: dict[str, _Gathered] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    count: int = 0  # of numbers, and of what is none
    rows_of: dict[str, dict[int, None]] = field(default_factory=dict)
    names_of: dict[str, dict[str, None]] = field(default_factory=dict)

    def take(self, row: Row, columns: Columns) -> None:
        name = name_of(" ".join(row.text(at) for at in columns.of(Role.NAME))) or self.name
        name = name and self.known.names.get(name, name)
        if len(name) > LONGEST_NAME and name_of(name) not in self.known.names:
            self.refused.append(Refused(row.number, name, Lack.LONG_NAME))
            return
        before = len(self.refused)
        found = list(self._numbers(row, columns, name_of(name)))
        if not found and len(self.refused) == before:
            self.refused.append(Refused(row.number, name or _whole(row), Lack.NO_NUMBER))
        for number in found:
            self._put(row.number, name or self.known.name_of(number), number)

    def _numbers(self, row: Row, columns: Columns, name: str) -> Iterator[str]:
        for at in columns.of(Role.NUMBERS):
            cell = row.cells[at] if at < len(row.cells) else ""
            is_odd = isinstance(cell, Odd)
            for one in numbers_of(cell) if is_odd else self.known.numbers_of(name, row.text(at)):
                self.count += 1
                if self.count > MOST_NUMBERS:
                    raise TooManyNumbers
                if isinstance(one, Wrong):
                    self.refused.append(Refused(row.number, one.text, one.fault))
                else:
                    yield one

    def _put(self, row: int, name: str, number: str) -> None:
        normal = phones.normalise(number)
        contact = self.gathered.setdefault(name.strip(), _Gathered(name))
        contact.rows[row] = None
        contact.numbers.setdefault(normal, number)
        if normal not in self.rows_of and _is_doubtful(normal) and number not in self.known.numbers:
            self.doubtful.append(Doubtful(number, row, name))
        self.rows_of.setdefault(normal, {})[row] = None
        self.names_of.setdefault(normal, {})[name] = None

    def understood(self) -> Understood:
        return Understood(
            tuple(Contact(one.name, tuple(one.numbers.values())) for one in self.gathered.values()),
            tuple(tuple(one.rows) for one in self.gathered.values()),
            tuple(self.refused),
            tuple(
                Twice(number, tuple(rows), tuple(self.names_of[number]))
                for number, rows in self.rows_of.items()
                if len(rows) > 1
            ),
            tuple(self.doubtful),
        )


def _is_doubtful(normal: str) -> bool:
    """A plain Russian number is told by a glance: to ask for each of twenty thousand takes seconds."""
    return len(normal) >= phones.FULL and not phones.is_whole(normal) and phones.is_doubtful(normal)


def _whole(row: Row) -> str:
    return " ".join(row.text(at) for at in range(len(row.cells)))

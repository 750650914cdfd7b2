"""What a table would make of a list, and making it so. Nothing of a preview is kept: what is confirmed meets the
list as it is at that moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..bulkhead import BulkheadFull
from ..connection import Connection
from ..intents import AddContacts, EqualContacts
from ..phones import normalise
from ..placing import Place, Placed, equalise, place
from ..plusofon.errors import PlusofonError
from ..plusofon.values import UNUSED_TYPE, Contact
from ..resolving import digest_of_going
from ..tables.contacts import Understood
from ..writing.outcomes import ChangeOutcome
from ..writing.write import write
from . import lookup
from .lookup import Hit, Search

LONGEST_LOOK = 10.0  # seconds, for that: who waits for a preview waits for the table


class Mode(StrEnum):
    """Add what is missing; or make the list equal to the table."""

    ADD = "add"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One contact of the table, what becomes of it, and the rows it stands in."""

    placed: Placed
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a table would make of a list. `going`: what it has now and would lose; `agreed`: the digest of that."""

    understood: Understood
    new: tuple[Incoming, ...]
    there: tuple[Incoming, ...]
    joined: tuple[Incoming, ...]
    going: tuple[Contact, ...]

    @property
    def agreed(self) -> str:
        return digest_of_going(self.going)

    @property
    def coming(self) -> int:
        """Contacts that are new, or get numbers."""
        return len(self.new) + len(self.joined)

    @property
    def changes_anything(self) -> bool:
        return bool(self.coming or self.going)


def compare(understood: Understood, found: Iterable[Contact], mode: Mode) -> Difference:
    """`found`: the contacts of the list as it is; none of a list that is to be made."""
    going: tuple[Contact, ...] = ()
    if mode is Mode.EQUAL:
        equal = equalise(understood.contacts, found)
        placed, going = list(equal.placed), equal.going
    else:
        placed = place(understood.contacts, found, joins_by_name=True)
    incoming = list(map(Incoming, placed, understood.rows))

    def of(kind: Place) -> tuple[Incoming, ...]:
        return tuple(one for one in incoming if one.placed.place is kind)

    return Difference(understood, of(Place.NEW), of(Place.THERE), of(Place.JOINED), going)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Numbers that come, and other lists have. `is_complete`: whether every list could be read, in so short a
    time."""

    black: tuple[Hit, ...] = ()
    white: tuple[Hit, ...] = ()
    is_complete: bool = True


def elsewhere(difference: Difference, list_id: int | None, *, by: Connection) -> Elsewhere:
    """One short scan of all lists, for the numbers that are new in this one."""
    numbers = {
        normalise(phone)
        for one in (*difference.new, *difference.joined)
        for phone in one.placed.missing
    }
    if not numbers:
        return Elsewhere()
    search = Search(lookup.has_number(*numbers))
    try:
        result = lookup.result_of(lookup.scan(search, by=by, within=LONGEST_LOOK))
    except (PlusofonError, BulkheadFull):
        return Elsewhere(is_complete=False)
    hits = [hit for hit in result.hits if hit.list.id != list_id]
    white = tuple(hit for hit in hits if hit.list.type == UNUSED_TYPE)
    black = tuple(hit for hit in hits if hit.list.type != UNUSED_TYPE)
    return Elsewhere(black, white, is_complete=result.is_complete)


def apply(
    contacts: tuple[Contact, ...], mode: Mode, list_id: int, *, going: str, by: Connection
) -> ChangeOutcome:
    """One replacement of the list. Raises as `write` does; `PlanChanged` where what would go (`Difference.agreed`)
    is no longer what `going` says."""
    if mode is Mode.EQUAL:
        return write(EqualContacts(contacts, going), list_id, by=by)
    return write(AddContacts(contacts, joins_by_name=True), list_id, by=by)

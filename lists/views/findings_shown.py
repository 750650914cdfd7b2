"""What was found out of order, as the page and the file of it show it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from ..findings import Finding, Kind, Place
from ..forms.cleanup import choice_of, choice_of_all
from ..plusofon.values import UNUSED_TYPE, Contact, ListEntry
from ..services.cleanup import Order
from ..stored_text import read_text
from ..wording.findings import MENDS, TITLES, WHY
from ..wording.tables import Lines, Row
from .unread import unread_in

MOST_ROWS = 50  # of a kind; the file has all
MOST_PLACES = 5  # of one finding
LONGEST_SOUGHT = 200  # characters; a list's search takes no more
BY_NUMBER = {Kind.CONTRADICTION, Kind.UNASSIGNED, Kind.TWICE, Kind.SHARED, Kind.ACROSS}
RESPELLED = {Kind.SPELLING, Kind.SEVERAL}


@dataclass(frozen=True, slots=True)
class Where:
    """A place where something was found. `address`: of the contact in its list, or of the list."""

    list: ListEntry
    contact: Contact | None
    address: str


def _where(place: Place) -> Where:
    address = reverse("list", args=[place.list.id])
    if contact := place.contact:
        sought = next((text for text in contact.phones if text.strip()), contact.name)
        address = f"{address}?{urlencode({'q': sought[:LONGEST_SOUGHT]})}"
    return Where(place.list, place.contact, address)


@dataclass(frozen=True, slots=True)
class Line:
    """A finding. `choice`: what chooses it; `becomes`: the numbers that a stored text is."""

    finding: Finding
    choice: str
    becomes: tuple[str, ...]

    @property
    def places(self) -> list[Where]:
        """Of a contradiction both sides."""
        places = self.finding.places
        if self.finding.kind is Kind.CONTRADICTION:
            white = [place for place in places if place.list.type == UNUSED_TYPE]
            places = (places[0], white[0], *(at for at in places[1:] if at is not white[0]))
        return [_where(place) for place in places[:MOST_PLACES]]

    @property
    def more(self) -> int:
        return len(self.finding.places[MOST_PLACES:])

    @property
    def merge_address(self) -> str:
        """Where its lists become one."""
        return reverse("lists-merge", query={"list": self.finding.list_ids})

    @property
    def is_number(self) -> bool:
        return self.finding.kind in BY_NUMBER


@dataclass(frozen=True, slots=True)
class Section:
    """All findings of a kind; the first are shown, of those that can be put in order. `choice`: what chooses all
    that can be."""

    kind: Kind
    total: int
    mendable: int
    choice: str
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    @property
    def why(self) -> str:
        return str(WHY[self.kind])

    @property
    def mends(self) -> str:
        return str(MENDS[self.kind]) if self.mendable else ""

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


def sections(found: Sequence[Finding]) -> Iterator[Section]:
    for kind, of_kind in groupby(found, key=lambda finding: finding.kind):
        findings = sorted(of_kind, key=lambda finding: not finding.is_mendable)
        yield Section(
            kind,
            len(findings),
            sum(one.is_mendable for one in findings),
            choice_of_all(kind, findings),
            tuple(map(_line, findings[:MOST_ROWS])),
        )


def _line(finding: Finding) -> Line:
    becomes = read_text(finding.what).numbers if finding.kind in RESPELLED else ()
    return Line(finding, choice_of(finding) if finding.is_mendable else "", becomes)


def table_of(order: Order) -> Iterator[Row]:
    """A row for each place, and one for each list that was not read."""
    yield (
        *(_("No."), _("Finding"), _("Number or text"), _("List"), _("List no.")),
        *(_("Name"), _("Numbers"), _("Can be put in order here")),
    )
    number = 0
    for number, finding in enumerate(order.findings, 1):
        may = "✓" if finding.is_mendable else ""
        for place in finding.places:
            contact = place.contact
            yield (
                *(str(number), str(TITLES[finding.kind]), finding.what),
                *(place.list.name, str(place.list.id)),
                contact.name if contact else "",
                Lines(contact.phones if contact else ()),
                may,
            )
    for one in unread_in(order.result)["unread"]:
        entry, failure = one
        number += 1
        not_read = _("Not read: %(why)s") % {"why": failure.title}
        yield str(number), not_read, "", entry.name, str(entry.id), "", Lines(()), ""
    if order.result.trouble:
        yield str(number + 1), _("Not all lists are known."), "", "", "", "", Lines(()), ""

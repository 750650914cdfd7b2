"""Lists in order: what is out of order in all of them, and putting it in order."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..changes import ContactChange
from ..connection import Connection
from ..findings import Finding, Kind, Place
from ..forms.cleanup import Chosen, choice_of, choice_of_all
from ..mending import Mended, Mending, mend
from ..models import Operation
from ..plusofon.values import Contact, ListEntry
from ..sameness import digest_of
from ..services import cleanup, operations
from ..services.cleanup import Order, Steps
from ..stored_text import read_text
from ..wording.findings import MENDS, TITLES, WHY
from ..wording.tables import Lines, Row
from ..writing.plans import Plan, write_plan
from .operation_lines import carried_out
from .page import render_page
from .spreadsheet import kind_of, table_answer
from .streaming import streamed
from .unread import unread_in

TEMPLATE = "cleanup.html"
MOST_ROWS = 50  # of a kind; the file has all
MOST_PLACES = 5  # of one finding
LONGEST_SOUGHT = 200  # characters; a list's search takes no more
MOST_CHANGES = 20  # of a list, in a preview
BY_NUMBER = {Kind.CONTRADICTION, Kind.UNASSIGNED, Kind.TWICE, Kind.SHARED, Kind.ACROSS}
RESPELLED = {Kind.SPELLING, Kind.SEVERAL}


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def page(request: PageRequest, *, by: Connection) -> HttpResponseBase:
    """`look` reads all lists and tells what was found, `format` as a file. A POST previews what was chosen, and
    with `confirm` writes what the preview has shown."""
    if request.method == "POST":
        return _put_in_order(request, Chosen(request.POST), by=by)
    if "format" in request.GET:
        kind = kind_of(request)
        order = cleanup.order_of(cleanup.scan(by=by))
        return table_answer(_table(order), kind=kind, name=_("Order in the lists"))
    if "look" not in request.GET:
        return render_page(request, TEMPLATE, {})
    steps = cleanup.scan(by=by)
    return streamed(request, TEMPLATE, {"looks": True}, _pieces(request, steps))


def _pieces(request: PageRequest, steps: Steps) -> Iterator[str]:
    """How far it is, again and again; then what was found."""
    with closing(steps):
        for step in steps:
            if isinstance(step, Order):
                sections = list(_sections(step.findings))
                found = {
                    **unread_in(step.result),
                    "sections": sections,
                    "is_mendable": any(section.mendable for section in sections),
                }
                yield render_to_string(f"{TEMPLATE}#found", found, request)
            else:
                yield render_to_string(f"{TEMPLATE}#step", {"scan": step}, request)


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
        return [_where(place) for place in self.finding.places[:MOST_PLACES]]

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
    """All findings of a kind; the first are shown. `choice`: what chooses all that can be put in order."""

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


def _sections(found: Sequence[Finding]) -> Iterator[Section]:
    for kind, of_kind in groupby(found, key=lambda finding: finding.kind):
        findings = list(of_kind)
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


def _put_in_order(request: PageRequest, chosen: Chosen, *, by: Connection) -> HttpResponse:
    confirms = "confirm" in request.POST
    if confirms and (earlier := operations.begun_by(chosen.token, by=by)):
        return _carried_out(request, earlier, by=by)
    if not chosen.fields:
        messages.warning(request, _("Nothing is chosen."))
        return redirect(reverse("cleanup", query={"look": 1}))
    lists = cleanup.read(chosen.list_ids, by=by)
    found = cleanup.chosen(lists, chosen.ids, chosen.kinds)
    mending = mend(lists, found)
    plan = cleanup.plan_for(mending)
    left_out = len(chosen.ids - {one.id for one in found})
    if not (plan and confirms and chosen.shown == _shown(plan)):
        return _preview(request, chosen, mending, plan, left_out=left_out)
    whole = cleanup.begin(plan, by=by, form_token=chosen.token)
    return _carried_out(request, whole, by=by)


def _shown(plan: Plan) -> str:
    return digest_of([write_plan(plan)])


def _carried_out(request: PageRequest, whole: Operation, *, by: Connection) -> HttpResponse:
    count = whole.lists_count
    told = ngettext("Corrected in %(count)s list.", "Corrected in %(count)s lists.", count)
    back = reverse("cleanup", query={"look": 1})
    return carried_out(request, whole, told=told % {"count": count}, by=by, back=back)


@dataclass(frozen=True, slots=True)
class Changed:
    """What becomes of a list; the first of its changes are shown."""

    mended: Mended

    @property
    def list(self) -> ListEntry:
        found = self.mended.list
        return ListEntry(found.id, found.name, found.type)

    @property
    def changes(self) -> Sequence[ContactChange]:
        return self.mended.change.contacts[:MOST_CHANGES]

    @property
    def more(self) -> int:
        return len(self.mended.change.contacts[MOST_CHANGES:])


def _preview(
    request: PageRequest, chosen: Chosen, mending: Mending, plan: Plan, *, left_out: int
) -> HttpResponse:
    has_changed = "confirm" in request.POST
    context: dict[str, Any] = {
        "chosen": chosen.fields,
        "changed": [Changed(one) for one in mending.lists],
        "total": mending.total,
        "shown": _shown(plan),
        "once": uuid4(),
        "left_out": left_out,
        "has_changed": has_changed,
    }
    return render_page(request, TEMPLATE, context, status=409 if has_changed else 200)


def _table(order: Order) -> Iterator[Row]:
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

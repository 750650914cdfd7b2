"""A block as it is previewed and reported: on its own page, and where a request is accepted."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..access import PageRequest
from ..conflicts import PlanChanged
from ..connection import Connection
from ..forms.block import BlockForm
from ..forms.numbers import fault_of
from ..intents import Planned
from ..models import BlockRequest
from ..names import isolated
from ..numbers import Number
from ..phones import normalise, spell
from ..plusofon.values import UNUSED_TYPE, ListEntry
from ..services import blocking, catalogue, lookup
from ..services.lookup import Hit
from ..services.side_by_side import Done
from ..wording.outcomes import Words
from ..writing.outcomes import AlreadyDone, Confirmed
from .list_outcomes import failed_in, outcomes_of
from .page import render_page
from .telling import tell_confirmed, tell_differences

TEMPLATE = "block.html"
MOST_PLACES = 5  # of one number
LAST_CHOICE = "block_lists"  # in the session: the lists of the person's last block


@dataclass(frozen=True, slots=True)
class Planning:
    """A number as the preview shows it. `possible`: other entries, which may mean it; `is_new`: it is
    missing in one of the chosen lists."""

    number: Number
    hits: list[Hit]
    possible: list[Hit]
    is_new: bool

    @property
    def places(self) -> list[Hit]:
        return self.hits[:MOST_PLACES]

    @property
    def more(self) -> int:
        return len(self.hits[MOST_PLACES:])


def offered_lists(request: PageRequest, by: Connection) -> tuple[list[ListEntry], list[int]]:
    """The last choice first, then black lists, then white ones, which block nobody yet; and the ids
    of the last choice."""
    last = request.session.get(LAST_CHOICE, [])
    lists, chosen = catalogue.lists_of(by), set(last)
    return sorted(lists, key=lambda e: (e.id not in chosen, e.type == UNUSED_TYPE)), last


def agreed(request: PageRequest, form: BlockForm) -> tuple[Planned, ...] | None:
    """What the person confirmed, as it was shown to them; None where a preview comes first."""
    return form.agreed if form.is_valid() and "confirm" in request.POST else None


def preview(
    request: PageRequest,
    form: BlockForm,
    *,
    by: Connection,
    asked: BlockRequest | None = None,
    has_changed: bool = False,
) -> HttpResponse:
    """What would happen. `asked`: the request that is decided; `has_changed`: it is another than the
    person has confirmed."""
    context: dict[str, Any] = {"form": form, "asked": asked}
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422)
    context |= look(form, by=by)
    context["has_changed"] = has_changed or "confirm" in request.POST
    status = 409 if context["has_changed"] else 200
    return render_page(request, TEMPLATE, context, status=status)


def report(
    request: PageRequest,
    form: BlockForm,
    done: list[Done],
    *,
    by: Connection,
    asked: BlockRequest | None = None,
) -> HttpResponse:
    """What became of it: a toast for one list, a page for several."""
    back = reverse("requests") if asked else reverse("lists")
    if len(done) == 1 and isinstance(done[0].error, PlanChanged):
        return preview(request, form, by=by, asked=asked, has_changed=True)
    if len(done) == 1 and done[0].is_confirmed:
        tell_blocked(request, form, done[0])
        return redirect(back if asked else reverse("list", args=[done[0].list.id]))
    rest = failed_in(done)
    again = [("numbers", form.data["numbers"]), ("name", form.data["name"])]
    again += [("list", str(entry.id)) for entry in rest]
    return outcomes_of(request, done, Words(_("already in the list")), again=again, back=back)


def look(form: BlockForm, *, by: Connection) -> dict[str, Any]:
    """What becomes of each number, and what the page carries along of it as `shown`."""
    scan = blocking.where(form.stored, by=by)
    found = lookup.by_number(scan.hits)
    unread = {one.list.id for one in scan.unread}
    there = {(hit.list.id, number) for number, hits in found.items() for hit in hits}
    stored = {number: normalise(number) for number in form.stored}
    plans = [
        Planned(entry, None if entry.id in unread else _missing_in(entry, stored, there))
        for entry in form.chosen
    ]
    new: set[str] = set()
    for planned in plans:
        new.update(form.stored if planned.numbers is None else planned.numbers)
    perhaps = lookup.possible_by_number(form.stored, scan.possible)
    lines = [
        _planning(number, found, perhaps, is_new=number.stored in new) for number in form.typed
    ]
    into = [planned.list for planned in plans if planned.numbers is None or planned.numbers]
    return {
        "lines": lines,
        "faults": [fault_of(fault).messages[0] for fault in form.faults],
        "unread": scan.unread or scan.trouble,
        "new": sum(line.is_new and not line.number.is_repeated for line in lines),
        "into": into,
        "only_white": all(entry.type == UNUSED_TYPE for entry in into),
        "shown": form.shown_as(plans),
    }


def _planning(
    number: Number,
    found: Mapping[str, list[Hit]],
    perhaps: Mapping[str, list[Hit]],
    *,
    is_new: bool,
) -> Planning:
    normal = normalise(number.stored)
    hits = found.get(normal, [])
    shown = {id(hit.contact) for hit in hits}
    possible = [hit for hit in perhaps.get(normal, []) if id(hit.contact) not in shown]
    return Planning(number, hits, possible, is_new)


def _missing_in(
    entry: ListEntry, stored: Mapping[str, str], there: Container[tuple[int, str]]
) -> tuple[str, ...]:
    """The numbers that nobody in this list has yet. `stored`: each beside its normal form."""
    return tuple(number for number, normal in stored.items() if (entry.id, normal) not in there)


def tell_blocked(request: PageRequest, form: BlockForm, done: Done) -> None:
    numbers = form.stored
    shown = ", ".join(map(spell, numbers[:3])) + (" …" if numbers[3:] else "")
    words = {"numbers": shown, "list": isolated(done.list.name)}
    count = min(len(numbers), 2)  # a list of them, however many: not “21 number”
    match done.outcome:
        case AlreadyDone():
            messages.info(request, _already_blocked(done.list, count) % words)
        case Confirmed() as outcome:
            tell_confirmed(request, _blocked(done.list, count) % words, outcome.entry)
            tell_differences(request, outcome)


def _blocked(entry: ListEntry, count: int) -> str:
    if entry.type == UNUSED_TYPE:
        return ngettext(
            "%(numbers)s is in the white list “%(list)s” now; Plusofon does not use it yet.",
            "%(numbers)s are in the white list “%(list)s” now; Plusofon does not use it yet.",
            count,
        )
    return ngettext("%(numbers)s is blocked.", "%(numbers)s are blocked.", count)


def _already_blocked(entry: ListEntry, count: int) -> str:
    if entry.type == UNUSED_TYPE:
        return ngettext(
            "%(numbers)s is already in the white list “%(list)s”; Plusofon does not use it yet.",
            "%(numbers)s are already in the white list “%(list)s”; Plusofon does not use it yet.",
            count,
        )
    return ngettext(
        "%(numbers)s is already blocked here.", "%(numbers)s are already blocked here.", count
    )

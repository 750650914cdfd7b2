"""Blocking and unblocking numbers: chosen, looked at, written."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..conflicts import Conflict, PlanChanged
from ..connection import Connection
from ..forms.block import BlockForm
from ..forms.numbers import fault_of
from ..forms.unblock import Place, UnblockForm
from ..intents import Planned, without
from ..models import BlockRequest
from ..numbers import Number
from ..phones import normalise, spell
from ..plusofon.client import Plusofon
from ..plusofon.values import UNUSED_TYPE, Contact, ListEntry
from ..services import blocking, browsing, lookup
from ..services.blocking import Done
from ..services.lookup import Hit
from ..writing.outcomes import AlreadyDone, Confirmed, InDoubt, Unknown
from .page import render_page
from .sentences import failure_of, names, tell_confirmed, tell_differences

PAGE = "block.html"
LAST_CHOICE = "block_lists"  # in the session: the lists of the person's last block
MOST_TOASTS = 3  # more outcomes than that get a page


@dataclass(frozen=True, slots=True)
class Planning:
    """A number as the preview shows it. `is_new`: it is missing in one of the chosen lists."""

    number: Number
    hits: list[Hit]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A contact that may lose the number. `left`: what stays of it; `text`: what the form sends."""

    text: str
    place: Place
    left: Contact | None
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def block(request: PageRequest, *, by: Connection) -> HttpResponse:
    """A preview comes first; only `confirm` writes. `fill` brings numbers too many for an address."""
    lists, last = offered_lists(request, by)
    if request.method != "POST" or "fill" in request.POST:
        numbers = request.GET.get("number") or request.POST.get("numbers", "")
        form = BlockForm(lists=lists, initial={"numbers": numbers, "list": last})
        return render_page(request, PAGE, {"form": form})
    form = BlockForm(request.POST, lists=lists)
    plans = agreed(request, form)
    if plans is None:
        return preview(request, form, by=by)
    request.session[LAST_CHOICE] = form.cleaned_data["list"]
    done = list(blocking.block(form.contact, plans, by=by))
    return report(request, form, done, by=by)


def offered_lists(request: PageRequest, by: Connection) -> tuple[list[ListEntry], list[int]]:
    """The last choice first, then black lists, then white ones, which block nobody yet; and the ids
    of the last choice."""
    last = request.session.get(LAST_CHOICE, [])
    lists = browsing.lists_of(by)
    return sorted(lists, key=lambda e: (e.id not in last, e.type == UNUSED_TYPE)), last


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
        return render_page(request, PAGE, context, status=422)
    context |= _preview(form, by.api)
    context["has_changed"] = has_changed or "confirm" in request.POST
    status = 409 if context["has_changed"] else 200
    return render_page(request, PAGE, context, status=status)


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
        _tell_blocked(request, form, done[0])
        return redirect(back if asked else reverse("list", args=[done[0].list.id]))
    rest = _failed(done)
    again = [("numbers", form.data["numbers"]), ("name", form.data["name"])]
    again += [("list", str(entry.id)) for entry in rest]
    return _outcomes(request, done, _Words(_("was there already")), again=again, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def unblock(request: PageRequest, *, by: Connection) -> HttpResponse:
    """What a lookup found is offered first; only `confirm` writes. Opened without, it leads there."""
    form = UnblockForm(request.POST)
    typed = request.POST.get("number") or request.GET.get("number", "")
    lookup_url = reverse("lookup", query={"number": typed})
    is_valid, confirmed = form.is_valid(), "confirm" in request.POST
    if "number" not in form.cleaned_data or not form.offered:
        return redirect(lookup_url)
    if not (is_valid and confirmed):
        return _offer(request, form, lookup_url, confirmed=confirmed)
    number = form.cleaned_data["number"]
    done = list(blocking.unblock(form.intents, by=by))
    if len(done) <= MOST_TOASTS and all(one.is_confirmed for one in done):
        for one in done:
            _tell_unblocked(request, number, one)
        return redirect(lookup_url)
    failed = {entry.id for entry in _failed(done)}
    rest = [text for text in form.cleaned_data["contact"] if form.offered[text].list.id in failed]
    again = [
        ("number", number),
        *((name, text) for text in rest for name in ("offered", "contact")),
    ]
    words = _Words(_("was not there any more"), _("removed"))
    return _outcomes(request, done, words, again=again, back=lookup_url, number=number)


def _offer(
    request: PageRequest, form: UnblockForm, lookup_url: str, *, confirmed: bool
) -> HttpResponse:
    """Which contacts may lose the number, and what each would keep."""
    number = form.cleaned_data["number"]
    places = [
        Offered(text, place, left=without(number, place.contact), is_chosen=not confirmed)
        for text, place in form.offered.items()
    ]
    context = {"form": form, "number": number, "places": places, "lookup_url": lookup_url}
    context["failed"] = confirmed
    return render_page(request, "unblock.html", context, status=422 if confirmed else 200)


@dataclass(frozen=True, slots=True)
class _Words:
    """For a list where there was nothing to do, and for one that was written; without the latter, the
    type of the list says what that means."""

    nothing: str
    confirmed: str = ""


def _outcomes(
    request: PageRequest,
    done: list[Done],
    words: _Words,
    *,
    again: list[tuple[str, str]],
    back: str,
    number: str = "",
) -> HttpResponse:
    """What became of each list. `again`: the fields that ask for exactly the rest, looked at first."""
    is_whole = all(one.is_confirmed for one in done)
    rest = len(_failed(done))
    context = {
        "done": [_line(one, words) for one in done],
        "number": number,
        "is_whole": is_whole,
        "rest": rest,
        "again": again if rest else [],
        "back": back,
    }
    return render_page(request, "block_done.html", context, status=200 if is_whole else 207)


def _failed(done: list[Done]) -> list[ListEntry]:
    """Lists that are worth another try; after a conflict the same would meet the same."""
    return [
        one.list
        for one in done
        if isinstance(one.error, PlanChanged) or (one.error and not isinstance(one.error, Conflict))
    ]


def _preview(form: BlockForm, api: Plusofon) -> dict[str, Any]:
    scan = blocking.where(form.stored, api=api)
    found = lookup.by_number(scan.hits)
    unread = {one.list.id for one in scan.unread}
    plans = [
        Planned(entry, None if entry.id in unread else _new_in(entry, form, found))
        for entry in form.chosen
    ]
    new: set[str] = set()
    for planned in plans:
        new.update(form.stored if planned.numbers is None else planned.numbers)
    lines = [
        Planning(
            number,
            found.get(normalise(number.stored), []),
            is_new=number.stored in new,
        )
        for number in form.typed
    ]
    return {
        "lines": lines,
        "faults": [fault_of(fault).messages[0] for fault in form.faults],
        "unread": scan.unread or scan.trouble,
        "new": sum(line.is_new and not line.number.is_repeated for line in lines),
        "into": [planned.list for planned in plans if planned.numbers is None or planned.numbers],
        "shown": form.shown_as(plans),
    }


def _new_in(entry: ListEntry, form: BlockForm, found: dict[str, list[Hit]]) -> tuple[str, ...]:
    """The numbers that nobody in this list has yet."""
    return tuple(
        number
        for number in form.stored
        if all(hit.list.id != entry.id for hit in found.get(normalise(number), []))
    )


def _tell_blocked(request: PageRequest, form: BlockForm, done: Done) -> None:
    numbers = form.stored
    shown = ", ".join(map(spell, numbers[:3])) + (" …" if numbers[3:] else "")
    words, count = {"numbers": shown, "list": done.list.name}, len(numbers)
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
            "%(numbers)s is in the white list “%(list)s” already; Plusofon does not use it yet.",
            "%(numbers)s are in the white list “%(list)s” already; Plusofon does not use it yet.",
            count,
        )
    return ngettext(
        "%(numbers)s is blocked here already.", "%(numbers)s are blocked here already.", count
    )


def _tell_unblocked(request: PageRequest, number: str, done: Done) -> None:
    words = {"number": spell(number), "list": done.list.name}
    match done.outcome:
        case AlreadyDone() if not done.left:
            messages.info(request, _("%(number)s is not in “%(list)s” any more.") % words)
        case Confirmed() as outcome:
            taken = _("%(number)s is removed from “%(list)s”.")
            if done.left:
                taken = _("%(number)s is taken from the chosen contacts of “%(list)s”.")
            tell_confirmed(request, taken % words, outcome.entry)
            tell_differences(request, outcome)
    if done.left:
        words["names"] = names(done.left)
        messages.warning(request, _("%(number)s is still in “%(list)s”: %(names)s.") % words)


def _line(done: Done, words: _Words) -> dict[str, Any]:
    """What became of one list, in words."""
    line = {"list": done.list, "outcome": done.outcome, "left": done.left}
    match done.outcome, done.error:
        case AlreadyDone(), _:
            return {**line, "words": words.nothing, "kind": "confirmed"}
        case Confirmed(), _:
            is_white = done.list.type == UNUSED_TYPE
            added = _("added; Plusofon does not use white lists yet") if is_white else _("blocked")
            return {**line, "words": words.confirmed or added, "kind": "confirmed"}
        case InDoubt(), _:
            return {**line, "words": _("in doubt"), "kind": "unknown"}
        case Unknown(), _:
            return {**line, "words": _("not known"), "kind": "unknown"}
        case _, PlanChanged():
            changed = _("not saved: the list has changed since you looked")
            return {**line, "words": changed, "kind": "refused"}
        case _, Conflict():
            changed = _("not saved: somebody has changed this contact meanwhile")
            return {**line, "words": changed, "kind": "refused"}
    assert done.error
    failure = failure_of(done.error)
    why = ": ".join(filter(None, [failure.title, failure.words]))
    return {**line, "words": why, "kind": "refused"}

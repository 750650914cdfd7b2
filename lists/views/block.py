"""Blocking and unblocking numbers: chosen, looked at, written."""

from collections.abc import Callable
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
from ..changes import Conflict
from ..forms.block import BlockForm
from ..forms.numbers import Number, fault_of
from ..forms.unblock import Place, UnblockForm
from ..models import BlockRequest
from ..phones import normalise, spell
from ..plusofon.client import Plusofon
from ..plusofon.values import Contact, ListEntry
from ..services import blocking, browsing, lookup
from ..services.blocking import Done
from ..services.lookup import UNUSED_TYPE, Hit
from ..services.outcomes import Confirmed, Unknown
from .page import render_page
from .sentences import failure_of, tell_confirmed, tell_differences

PAGE = "block.html"
LAST_CHOICE = "block_lists"  # in the session: the lists of the person's last block
MOST_TOASTS = 3  # more outcomes than that get a page


@dataclass(frozen=True, slots=True)
class Planned:
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
def block(request: PageRequest, *, api: Plusofon) -> HttpResponse:
    """A preview comes first; only `confirm` writes. `fill` brings numbers too many for an address."""
    lists, last = offered_lists(request, api)
    if request.method != "POST" or "fill" in request.POST:
        numbers = request.GET.get("number") or request.POST.get("numbers", "")
        form = BlockForm(lists=lists, initial={"numbers": numbers, "list": last})
        return render_page(request, PAGE, {"form": form})
    form = BlockForm(request.POST, lists=lists)

    def write() -> list[Done]:
        request.session[LAST_CHOICE] = form.cleaned_data["list"]
        return list(blocking.block(form.contact, form.chosen, api=api, by=request.user))

    return planned_or_done(request, form, write, api=api)


def offered_lists(request: PageRequest, api: Plusofon) -> tuple[list[ListEntry], list[int]]:
    """The last choice first, then black lists, then white ones, which block nobody yet; and the ids
    of the last choice."""
    last = request.session.get(LAST_CHOICE, [])
    lists = browsing.all_lists(api=api)
    return sorted(lists, key=lambda e: (e.id not in last, e.type == UNUSED_TYPE)), last


def planned_or_done(
    request: PageRequest,
    form: BlockForm,
    write: Callable[[], list[Done]],
    *,
    api: Plusofon,
    asked: BlockRequest | None = None,
) -> HttpResponse:
    """What would happen; with `confirm`, what became of it. `asked`: the request that is decided."""
    context: dict[str, Any] = {"form": form, "asked": asked}
    if not form.is_valid():
        return render_page(request, PAGE, context, status=422)
    if "confirm" not in request.POST:
        return render_page(request, PAGE, {**context, **_preview(form, api)})
    done = write()
    back = reverse("requests") if asked else reverse("lists")
    if len(done) == 1 and isinstance(outcome := done[0].outcome, Confirmed):
        _tell_blocked(request, form, outcome)
        return redirect(back if asked else reverse("list", args=[done[0].list.id]))
    again = [("numbers", form.data["numbers"]), ("name", form.data["name"])]
    again += [("list", str(entry.id)) for entry in _failed(done)]
    words = _Words(_("blocked"), _("was there already"))
    return _outcomes(request, done, words, again=again, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def unblock(request: PageRequest, *, api: Plusofon) -> HttpResponse:
    """What a lookup found is offered first; only `confirm` writes. Opened without, it leads there."""
    form = UnblockForm(request.POST)
    typed = request.POST.get("number") or request.GET.get("number", "")
    lookup_url = reverse("lookup", query={"number": typed})
    is_valid, confirmed = form.is_valid(), "confirm" in request.POST
    if "number" not in form.cleaned_data or not form.offered:
        return redirect(lookup_url)
    number = form.cleaned_data["number"]
    if not (is_valid and confirmed):
        places = [
            Offered(
                text,
                place,
                left=blocking.without(number, place.contact),
                is_chosen=not confirmed,
            )
            for text, place in form.offered.items()
        ]
        context = {"form": form, "number": number, "places": places, "lookup_url": lookup_url}
        context["failed"] = confirmed
        return render_page(request, "unblock.html", context, status=422 if confirmed else 200)
    done = list(blocking.unblock(number, form.chosen, api=api, by=request.user))
    if len(done) <= MOST_TOASTS and all(one.is_confirmed for one in done):
        for one in done:
            _tell_unblocked(request, number, one)
        return redirect(lookup_url)
    failed = _failed(done)
    rest = [text for text in form.cleaned_data["contact"] if form.offered[text].list in failed]
    again = [
        ("number", number),
        *((name, text) for text in rest for name in ("offered", "contact")),
    ]
    words = _Words(_("removed"), _("was not there any more"))
    return _outcomes(request, done, words, again=again, back=lookup_url)


@dataclass(frozen=True, slots=True)
class _Words:
    """For a list that was written, and for one where there was nothing to do."""

    confirmed: str
    nothing: str


def _outcomes(
    request: PageRequest,
    done: list[Done],
    words: _Words,
    *,
    again: list[tuple[str, str]],
    back: str,
) -> HttpResponse:
    """What became of each list. `again`: the fields that ask for exactly the rest."""
    is_whole = all(one.is_confirmed for one in done)
    rest = len(_failed(done))
    context = {
        "done": [_line(one, words) for one in done],
        "is_whole": is_whole,
        "rest": rest,
        "again": again if rest else [],
        "back": back,
    }
    return render_page(request, "block_done.html", context, status=200 if is_whole else 207)


def _failed(done: list[Done]) -> list[ListEntry]:
    """Lists that are worth another try; after a conflict the same would meet the same."""
    return [one.list for one in done if one.error and not isinstance(one.error, Conflict)]


def _preview(form: BlockForm, api: Plusofon) -> dict[str, Any]:
    scan = blocking.where(form.stored, api=api)
    found = lookup.by_number(scan.hits)
    chosen = {entry.id for entry in form.chosen}
    lines = []
    for number in form.typed:
        hits = found.get(normalise(number.stored), [])
        missing = chosen - {hit.list.id for hit in hits}
        lines.append(Planned(number, hits, is_new=bool(missing)))
    return {
        "lines": lines,
        "faults": [fault_of(fault).messages[0] for fault in form.faults],
        "unread": scan.unread or scan.trouble,
        "new": sum(line.is_new and not line.number.is_repeated for line in lines),
    }


def _tell_blocked(request: PageRequest, form: BlockForm, outcome: Confirmed) -> None:
    numbers = form.stored
    words = {"numbers": ", ".join(map(spell, numbers[:3])) + (" …" if numbers[3:] else "")}
    if outcome.entry is None:
        sentence = ngettext(
            "%(numbers)s is blocked here already.",
            "%(numbers)s are blocked here already.",
            len(numbers),
        )
        messages.info(request, sentence % words)
        return
    sentence = ngettext("%(numbers)s is blocked.", "%(numbers)s are blocked.", len(numbers))
    tell_confirmed(request, sentence % words, outcome.entry)
    tell_differences(request, outcome)


def _tell_unblocked(request: PageRequest, number: str, done: Done) -> None:
    words = {"number": spell(number), "list": done.list.name}
    match done.outcome:
        case Confirmed(entry=None):
            messages.info(request, _("%(number)s is not in “%(list)s” any more.") % words)
        case Confirmed(entry=entry) as outcome:
            assert entry is not None
            tell_confirmed(request, _("%(number)s is removed from “%(list)s”.") % words, entry)
            tell_differences(request, outcome)


def _line(done: Done, words: _Words) -> dict[str, Any]:
    """What became of one list, in words."""
    line = {"list": done.list, "outcome": done.outcome}
    match done.outcome, done.error:
        case Confirmed(entry=None), _:
            return {**line, "words": words.nothing, "kind": "confirmed"}
        case Confirmed(), _:
            return {**line, "words": words.confirmed, "kind": "confirmed"}
        case Unknown(), _:
            return {**line, "words": _("not known"), "kind": "unknown"}
        case _, Conflict():
            changed = _("not saved: somebody has changed this contact meanwhile")
            return {**line, "words": changed, "kind": "refused"}
    assert done.error
    failure = failure_of(done.error)
    why = ": ".join(filter(None, [failure.title, failure.words]))
    return {**line, "words": why, "kind": "refused"}

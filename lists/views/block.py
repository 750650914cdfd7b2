"""Blocking numbers: typed, looked at, written."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..changes import Conflict
from ..forms.block import BlockForm
from ..forms.numbers import Number, fault_of
from ..phones import normalise, spell
from ..plusofon.client import Plusofon
from ..plusofon.values import ListEntry
from ..services import blocking, browsing, lookup
from ..services.blocking import Done
from ..services.lookup import UNUSED_TYPE, Hit
from ..services.outcomes import Confirmed, Unknown
from .page import render_page
from .sentences import failure_of, tell_confirmed, tell_differences

LAST_CHOICE = "block_lists"  # in the session: the lists of the person's last block


@dataclass(frozen=True, slots=True)
class Planned:
    """A number as the preview shows it. `is_new`: it is missing in one of the chosen lists."""

    number: Number
    hits: list[Hit]
    is_new: bool


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def block(request: PageRequest, *, api: Plusofon) -> HttpResponse:
    """A preview comes first; only `confirm` writes. `fill` brings numbers too many for an address."""
    last = request.session.get(LAST_CHOICE, [])
    lists = _offered(browsing.all_lists(api=api), last)
    is_sent = request.method == "POST" and "fill" not in request.POST
    numbers = request.GET.get("number") or request.POST.get("numbers", "")
    initial = {"numbers": numbers, "list": last}
    form = BlockForm(request.POST if is_sent else None, lists=lists, initial=initial)
    context: dict[str, Any] = {"form": form}
    if not is_sent:
        return render_page(request, "block.html", context)
    if not form.is_valid():
        return render_page(request, "block.html", context, status=422)
    if "confirm" not in request.POST:
        return render_page(request, "block.html", {**context, **_preview(form, api)})
    request.session[LAST_CHOICE] = form.cleaned_data["list"]
    done = list(blocking.block(form.contact, form.chosen, api=api, by=request.user))
    if len(done) == 1 and isinstance(outcome := done[0].outcome, Confirmed):
        _tell(request, form, outcome)
        return redirect("list", done[0].list.id)
    context |= {
        "done": [_line(one) for one in done],
        "rest": [one.list for one in done if one.error],
    }
    status = 200 if all(one.is_confirmed for one in done) else 207
    return render_page(request, "block_done.html", context, status=status)


def _offered(lists: tuple[ListEntry, ...], last: list[int]) -> list[ListEntry]:
    """The last choice first, then black lists; white ones, which block nobody yet, at the end."""
    return sorted(lists, key=lambda entry: (entry.id not in last, entry.type == UNUSED_TYPE))


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


def _tell(request: PageRequest, form: BlockForm, outcome: Confirmed) -> None:
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


def _line(done: Done) -> dict[str, Any]:
    """What became of one list, in words."""
    match done.outcome, done.error:
        case Confirmed(entry=None), _:
            words, kind = _("was there already"), "confirmed"
        case Confirmed(), _:
            words, kind = _("blocked"), "confirmed"
        case Unknown(), _:
            words, kind = _("not known"), "unknown"
        case _, Conflict():
            words, kind = _("not saved"), "refused"
        case _, error:
            failure = failure_of(error) if error else None
            words = ": ".join(filter(None, [failure.title, failure.words])) if failure else ""
            kind = "refused"
    return {"list": done.list, "words": words, "kind": kind, "outcome": done.outcome}

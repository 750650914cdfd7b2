"""An unblock as it is offered and reported: on its own page, and where a request is accepted."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..access import PageRequest
from ..forms.unblock import Place, UnblockForm, places_as
from ..models import BlockRequest
from ..names import short
from ..phones import spell
from ..services.lookup import Result
from ..services.side_by_side import Done
from ..wording.contacts import names
from ..wording.outcomes import Words
from ..writing.outcomes import AlreadyDone, Confirmed
from .list_outcomes import failed_in, outcomes_of
from .page import render_page
from .telling import tell_confirmed, tell_differences

MOST_TOASTS = 3  # more outcomes than that get a page


@dataclass(frozen=True, slots=True)
class Offered:
    """A contact that may lose the number."""

    place: Place
    is_chosen: bool


def offer(
    request: PageRequest,
    form: UnblockForm,
    *,
    back: str,
    asked: BlockRequest | None = None,
    scan: Result | None = None,
    has_changed: bool = False,
) -> HttpResponse:
    """Which contacts may lose the number, and what each would keep.

    `asked`: the request that is decided; `scan`: where it was looked up just now; `has_changed`: it is
    another offer than the person has confirmed.
    """
    form.is_valid()
    failed, is_first = "confirm" in request.POST and not has_changed, "confirm" not in form.data
    places = [
        Offered(place, is_chosen=is_first or value in form.chosen)
        for value, place in form.offered.items()
    ]
    context: dict[str, Any] = {"form": form, "number": form.cleaned_data["number"]}
    context |= {"places": places, "offered": places_as(form.offered.values())}
    context |= {"back": back, "failed": failed}
    context |= {"asked": asked, "scan": scan, "has_changed": has_changed}
    status = 409 if has_changed else 422 if failed else 200
    return render_page(request, "unblock.html", context, status=status)


def report(request: PageRequest, form: UnblockForm, done: list[Done], *, back: str) -> HttpResponse:
    """What became of it: a toast for each of a few lists, else a page."""
    number = form.cleaned_data["number"]
    if len(done) <= MOST_TOASTS and all(one.is_confirmed for one in done):
        for one in done:
            _tell_unblocked(request, number, one)
        return redirect(back)
    failed = {entry.id for entry in failed_in(done)}
    rest = [p for p in form.offered.values() if p.list.id in failed and p.value in form.chosen]
    again = [
        *(("number", number), ("offered", places_as(rest))),
        *(("contact", place.value) for place in rest),
    ]
    words = Words(_("no longer in the list"), _("removed"))
    return outcomes_of(request, done, words, again=again, back=back, number=number)


def _tell_unblocked(request: PageRequest, number: str, done: Done) -> None:
    words = {"number": spell(number), "list": short(done.list.name)}
    match done.outcome:
        case AlreadyDone() if not done.left:
            messages.info(request, _("%(number)s is no longer in “%(list)s”.") % words)
        case Confirmed() as outcome:
            taken = _("%(number)s is removed from “%(list)s”.")
            if done.left:
                taken = _("%(number)s is removed from the chosen contacts of “%(list)s”.")
            tell_confirmed(request, taken % words, outcome.entry)
            tell_differences(request, outcome)
    if done.left:
        words["names"] = names(done.left)
        messages.warning(request, _("%(number)s is still in “%(list)s”: %(names)s.") % words)

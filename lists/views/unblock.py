"""Taking a number from contacts where a lookup found it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..forms.unblock import Place, UnblockForm, places_as
from ..names import isolated
from ..phones import spell
from ..services import blocking
from ..services.blocking import Done
from ..wording.contacts import names
from ..wording.outcomes import Words
from ..writing.outcomes import AlreadyDone, Confirmed
from .list_outcomes import failed_in, outcomes_of
from .page import render_page
from .signed_out import keeps_typed, typed
from .telling import tell_confirmed, tell_differences

MOST_TOASTS = 3  # more outcomes than that get a page


@dataclass(frozen=True, slots=True)
class Offered:
    """A contact that may lose the number."""

    place: Place
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def unblock(request: PageRequest, *, by: Connection) -> HttpResponse:
    """What a lookup found is offered first; only `confirm` writes. Opened without, it leads there."""
    form = UnblockForm(typed(request) or QueryDict())
    number = form.data.get("number") or request.GET.get("number", "")
    lookup_url = reverse("lookup", query={"number": number})
    is_valid, confirmed = form.is_valid(), "confirm" in request.POST
    if "number" not in form.cleaned_data or not form.offered:
        return redirect(lookup_url)
    if not (is_valid and confirmed):
        return _offer(request, form, lookup_url, confirmed=confirmed)
    number = form.cleaned_data["number"]
    done = blocking.unblock(form.intents, by=by)
    if len(done) <= MOST_TOASTS and all(one.is_confirmed for one in done):
        for one in done:
            _tell_unblocked(request, number, one)
        return redirect(lookup_url)
    failed = {entry.id for entry in failed_in(done)}
    rest = [p for p in form.offered.values() if p.list.id in failed and p.value in form.chosen]
    again = [
        *(("number", number), ("offered", places_as(rest))),
        *(("contact", place.value) for place in rest),
    ]
    words = Words(_("was not there any more"), _("removed"))
    return outcomes_of(request, done, words, again=again, back=lookup_url, number=number)


def _offer(
    request: PageRequest, form: UnblockForm, lookup_url: str, *, confirmed: bool
) -> HttpResponse:
    """Which contacts may lose the number, and what each would keep."""
    number = form.cleaned_data["number"]
    is_first = "confirm" not in form.data
    places = [
        Offered(place, is_chosen=is_first or value in form.chosen)
        for value, place in form.offered.items()
    ]
    context = {"form": form, "number": number, "places": places, "lookup_url": lookup_url}
    context["offered"] = places_as(form.offered.values())
    context["failed"] = confirmed
    return render_page(request, "unblock.html", context, status=422 if confirmed else 200)


def _tell_unblocked(request: PageRequest, number: str, done: Done) -> None:
    words = {"number": spell(number), "list": isolated(done.list.name)}
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

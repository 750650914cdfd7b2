"""Deciding a request: accepting it, on its page or in its row of the queue, and declining it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from ..access import PageRequest, connected, managers_only
from ..conflicts import Conflict
from ..connection import Connection
from ..forms.block import BlockForm
from ..forms.requests import DeclineForm
from ..forms.unblock import MOST_PLACES, UnblockForm, place_of, places_as
from ..models import BlockRequest
from ..services import catalogue, deciding, requests
from ..services.deciding import Acceptance
from ..services.requests import Kind, State, Taken
from ..wording.outcomes import Tone, Words
from . import blocking, unblocking
from .list_outcomes import line_of_list
from .page import render_page, wants_piece
from .request_line import MOST_NUMBERS, line_of, request_or_404, taken
from .signed_out import keeps_typed, typed


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def accept(request: PageRequest, request_id: int, *, by: Connection) -> HttpResponse:
    """Blocking or unblocking, with what was asked for filled in: looked at, changed perhaps, confirmed."""
    asked = request_or_404(request, request_id)
    if asked.state != State.OPEN:
        return taken(request, asked)
    accept_kind = _accept_unblock if asked.kind == Kind.UNBLOCK else _accept_block
    try:
        return accept_kind(request, asked, by)
    except Taken as error:
        return taken(request, error.asked)


def _accept_block(request: PageRequest, asked: BlockRequest, by: Connection) -> HttpResponse:
    lists, last = blocking.offered_lists(request, by)
    sent = typed(request)
    if sent is None and asked.list_id is None:
        initial = {"numbers": asked.numbers, "name": asked.reason, "list": last}
        context = {"form": BlockForm(lists=lists, initial=initial), "asked": asked}
        return render_page(request, blocking.TEMPLATE, context)
    form = BlockForm(sent or _as_typed(asked), lists=lists)
    plans = blocking.agreed(request, form)
    if plans is None:
        return blocking.preview(request, form, by=by, asked=asked)
    accepted = deciding.accept(asked, form.contact, plans, by=by)
    _warn_if_open(request, asked, accepted)
    return blocking.report(request, form, accepted.done, by=by, asked=asked)


def _accept_unblock(request: PageRequest, asked: BlockRequest, by: Connection) -> HttpResponse:
    """The page carries along where the number was found; one that does not is looked up for first."""
    sent = (typed(request) or QueryDict()).copy()
    sent["number"] = asked.numbers
    form, confirmed = UnblockForm(sent), "confirm" in request.POST
    if form.is_valid() and confirmed:
        chosen = form.intents
        spared = [place.list for place in form.offered.values() if place.list not in chosen]
        accepted = deciding.accept_unblock(asked, chosen, spared, by=by)
        _warn_if_open(request, asked, accepted)
        return unblocking.report(request, form, accepted.done, back=reverse("requests"))
    if form.offered:
        return unblocking.offer(request, form, back=reverse("requests"), asked=asked)
    scan = deciding.places_of(asked.numbers, by=by)
    is_nowhere = scan.is_complete and not (scan.hits or scan.possible)
    if is_nowhere and confirmed:
        deciding.accept_unblock(asked, {}, [], by=by)
        closed = _("Request no. %(id)s is closed: the number is no longer in any list.")
        messages.success(request, closed % {"id": asked.pk})
        return redirect("requests")
    sent.pop("confirm", None)
    found = (place_of(hit.list, hit.contact, asked.numbers) for hit in scan.hits[:MOST_PLACES])
    sent["offered"] = places_as(found)
    form = UnblockForm(sent)
    return unblocking.offer(
        request, form, back=reverse("requests"), asked=asked, scan=scan, has_changed=confirmed
    )


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def accept_here(request: PageRequest, request_id: int, *, by: Connection) -> HttpResponse:
    """Accepting a block that conflicts with nothing, in its row: looked at, then confirmed. Anything else
    leads to the page, and so does opening this without htmx."""
    asked = request_or_404(request, request_id)
    if not wants_piece(request):
        return redirect("request-accept", asked.pk)
    if asked.state != State.OPEN:
        return _row(request, asked, status=409)
    if asked.kind != Kind.BLOCK or asked.list_id is None:
        return redirect("request-accept", asked.pk)
    if request.method == "POST":
        return _confirmed_here(request, asked, by)
    form = BlockForm(_as_typed(asked), lists=catalogue.lists_of(by))
    looked = blocking.look(form, by=by) if form.is_valid() else None
    if looked and _conflicts_with_nothing(looked):
        return _row(request, asked, form=form, **looked)
    return redirect("request-accept", asked.pk)


def _conflicts_with_nothing(looked: dict[str, Any]) -> bool:
    """Whether a row has room for all that is to be said: new and certain numbers, in a list that blocks."""
    lines = looked["lines"]
    return (
        not (looked["unread"] or looked["faults"] or looked["only_white"])
        and len(lines) <= MOST_NUMBERS
        and all(
            line.is_new and not (line.hits or line.possible or line.number.is_doubtful)
            for line in lines
        )
    )


def _confirmed_here(request: PageRequest, asked: BlockRequest, by: Connection) -> HttpResponse:
    form = BlockForm(request.POST, lists=catalogue.lists_of(by))
    plans = blocking.agreed(request, form)
    if plans is None or len(plans) > 1:
        return _to_its_page(request, asked)
    try:
        accepted = deciding.accept(asked, form.contact, plans, by=by)
    except Taken as error:
        messages.warning(
            request, _("Somebody else has already taken this request. Nothing was sent.")
        )
        return _row(request, error.asked, status=409)
    _warn_if_open(request, asked, accepted)
    (done,) = accepted.done
    if isinstance(done.error, Conflict):
        return _to_its_page(request, asked)
    asked.refresh_from_db()
    if not done.is_confirmed:
        outcome = line_of_list(done, Words(_("already in the list")))
        status = 202 if outcome.kind == Tone.UNKNOWN else 207
        return _row(request, asked, outcome=outcome, status=status)
    blocking.tell_blocked(request, form, done)
    row = _row(request, asked, total=requests.queue(by=request.user).count())
    return trigger_client_event(row, "requests-changed")


def _to_its_page(request: PageRequest, asked: BlockRequest) -> HttpResponse:
    """What was confirmed is not what would happen now."""
    messages.warning(request, _("Nothing was sent: the lists have changed. Check again."))
    return redirect("request-accept", asked.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@keeps_typed
def decline(request: PageRequest, request_id: int) -> HttpResponse:
    asked = request_or_404(request, request_id)
    if asked.state != State.OPEN:
        return taken(request, asked)
    form = DeclineForm(typed(request))
    context: dict[str, Any] = {"form": form, "line": line_of(request, asked)}
    if request.method != "POST":
        return render_page(request, "request_decline.html", context)
    if not form.is_valid():
        return render_page(request, "request_decline.html", context, status=422)
    try:
        deciding.decline(asked, form.cleaned_data["why"], by=request.user)
    except Taken as error:
        return taken(request, error.asked)
    messages.success(request, _("Request no. %(id)s is declined.") % {"id": asked.pk})
    return redirect("requests")


def _row(
    request: PageRequest, asked: BlockRequest, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"line": line_of(request, asked), "is_swapped": True, **more}
    return render_page(request, "requests.html", context, piece="row", status=status)


def _warn_if_open(request: PageRequest, asked: BlockRequest, accepted: Acceptance) -> None:
    if not accepted.is_noted:
        still_open = _(
            "Request no. %(id)s could not be closed and is still open: accept it once more."
        )
        messages.warning(request, still_open % {"id": asked.pk})


def _as_typed(asked: BlockRequest) -> QueryDict:
    """The request as the form for blocking would send it."""
    fields = QueryDict(mutable=True)
    fields.update({"numbers": asked.numbers, "name": asked.reason, "list": str(asked.list_id)})
    return fields

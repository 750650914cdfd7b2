"""The journal: what was changed, by whom, and undoing it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import PageRequest, connected, managers_only
from ..changes import Conflict
from ..forms.journal import ACTIONS, JournalForm
from ..models import JournalEntry, Outcome
from ..plusofon.client import Plusofon
from ..plusofon.values import Contact, ContactList
from ..services import history, journal, settling, undoing
from ..services.history import Filters
from ..services.outcomes import Confirmed, Created, Unknown
from .history import lines, sentence
from .page import page_number, render_page
from .preferences import local_url
from .sentences import outcome_name, tell_confirmed, tell_differences
from .spreadsheet import csv_answer

PER_PAGE = 50


@require_safe
def index(request: PageRequest) -> HttpResponse:
    form = _form(request)
    number = page_number(request)
    context: dict[str, Any] = {"form": form, "number": number, "last": 1, "total": 0}
    if not form.is_valid():
        return render_page(request, "journal.html", context, status=422)
    filters = _filters(form)
    found = history.entries(filters, by=request.user)
    total = history.total(filters, by=request.user)
    first = (number - 1) * PER_PAGE
    may_change = request.user.has_perm("lists.change_lists")
    context |= {
        "lines": lines(found[first : first + PER_PAGE], may_change=may_change),
        "total": total,
        "last": max(1, -(-total // PER_PAGE)),
        "query": request.GET.urlencode(),
    }
    return render_page(request, "journal.html", context)


@require_safe
def export(request: PageRequest) -> HttpResponse | StreamingHttpResponse:
    """The same entries as CSV."""
    form = _form(request)
    if not form.is_valid():
        return render_page(request, "journal.html", {"form": form, "total": 0}, status=422)
    found = history.entries(_filters(form), by=request.user)
    return csv_answer(_table(found), filename="journal.csv")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def undo(request: PageRequest, entry_id: int, *, api: Plusofon) -> HttpResponse:
    """The inverse change, through the same write. Opened without pressing, it leads to the journal."""
    if request.method != "POST":
        return redirect("journal")
    entry = _entry(request, entry_id)
    try:
        outcome = undoing.undo(entry, api=api, by=request.user)
    except undoing.NotConfirmed:
        return _cannot(request, entry, 409)
    except Conflict as conflict:
        return _cannot(request, entry, 409, theirs=conflict.theirs, conflict=True)
    match outcome:
        case Unknown():
            messages.warning(
                request,
                _("It is not known whether this was undone. Check again in the journal."),
            )
            return redirect("journal")
        case Created(list=None):
            messages.info(request, _("This list was brought back already."))
        case Created():
            sentence = _("The list is back, with its contacts. Its number is new: %(id)s.")
            tell_confirmed(request, sentence % {"id": outcome.id}, outcome.entry)
        case Confirmed(entry=None):
            messages.info(request, _("There is nothing to undo: all is as it was before."))
        case _:
            assert outcome.entry is not None
            tell_confirmed(request, _("Undone."), outcome.entry)
    if isinstance(outcome, Confirmed):
        tell_differences(request, outcome)
    if isinstance(outcome, Created):
        return redirect("list", outcome.id)
    return redirect(local_url(request, request.POST.get("next", ""), "/journal/"))


@require_POST
@connected
def check(request: PageRequest, entry_id: int, *, api: Plusofon) -> HttpResponse:
    """Find out by reading what became of a write: into the notice that asks, or on its own page."""
    entry = _entry(request, entry_id)
    if entry.outcome == Outcome.UNKNOWN or journal.is_left_over(entry):
        settling.settle(entry, api=api)
    context = {"entry": entry, "sentence": sentence(entry), "outcome": outcome_name(entry)}
    return render_page(request, "journal_check.html", context, piece="checked")


def _entry(request: PageRequest, entry_id: int) -> JournalEntry:
    entry = history.entry_of(entry_id, by=request.user)
    # Of a request nothing was sent: nothing can be undone or is unknown.
    if entry is None or not entry.action or entry.request_id:
        raise Http404
    return entry


def _cannot(
    request: PageRequest,
    entry: JournalEntry,
    status: int,
    *,
    theirs: Contact | ContactList | str | None = None,
    conflict: bool = False,
) -> HttpResponse:
    context = {
        "entry": entry,
        "sentence": sentence(entry),
        "outcome": outcome_name(entry),
        "conflict": conflict,
        "their_contact": theirs if isinstance(theirs, Contact) else None,
        "their_list": theirs if isinstance(theirs, ContactList) else None,
        "their_text": theirs if isinstance(theirs, str) else "",
    }
    return render_page(request, "journal_cannot.html", context, status=status)


def _form(request: PageRequest) -> JournalForm:
    by = request.user
    return JournalForm(
        request.GET, people=history.people(by=by), lists=history.lists(by=by), auto_id="journal-%s"
    )


def _filters(form: JournalForm) -> Filters:
    asked = form.cleaned_data
    return Filters(
        person=asked["person"],
        list_id=asked["list"],
        number=asked["number"],
        action=asked["action"],
        day=asked["day"],
    )


def _table(entries: QuerySet[JournalEntry]) -> Iterator[Iterable[object]]:
    yield (
        *(_("No."), _("When"), _("Who"), _("What"), _("List"), _("In words"), _("Outcome")),
        *(_("Plusofon says"), _("Undoes")),
    )
    for entry in entries.iterator(chunk_size=500):
        yield (
            entry.pk,
            timezone.localtime(entry.started_at).strftime("%Y-%m-%d %H:%M:%S"),
            entry.username,
            ACTIONS[entry.action],
            f"{entry.list_name} · {entry.list_id}",
            sentence(entry),
            outcome_name(entry),
            entry.words,
            entry.undoes_id or "",
        )

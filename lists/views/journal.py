"""The journal: what was changed, by whom, and undoing it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import PageRequest, connected, managers_only
from ..conflicts import Conflict
from ..connection import Connection
from ..forms.journal import JournalForm, is_name
from ..models import HOLDING, JournalEntry, Outcome
from ..names import short
from ..services import history, operations
from ..services.history import Filters
from ..wording.journal import ACTIONS, sentence
from ..wording.outcomes import outcome_name
from ..writing import lease, reconciling, undoing
from ..writing.entries import state_digest
from ..writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    ChangeOutcome,
    Confirmed,
    Created,
    CreateOutcome,
    DeleteOutcome,
    InDoubt,
    Unknown,
)
from .journal_lines import lines
from .operation_lines import undo_whole
from .page import page_number, render_page
from .redirects import local_url
from .spreadsheet import CSV, XLSX, table_answer
from .telling import tell_confirmed, tell_differences, tell_not_saved

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
    total = found.count()
    first = (number - 1) * PER_PAGE
    may_change = request.user.has_perm("lists.change_lists")
    context |= {
        "lines": lines(found[first : first + PER_PAGE], may_change=may_change),
        "total": total,
        "last": max(1, -(-total // PER_PAGE)),
        "query": request.GET.urlencode(),
        "periods": _periods(),
    }
    return render_page(request, "journal.html", context)


@require_safe
def export(request: PageRequest) -> HttpResponseBase:
    """The same entries as CSV."""
    return _exported(request, CSV)


@require_safe
def export_xlsx(request: PageRequest) -> HttpResponseBase:
    """The same entries as a workbook."""
    return _exported(request, XLSX)


def _exported(request: PageRequest, kind: str) -> HttpResponseBase:
    form = _form(request)
    if not form.is_valid():
        return render_page(request, "journal.html", {"form": form, "total": 0}, status=422)
    found = history.entries(_filters(form), by=request.user)
    return table_answer(_table(found), kind=kind, name=_("Journal"))


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def undo(request: PageRequest, entry_id: int, *, by: Connection) -> HttpResponse:
    """The inverse change, through the same write. Opened without pressing, it leads to the journal."""
    if request.method != "POST":
        return redirect("journal")
    entry = _entry(request, entry_id)
    if _has_changed(request, entry):
        return _cannot(request, entry, has_changed=True)
    if whole := operations.whole_of(entry):
        return undo_whole(request, whole, by=by)
    try:
        outcome = undoing.undo(entry, by=by)
    except undoing.NotConfirmed:
        return _cannot(request, entry)
    except Conflict as conflict:
        return _cannot(request, entry, conflict=conflict)
    return _done(request, outcome, _("Change undone."))


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def repeat(request: PageRequest, entry_id: int, *, by: Connection) -> HttpResponse:
    """What a late write has overwritten, done again."""
    if request.method != "POST":
        return redirect("journal")
    entry = _entry(request, entry_id)
    try:
        outcome = undoing.repeat(entry, by=by)
    except undoing.NotOverwritten:
        return _cannot(request, entry)
    except Conflict as conflict:
        return _cannot(request, entry, conflict=conflict)
    return _done(request, outcome, _("Change repeated."))


def _done(
    request: PageRequest,
    outcome: ChangeOutcome | CreateOutcome | DeleteOutcome,
    sentence: str,
) -> HttpResponse:
    back = local_url(request, request.POST.get("next", ""), reverse("journal"))
    match outcome:
        case InDoubt(entry=entry):
            return _checked(request, entry, status=202)
        case Unknown():
            unseen = _("We could not find out whether this was undone. Check again in the journal.")
            messages.warning(request, unseen)
            return redirect("journal")
        case AlreadyCreated(list_id):
            messages.info(request, _("This list has already been brought back."))
            return redirect("list", list_id)
        case Created(found):
            _tell_restored(request, outcome)
            return redirect("list", found.id)
        case AlreadyDone():
            messages.info(request, _("Nothing to undo: everything is already as it was."))
        case Confirmed(entry=entry):
            tell_confirmed(request, sentence, entry)
            tell_differences(request, outcome)
        case deleted:
            tell_confirmed(request, sentence, deleted.entry)
    return redirect(back)


def _tell_restored(request: PageRequest, outcome: Created) -> None:
    words = {"id": outcome.list.id}
    if outcome.differs is None:
        back = _("The list is back with its contacts. Its new number: %(id)s.")
        tell_confirmed(request, back % words, outcome.entry)
        return
    back = _("The list is back, but not with all of its contacts. Its new number: %(id)s.")
    tell_confirmed(request, back % words, outcome.entry)
    tell_not_saved(request, outcome)


@require_http_methods(["GET", "HEAD", "POST"])
@connected
def check(request: PageRequest, entry_id: int, *, by: Connection) -> HttpResponse:
    """Find out by reading what became of a write: into the notice that asks, or on its own page.
    Opened without pressing, it leads to the journal."""
    if request.method != "POST":
        return redirect("journal")
    entry = _entry(request, entry_id)
    if entry.outcome == Outcome.UNKNOWN or lease.is_in_doubt(entry):
        reconciling.settle(entry, by=by)
    return _checked(request, entry)


def _checked(request: PageRequest, entry: JournalEntry, *, status: int = 200) -> HttpResponse:
    """What is known of a write by now; one that may still land is looked at again by itself."""
    context: dict[str, Any] = {"entry": entry, "sentence": sentence(entry)}
    context["outcome"] = outcome_name(entry)
    if entry.outcome in HOLDING:
        context["until"] = lease.frees_at(entry)
    return render_page(request, "journal_check.html", context, piece="checked", status=status)


def _entry(request: PageRequest, entry_id: int) -> JournalEntry:
    entry = history.entry_of(entry_id, by=request.user)
    # Of a request nothing was sent: nothing can be undone or is unknown.
    if entry is None or entry.outcome == Outcome.LOCKED or entry.request_id:
        raise Http404
    return entry


def _has_changed(request: PageRequest, entry: JournalEntry) -> bool:
    """Whether the entry is another than the one that the person saw beside the button."""
    seen = request.POST.get("seen", "")
    return bool(seen) and seen != state_digest(entry)


def _cannot(
    request: PageRequest,
    entry: JournalEntry,
    *,
    conflict: Conflict | None = None,
    has_changed: bool = False,
) -> HttpResponse:
    context = {
        "entry": entry,
        "sentence": sentence(entry),
        "outcome": outcome_name(entry),
        "conflict": conflict,
        "kind": type(conflict).__name__,
        "has_changed": has_changed,
        "may_undo": entry.outcome == Outcome.CONFIRMED and not entry.overwritten_by_id,
    }
    return render_page(request, "journal_cannot.html", context, status=409)


@dataclass(frozen=True, slots=True)
class Period:
    """The last days, today included."""

    words: str
    since: str


def _periods() -> list[Period]:
    today = timezone.localdate()
    return [
        Period(_("Today"), today.isoformat()),
        Period(_("7 days"), (today - timedelta(days=6)).isoformat()),
        Period(_("A month"), (today - timedelta(days=30)).isoformat()),
    ]


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
        **{"name" if is_name(asked["number"]) else "number": asked["number"]},
        action=asked["action"],
        outcome=asked["outcome"],
        since=asked["since"],
        until=asked["until"],
    )


def _table(entries: QuerySet[JournalEntry]) -> Iterator[Iterable[object]]:
    yield (
        *(_("No."), _("When"), _("Who"), _("Action"), _("List"), _("Description"), _("Result")),
        *(_("Plusofon says"), _("Undoes")),
    )
    for entry in entries.iterator(chunk_size=500):
        yield (
            entry.pk,
            timezone.localtime(entry.started_at).strftime("%Y-%m-%d %H:%M:%S"),
            entry.username,
            ACTIONS[entry.action],
            f"{short(entry.list_name)} · {entry.list_id}" if entry.list_id else "",
            sentence(entry),
            outcome_name(entry),
            entry.words,
            entry.undoes_id or "",
        )

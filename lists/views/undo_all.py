"""Undoing several changes that were made one after the other, with one press."""

import re

from django.contrib import messages
from django.db import Error as DatabaseTrouble
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..conflicts import Conflict
from ..connection import Connection
from ..models import JournalEntry
from ..plusofon.errors import PlusofonError
from ..plusofon.values import ID
from ..services import history, operations
from ..wording.errors import failure_of
from ..wording.journal import sentence
from ..writing import undoing
from ..writing.entries import state_digest
from ..writing.outcomes import Confirmed, InDoubt, Unknown
from .redirects import local_url
from .telling import tell_differences

MOST_AT_ONCE = 20  # each is read, written and read back


class _Unseen(Exception):
    """Nobody knows whether it was undone."""


class _Stopped(Exception):
    """What comes after it would fail as well, or wait for its lock."""


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def undo_all(request: PageRequest, *, by: Connection) -> HttpResponse:
    """The last change first. One that has become another since keeps none of the others; where Plusofon
    fails the rest is left, and told. Opened without pressing, it leads to the journal."""
    if request.method != "POST":
        return redirect("journal")
    left = _entries(request)
    undone = 0
    try:
        while left and undone < MOST_AT_ONCE:
            undone += _is_undone(request, *left.pop(), by=by)
    except _Stopped:
        pass
    if left:
        rest = _("Not undone yet: %(count)s. They are in the journal.")
        messages.warning(request, rest % {"count": len(left)})
    if undone:
        messages.success(request, _("Undone: %(count)s.") % {"count": undone})
    return redirect(local_url(request, request.POST.get("next", ""), reverse("journal")))


def _is_undone(request: PageRequest, entry: JournalEntry, seen: str, *, by: Connection) -> bool:
    """What keeps it from being undone is told. Raises `_Stopped`."""
    words = {"what": sentence(entry)}
    try:
        outcome = _undo(entry, seen, by=by)
    except (undoing.NotConfirmed, Conflict):
        changed = _("Not undone: %(what)s. It has changed since.")
        messages.warning(request, changed % words)
        return False
    except _Unseen as unseen:
        unknown = _(
            "We could not find out whether this was undone: %(what)s. Check it in the journal."
        )
        messages.warning(request, unknown % words)
        raise _Stopped from unseen
    except (PlusofonError, DatabaseTrouble) as error:
        failed = _("Not undone: %(what)s. %(why)s.")
        messages.warning(request, failed % {**words, "why": failure_of(error).title})
        raise _Stopped from error
    if isinstance(outcome, Confirmed):
        tell_differences(request, outcome)
    return True


def _entries(request: PageRequest) -> list[tuple[JournalEntry, str]]:
    """The entries that are named as `id-state`, the oldest first, with the state that was seen."""
    named = (text.partition("-") for text in request.POST.getlist("entry"))
    seen = {int(entry_id): state for entry_id, _dash, state in named if re.fullmatch(ID, entry_id)}
    entries = (history.entry_of(entry_id, by=request.user) for entry_id in sorted(seen))
    return [(entry, seen[entry.pk]) for entry in entries if entry and not entry.request_id]


def _undo(entry: JournalEntry, seen: str, *, by: Connection) -> object:
    if state_digest(entry) != seen or operations.whole_of(entry):
        raise undoing.NotConfirmed
    outcome = undoing.undo(entry, by=by)
    if isinstance(outcome, InDoubt | Unknown):
        raise _Unseen
    return outcome

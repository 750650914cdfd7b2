"""An act over several lists: its page, and going on with what is not done."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..models import Operation
from ..services import history
from .operation_lines import carried_out, page_of


@require_safe
def page(request: PageRequest, entry_id: int) -> HttpResponse:
    """What became of each list, as the journal knows it."""
    return page_of(request, _operation(request, entry_id))


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def go_on(request: PageRequest, entry_id: int, *, by: Connection) -> HttpResponse:
    """Exactly what is not confirmed, once more. Opened without pressing, it leads to the page."""
    if request.method != "POST":
        return redirect("operation", entry_id)
    whole = _operation(request, entry_id)
    return carried_out(request, whole, told=_("Done in all lists."), by=by)


def _operation(request: PageRequest, entry_id: int) -> Operation:
    entry = history.entry_of(entry_id, by=request.user)
    if entry is None or not hasattr(entry, "operation"):
        raise Http404
    return entry.operation

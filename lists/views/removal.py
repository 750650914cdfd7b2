"""Removing a contact from its list: asked first, then done."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..conflicts import ContactChanged
from ..connection import Connection
from ..forms.contacts import RemovalForm
from ..names import isolated
from ..sameness import contact_key, find_contact
from ..writing.outcomes import AlreadyDone, Confirmed, Unseen
from ..writing.write import write
from .journal_lines import lines_of_list
from .page import render_page, wants_piece
from .redirects import query_behind
from .table import contact_gone, table_of, view_of
from .telling import tell_confirmed, tell_differences, tell_gone, tell_still_there

TEMPLATE = "lists/contact_delete.html"


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def remove(request: PageRequest, list_id: int, key: str, *, by: Connection) -> HttpResponse:
    context: dict[str, Any] = {"list_id": list_id, "key": key}
    if request.method != "POST":
        found = by.api.get_list(list_id)
        contact = find_contact(found.contacts, key)
        if contact is None:
            return contact_gone(request, found)
        form = RemovalForm(key=key, contact=contact)
        context |= {"list": found, "contact": contact, "form": form}
        return render_page(request, TEMPLATE, context, piece="dialog")
    form = RemovalForm(request.POST, key=key)
    form.is_valid()
    try:
        outcome = write(form.removal, list_id, by=by)
    except ContactChanged as conflict:
        theirs, key = conflict.theirs, contact_key(conflict.theirs)
        form = RemovalForm(key=key, contact=theirs)
        context |= {"theirs": theirs, "trace": conflict.trace, "contact": theirs}
        context |= {"key": key, "form": form}
        return render_page(request, TEMPLATE, context, piece="dialog", status=409)
    if isinstance(outcome, Unseen):
        context |= {"unknown": outcome, "contact": form.before}
        return render_page(request, TEMPLATE, context, piece="dialog", status=202)
    return _removed(request, outcome, form)


def _removed(
    request: PageRequest, outcome: Confirmed | AlreadyDone, form: RemovalForm
) -> HttpResponse:
    found = outcome.list
    match outcome:
        case Confirmed(entry=entry, change=change):
            (removed,) = (c.before for c in change.contacts if c.before)
            sentence = _("“%(name)s” is removed from the list.") % {"name": isolated(removed.name)}
            tell_confirmed(request, sentence, entry)
            tell_still_there(request, removed.phones, found)
            tell_differences(request, outcome)
        case AlreadyDone(trace=trace):
            tell_gone(request, trace)
            if form.before:
                tell_still_there(request, form.before.phones, found)
    if not wants_piece(request):
        return redirect("list", found.id)
    # What is shown of the list, and where the links of its pager lead.
    request.GET = query_behind(request)  # type: ignore[assignment] # as immutable as it was
    view = view_of(request)
    context = table_of(found, view)
    if not context["rows"]:  # the last one of its page
        context = table_of(found, replace(view, page=min(view.page, context["slice"].last)))
        context["is_emptied"] = True
    context |= {"key": form.key, "lines": lines_of_list(request, found.id)}
    context["is_written"] = isinstance(outcome, Confirmed)
    return render_page(request, TEMPLATE, context, piece="removed")

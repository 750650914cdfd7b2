"""One list: the page of its contacts, and a row of it."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..connection import Connection
from ..plusofon.values import Contact, ContactList
from ..sameness import find_contact
from ..services.outside import changed_outside
from .journal_lines import lines_of_list
from .page import render_page, wants_piece
from .table import TEMPLATE, address_of, contact_gone, rows_of, table_of, view_of

WHOLE = "all"


@require_safe
@connected
def page(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponse:
    """With `page=all` every contact at once, to be printed and read: nothing there is for changing."""
    asked_at = timezone.now()
    found = by.api.get_list(list_id)
    view = replace(view_of(request), is_whole=request.GET.get("page") == WHOLE)
    context = table_of(found, view)
    if view.is_whole:
        context["may_change"] = False
    elif not wants_piece(request):
        context["lines"] = lines_of_list(request, list_id)
        context["outside"] = changed_outside(found, asked_at=asked_at)
    return render_page(request, TEMPLATE, context, piece="contacts")


@require_safe
@connected
def row(request: PageRequest, list_id: int, key: str, *, by: Connection) -> HttpResponse:
    """A row as it stands: where "cancel" leads."""
    found = by.api.get_list(list_id)
    contact = find_contact(found.contacts, key)
    if contact is None:
        return contact_gone(request, found)
    if not wants_piece(request):
        return redirect(address_of(found, contact))
    return _row(request, found, contact)


def _row(request: PageRequest, found: ContactList, contact: Contact) -> HttpResponse:
    context = {
        "list": found,
        "list_id": found.id,
        "row": next(rows_of(found.id, [contact])),
        "focus": True,
    }
    return render_page(request, TEMPLATE, context, piece="row")

"""Adding a contact to a list, and editing one where it stands."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..conflicts import ContactChanged, ContactGone
from ..connection import Connection
from ..forms.contacts import ContactForm
from ..forms.seen import with_seen
from ..names import isolated
from ..plusofon.values import Contact, ContactList
from ..sameness import contact_key, find_contact, stored_form
from ..writing import outcomes
from ..writing.outcomes import AlreadyDone, Confirmed, Unseen
from ..writing.write import write
from .journal_lines import lines_of_list
from .page import render_page, wants_piece
from .signed_out import keeps_typed, typed
from .table import TEMPLATE, View, address_of, contact_gone, page_of, rows_of, table_of
from .telling import (
    show_problems,
    tell_confirmed,
    tell_differences,
    tell_repeated,
    tell_still_there,
)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def new(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponse:
    form = ContactForm(typed(request))
    if request.method != "POST":
        return _form(request, list_id, form, _list_behind(request, list_id, by=by))
    if "preview" in request.POST:
        return _preview(request, list_id, form, _list_behind(request, list_id, by=by))
    if not form.is_valid():
        return _form(request, list_id, form, _list_behind(request, list_id, by=by), status=422)
    try:
        outcome = write(form.addition, list_id, by=by)
    except outcomes.ListInvalid as error:
        show_problems(error, form, form.contact)
        return _form(request, list_id, form, _list_behind(request, list_id, by=by), status=422)
    if isinstance(outcome, Unseen):
        return _form(request, list_id, form, None, status=202, unknown=outcome)
    return _added(request, outcome, form)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def edit(request: PageRequest, list_id: int, key: str, *, by: Connection) -> HttpResponse:
    if request.method != "POST":
        return _open(request, key, by.api.get_list(list_id))
    form = ContactForm(request.POST, key=key)
    if "preview" in request.POST:
        return _preview(request, list_id, form, _list_behind(request, list_id, by=by))
    if not form.is_valid():
        return _form(request, list_id, form, _list_behind(request, list_id, by=by), status=422)
    try:
        outcome = write(form.edit, list_id, by=by)
    except ContactChanged as conflict:
        return _changed(request, form, conflict, list_id, _list_behind(request, list_id, by=by))
    except ContactGone as conflict:
        found = _list_behind(request, list_id, by=by)
        context = {"gone": True, "trace": conflict.trace}
        return _form(request, list_id, form, found, status=404, **context)
    except outcomes.ListInvalid as error:
        show_problems(error, form, form.contact)
        return _form(request, list_id, form, _list_behind(request, list_id, by=by), status=422)
    if isinstance(outcome, Unseen):
        return _form(request, list_id, form, None, status=202, unknown=outcome)
    return _edited(request, outcome, form)


def _list_behind(request: PageRequest, list_id: int, *, by: Connection) -> ContactList | None:
    """The list around the form, for a whole page; not asked for where htmx wants the form alone."""
    return None if wants_piece(request) else by.api.get_list(list_id)


def _open(request: PageRequest, key: str, found: ContactList) -> HttpResponse:
    contact = find_contact(found.contacts, key)
    form = ContactForm(typed(request), key=key, contact=contact)
    # Of a contact that changed meanwhile, the save tells more than this page could.
    if contact is None and not form.is_bound:
        return contact_gone(request, found)
    return _form(request, found.id, form, found)


def _added(
    request: PageRequest, outcome: Confirmed | AlreadyDone, form: ContactForm
) -> HttpResponse:
    name = {"name": isolated(form.contact.name)}
    match outcome:
        case Confirmed(entry=entry):
            tell_confirmed(request, _("“%(name)s” is added.") % name, entry)
            return _saved(request, outcome, form, form.contact, piece="added")
        case AlreadyDone():
            there = _("“%(name)s” with these numbers is already in the list.")
            messages.info(request, there % name)
            return _saved(request, outcome, form, form.contact, piece="add_form")


def _edited(
    request: PageRequest, outcome: Confirmed | AlreadyDone, form: ContactForm
) -> HttpResponse:
    name = {"name": isolated(form.contact.name)}
    match outcome:
        case Confirmed(found, entry, change):
            (changed,) = change.contacts
            assert changed.before is not None
            assert changed.after is not None
            tell_confirmed(request, _("“%(name)s” is changed.") % name, entry)
            kept = set(changed.after.phones)
            lost = [phone for phone in changed.before.phones if phone not in kept]
            tell_still_there(request, lost, found)
            return _saved(request, outcome, form, changed.after, piece="saved")
        case AlreadyDone(found):
            same = _("Nothing to change: “%(name)s” already looks like this.")
            messages.info(request, same % name)
            after = form.edit.after(form.before or find_contact(found.contacts, form.key))
            return _saved(request, outcome, form, after, piece="saved")


def _changed(
    request: PageRequest,
    form: ContactForm,
    conflict: ContactChanged,
    list_id: int,
    found: ContactList | None,
) -> HttpResponse:
    """Theirs beside yours, and yours still in the form: saved again, it replaces theirs."""
    key = contact_key(conflict.theirs)
    on_theirs = ContactForm(with_seen(request.POST, conflict.theirs), key=key)
    context = {"theirs": conflict.theirs, "trace": conflict.trace, "mine": form.contact}
    return _form(request, list_id, on_theirs, found, status=409, **context)


def _form(
    request: PageRequest,
    list_id: int,
    form: ContactForm,
    found: ContactList | None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """The row as a form; without htmx the whole list around it, open at that row. `found`: that list, or
    None where it was just read in vain: asked for again, its failure would hide that something was sent."""
    context |= {
        "form": form,
        "list_id": list_id,
        "open_key": form.key,
        "open_id": f"contact-{form.key}",
    }
    piece = "row_form" if form.key else "add_form"
    if not wants_piece(request):
        context |= _around(form, found) if found else {"list": None, "rows": []}
        context["lines"] = lines_of_list(request, list_id)
    return render_page(request, TEMPLATE, context, piece=piece, status=status)


def _around(form: ContactForm, found: ContactList) -> dict[str, Any]:
    """The page of the list on which the open row stands."""
    page = page_of(found, form.before) if form.before in found.contacts else 1
    table = table_of(found, View(page=page))
    return {**table, "open_is_shown": any(row.key == form.key for row in table["rows"])}


def _preview(
    request: PageRequest, list_id: int, form: ContactForm, found: ContactList | None
) -> HttpResponse:
    """What the numbers will be stored as."""
    form.is_valid()
    if wants_piece(request):
        return render_page(request, TEMPLATE, {"form": form}, piece="numbers")
    return _form(request, list_id, form, found)


def _saved(
    request: PageRequest,
    outcome: Confirmed | AlreadyDone,
    form: ContactForm,
    contact: Contact,
    *,
    piece: str,
) -> HttpResponse:
    """The contact as it is stored now, back in its row."""
    tell_repeated(request, form.repeated)
    if isinstance(outcome, Confirmed):
        tell_differences(request, outcome)
    stored = stored_form(contact, outcome.list)
    if not wants_piece(request):
        return redirect(address_of(outcome.list, stored))
    context = {
        "list": outcome.list,
        "list_id": outcome.list.id,
        "total": len(outcome.list.contacts),
        "row": next(rows_of(outcome.list.id, [stored])),
        "form": ContactForm(),
        "focus": piece == "saved",
        "is_written": isinstance(outcome, Confirmed),
        "lines": lines_of_list(request, outcome.list.id),
    }
    return render_page(request, TEMPLATE, context, piece=piece)

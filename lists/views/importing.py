"""A table into a list, or into a new one: sent, looked at, written in one replacement.

Between its preview and the confirmation a file waits on the server (`uploads`), under `upload`.
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from .. import uploads
from ..access import PageRequest, connected, managers_only
from ..conflicts import PlanChanged
from ..connection import Connection
from ..forms.importing import ImportForm, NewListImportForm
from ..forms.lists import with_new_token
from ..names import isolated
from ..placing import gains, loses
from ..plusofon.values import ContactList
from ..services import catalogue, importing
from ..services.importing import Difference, Mode
from ..tables.contacts import understand
from ..tables.table import TooManyNumbers
from ..wording.imports import unusable, why
from ..writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    Confirmed,
    Created,
    ListInvalid,
    MadeAndGone,
    Unseen,
)
from ..writing.write import create_list
from .import_preview import TEMPLATE, columns_of, preview_of
from .page import render_page
from .signed_out import keeps_typed, typed
from .spreadsheet import csv_answer
from .telling import show_problems, tell_confirmed, tell_differences


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def into_list(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponseBase:
    """`mode`: add or equal; only `confirm` writes."""
    back = reverse("list", args=[list_id])
    if "cancel" in request.POST:
        return _cancelled(request, back)
    try:
        form = ImportForm(typed(request), files=request.FILES, kept=_kept(request))
    except uploads.Gone:
        return _gone(request)
    found = by.api.get_list(list_id)
    if request.method != "POST":
        return render_page(request, TEMPLATE, {"form": form, "list": found, "list_id": list_id})
    return _answered(request, form, found, by=by)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def into_new(request: PageRequest, *, by: Connection) -> HttpResponseBase:
    """The same for a list that is to be made: its `name` and `type`."""
    if "cancel" in request.POST:
        return _cancelled(request, reverse("lists"))
    types = catalogue.list_types(by=by)
    try:
        sent = typed(request)
        form = NewListImportForm(sent, files=request.FILES, kept=_kept(request), types=types)
    except uploads.Gone:
        return _gone(request)
    if request.method != "POST":
        return render_page(request, TEMPLATE, {"form": form})
    return _answered(request, form, None, by=by)


def _kept(request: PageRequest) -> bytes | None:
    """Raises `uploads.Gone`."""
    token = request.POST.get("upload", "")
    return uploads.take(token, of=request.user) if token else None


def _cancelled(request: PageRequest, back: str) -> HttpResponse:
    uploads.drop(request.POST.get("upload", ""), of=request.user)
    return redirect(back)


def _gone(request: PageRequest) -> HttpResponse:
    gone = _(
        "The file is no longer here: it was imported or cancelled, or an hour has passed. "
        "Look at the list before you send it again."
    )
    messages.warning(request, gone)
    return redirect(request.path)


def _answered(
    request: PageRequest, form: ImportForm, found: ContactList | None, *, by: Connection
) -> HttpResponseBase:
    context: dict[str, Any] = {"form": form, "list": found, "list_id": found.id if found else None}
    if not form.is_valid():
        context["upload"] = request.POST.get("upload", "")
        return render_page(request, TEMPLATE, context, status=422)
    upload = request.POST.get("upload", "")
    if form.has_new:
        uploads.drop(upload, of=request.user)
        upload = uploads.keep(form.content, of=request.user)
        form.without_text()
    context["upload"] = upload
    contacts = found.contacts if found else ()
    try:
        understood = understand(
            form.table, form.columns, name=form.cleaned_data["unnamed"], known=contacts
        )
    except TooManyNumbers as error:
        form.add_error(None, unusable(error))
        context["columns"] = columns_of(form.table, form.columns)
        return render_page(request, TEMPLATE, context, status=422)
    if "refused" in request.POST and not form.has_new:
        rows = [(_("Row"), _("Text"), _("Why it is not imported"))]
        rows += ((str(one.row), one.text, why(one)) for one in understood.refused)
        return csv_answer(rows, filename="not-imported.csv")
    difference = importing.compare(understood, contacts, Mode(form.cleaned_data["mode"]))
    # A table that has come just now is one that nobody has seen.
    is_seen = not form.has_new and request.POST.get("shown") == form.shown
    is_agreed = "confirm" in request.POST and is_seen
    if not is_agreed or not difference.coming + len(difference.going):
        return preview_of(
            request, context, difference, has_changed="confirm" in request.POST, by=by
        )
    return _written(request, context, difference, found, by=by)


def _written(
    request: PageRequest,
    context: dict[str, Any],
    difference: Difference,
    found: ContactList | None,
    *,
    by: Connection,
) -> HttpResponse:
    form: ImportForm = context["form"]
    try:
        outcome = (
            _into(form, difference, found, going=request.POST.get("going", ""), by=by)
            if found
            else _made(form, difference, by=by)
        )
    except PlanChanged:
        again = by.api.get_list(context["list_id"])
        mode = Mode(form.cleaned_data["mode"])
        difference = importing.compare(difference.understood, again.contacts, mode)
        return preview_of(request, {**context, "list": again}, difference, has_changed=True, by=by)
    except ListInvalid as error:
        show_problems(error, form)
        return preview_of(request, context, difference, status=422, by=by)
    except MadeAndGone as made:
        form.data = with_new_token(request.POST)
        return preview_of(request, {**context, "gone": made.entry}, difference, status=409, by=by)
    if isinstance(outcome, Unseen):
        # It may not have arrived: the table stays, to be checked once more.
        columns = columns_of(form.table, form.columns)
        asked = {**context, "unknown": outcome, "columns": columns}
        return render_page(request, TEMPLATE, asked, status=202)
    uploads.drop(context["upload"], of=request.user)
    return _told(request, outcome)


def _into(
    form: ImportForm, difference: Difference, found: ContactList, *, going: str, by: Connection
) -> Confirmed | AlreadyDone | Unseen:
    contacts, mode = difference.understood.contacts, Mode(form.cleaned_data["mode"])
    return importing.apply(contacts, mode, found.id, going=going, by=by)


def _made(
    form: ImportForm, difference: Difference, *, by: Connection
) -> Created | AlreadyCreated | Unseen:
    assert isinstance(form, NewListImportForm)
    return create_list(
        replace(form.new_list, contacts=difference.understood.contacts),
        form_token=form.cleaned_data["once"],
        newest_before=catalogue.newest_known(by=by),
        by=by,
    )


def _told(
    request: PageRequest, outcome: Confirmed | AlreadyDone | Created | AlreadyCreated
) -> HttpResponse:
    match outcome:
        case AlreadyCreated(list_id, entry):
            made = _("This form has already created the list “%(name)s”.")
            messages.info(request, made % {"name": isolated(entry.list_name)})
            return redirect("list", list_id)
        case AlreadyDone(found):
            messages.info(request, _("Nothing to change: the list already has all of the table."))
            return redirect("list", found.id)
        case Created(found, entry):
            tell_confirmed(request, _imported(len(found.contacts)), entry)
            return redirect("list", found.id)
        case Confirmed(found, entry, change):
            words = _imported(sum(map(gains, change.contacts)))
            if gone := sum(map(loses, change.contacts)):
                removed = _("Removed or shortened: %(count)s.") % {"count": gone}
                words = f"{words} {removed}"
            tell_confirmed(request, words, entry)
            tell_differences(request, outcome)
            return redirect("list", found.id)


def _imported(count: int) -> str:
    imported = ngettext(
        "The table is imported: %(count)s contact.",
        "The table is imported: %(count)s contacts.",
        count,
    )
    return imported % {"count": count}

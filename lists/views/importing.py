"""A table into a list, or into a new one: sent, looked at, written in one replacement.

Between its preview and the confirmation a file waits on the server (`uploads`), under `upload`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
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
from ..plusofon.values import Contact, ContactList
from ..services import catalogue, importing
from ..services.importing import Difference, Mode
from ..tables.contacts import Understood, understand
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
from .failures import API_ERRORS
from .import_preview import TEMPLATE, preview_of, without_preview
from .page import render_page
from .sent_fields import sends
from .signed_out import keeps_typed, typed
from .spreadsheet import csv_answer
from .telling import show_problems, tell_confirmed, tell_differences, tell_not_saved


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def into_list(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponseBase:
    """`mode`: add or equal; only `confirm` writes."""
    back = reverse("list", args=[list_id])
    if "cancel" in request.POST:
        return _cancelled(request, back)
    sent = typed(request)
    try:
        form = ImportForm(sent, files=request.FILES, kept=_kept(request, sent))
    except uploads.Gone:
        return _gone(request)
    with _kept_for_again(request, form):
        found = by.api.get_list(list_id)
    if request.method != "POST" and form.kept is None:
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
    sent = typed(request)
    try:
        kept = _kept(request, sent)
    except uploads.Gone:
        return _gone(request)
    with _kept_for_again(request, ImportForm(sent, files=request.FILES, kept=kept)):
        types = catalogue.list_types(by=by)
    form = NewListImportForm(sent, files=request.FILES, kept=kept, types=types)
    if request.method != "POST" and kept is None:
        return render_page(request, TEMPLATE, {"form": form})
    return _answered(request, form, None, by=by)


def _kept(request: PageRequest, sent: QueryDict | None) -> bytes | None:
    """What waits since it was sent, also after signing in anew. Raises `uploads.Gone`."""
    if request.method != "POST":
        uploads.prune()
    token = sent.get("upload", "") if sent else ""
    return uploads.take(token, of=request.user) if token else None


@contextmanager
def _kept_for_again(request: PageRequest, form: ImportForm) -> Iterator[None]:
    """Where the API fails, the table that has come is kept: the page that says so offers to try again."""
    try:
        yield
    except API_ERRORS:
        if form.is_valid() and form.has_new:
            # Of how the table before it was read, nothing holds for this one.
            unsaid = dict.fromkeys(("text", "encoding", "separator", "sheet", "reading"), "")
            sends(request, upload=_kept_under(request, form), **unsaid)
        raise


def _cancelled(request: PageRequest, back: str) -> HttpResponse:
    uploads.drop(request.POST.get("upload", ""), of=request.user)
    return redirect(back)


def _gone(request: PageRequest) -> HttpResponse:
    gone = _(
        "The file is no longer here: it was imported or cancelled, an hour has passed, or you have sent several "
        "others since. Look at the list before you send it again."
    )
    messages.warning(request, gone)
    return redirect(request.path)


def _answered(
    request: PageRequest, form: ImportForm, found: ContactList | None, *, by: Connection
) -> HttpResponseBase:
    context: dict[str, Any] = {"form": form, "list": found, "list_id": found.id if found else None}
    if not form.is_valid():
        context["upload"] = form.data.get("upload", "")
        return render_page(request, TEMPLATE, context, status=422)
    context["upload"] = _kept_under(request, form)
    contacts, name = found.contacts if found else (), form.cleaned_data["unnamed"]
    try:
        understood = understand(form.table, form.columns, name=name, known=contacts)
    except TooManyNumbers as error:
        form.add_error(None, unusable(error))
        return without_preview(request, context, status=422)
    if "refused" in request.POST and not form.has_new:
        return _refused(understood)
    difference = importing.compare(understood, contacts, _mode(form))
    # A table that has come just now is one that nobody has seen.
    is_seen = not form.has_new and request.POST.get("shown") == form.shown
    is_agreed = "confirm" in request.POST and is_seen
    if not is_agreed or not difference.coming + len(difference.going):
        has_changed = "confirm" in request.POST
        return preview_of(request, context, difference, has_changed=has_changed, by=by)
    return _written(request, context, difference, by=by)


def _kept_under(request: PageRequest, form: ImportForm) -> str:
    upload: str = form.data.get("upload", "")
    if not form.has_new:
        return upload
    uploads.drop(upload, of=request.user)
    form.without_text()
    return uploads.keep(form.content, of=request.user)


def _refused(understood: Understood) -> HttpResponseBase:
    rows = [(_("Row"), _("Text"), _("Why it is not imported"))]
    rows += ((str(one.row), one.text, why(one)) for one in understood.refused)
    return csv_answer(rows, filename="not-imported.csv")


def _written(
    request: PageRequest, context: dict[str, Any], difference: Difference, *, by: Connection
) -> HttpResponse:
    form: ImportForm = context["form"]
    found: ContactList | None = context["list"]
    contacts, going = difference.understood.contacts, request.POST.get("going", "")
    try:
        outcome = (
            importing.apply(contacts, _mode(form), found.id, going=going, by=by)
            if found
            else _made(form, contacts, by=by)
        )
    except PlanChanged:
        again = by.api.get_list(context["list_id"])
        difference = importing.compare(difference.understood, again.contacts, _mode(form))
        return preview_of(request, {**context, "list": again}, difference, has_changed=True, by=by)
    except ListInvalid as error:
        show_problems(error, form)
        return preview_of(request, context, difference, status=422, by=by)
    except MadeAndGone as made:
        form.data = with_new_token(request.POST)
        return preview_of(request, {**context, "gone": made.entry}, difference, status=409, by=by)
    if isinstance(outcome, Unseen):
        # The table stays: it may not have arrived.
        return without_preview(request, {**context, "unknown": outcome}, status=202)
    if not (isinstance(outcome, Created) and outcome.is_short):
        uploads.drop(context["upload"], of=request.user)
    return _told(request, outcome)


def _mode(form: ImportForm) -> Mode:
    return Mode(form.cleaned_data["mode"])


def _made(
    form: ImportForm, contacts: tuple[Contact, ...], *, by: Connection
) -> Created | AlreadyCreated | Unseen:
    assert isinstance(form, NewListImportForm)
    return create_list(
        replace(form.new_list, contacts=contacts),
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
            tell_not_saved(request, outcome)
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

"""The page of lists; creating, renaming and deleting a list."""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ..access import PageRequest, connected, managers_only
from ..bulkhead import BulkheadFull
from ..conflicts import ListChanged, TextChanged
from ..connection import Connection
from ..forms.find_lists import FindListsForm
from ..forms.lists import ListForm, NewListForm, with_new_token
from ..forms.seen import with_seen
from ..names import isolated
from ..ordering import By, Order, read_order
from ..plusofon.values import ID, ContactList, ListEntry
from ..services import catalogue
from ..templatetags.rows import ListRow
from ..writing import outcomes
from ..writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    Confirmed,
    Created,
    MadeAndGone,
    Unseen,
)
from ..writing.write import create_list, delete_list, write
from .page import page_number, render_page, wants_piece
from .redirects import query_behind
from .signed_out import keeps_typed, typed
from .sorting import headings
from .telling import show_problems, tell_confirmed, tell_differences

INDEX = "lists/index.html"
MOST_COUNTS = 100  # at once; the API shows 15 lists a page
ORDERS = (By.NAME, By.TYPE, By.COUNT)


@require_safe
@connected
def index(request: PageRequest, *, by: Connection) -> HttpResponse:
    """With `counts` each of its lists is read too: for who has no script that asks for them later."""
    form = FindListsForm(request.GET)
    wanted = _wanted(form, _order(request.GET))
    number = page_number(request)
    found = catalogue.wanted_lists(wanted, number, by=by)
    page, may_count = found.page, settings.CONTACT_COUNTS
    ids = [entry.id for entry in page.entries]
    is_counted = may_count and ("counts" in request.GET or bool(found.counts))
    counted = found.counts
    if is_counted and not counted:
        counted = catalogue.counts(ids, api=by.api)
    context = {
        "page": page,
        "rows": [ListRow(entry, counted.get(entry.id)) for entry in page.entries],
        "number": number,
        "may_count": may_count,
        "is_counted": is_counted,
        "counts_url": reverse("list-counts", query={"list": ids}),
        "form": form,
        "is_narrowed": wanted != catalogue.Wanted(),
        "headings": headings(ORDERS, wanted.order),
        "order": wanted.order,
        "unread": [list_id for list_id, count in found.counts.items() if count is None],
    }
    return render_page(request, INDEX, context, status=422 if form.errors else 200)


def _wanted(form: FindListsForm, order: Order | None) -> catalogue.Wanted:
    form.is_valid()
    asked = form.cleaned_data
    return catalogue.Wanted(asked.get("q", ""), asked.get("type", ""), order)


def _order(asked: QueryDict) -> Order | None:
    order = read_order(asked.get("sort", ""), ORDERS)
    is_possible = order and (order.by is not By.COUNT or settings.CONTACT_COUNTS)
    return order if is_possible else None


@require_safe
def counts(request: PageRequest) -> HttpResponseBase:
    """How many contacts the lists have that a page shows: into their places there. Nobody waits for it,
    so that its failure is no more than a number that is missing."""
    if not (settings.CONTACT_COUNTS and wants_piece(request)):
        return redirect("lists")
    ids = [int(text) for text in request.GET.getlist("list") if re.fullmatch(ID, text)]
    ids = list(dict.fromkeys(ids[:MOST_COUNTS]))
    try:
        return _counted(request, ids=ids)
    except BulkheadFull:
        return _counts(request, dict.fromkeys(ids))


@connected
def _counted(request: PageRequest, *, by: Connection, ids: list[int]) -> HttpResponse:
    return _counts(request, catalogue.counts(ids, api=by.api))


def _counts(request: PageRequest, counted: dict[int, int | None]) -> HttpResponse:
    context = {
        "rows": [ListRow(ListEntry(list_id, "", ""), count) for list_id, count in counted.items()],
        "is_counted": True,
        "headings": headings(ORDERS, None),
    }
    request.GET = query_behind(request)  # type: ignore[assignment] # as immutable as it was
    return render_page(request, INDEX, context, piece="counts")


NEW, EDIT, DELETE = "lists/new.html", "lists/edit.html", "lists/delete.html"


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def new(request: PageRequest, *, by: Connection) -> HttpResponse:
    types = catalogue.list_types(by=by)
    form = NewListForm(typed(request), types=types)
    if request.method != "POST":
        return render_page(request, NEW, {"form": form})
    if not form.is_valid():
        return render_page(request, NEW, {"form": form}, status=422)
    try:
        outcome = create_list(
            form.new_list,
            form_token=form.cleaned_data["once"],
            newest_before=catalogue.newest_known(by=by),
            by=by,
        )
    except outcomes.ListInvalid as error:
        show_problems(error, form)
        return render_page(request, NEW, {"form": form}, status=422)
    except MadeAndGone as made:
        form = NewListForm(with_new_token(request.POST), types=types)
        return render_page(request, NEW, {"form": form, "gone": made.entry}, status=409)
    if isinstance(outcome, Unseen):
        return render_page(request, NEW, {"form": form, "unknown": outcome}, status=202)
    return _created(request, outcome, wanted=form.new_list)


def _created(
    request: PageRequest, outcome: Created | AlreadyCreated, *, wanted: ContactList
) -> HttpResponse:
    match outcome:
        case Created(found, entry):
            created = _("List “%(name)s” is created.") % {"name": isolated(found.name)}
            tell_confirmed(request, created, entry)
            if (found.name.strip(), found.type) != (wanted.name.strip(), wanted.type):
                otherwise = _("Plusofon saved this list differently from what we sent.")
                messages.warning(request, otherwise)
            return redirect("list", found.id)
        case AlreadyCreated(list_id, entry):
            made = _("This form has already created the list “%(name)s”.")
            messages.info(request, made % {"name": isolated(entry.list_name)})
            return redirect("list", list_id)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def edit(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponse:
    types = catalogue.list_types(by=by)
    context: dict[str, Any] = {"list_id": list_id}
    if request.method != "POST":
        found = by.api.get_list(list_id)
        form = ListForm(typed(request), types=types, contact_list=found)
        return render_page(request, EDIT, {**context, "form": form, "list": found})
    form = ListForm(request.POST, types=types)
    context["form"] = form
    if not form.is_valid():
        return render_page(request, EDIT, context, status=422)
    try:
        outcome = write(form.rename, list_id, by=by)
    except TextChanged:
        theirs = by.api.get_list(list_id)
        form = ListForm(with_seen(request.POST, theirs), types=types)
        context |= {"form": form, "theirs": theirs}
        return render_page(request, EDIT, context, status=409)
    except outcomes.ListInvalid as error:
        show_problems(error, form)
        return render_page(request, EDIT, context, status=422)
    if isinstance(outcome, Unseen):
        return render_page(request, EDIT, {**context, "unknown": outcome}, status=202)
    return _edited(request, outcome)


def _edited(request: PageRequest, outcome: Confirmed | AlreadyDone) -> HttpResponse:
    name = {"name": isolated(outcome.list.name)}
    match outcome:
        case Confirmed(entry=entry):
            tell_confirmed(request, _("List “%(name)s” is changed.") % name, entry)
            tell_differences(request, outcome)
        case AlreadyDone():
            same = _("Nothing to change: list “%(name)s” already looks like this.")
            messages.info(request, same % name)
    return redirect("list", outcome.list.id)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def delete(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponse:
    """The confirmation names what will be lost; what came in since then asks again."""
    context: dict[str, Any] = {"list_id": list_id}
    if request.method != "POST":
        context["list"] = by.api.get_list(list_id)
        return render_page(request, DELETE, context, piece="dialog")
    try:
        outcome = delete_list(list_id, seen=request.POST.get("seen", ""), by=by)
    except ListChanged as conflict:
        context |= {"list": conflict.theirs, "changed": True}
        return render_page(request, DELETE, context, piece="dialog", status=409)
    if isinstance(outcome, Unseen):
        context["unknown"] = outcome
        return render_page(request, DELETE, context, piece="dialog", status=202)
    deleted = _("List “%(name)s” is deleted.") % {"name": isolated(outcome.list.name)}
    tell_confirmed(request, deleted, outcome.entry)
    return redirect("lists")

"""The page of lists; creating, renaming and deleting a list."""

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from .. import changes
from ..access import PageRequest, connected, managers_only
from ..forms.lists import ListForm, NewListForm
from ..forms.seen import with_seen
from ..plusofon.client import Plusofon
from ..plusofon.values import ID, ListEntry
from ..services import browsing, editing, outcomes
from .page import page_number, render_page, wants_piece
from .sentences import show_problems, tell_confirmed, tell_differences

INDEX = "lists/index.html"
MOST_COUNTS = 100  # at once; the API shows 15 lists a page


@dataclass(frozen=True, slots=True)
class Row:
    """A list on the page of lists. `count`: of its contacts, None where that is not known."""

    entry: ListEntry
    count: int | None


@require_safe
@connected
def index(request: PageRequest, *, api: Plusofon) -> HttpResponse:
    """With `counts` each of its lists is read too: for who has no script that asks for them later."""
    page = api.get_lists(page_number(request))
    ids = [entry.id for entry in page.entries]
    may_count = settings.CONTACT_COUNTS
    is_counted = may_count and "counts" in request.GET
    counted = browsing.counts(ids, api=api) if is_counted else {}
    context = {
        "page": page,
        "rows": [Row(entry, counted.get(entry.id)) for entry in page.entries],
        "number": page_number(request),
        "may_count": may_count,
        "is_counted": is_counted,
        "counts_url": reverse("list-counts", query={"list": ids}),
    }
    return render_page(request, INDEX, context)


@require_safe
@connected
def counts(request: PageRequest, *, api: Plusofon) -> HttpResponse:
    """How many contacts the lists have that a page shows: into their places there. Nobody waits for it,
    so that its failure is no more than a number that is missing."""
    if not (settings.CONTACT_COUNTS and wants_piece(request)):
        return redirect("lists")
    ids = [int(text) for text in request.GET.getlist("list") if re.fullmatch(ID, text)]
    counted = browsing.counts(dict.fromkeys(ids[:MOST_COUNTS]), api=api)
    context = {
        "rows": [Row(ListEntry(list_id, "", ""), count) for list_id, count in counted.items()],
        "is_counted": True,
    }
    return render_page(request, INDEX, context, piece="counts")


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def new(request: PageRequest, *, api: Plusofon) -> HttpResponse:
    types = browsing.list_types(api=api, by=request.user)
    form = NewListForm(request.POST or None, types=types)
    if request.method != "POST":
        return render_page(request, "lists/new.html", {"form": form})
    if not form.is_valid():
        return render_page(request, "lists/new.html", {"form": form}, status=422)
    try:
        outcome = editing.create_list(
            form.new_list, form_token=form.cleaned_data["once"], api=api, by=request.user
        )
    except outcomes.ListInvalid as error:
        show_problems(error, form)
        return render_page(request, "lists/new.html", {"form": form}, status=422)
    if isinstance(outcome, outcomes.Unknown):
        context = {"form": form, "unknown": outcome}
        return render_page(request, "lists/new.html", context, status=202)
    created = _("List “%(name)s” is created.") % {"name": outcome.entry.list_name}
    tell_confirmed(request, created, outcome.entry)
    return redirect("list", outcome.id)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def edit(request: PageRequest, list_id: int, *, api: Plusofon) -> HttpResponse:
    types = browsing.list_types(api=api, by=request.user)
    context: dict[str, Any] = {"list_id": list_id}
    if request.method != "POST":
        found = api.get_list(list_id)
        form = ListForm(types=types, contact_list=found)
        return render_page(request, "lists/edit.html", {**context, "form": form, "list": found})
    form = ListForm(request.POST, types=types)
    context["form"] = form
    if not form.is_valid():
        return render_page(request, "lists/edit.html", context, status=422)
    try:
        outcome = editing.write(form.change, list_id, api=api, by=request.user)
    except changes.Conflict:
        theirs = api.get_list(list_id)
        form = ListForm(with_seen(request.POST, theirs), types=types)
        context |= {"form": form, "theirs": theirs}
        return render_page(request, "lists/edit.html", context, status=409)
    except outcomes.ListInvalid as error:
        show_problems(error, form)
        return render_page(request, "lists/edit.html", context, status=422)
    if isinstance(outcome, outcomes.Unknown):
        context["unknown"] = outcome
        return render_page(request, "lists/edit.html", context, status=202)
    name = {"name": outcome.list.name}
    if outcome.entry:
        tell_confirmed(request, _("List “%(name)s” is saved.") % name, outcome.entry)
    else:
        messages.info(request, _("Nothing to change: list “%(name)s” is stored so already.") % name)
    tell_differences(request, outcome)
    return redirect("list", list_id)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def delete(request: PageRequest, list_id: int, *, api: Plusofon) -> HttpResponse:
    """The confirmation names what will be lost; what came in since then asks again."""
    context: dict[str, Any] = {"list_id": list_id}
    if request.method != "POST":
        context["list"] = api.get_list(list_id)
        return render_page(request, "lists/delete.html", context, piece="dialog")
    try:
        outcome = editing.delete_list(
            list_id, seen=request.POST.get("seen", ""), api=api, by=request.user
        )
    except changes.Conflict as conflict:
        context |= {"list": conflict.theirs, "changed": True}
        return render_page(request, "lists/delete.html", context, piece="dialog", status=409)
    if isinstance(outcome, outcomes.Unknown):
        context["unknown"] = outcome
        return render_page(request, "lists/delete.html", context, piece="dialog", status=202)
    deleted = _("List “%(name)s” is deleted.") % {"name": outcome.list.name}
    tell_confirmed(request, deleted, outcome.entry)
    return redirect("lists")

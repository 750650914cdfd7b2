"""Several lists that become one: chosen, looked at, merged."""

import re

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..forms.merging import MergeForm, token_of
from ..intents import Emptied
from ..models import Operation
from ..names import isolated
from ..ordering import in_order, name_key
from ..plusofon.values import ID, UNUSED_TYPE, ListEntry
from ..services import catalogue, merging, moving, operations
from ..writing.operation import plan_of
from .operation_lines import carried_out
from .page import render_page
from .signed_out import keeps_typed, typed

TEMPLATE = "lists/merge.html"


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def merge(request: PageRequest, *, by: Connection) -> HttpResponse:
    """A preview comes first; only `confirm` writes, and only what the preview has shown."""
    confirms = request.method == "POST" and "confirm" in request.POST
    token = token_of(request.POST) if confirms else None
    if token and (earlier := operations.begun_by(token, by=by)):
        return _carried_out(request, earlier, by=by)
    chosen = set(request.GET.getlist("list"))
    form = MergeForm(typed(request), lists=_offered(chosen, by=by), initial=_initial(request))
    if request.method != "POST":
        return render_page(request, TEMPLATE, {"form": form})
    if not form.is_valid():
        return render_page(request, TEMPLATE, {"form": form}, status=422)
    lists = merging.read(form.into.id, form.source_ids, by=by)
    if not confirms or form.cleaned_data["shown"] != _shown(form, lists):
        return _preview(request, form, lists, has_changed=confirms)
    whole = moving.merge(
        lists.sources, lists.target.entry, form.afterwards, by=by, form_token=token
    )
    return _carried_out(request, whole, by=by)


def _carried_out(request: PageRequest, whole: Operation, *, by: Connection) -> HttpResponse:
    target = plan_of(whole)[0].list
    told = _("The lists are merged into “%(name)s”.") % {"name": isolated(target.name)}
    back = reverse("list", args=[target.id])
    return carried_out(request, whole, told=told, by=by, back=back)


def _offered(chosen: set[str], *, by: Connection) -> list[ListEntry]:
    """Those that the link has chosen first, then by name."""
    lists = catalogue.lists_of(by)
    by_name = in_order(lists, lambda entry: name_key(entry.name), is_reversed=False)
    return sorted(by_name, key=lambda entry: str(entry.id) not in chosen)


def _initial(request: PageRequest) -> dict[str, object]:
    """What a link has chosen."""
    chosen = [text for text in request.GET.getlist("list") if re.fullmatch(ID, text)]
    return {"list": chosen, "target": request.GET.get("target", "")}


def _shown(form: MergeForm, lists: merging.Lists) -> str:
    return f"{form.afterwards}-{lists.digest}"


def _preview(
    request: PageRequest, form: MergeForm, lists: merging.Lists, *, has_changed: bool
) -> HttpResponse:
    types = {source.type for source in lists.sources}
    leaves = form.afterwards is not Emptied.KEPT
    context = {
        "form": form,
        "preview": merging.preview(lists),
        "shown": _shown(form, lists),
        "emptied": str(form.afterwards),
        "has_changed": has_changed,
        "is_unblocking": lists.target.type == UNUSED_TYPE and leaves and types != {UNUSED_TYPE},
        "is_blocking": lists.target.type != UNUSED_TYPE and UNUSED_TYPE in types,
    }
    return render_page(request, TEMPLATE, context, status=409 if has_changed else 200)

"""Lists in order: what is out of order in all of them, and putting it in order."""

from collections.abc import Iterator
from contextlib import closing

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..forms.cleanup import Chosen
from ..mending import mend
from ..models import Operation
from ..services import cleanup, operations
from ..services.cleanup import Order, Steps
from . import findings_shown, mending_preview
from .operation_lines import carried_out
from .page import render_page
from .signed_out import keeps_typed, typed
from .spreadsheet import KINDS, kind_of, table_answer
from .streaming import streamed
from .unread import unread_in

TEMPLATE = "cleanup.html"


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def page(request: PageRequest, *, by: Connection) -> HttpResponseBase:
    """`look` reads all lists and tells what was found, `format` as a file. A POST previews what was chosen, and
    with `confirm` writes what the preview has shown; one that came as the session had ended is previewed again."""
    if (sent := typed(request)) is not None:
        return _put_in_order(request, Chosen(sent), by=by)
    if "format" in request.GET:
        kind = kind_of(request)
        order = cleanup.order_of(cleanup.scan(by=by))
        return table_answer(findings_shown.table_of(order), kind=kind, name=_("Order in the lists"))
    if "look" not in request.GET:
        return render_page(request, TEMPLATE, {})
    steps = cleanup.scan(by=by)
    return streamed(request, TEMPLATE, {"looks": True}, _pieces(request, steps))


def _pieces(request: PageRequest, steps: Steps) -> Iterator[str]:
    """How far it is, again and again; then what was found."""
    with closing(steps):
        for step in steps:
            if isinstance(step, Order):
                sections = list(findings_shown.sections(step.findings))
                found = {
                    **unread_in(step.result),
                    "sections": sections,
                    "is_mendable": any(section.mendable for section in sections),
                }
                yield render_to_string(f"{TEMPLATE}#found", found, request)
            else:
                yield render_to_string(f"{TEMPLATE}#step", {"scan": step}, request)


def _put_in_order(request: PageRequest, chosen: Chosen, *, by: Connection) -> HttpResponseBase:
    confirms = "confirm" in request.POST
    if confirms and (earlier := operations.begun_by(chosen.token, by=by)):
        return _carried_out(request, earlier, by=by)
    if not chosen.fields:
        messages.warning(request, _("Nothing is chosen."))
        return redirect(reverse("cleanup", query={"look": 1}))
    lists, unread = cleanup.read(chosen.list_ids, by=by)
    found = cleanup.chosen(lists, chosen.ids, chosen.kinds)
    mending = mend(lists, found)
    plan = cleanup.plan_for(mending)
    left_out = len(chosen.ids - {one.id for one in found}) if chosen.ids else 0
    if kind := next((kind for kind in KINDS if kind in request.POST), ""):
        table = mending_preview.table_of(mending)
        return table_answer(table, kind=kind, name=_("Corrections in the lists"))
    if not (plan and confirms and chosen.shown == mending_preview.digest_of_plan(plan)):
        return mending_preview.preview(
            request,
            TEMPLATE,
            chosen,
            mending,
            plan,
            unread=unread,
            left_out=left_out,
            has_changed=confirms,
        )
    whole = cleanup.begin(plan, by=by, form_token=chosen.token)
    return _carried_out(request, whole, by=by)


def _carried_out(request: PageRequest, whole: Operation, *, by: Connection) -> HttpResponseBase:
    count = whole.lists_count
    told = ngettext("Corrected in %(count)s list.", "Corrected in %(count)s lists.", count)
    back = reverse("cleanup", query={"look": 1})
    return carried_out(request, whole, told=told % {"count": count}, by=by, back=back)

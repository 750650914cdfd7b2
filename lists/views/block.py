"""Blocking numbers: chosen, looked at, written."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..forms.block import BlockForm
from ..services import blocking
from .blocking import LAST_CHOICE, TEMPLATE, agreed, offered_lists, preview, report
from .page import render_page
from .signed_out import keeps_typed, typed


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def block(request: PageRequest, *, by: Connection) -> HttpResponse:
    """A preview comes first; only `confirm` writes. `fill` brings numbers too many for an address."""
    lists, last = offered_lists(request, by)
    sent = typed(request)
    if sent is None or "fill" in sent:
        numbers = sent.get("numbers", "") if sent else request.GET.get("number", "")
        form = BlockForm(lists=lists, initial={"numbers": numbers, "list": last})
        return render_page(request, TEMPLATE, {"form": form})
    form = BlockForm(sent, lists=lists)
    plans = agreed(request, form)
    if plans is None:
        return preview(request, form, by=by)
    request.session[LAST_CHOICE] = form.cleaned_data["list"]
    done = blocking.block(form.contact, plans, by=by)
    return report(request, form, done, by=by)

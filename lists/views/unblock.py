"""Taking a number from contacts where a lookup found it."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..connection import Connection
from ..forms.unblock import UnblockForm
from ..services import blocking
from .signed_out import keeps_typed, typed
from .unblocking import offer, report


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
@keeps_typed
def unblock(request: PageRequest, *, by: Connection) -> HttpResponse:
    """What a lookup found is offered first; only `confirm` writes. Opened without, it leads there."""
    form = UnblockForm(typed(request) or QueryDict())
    number = form.data.get("number") or request.GET.get("number", "")
    lookup_url = reverse("lookup", query={"number": number})
    is_valid, confirmed = form.is_valid(), "confirm" in request.POST
    if "number" not in form.cleaned_data or not form.offered:
        return redirect(lookup_url)
    if not (is_valid and confirmed):
        return offer(request, form, back=lookup_url)
    done = blocking.unblock(form.intents, by=by)
    return report(request, form, done, back=lookup_url)

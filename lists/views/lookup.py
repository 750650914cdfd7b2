"""Where is this number? The page comes in pieces, while the lists are being read."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..changes import contact_key
from ..forms.lookup import LookupForm
from ..plusofon.client import Plusofon
from ..plusofon.errors import Unauthenticated
from ..services import credentials, lookup
from ..services.lookup import Hit, Scan
from .page import render_page
from .sentences import failure_of

PAGE = "lookup.html"
CUT = "<!-- the pieces -->"  # where the page waits for them

MOST_ROWS = 200  # nobody reads more; a name of one letter would find thousands


@require_safe
@connected
def number(request: PageRequest, *, api: Plusofon) -> HttpResponse | StreamingHttpResponse:
    """A failure of the first page of lists is a page of its own; later ones make it incomplete."""
    form = LookupForm(request.GET if "number" in request.GET else None, auto_id="lookup-%s")
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(request, PAGE, {"form": form, "cut": CUT}, status=status)
    text = form.cleaned_data["number"]
    if form.stored:
        numbers = {text, form.stored}
        matches, may_match = lookup.has_number(*numbers), lookup.may_mean(*numbers)
    else:
        matches, may_match = lookup.has_name(text), None
    steps = lookup.scan(api.get_lists(1), matches, may_match=may_match, api=api)
    context = {"form": form, "text": text, "stored": form.stored, "cut": CUT}
    response = StreamingHttpResponse(_pieces(request, steps, context))
    response["X-Accel-Buffering"] = "no"  # nginx would keep the pieces until the last
    return response


def _pieces(request: PageRequest, steps: Iterator[Scan], context: dict[str, Any]) -> Iterator[str]:
    """The page up to its middle, each step, the answer, the rest of the page."""
    with override(get_language()):
        head, tail = render_to_string(PAGE, context, request).split(CUT)
        yield head
        shown = 0
        for scan in steps:
            if scan.is_over:
                break
            new, shown = scan.hits[shown:MOST_ROWS], len(scan.hits)
            step = {"scan": scan, "rows": [_row(hit) for hit in new]}
            yield render_to_string(f"{PAGE}#step", step, request)
        if any(isinstance(one.error, Unauthenticated) for one in scan.unread):
            credentials.note_refused(request.user)
        yield render_to_string(f"{PAGE}#answer", {**context, **_answer(scan)}, request)
        yield tail


def _answer(scan: Scan) -> dict[str, Any]:
    return {
        "scan": scan,
        "rows": [_row(hit) for hit in scan.hits[:MOST_ROWS]],
        "more": len(scan.hits[MOST_ROWS:]),
        "masks": [_row(hit) for hit in scan.masks[:MOST_ROWS] if hit not in scan.hits],
        "unread": [(one.list, failure_of(one.error)) for one in scan.unread],
        "trouble": failure_of(scan.trouble) if scan.trouble else None,
        "read_at": timezone.localtime(),
    }


def _row(hit: Hit) -> dict[str, Any]:
    return {"list": hit.list, "contact": hit.contact, "key": contact_key(hit.contact)}

"""One list as a file, or what was found in it."""

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..connection import Connection
from ..services.filtering import matching
from .spreadsheet import CSV, KINDS, contacts_answer


@require_safe
@connected
def export(
    request: PageRequest, list_id: int, *, by: Connection
) -> StreamingHttpResponse | FileResponse:
    """`format`: csv (also where none is named) or xlsx. `q`: only what this finds, as on the list's page."""
    kind = request.GET.get("format", CSV)
    if kind not in KINDS:
        raise Http404
    found = by.api.get_list(list_id)
    contacts = matching(found.contacts, request.GET.get("q", ""))
    return contacts_answer(found, contacts, kind=kind)

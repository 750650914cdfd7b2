"""One list as a file, or what was found in it."""

from django.http import FileResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..connection import Connection
from ..services.filtering import matching
from .spreadsheet import contacts_answer, kind_of


@require_safe
@connected
def export(
    request: PageRequest, list_id: int, *, by: Connection
) -> StreamingHttpResponse | FileResponse:
    """`format`: csv (also where none is named) or xlsx. `q`: only what this finds, as on the list's page."""
    kind = kind_of(request)
    found = by.api.get_list(list_id)
    contacts = matching(found.contacts, request.GET.get("q", ""))
    return contacts_answer(found, contacts, kind=kind)

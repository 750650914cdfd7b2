"""One list as a file, or what was found in it."""

from collections.abc import Iterable

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..access import PageRequest, connected
from ..connection import Connection
from ..plusofon.values import Contact, ContactList
from ..services.filtering import matching
from ..wording import tables
from .spreadsheet import CSV, KINDS, table_answer


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
    return contacts_of(found, matching(found.contacts, request.GET.get("q", "")), kind=kind)


def contacts_of(
    found: ContactList, contacts: Iterable[Contact], *, kind: str
) -> StreamingHttpResponse | FileResponse:
    """Some contacts of a list as a file that is named for it."""
    name = found.name.strip() or _("List no. %(id)s") % {"id": found.id}
    return table_answer(tables.of_contacts(contacts), kind=kind, name=name)

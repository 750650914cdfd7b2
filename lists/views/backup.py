"""The whole account as one file."""

from contextlib import ExitStack
from tempfile import TemporaryFile

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected, managers_only
from ..backup_file import Manifest
from ..connection import Connection
from ..services.backup import write_backup
from ..wording.backups import lacking
from .page import render_page
from .spreadsheet import dated

TEMPLATE = "backup.html"


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def backup(request: PageRequest, *, by: Connection) -> HttpResponseBase:
    """A POST answers with the file. Where some list could not be read, or all of it is more than can be restored
    here, it says so first; `incomplete` and `large` ask for the file all the same."""
    if request.method != "POST":
        return render_page(request, TEMPLATE, {})
    with ExitStack() as at_its_end:
        file = at_its_end.enter_context(TemporaryFile())
        manifest = write_backup(file, by=by)
        is_wanted = manifest.is_complete or "incomplete" in request.POST
        if is_wanted and not (manifest.is_too_large and "large" not in request.POST):
            at_its_end.pop_all()  # the answer closes it, and so it goes
            file.seek(0)
            return FileResponse(file, as_attachment=True, filename=_filename(manifest))
    context = {"manifest": manifest, "missing": list(map(lacking, manifest.missing))}
    return render_page(request, TEMPLATE, context, status=200 if manifest.is_complete else 503)


def _filename(manifest: Manifest) -> str:
    named = _("Plusofon lists") if manifest.is_complete else _("Plusofon lists, incomplete")
    return dated(f"{named} {manifest.account}", "zip")

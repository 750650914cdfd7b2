"""An account made again what a backup says: the file, what differs, what will change, and then it is done."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from .. import backup_reading, uploads
from ..access import PageRequest, connected, managers_only
from ..backup_file import Backup, Unusable
from ..connection import Connection
from ..forms.restore import RestoreForm, chosen_ids
from ..services import operations, restoring
from ..services.restoring import Agreed, Compared, Comparison, NotAgreed, Standing
from ..uploads import Kind
from ..wording.backups import differences, effects, lacking
from ..wording.errors import Failure, failure_of
from .operation_lines import carried_out
from .page import render_page
from .sent_fields import sends

TEMPLATE = "restore.html"


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
@connected
def restore(request: PageRequest, *, by: Connection) -> HttpResponse:
    """`file`: what differs from it; `choose`: what restoring these lists will do; `confirm`: do it. The file and
    what was shown of it wait on the server in between (`uploads`), under `upload` and `plan`."""
    if request.method != "POST":
        uploads.prune()
        return render_page(request, TEMPLATE, {"form": RestoreForm()})
    if "cancel" in request.POST:
        _drop(request)
        return redirect("restore")
    try:
        if "confirm" in request.POST:
            return _apply(request, by=by)
        if "choose" in request.POST:
            return _preview(request, by=by)
        return _sent(request, by=by)
    except uploads.Gone:
        gone = _(
            "The file is no longer here: an hour has passed, or you have sent several others since. "
            "Nothing was changed; send it again."
        )
        messages.warning(request, gone)
        return redirect("restore")


def _sent(request: PageRequest, *, by: Connection) -> HttpResponse:
    """Where comparing fails, the file is kept: the page that says so offers to try again."""
    upload = request.POST.get("upload", "")
    if upload and not request.FILES:
        backup = _kept_backup(request, upload)
    else:
        form = RestoreForm(request.POST, files=request.FILES)
        if not form.is_valid():
            return render_page(request, TEMPLATE, {"form": form}, status=422)
        uploads.drop(upload, of=request.user)
        upload = uploads.keep(form.content, of=request.user, kind=Kind.BACKUP)
        sends(request, upload=upload)
        backup = form.backup
    return _compared(request, backup, restoring.compare(backup, by=by), upload, by=by)


def _compared(
    request: PageRequest,
    backup: Backup,
    comparison: Comparison,
    upload: str,
    *,
    by: Connection,
    fault: str = "",
) -> HttpResponse:
    chosen = chosen_ids(request.POST) if fault else None
    context = {
        **_about(backup, upload, by=by),
        "compared": [_line(one, chosen) for one in comparison.lists],
        "others": comparison.others,
        "trouble": failure_of(comparison.trouble) if comparison.trouble else None,
        "is_compared": comparison.is_of_any,
        "may_restore": any(one.may_be_restored for one in comparison.lists),
        "fault": fault,
    }
    return render_page(request, TEMPLATE, context, status=422 if fault else 200)


def _preview(
    request: PageRequest, *, by: Connection, fault: str = "", has_changed: bool = False
) -> HttpResponse:
    """`has_changed`: it was confirmed, and is not what was seen any more."""
    upload = request.POST.get("upload", "")
    backup = _kept_backup(request, upload)
    if problem := _problem(request, backup.manifest.account, by=by):
        comparison = restoring.compare(backup, by=by)
        return _compared(request, backup, comparison, upload, by=by, fault=problem)
    chosen = restoring.chosen_of(backup, chosen_ids(request.POST))
    comparison = restoring.compare(chosen, by=by)
    agreed = restoring.agree(comparison, of=backup.manifest.account, by=by)
    uploads.drop(request.POST.get("plan", ""), of=request.user)
    context = {
        **_about(backup, upload, by=by),
        "previewed": [_line(one, None) for one in comparison.lists],
        "is_compared": comparison.is_of_any,
        "steps": len(agreed.plan),
        "plan": uploads.keep(restoring.write_agreed(agreed), of=request.user, kind=Kind.PLAN),
        "fault": fault,
        "has_changed": has_changed,
    }
    status = 422 if fault else 409 if has_changed else 200
    return render_page(request, TEMPLATE, context, status=status)


def _problem(request: PageRequest, account: str, *, by: Connection) -> str:
    """What keeps these lists from being previewed."""
    if not chosen_ids(request.POST):
        return _("Choose at least one list.")
    if account != by.account and "foreign" not in request.POST:
        return _("Tick that you mean the backup of another account.")
    return ""


def _apply(request: PageRequest, *, by: Connection) -> HttpResponse:
    """Pressed twice, it is one act: the second press leads to the page of the first."""
    token = request.POST.get("plan", "")
    if token and (begun := operations.begun_by(token, by=by)):
        return redirect("operation", begun.pk)
    agreed = _kept_plan(request, token)
    if restoring.has_changed(agreed, by=by):
        return _preview(request, by=by, has_changed=True)
    if agreed.account != by.account and "sure" not in request.POST:
        again = _("Confirm once more that the lists of another account shall come into yours.")
        return _preview(request, by=by, fault=again)
    whole = restoring.begin(agreed, by=by, form_token=token)
    _drop(request)
    back = reverse("lists")
    return carried_out(request, whole, told=_("Restored from the backup."), by=by, back=back)


def _kept_backup(request: PageRequest, token: str) -> Backup:
    """What cannot be read any more is as good as gone. Raises `uploads.Gone`."""
    try:
        return backup_reading.read(uploads.take(token, of=request.user, kind=Kind.BACKUP))
    except Unusable:
        raise uploads.Gone from None


def _kept_plan(request: PageRequest, token: str) -> Agreed:
    """Likewise, as by another release. Raises `uploads.Gone`."""
    try:
        return restoring.read_agreed(uploads.take(token, of=request.user, kind=Kind.PLAN))
    except NotAgreed:
        raise uploads.Gone from None


def _drop(request: PageRequest) -> None:
    names = ("upload", "plan")
    uploads.drop(*(request.POST.get(name, "") for name in names), of=request.user)


def _about(backup: Backup, upload: str, *, by: Connection) -> dict[str, Any]:
    """What every step says of the file."""
    return {
        "manifest": backup.manifest,
        "upload": upload,
        "is_foreign": backup.manifest.account != by.account,
        "account": by.account,
        "missing": list(map(lacking, backup.manifest.missing)),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A list of the backup. `is_chosen`: its box is ticked; `failure`: why it could not be compared."""

    compared: Compared
    differences: list[str]
    effects: list[str]
    is_chosen: bool
    failure: Failure | None


def _line(one: Compared, chosen: Collection[int] | None) -> Line:
    """At first whatever differs is chosen, but what is gone only where no list has its name by now."""
    at_first = one.may_be_restored and one.namesake is None
    return Line(
        one,
        differences(one.change),
        effects(one.change),
        at_first if chosen is None else one.kept.id in chosen,
        failure_of(one.error) if one.standing is Standing.UNREAD and one.error else None,
    )

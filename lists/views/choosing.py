"""Acting on contacts that were chosen on a list's page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..access import PageRequest, connected
from ..connection import Connection
from ..forms.choosing import Act, ChoosingForm
from ..services import operations
from . import chosen_removal, chosen_target
from .chosen_contacts import Choice, chosen_in
from .redirects import local_url
from .signed_out import keeps_typed, typed
from .spreadsheet import contacts_answer, kind_of


@require_http_methods(["GET", "HEAD", "POST"])
@connected
@keeps_typed
def choosing(request: PageRequest, list_id: int, *, by: Connection) -> HttpResponseBase:
    """A preview comes first, except of an export; only `confirm` writes. Opened without choosing, it leads to the
    list. Who may not change lists may export, as `format` says."""
    sent = typed(request)
    if sent is None:
        return redirect("list", list_id)
    if sent.get("action") != Act.EXPORT and not request.user.has_perm("lists.change_lists"):
        raise PermissionDenied
    form = ChoosingForm(sent)
    back = local_url(request, sent.get("next", ""), reverse("list", args=[list_id]))
    if not (form.is_valid() and form.names_any):
        messages.warning(request, _("Choose at least one contact."))
        return redirect(back)
    is_confirmed = (
        request.method == "POST" and "confirm" in request.POST and form.act is not Act.EXPORT
    )
    if is_confirmed and (earlier := operations.begun_by(form.once_token, by=by)):
        return chosen_target.carried(request, earlier, back=back, by=by)
    choice = Choice(form, found := by.api.get_list(list_id), chosen_in(found, form), back)
    match form.act:
        case Act.EXPORT:
            return contacts_answer(found, choice.chosen.contacts, kind=kind_of(request))
        case Act.REMOVE:
            answer = chosen_removal.remove if is_confirmed else chosen_removal.preview
        case _:
            answer = chosen_target.carry if is_confirmed else chosen_target.preview
    return answer(request, choice, by=by)

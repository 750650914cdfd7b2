"""Removing chosen contacts from their list: looked at first, then done in one write."""

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..access import PageRequest
from ..connection import Connection
from ..intents import RemoveContacts
from ..wording.contacts import names
from ..writing.outcomes import AlreadyDone, Confirmed, Unseen
from ..writing.write import write
from .chosen_contacts import MOST_SHOWN, Choice, nothing_left, show, tell_left_out
from .telling import tell_confirmed, tell_differences, tell_still_there


def preview(request: PageRequest, choice: Choice, *, by: Connection) -> HttpResponse:
    if answer := nothing_left(request, choice):
        return answer
    return show(request, choice, {"contacts": choice.chosen.contacts[:MOST_SHOWN]})


def remove(request: PageRequest, choice: Choice, *, by: Connection) -> HttpResponse:
    """Pressed twice, the second time finds nothing to remove."""
    if answer := nothing_left(request, choice):
        return answer
    contacts = choice.chosen.contacts
    outcome = write(RemoveContacts(contacts), choice.list.id, by=by)
    if isinstance(outcome, Unseen):
        context = {"contacts": contacts[:MOST_SHOWN], "unknown": outcome}
        return show(request, choice, context, status=202)
    _tell(request, choice, outcome)
    return redirect(choice.back)


def _tell(request: PageRequest, choice: Choice, outcome: Confirmed | AlreadyDone) -> None:
    tell_left_out(request, choice.chosen)
    if isinstance(outcome, AlreadyDone):
        messages.info(request, _("Nothing to remove: these contacts are no longer in the list."))
        return
    removed = [change.before for change in outcome.change.contacts if change.before]
    sentence = ngettext(
        "%(count)s contact is removed from the list.",
        "%(count)s contacts are removed from the list.",
        len(removed),
    )
    tell_confirmed(request, sentence % {"count": len(removed)}, outcome.entry)
    if left := Counter(choice.chosen.contacts) - Counter(removed):  # since it was read
        changed = _("Changed meanwhile, left alone: %(names)s.")
        messages.warning(request, changed % {"names": names(tuple(left.elements()))})
    tell_still_there(request, (phone for one in removed for phone in one.phones), outcome.list)
    tell_differences(request, outcome)

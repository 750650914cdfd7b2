"""Telling the person what happened: as a toast, or beside a field of their form."""

from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..conflicts import Trace
from ..models import JournalEntry
from ..names import isolated
from ..phones import normalise
from ..plusofon.values import Contact, ContactList
from ..sameness import Difference
from ..undo_tags import undo_tag
from ..wording.contacts import few, names, some_numbers
from ..wording.errors import about_another
from ..wording.times import hour
from ..writing import outcomes


def show_problems(
    error: outcomes.ListInvalid, form: forms.Form, mine: Contact | None = None
) -> None:
    """The API's words beside their field. An old contact that nobody touched is named."""
    for problem in error.problems:
        about_mine = problem.contact is None or problem.contact == mine
        field = problem.field if about_mine and problem.field in form.fields else None
        form.add_error(field, problem.words if about_mine else about_another(problem))
    if not error.problems:
        form.add_error(None, error.message or _("Plusofon refused this and did not say why."))


def tell_confirmed(request: HttpRequest, sentence: str, entry: JournalEntry) -> None:
    """A success that was read back, with the time; its toast offers to undo it."""
    read_back = _("Saved, checked at %(time)s.") % {"time": hour(entry.ended_at or timezone.now())}
    messages.success(request, f"{sentence} {read_back}", extra_tags=undo_tag(entry))


def tell_gone(request: HttpRequest, trace: Trace | None) -> None:
    """A contact that should be removed was not there any more."""
    if trace is None:
        messages.info(request, _("This contact is no longer in the list."))
        return
    words = {"who": trace.username, "time": hour(trace.at)}
    gone = _("This contact is no longer in the list: removed by %(who)s at %(time)s.")
    messages.info(request, gone % words)


def tell_still_there(request: HttpRequest, numbers: Iterable[str], found: ContactList) -> None:
    """Numbers that one contact has lost and another contact of the list still has."""
    lost = {normalise(number): number for number in numbers}
    having = {contact: lost.keys() & map(normalise, contact.phones) for contact in found.contacts}
    there = set().union(*having.values())
    left = [number for normal, number in lost.items() if normal in there]
    if left:
        still = ngettext(
            "%(numbers)s is still in this list: %(names)s.",
            "%(numbers)s are still in this list: %(names)s.",
            min(len(left), 2),  # a list of them, however many: not “21 number”
        )
        contacts = tuple(contact for contact, numbers in having.items() if numbers)
        words = {"numbers": some_numbers(left), "names": names(contacts)}
        messages.warning(request, still % words)


def tell_repeated(request: HttpRequest, numbers: Iterable[str]) -> None:
    """Numbers that were typed more than once."""
    repeated = dict.fromkeys(numbers)
    if repeated:
        once = ngettext(
            "%(numbers)s was entered twice and is saved once.",
            "%(numbers)s were entered twice and are saved once each.",
            min(len(repeated), 2),
        )
        messages.info(request, once % {"numbers": some_numbers(repeated)})


def tell_differences(request: HttpRequest, outcome: outcomes.Confirmed) -> None:
    """What a person should know of a change that is there, but not only that."""
    if len(outcome.stored) > 1:
        others = _("Plusofon saved these contacts differently from what we sent: %(names)s.")
        messages.info(request, others % {"names": names(outcome.stored)})
    for contact in outcome.stored if len(outcome.stored) == 1 else ():
        stored = {"name": isolated(contact.name), "phones": few(contact.phones)}
        messages.info(request, _("Plusofon saved it as: %(name)s, %(phones)s.") % stored)
    if outcome.differs:
        messages.warning(request, _difference(outcome.differs))


def tell_not_saved(request: HttpRequest, created: outcomes.Created) -> None:
    """What a list that was made lacks."""
    if created.differs and created.differs.missing:
        missing = {"names": names(created.differs.missing)}
        messages.warning(request, _("Plusofon did not save: %(names)s.") % missing)


def _difference(differs: Difference) -> str:
    """What somebody outside changed at the same moment, by name."""
    parts = [_("Somebody else changed this list at the same moment.")]
    if differs.surplus:
        parts.append(_("Added: %(names)s.") % {"names": names(differs.surplus)})
    if differs.missing:
        parts.append(_("Removed: %(names)s.") % {"names": names(differs.missing)})
    return " ".join([*parts, _("Check the list.")])

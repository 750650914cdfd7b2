"""Contacts that were chosen on a list's page: what every preview of an act on them shows and tells."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..access import PageRequest
from ..forms.choosing import ChoosingForm, carried
from ..plusofon.values import ContactList
from ..services import filtering, moving
from ..services.moving import Chosen
from ..wording.contacts import names
from .page import render_page

TEMPLATE = "lists/chosen.html"
MOST_SHOWN = 50  # contacts, of those that a preview is about


@dataclass(frozen=True, slots=True)
class Choice:
    """`list`: as it is now; `back`: the page on which they were chosen."""

    form: ChoosingForm
    list: ContactList
    chosen: Chosen
    back: str


def chosen_in(found: ContactList, form: ChoosingForm) -> Chosen:
    if form.query is not None:
        return Chosen(filtering.matching(found.contacts, form.query))
    return moving.chosen_in(found, form.keys, form.shown, form.equals)


def show(
    request: PageRequest, choice: Choice, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The preview, which carries along what it shows."""
    contacts = choice.chosen.contacts
    context |= {
        "act": choice.form.act,
        "list": choice.list,
        "list_id": choice.list.id,
        "count": len(contacts),
        "more": len(contacts[MOST_SHOWN:]),
        "left_out": choice.chosen.left_out,
        "back": choice.back,
        "carried": carried(contacts, moving.equals_in(choice.list, contacts)),
    }
    return render_page(request, TEMPLATE, context, status=status)


def nothing_left(request: PageRequest, choice: Choice) -> HttpResponse | None:
    """The answer where none of the chosen contacts is as it was seen; None where one is."""
    if choice.chosen.contacts:
        return None
    tell_left_out(request, choice.chosen)
    if not choice.chosen.left_out:
        messages.info(request, _("No contact matches any more: there is nothing to do."))
    return redirect(choice.back)


def tell_left_out(request: PageRequest, chosen: Chosen) -> None:
    """Conflicts of their own: they stop none of the others."""
    if chosen.changed:
        changed = _("Changed meanwhile, left alone: %(names)s.")
        messages.warning(request, changed % {"names": names(chosen.changed)})
    if chosen.gone:
        gone = _("No longer in the list: %(names)s.")
        messages.warning(request, gone % {"names": names(chosen.gone)})
    if chosen.unnamed:
        unnamed = ngettext(
            "%(count)s chosen contact is no longer in the list as you saw it: left alone.",
            "%(count)s chosen contacts are no longer in the list as you saw them: left alone.",
            chosen.unnamed,
        )
        messages.warning(request, unnamed % {"count": chosen.unnamed})

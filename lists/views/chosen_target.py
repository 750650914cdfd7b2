"""Moving and copying chosen contacts to another list: where to, what becomes of each there, and then done."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from ..access import PageRequest
from ..connection import Connection
from ..forms.block import LIST_IS_GONE
from ..forms.choosing import Act
from ..models import Operation
from ..placing import Place
from ..plusofon.errors import NotFound
from ..plusofon.values import UNUSED_TYPE, ContactList
from ..services import catalogue, moving
from ..wording.operations import moved_in_words
from .chosen_contacts import MOST_SHOWN, Choice, nothing_left, show, tell_left_out
from .operation_lines import carried_out


def preview(request: PageRequest, choice: Choice, *, by: Connection) -> HttpResponse:
    """What becomes of each in the target, or which list that shall be."""
    if answer := nothing_left(request, choice):
        return answer
    target = _target(choice, by=by)
    if not isinstance(target, ContactList):
        return _ask(request, choice, target, by=by)
    placed = moving.preview(choice.chosen.contacts, target)
    counts = Counter(one.place for one in placed)
    context: dict[str, Any] = {"target": target, "placed": placed[:MOST_SHOWN]}
    context |= {place.value: counts[place] for place in Place}
    context["is_needless"] = choice.form.act is Act.COPY and counts[Place.THERE] == len(placed)
    return show(request, choice, context)


def carry(request: PageRequest, choice: Choice, *, by: Connection) -> HttpResponse:
    """Into the target; and, moved, out of the list once that is confirmed."""
    if answer := nothing_left(request, choice):
        return answer
    target = _target(choice, by=by)
    if not isinstance(target, ContactList):
        return _ask(request, choice, target, by=by)
    act = moving.move if choice.form.act is Act.MOVE else moving.copy
    whole = act(
        choice.chosen.contacts,
        choice.list.entry,
        target.entry,
        by=by,
        form_token=choice.form.once_token,
    )
    tell_left_out(request, choice.chosen)
    return carried(request, whole, back=choice.back, by=by)


def carried(request: PageRequest, whole: Operation, *, back: str, by: Connection) -> HttpResponse:
    """Do what is left of it."""
    return carried_out(request, whole, told=moved_in_words(whole.entry), by=by, back=back)


def _target(choice: Choice, *, by: Connection) -> ContactList | str:
    """The list as it is now, or why there is none: empty where nobody has chosen it yet."""
    target_id = choice.form.target_id
    if target_id is None:
        return ""
    if target_id == choice.list.id:
        return _("They are in this list already. Choose another.")
    try:
        return by.api.get_list(target_id)
    except NotFound:
        return str(LIST_IS_GONE)


def _ask(request: PageRequest, choice: Choice, error: str, *, by: Connection) -> HttpResponse:
    """Black lists first: white ones block nobody yet."""
    others = (entry for entry in catalogue.lists_of(by) if entry.id != choice.list.id)
    lists = sorted(others, key=lambda entry: entry.type == UNUSED_TYPE)
    context = {"lists": lists, "error": error, "contacts": choice.chosen.contacts[:MOST_SHOWN]}
    return show(request, choice, context, status=422 if error else 200)

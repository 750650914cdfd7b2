"""What putting in order would change: the first of it on a page, and all of it as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django.http import HttpResponse
from django.utils.translation import gettext as _

from ..access import PageRequest
from ..changes import ContactChange
from ..forms.cleanup import Chosen
from ..mending import Mended, Mending
from ..plusofon.values import Contact, ListEntry
from ..sameness import digest_of
from ..services.lookup import Unread
from ..wording.tables import Lines, Row
from ..writing.plans import Plan, write_plan
from .page import render_page
from .unread import reasons_of

MOST_CHANGES = 20  # of a list, on the page
MOST_NUMBERS = 10  # of a contact, as `wording.contacts.few` tells them


def digest_of_plan(plan: Plan) -> str:
    """Tells whether what would be written is what a preview has shown."""
    return digest_of([write_plan(plan)])


@dataclass(frozen=True, slots=True)
class Changed:
    """What becomes of a list; the first of its changes are shown."""

    mended: Mended

    @property
    def list(self) -> ListEntry:
        return self.mended.list.entry

    @property
    def changes(self) -> Sequence[ContactChange]:
        return tuple(map(_differing_first, self.mended.change.contacts[:MOST_CHANGES]))

    @property
    def more(self) -> int:
        return len(self.mended.change.contacts[MOST_CHANGES:])


def _differing_first(change: ContactChange) -> ContactChange:
    """A page shows ten numbers of a contact: those that change are among them."""

    def told(contact: Contact | None, other: Contact | None) -> Contact | None:
        if contact is None or other is None or len(contact.phones) <= MOST_NUMBERS:
            return contact
        there = set(other.phones)
        return replace(contact, phones=tuple(sorted(contact.phones, key=there.__contains__)))

    return ContactChange(told(change.before, change.after), told(change.after, change.before))


def preview(
    request: PageRequest,
    template: str,
    chosen: Chosen,
    mending: Mending,
    plan: Plan,
    *,
    unread: Sequence[Unread],
    left_out: int,
    has_changed: bool,
) -> HttpResponse:
    """`left_out`: how many of the chosen findings have become others since; `has_changed`: what the preview
    before has shown is no longer so."""
    context = {
        "chosen": chosen.fields,
        "changed": [Changed(one) for one in mending.lists],
        "total": mending.total,
        "shown": digest_of_plan(plan),
        "once": uuid4(),
        "unread": reasons_of(unread),
        "left_out": left_out,
        "has_changed": has_changed,
    }
    return render_page(request, template, context, status=409 if has_changed else 200)


def table_of(mending: Mending) -> Iterator[Row]:
    """A row for each contact that changes."""
    yield (
        *(_("List"), _("List no."), _("Name now"), _("Numbers now")),
        *(_("Name afterwards"), _("Numbers afterwards")),
    )
    for one in mending.lists:
        for change in one.change.contacts:
            yield one.list.name, str(one.list.id), *_cells(change.before), *_cells(change.after)


def _cells(contact: Contact | None) -> Row:
    return (contact.name, Lines(contact.phones)) if contact else ("", Lines(()))

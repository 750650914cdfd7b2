"""Contacts that go from list to list: moved, copied, merged. Each is one act (see `operations`).

What was chosen is told by the contacts as the person saw them. One that is another by then is a conflict of its
own, and keeps none of the others.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..connection import Connection
from ..draft import Draft
from ..intents import AddContacts, Emptied, RemoveContacts
from ..models import Action, Operation
from ..placing import Placed, place
from ..plusofon.values import Contact, ContactList, ListEntry
from ..sameness import contact_key, list_digest
from ..writing.plans import DeleteList, Step
from . import operations


@dataclass(frozen=True, slots=True)
class Chosen:
    """Contacts of a list that were chosen, by the list as it is now. `changed`: what has become of those that are
    not as they were seen, None where nothing is left of one."""

    contacts: tuple[Contact, ...]
    changed: tuple[Contact | None, ...] = ()


def chosen_in(found: ContactList, keys: Iterable[str], seen: Iterable[Contact] = ()) -> Chosen:
    """Those of the list with these keys (see `contact_key`); a key that is there twice is chosen as often as it is
    named. `seen`: the chosen contacts as the person saw them, by which one that is another now is recognised."""
    wanted = Counter(keys)
    contacts = []
    for contact in found.contacts:
        key = contact_key(contact)
        if wanted[key] > 0:
            wanted[key] -= 1
            contacts.append(contact)
    missing = +wanted
    draft = Draft(found.contacts)
    gone = (one for one in seen if missing[contact_key(one)])
    return Chosen(tuple(contacts), tuple(draft.counterpart(one, None) for one in gone))


def preview(contacts: Sequence[Contact], target: ContactList) -> list[Placed]:
    """What becomes of each in the target."""
    return place(contacts, target.contacts)


def move(
    contacts: Sequence[Contact],
    source: ListEntry,
    target: ListEntry,
    *,
    by: Connection,
    form_token: str | None = None,
) -> Operation:
    """Begin a move: into the target first; out of the source once that is confirmed."""
    plan = (
        Step(0, target, AddContacts(tuple(contacts))),
        Step(1, source, RemoveContacts(tuple(contacts))),
    )
    names = (target.name, source.name)
    return operations.begin(
        Action.MOVE, plan, by=by, contacts=contacts, names=names, form_token=form_token
    )


def copy(
    contacts: Sequence[Contact],
    source: ListEntry,
    target: ListEntry,
    *,
    by: Connection,
    form_token: str | None = None,
) -> Operation:
    plan = (Step(0, target, AddContacts(tuple(contacts))),)
    names = (target.name, source.name)
    return operations.begin(
        Action.COPY, plan, by=by, contacts=contacts, names=names, form_token=form_token
    )


def merge(
    sources: Sequence[ContactList],
    target: ListEntry,
    emptied: Emptied,
    *,
    by: Connection,
    form_token: str | None = None,
) -> Operation:
    """Begin a merge: all contacts into the target at once. A source goes only after all of it is confirmed there,
    and only if it still is as it was read."""
    contacts = [contact for source in sources for contact in source.contacts]
    plan = [Step(0, target, AddContacts(tuple(contacts)))]
    for source in sources:
        entry = ListEntry(source.id, source.name, source.type)
        if emptied is Emptied.DELETED:
            plan.append(Step(1, entry, DeleteList(list_digest(source))))
        elif emptied is Emptied.EMPTY:
            plan.append(Step(1, entry, RemoveContacts(source.contacts)))
    names = (target.name, *(source.name for source in sources))
    return operations.begin(
        Action.MERGE, tuple(plan), by=by, contacts=contacts, names=names, form_token=form_token
    )

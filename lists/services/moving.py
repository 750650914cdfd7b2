"""Contacts that go from list to list: moved, copied, merged. Each is one act (see `operations`).

What was chosen is told by the contacts as the person saw them. One that is another by then is a conflict of its
own, and keeps none of the others.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from types import MappingProxyType

from ..connection import Connection
from ..intents import AddContacts, Emptied, RemoveContacts
from ..models import Action, Operation
from ..phones import normalise
from ..placing import Placed, place
from ..plusofon.values import Contact, ContactList, ListEntry
from ..sameness import contact_key, list_digest
from ..writing import operation
from ..writing.plans import DeleteList, Step

NOTHING_SEEN: Mapping[str, Contact] = MappingProxyType({})
NONE_EQUAL: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Chosen:
    """Contacts of a list that were chosen, by the list as it is now. Of those that are not there any more as they
    were seen, as they were: `changed`, if the list has a number of theirs; `gone`, if it has none. `unnamed`: how
    many others there are, of which nobody knows more than that."""

    contacts: tuple[Contact, ...]
    changed: tuple[Contact, ...] = ()
    gone: tuple[Contact, ...] = ()
    unnamed: int = 0

    @property
    def left_out(self) -> int:
        return len(self.changed) + len(self.gone) + self.unnamed


def chosen_in(
    found: ContactList,
    keys: Iterable[str],
    seen: Mapping[str, Contact] = NOTHING_SEEN,
    equal: Mapping[str, int] = NONE_EQUAL,
) -> Chosen:
    """Those of the list with these keys (see `contact_key`); a key that is there twice is chosen as often as it is
    named. `seen`: the chosen contacts by their keys as the person saw them, so that who has changed is told.
    `equal`: how many of a key there were (`equals_in`): if they are more or fewer now, none of them is chosen, for
    a form that is sent twice would take out another each time."""
    wanted, keys_now = Counter(keys), list(map(contact_key, found.contacts))
    there, contacts = Counter(keys_now), []
    left = Counter({key: count for key, count in wanted.items() if _is_as_seen(key, there, equal)})
    for key, contact in zip(keys_now, found.contacts, strict=True):
        if left[key] > 0:
            left[key] -= 1
            wanted[key] -= 1
            contacts.append(contact)
    missing = list((+wanted).elements())
    if not missing:
        return Chosen(tuple(contacts))
    numbers = {normalise(phone) for contact in found.contacts for phone in contact.phones}
    named = [seen[key] for key in missing if key in seen]
    is_changed = [not numbers.isdisjoint(map(normalise, one.phones)) for one in named]
    return Chosen(
        tuple(contacts),
        changed=tuple(compress(named, is_changed)),
        gone=tuple(one for one, changed in zip(named, is_changed, strict=True) if not changed),
        unnamed=len(missing) - len(named),
    )


def equals_in(found: ContactList, contacts: Iterable[Contact]) -> dict[str, int]:
    """How many there are of each of these that does not stand there alone."""
    there = Counter(map(contact_key, found.contacts))
    return {key: there[key] for key in map(contact_key, contacts) if there[key] > 1}


def _is_as_seen(key: str, there: Mapping[str, int], equal: Mapping[str, int]) -> bool:
    return key not in equal or there[key] == equal[key]


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
    return operation.begin(
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
    return operation.begin(
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
        entry = source.entry
        if emptied is Emptied.DELETED:
            plan.append(Step(1, entry, DeleteList(list_digest(source))))
        elif emptied is Emptied.EMPTY:
            plan.append(Step(1, entry, RemoveContacts(source.contacts)))
    names = (target.name, *(source.name for source in sources))
    return operation.begin(
        Action.MERGE, tuple(plan), by=by, contacts=contacts, names=names, form_token=form_token
    )

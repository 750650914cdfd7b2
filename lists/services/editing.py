"""The write path: every change of a list goes through `write`, which sends it and looks whether it is there.

A write ends as confirmed (returned), refused (raised: nothing was changed) or unknown (returned).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib.auth.models import User

from ..changes import Conflict, Difference, ListChange, difference, is_same, list_digest, meaning
from ..plusofon.client import Plusofon
from ..plusofon.errors import (
    Invalid,
    NotFound,
    NotSent,
    NotUnderstood,
    PlusofonError,
    Refused,
)
from ..plusofon.values import Contact, ContactList, ListEntry

Result = TypeVar("Result")
# A change that can only be named once the list was read: "whatever now has this key".
Intent = Callable[[ContactList], ListChange]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The list, read back, shows the change.

    `was_there`: it did before, and nothing was sent. `stored`: contacts that the API stored in
    another form than sent, as stored. `differs`: what somebody else changed at the same moment.
    """

    list: ContactList
    was_there: bool = False
    stored: tuple[Contact, ...] = ()
    differs: Difference | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The write was sent, and whether it was applied could not be seen. `cause`: None where the API
    said yes and the list does not show it."""

    cause: PlusofonError | None


@dataclass(frozen=True, slots=True)
class Created:
    """A new list, read back."""

    id: int


class NotApplied(PlusofonError):
    """Something went wrong after sending, and reading back shows that nothing was changed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the API did not like: its words, and the contact or field they point at."""

    words: str
    contact: Contact | None
    field: str


class ListInvalid(Invalid):
    """The API refused the list that was sent. Nothing was changed."""

    def __init__(self, error: Invalid, sent: ContactList) -> None:
        super().__init__(error.message, status=error.status, fields=error.fields)
        self.problems = tuple(
            Problem(words=words, contact=_contact_at(path, sent), field=_field_of(path))
            for path, sentences in error.fields.items()
            for words in sentences
        )


def write(
    change: ListChange | Intent, list_id: int, *, api: Plusofon, by: User
) -> Confirmed | Unknown:
    """Read the list, apply the change, replace the list, read it back: three calls.

    Raises `Conflict` (nothing was sent), `ListInvalid`, `NotApplied` or another `PlusofonError`
    (nothing was changed).
    """
    found = api.get_list(list_id)
    if not isinstance(change, ListChange):
        change = change(found)
    try:
        wanted = change.apply_to(found)
    except Conflict:
        if change.adds and change.is_visible_in(found):
            return Confirmed(found, was_there=True)
        raise
    if wanted == found or (change.only_adds and change.is_visible_in(found)):
        return Confirmed(found, was_there=True)
    sent = _send(lambda: api.replace_list(wanted), wanted)
    try:
        stored = api.get_list(list_id)
    except PlusofonError as error:
        return Unknown(sent.doubt or error)
    # A change of spelling alone is visible in the old list too: what did not move was not applied.
    untouched = sent.doubt is not None and stored == found
    if untouched or not (is_same(wanted, stored) or change.is_visible_in(stored)):
        return _absent(sent.doubt)
    return Confirmed(
        stored,
        stored=_stored_otherwise(change, stored),
        differs=difference(wanted, stored),
    )


def create_list(name: str, list_type: str, *, api: Plusofon, by: User) -> Created | Unknown:
    """Two calls: create, read back. Raises `ListInvalid`, `NotApplied` or another `PlusofonError`.

    A list whose answer was lost, or did not say its id, is looked for, so that nobody makes it again.
    """
    new = ContactList(id=0, name=name, type=list_type, contacts=())
    sent = _send(lambda: api.create_list(new), new)
    try:
        if sent.result is not None:
            return Created(api.get_list(sent.result).id)
        newest = _newest(name, list_type, api=api)
    except PlusofonError as error:
        return Unknown(sent.doubt or error)
    return Created(newest) if newest else _absent(sent.doubt)


def delete_list(list_id: int, *, seen: str = "", api: Plusofon, by: User) -> ContactList | Unknown:
    """Three calls: read, delete, read back. The list as it was. Raises as `write` does.

    `seen`: the `list_digest` of what the person agreed to lose; a `Conflict` with the list where
    it has become another since.
    """
    found = api.get_list(list_id)
    if seen and seen != list_digest(found):
        raise Conflict(found)
    sent = _send(lambda: api.delete_list(list_id), found)
    try:
        api.get_list(list_id)
    except NotFound:
        return found
    except PlusofonError as error:
        return Unknown(sent.doubt or error)
    return _absent(sent.doubt)


def stored_form(contact: Contact, stored: ContactList) -> Contact:
    """A contact as the list that was read back spells it."""
    if contact in stored.contacts:
        return contact
    wanted = meaning(contact)
    return next((c for c in stored.contacts if meaning(c) == wanted), contact)


def all_lists(*, api: Plusofon) -> tuple[ListEntry, ...]:
    """Every page of lists, in order. Raises `NotUnderstood` if the pages do not add up."""
    page = api.get_lists(1)
    entries = list(page.entries)
    for number in range(2, page.last + 1):
        entries += api.get_lists(number).entries
    if len({entry.id for entry in entries}) < page.total:
        raise NotUnderstood(detail="the pages of lists do not add up")
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class _Sent(Generic[Result]):
    """A write that left. `doubt`: what makes it uncertain whether it was applied."""

    result: Result | None = None
    doubt: PlusofonError | None = None


def _send(call: Callable[[], Result], body: ContactList) -> _Sent[Result]:
    """Raises whatever says for certain that nothing was applied."""
    try:
        return _Sent(result=call())
    except Invalid as error:
        raise ListInvalid(error, body) from error
    except NotSent:
        raise
    except Refused as error:
        # The vendor's "no access" is a 500, and a 500 is a no only once the list was seen unchanged.
        if (error.status or 0) < 500:
            raise
        return _Sent(doubt=error)
    except PlusofonError as error:
        return _Sent(doubt=error)


def _newest(name: str, list_type: str, *, api: Plusofon) -> int | None:
    """The list that was just made, if it is there: the last of all, so named, and empty.

    An older list of the same name is not it. Raises `NotUnderstood` where it cannot be told which.
    """
    entries = all_lists(api=api)
    alike = {e.id for e in entries if (e.name.strip(), e.type) == (name, list_type)}
    if not alike:
        return None
    newest = max(entry.id for entry in entries)
    if newest in alike and not api.get_list(newest).contacts:
        return newest
    raise NotUnderstood(detail="another list has that name already")


def _absent(doubt: PlusofonError | None) -> Unknown:
    """Reading back does not show the write: not applied, unless the API said that it was."""
    if doubt is None:
        return Unknown(None)
    raise NotApplied(doubt.message, status=doubt.status) from doubt


def _stored_otherwise(change: ListChange, stored: ContactList) -> tuple[Contact, ...]:
    """What the API made of the contacts that were sent, where it is not what was sent."""
    sent = {c.after for c in change.contacts if c.after} - set(stored.contacts)
    wanted = {meaning(contact) for contact in sent}
    return tuple(contact for contact in stored.contacts if meaning(contact) in wanted)


def _contact_at(path: str, sent: ContactList) -> Contact | None:
    """The contact that Laravel's "contacts.12.phones.0" points at."""
    match path.split("."):
        case ["contacts", index, *_] if index.isdigit() and int(index) < len(sent.contacts):
            return sent.contacts[int(index)]
    return None


def _field_of(path: str) -> str:
    """ "name", "type", "phones" … whichever field of a list or contact a path ends in."""
    words = [word for word in path.split(".") if not word.isdigit()]
    return words[-1] if words else ""

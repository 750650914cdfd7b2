"""Somebody at the desk, and what they can do: each act through the services that the pages use."""

from collections.abc import Iterable
from uuid import uuid4

from django.contrib.auth.models import User

from ...connection import Connection
from ...intents import EditContact, Intent, Planned, RemoveContacts, RenameList, UnblockNumber
from ...models import BlockRequest, JournalEntry
from ...plusofon.values import Contact, ContactList, ListEntry
from ...resolving import who_has
from ...sameness import contact_key
from ...services import blocking, catalogue, credentials, deciding, moving, operations, requests
from ...services.requests import Kind
from ...services.side_by_side import Done
from ...writing import undoing
from ...writing.outcomes import Confirmed, Created, StepOutcome
from ...writing.write import create_list, write


class NotDone(Exception):
    """An act did not end as it has to: the dashboard or the stand-in is broken."""


class Lists:
    """The lists of an account by their names; of two that have one name the first."""

    def __init__(self, by: Connection) -> None:
        self._by = by
        self._named: dict[str, ListEntry] = {}

    def __getitem__(self, name: str) -> ListEntry:
        if name not in self._named:  # at first, or since it was created or renamed
            newest_first = sorted(catalogue.lists_of(self._by), key=lambda entry: -entry.id)
            self._named = {entry.name: entry for entry in newest_first}
        return self._named[name]


class Person:
    """Lists are told by their names, contacts and requests by a number of theirs. Acts raise `NotDone`."""

    def __init__(self, user: User) -> None:
        self.by = credentials.connection_of(user)
        self.lists = Lists(self.by)

    # Managers

    def block(self, name: str, *numbers: str, into: Iterable[str]) -> None:
        plans = [Planned(self.lists[one], numbers) for one in into]
        _expect(blocking.block(Contact(name, numbers), plans, by=self.by))

    def unblock(self, number: str, *, out_of: str) -> None:
        _expect(blocking.unblock(self._intents(number, out_of), by=self.by))

    def edit(self, number: str, *, of: str, name: str, numbers: Iterable[str]) -> None:
        """The contact with this number gets this name and these numbers."""
        (seen,) = who_has(number, self._read(of).contacts)
        self._write(EditContact(contact_key(seen), seen, name, "\n".join(numbers)), of)

    def remove_last(self, count: int, *, of: str) -> None:
        self._write(RemoveContacts(self._read(of).contacts[-count:]), of)

    def move_last(self, count: int, *, of: str, into: str) -> None:
        contacts = self._read(of).contacts[-count:]
        whole = moving.move(contacts, self.lists[of], self.lists[into], by=self.by)
        _expect(operations.carry_out(whole, by=self.by))

    def create(self, name: str) -> None:
        _expect_outcome(create_list(ContactList(0, name, "black", ()), by=self.by))

    def rename(self, old: str, new: str) -> None:
        entry = self.lists[old]
        self._write(RenameList(new, entry.type, entry.name, entry.type), old)

    def undo(self, number: str) -> None:
        """The last write that was about this number."""
        writes = JournalEntry.objects.filter(numbers__number=number, request=None)
        _expect_outcome(undoing.undo(writes.latest("pk"), by=self.by))

    def accept(self, number: str, *, into: str) -> None:
        asked = self._asked(number)
        numbers = tuple(asked.numbers.splitlines())
        contact, plan = Contact(asked.reason, numbers), Planned(self.lists[into], numbers)
        _expect(deciding.accept(asked, contact, [plan], by=self.by).done)

    def accept_unblock(self, number: str, *, out_of: str) -> None:
        asked, intents = self._asked(number), self._intents(number, out_of)
        _expect(deciding.accept_unblock(asked, intents, [], by=self.by).done)

    def decline(self, number: str, why: str) -> None:
        deciding.decline(self._asked(number), why, by=self.by.user)

    # Support

    def ask(self, reason: str, *numbers: str, into: str | None = None) -> None:
        """`into`: None leaves the list to the manager."""
        entry = self.lists[into] if into else None
        requests.ask(numbers, entry, reason, form_token=str(uuid4()), by=self.by.user)

    def ask_unblock(self, reason: str, number: str) -> None:
        token = str(uuid4())
        requests.ask([number], None, reason, form_token=token, by=self.by.user, kind=Kind.UNBLOCK)

    def withdraw(self, number: str) -> None:
        requests.withdraw(self._asked(number), by=self.by.user)

    def look_at_decisions(self) -> None:
        requests.see(by=self.by.user)

    def _read(self, name: str) -> ContactList:
        return self.by.api.get_list(self.lists[name].id)

    def _write(self, intent: Intent, name: str) -> None:
        _expect_outcome(write(intent, self.lists[name].id, by=self.by))

    def _intents(self, number: str, name: str) -> dict[ListEntry, UnblockNumber]:
        """Whoever has the number in this list."""
        having = who_has(number, self._read(name).contacts)
        return {self.lists[name]: UnblockNumber(number, frozenset(map(contact_key, having)))}

    def _asked(self, number: str) -> BlockRequest:
        (asked,) = requests.open_about(number, by=self.by.user)
        return asked


def _expect(done: Iterable[Done]) -> None:
    for one in done:
        if one.outcome is None:
            raise NotDone(one) from one.error
        _expect_outcome(one.outcome)


def _expect_outcome(outcome: StepOutcome) -> None:
    if not isinstance(outcome, Confirmed | Created):
        raise NotDone(outcome)

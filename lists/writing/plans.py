"""The plan of an act over several lists, and as a JSON text for the journal. Pure: nothing here does I/O.

The steps of a stage may be done side by side; a stage begins once the one before is confirmed. What brings
contacts into lists stands in an earlier stage than what takes them out of others.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from ..changes import ListChange
from ..intents import (
    AddContacts,
    BlockNumbers,
    CheckNumbers,
    MendContacts,
    RemoveContacts,
    UnblockNumber,
)
from ..plusofon.values import Contact, ContactList, ListEntry
from .records import (
    Record,
    read_change,
    read_contact,
    read_list,
    write_change,
    write_contact,
    write_list,
)


@dataclass(frozen=True, slots=True)
class CreateList:
    """A new list with all of its contacts; the id of `whole` does not count. `once`: an idempotency key; however
    many acts have the same, they make one list."""

    whole: ContactList
    once: str


@dataclass(frozen=True, slots=True)
class DeleteList:
    """`seen`: the `list_digest` of what may be lost; a list that is another by then stays."""

    seen: str


@dataclass(frozen=True, slots=True)
class UndoEntry:
    """Take back a write of the journal."""

    entry_id: int


Act = (
    AddContacts
    | RemoveContacts
    | CheckNumbers
    | MendContacts
    | BlockNumbers
    | UnblockNumber
    | CreateList
    | DeleteList
    | ListChange
    | UndoEntry
)


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done to one list. The id of a list that is to be created is 0."""

    stage: int
    list: ListEntry
    act: Act


Plan = tuple[Step, ...]


def write_plan(plan: Iterable[Step]) -> str:
    return json.dumps([_write_step(step) for step in plan])


def read_plan(text: str) -> Plan:
    return tuple(map(_read_step, json.loads(text)))


def _write_step(step: Step) -> Record:
    entry = [step.list.id, step.list.name, step.list.type]
    return {"stage": step.stage, "list": entry, **_write_act(step.act)}


def _write_act(act: Act) -> Record:
    match act:
        case AddContacts(contacts, joins_by_name):
            return {"add": list(map(write_contact, contacts)), "by_name": joins_by_name}
        case RemoveContacts(contacts):
            return {"remove": list(map(write_contact, contacts))}
        case CheckNumbers(numbers):
            return {"check": list(numbers)}
        case MendContacts(change, kept):
            mends = json.loads(write_change(change))
            return {"mend": mends, "kept": list(map(write_contact, kept))}
        case BlockNumbers(contact, planned):
            return {"block": write_contact(contact), "planned": planned}
        case UnblockNumber(number, keys, spared):
            return {"unblock": number, "keys": sorted(keys), "spared": sorted(spared)}
        case CreateList(whole, once):
            return {"create": json.loads(write_list(whole)), "once": once}
        case DeleteList(seen):
            return {"delete": seen}
        case ListChange():
            return {"change": json.loads(write_change(act))}
        case UndoEntry(entry_id):
            return {"undo": entry_id}
    assert_never(act)


def _read_step(record: Record) -> Step:
    return Step(record["stage"], ListEntry(*record["list"]), _read_act(record))


def _read_act(record: Record) -> Act:
    match record:
        case {"add": contacts, "by_name": joins_by_name}:
            return AddContacts(_contacts(contacts), joins_by_name)
        case {"remove": contacts}:
            return RemoveContacts(_contacts(contacts))
        case {"check": numbers}:
            return CheckNumbers(tuple(numbers))
        case {"mend": change, "kept": kept}:
            return MendContacts(read_change(json.dumps(change)), _contacts(kept))
        case {"block": contact, "planned": planned}:
            return BlockNumbers(read_contact(contact), None if planned is None else tuple(planned))
        case {"unblock": number, "keys": keys, "spared": spared}:
            return UnblockNumber(number, frozenset(keys), frozenset(spared))
        case {"create": whole, "once": once}:
            return CreateList(read_list(json.dumps(whole)), once)
        case {"delete": seen}:
            return DeleteList(seen)
        case {"change": change}:
            return read_change(json.dumps(change))
        case {"undo": entry_id}:
            return UndoEntry(entry_id)
    raise AssertionError(record)


def _contacts(records: Iterable[Record]) -> tuple[Contact, ...]:
    return tuple(map(read_contact, records))

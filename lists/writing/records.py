"""Changes as JSON texts, for the journal, and back. Pure: nothing here does I/O.

A contact is {"name", "phones"} with "extra" where the API sent fields that we do not know; "others"
counts the equal ones (see `ContactChange`), where there are any.
"""

import json
from collections.abc import Mapping
from typing import Any

from ..changes import ContactChange, ListChange, TextChange
from ..plusofon.values import NOTHING, Contact, ContactList

Record = dict[str, Any]

_DECODER = json.JSONDecoder()
_BEFORE_CONTACTS, _BETWEEN = '{"contacts": [', ", "  # as `json.dumps` writes them


def write_change(change: ListChange) -> str:
    record: Record = {}
    if change.contacts:
        record["contacts"] = [
            {"before": _contact_record(c.before), "after": _contact_record(c.after), **_others(c)}
            for c in change.contacts
        ]
    if change.name:
        record["name"] = [change.name.before, change.name.after]
    if change.type:
        record["type"] = [change.type.before, change.type.after]
    return json.dumps(record)


def read_change(text: str) -> ListChange:
    record = json.loads(text)
    return ListChange(
        contacts=tuple(map(_read_contact_change, record.get("contacts", ()))),
        name=TextChange(*record["name"]) if "name" in record else None,
        type=TextChange(*record["type"]) if "type" in record else None,
    )


def read_first(text: str, most: int) -> list[ContactChange]:
    """The first changes of contacts alone: a page tells of fifty writes, and each may change ten thousand."""
    first: list[ContactChange] = []
    place = len(_BEFORE_CONTACTS) if text.startswith(_BEFORE_CONTACTS) else len(text)
    while len(first) < most and text[place : place + 1] not in ("", "]"):
        record, place = _DECODER.raw_decode(text, place)
        first.append(_read_contact_change(record))
        place += len(_BETWEEN) if text.startswith(_BETWEEN, place) else 0
    return first


def write_list(contact_list: ContactList) -> str:
    record = {
        "id": contact_list.id,
        "name": contact_list.name,
        "type": contact_list.type,
        "contacts": [write_contact(contact) for contact in contact_list.contacts],
    }
    if contact_list.extra:
        record["extra"] = dict(contact_list.extra)
    return json.dumps(record)


def read_list(text: str) -> ContactList:
    record = json.loads(text)
    return ContactList(
        id=record["id"],
        name=record["name"],
        type=record["type"],
        contacts=tuple(map(read_contact, record["contacts"])),
        extra=record.get("extra", {}),
    )


def _read_contact_change(record: Mapping[str, Any]) -> ContactChange:
    before, after = _read_contact(record["before"]), _read_contact(record["after"])
    return ContactChange(before, after, *record.get("others", (0, 0)))


def _others(change: ContactChange) -> Record:
    others = [change.others_before, change.others_after]
    return {"others": others} if any(others) else {}


def write_contact(contact: Contact) -> Record:
    record: Record = {"name": contact.name, "phones": list(contact.phones)}
    return record | ({"extra": dict(contact.extra)} if contact.extra else {})


def read_contact(record: Mapping[str, Any]) -> Contact:
    return Contact(record["name"], tuple(record["phones"]), record.get("extra") or NOTHING)


def _contact_record(contact: Contact | None) -> Record | None:
    return None if contact is None else write_contact(contact)


def _read_contact(record: Mapping[str, Any] | None) -> Contact | None:
    return None if record is None else read_contact(record)

"""A list as JSON, in the API's own shape, fields that we do not know included; and back. Pure."""

import json
from typing import Any

from .plusofon.values import NOTHING, Contact, ContactList

KNOWN = {"id", "name", "type", "contacts"}
KNOWN_OF_A_CONTACT = {"name", "phones"}


class NotAList(Exception):
    """Nothing that `write_list` writes."""


def write_list(found: ContactList) -> bytes:
    """A contact a line, so that people can compare two of them."""
    head = {**found.extra, "id": found.id, "name": found.name, "type": found.type}
    contacts = ",\n".join(
        _json({**one.extra, "name": one.name, "phones": one.phones}) for one in found.contacts
    )
    return f'{_json(head)[:-1]}, "contacts": [\n{contacts}\n]}}\n'.encode()


def read_list(content: bytes) -> ContactList:
    """Raises `NotAList`."""
    try:
        record = json.loads(content, parse_constant=_no_json)
        return ContactList(
            id=_of(int, record["id"]),
            name=text_of(record["name"]),
            type=text_of(record["type"]),
            contacts=tuple(map(_contact, _of(list, record["contacts"]))),
            extra={key: value for key, value in record.items() if key not in KNOWN},
        )
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise NotAList from error


def _contact(record: Any) -> Contact:
    phones = tuple(map(text_of, _of(list, record["phones"])))
    extra = {key: value for key, value in record.items() if key not in KNOWN_OF_A_CONTACT}
    return Contact(text_of(record["name"]), phones, extra or NOTHING)


def text_of(value: Any) -> str:
    """Half of a surrogate pair is JSON, but no text: no page and no database takes it. Raises `TypeError` or
    `ValueError`."""
    text: str = _of(str, value)
    text.encode()
    return text


def _of(kind: type[Any], value: Any) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError
    return value


def _json(record: Any) -> str:
    return json.dumps(record, ensure_ascii=False)


def _no_json(constant: str) -> None:
    raise ValueError(constant)

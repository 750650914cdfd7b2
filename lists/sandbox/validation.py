"""Laravel's 422: what is wrong with the body of a `POST` or `PUT`, by dotted path.

The sentences are those of Laravel's usual Russian translation.
"""

import re
from collections.abc import Iterator

from .answers import Json

LONGEST_NAME = 255
TYPES = {"black": "Черный", "white": "Белый"}
STRICT_PHONE = re.compile(r"[0-9]{1,20}")

Complaint = tuple[str, str]


def errors(body: Json, *, strict_phones: bool) -> dict[str, list[str]]:
    """Empty where the body may be stored. Contacts may be left out, as on the vendor's page."""
    found: dict[str, list[str]] = {}
    for path, sentence in _list(body, strict_phones=strict_phones):
        found.setdefault(path, []).append(sentence)
    return found


def _list(body: Json, *, strict_phones: bool) -> Iterator[Complaint]:
    yield from _name("name", body.get("name"))
    if _is_blank(body.get("type")):
        yield _required("type")
    elif body["type"] not in list(TYPES):
        yield "type", "Выбранное значение для type ошибочно."
    yield from _contacts(body.get("contacts", []), strict_phones=strict_phones)


def _contacts(contacts: object, *, strict_phones: bool) -> Iterator[Complaint]:
    if not isinstance(contacts, list):
        yield _not_an_array("contacts")
        return
    for n, contact in enumerate(contacts):
        fields = contact if isinstance(contact, dict) else {}
        yield from _name(f"contacts.{n}.name", fields.get("name"))
        yield from _phones(f"contacts.{n}.phones", fields.get("phones"), strict=strict_phones)


def _phones(path: str, phones: object, *, strict: bool) -> Iterator[Complaint]:
    if _is_blank(phones):
        yield _required(path)
    elif not isinstance(phones, list):
        yield _not_an_array(path)
    else:
        for n, phone in enumerate(phones):
            if _is_blank(phone):
                yield _required(f"{path}.{n}")
            elif not isinstance(phone, str):
                yield _not_a_string(f"{path}.{n}")
            elif strict and not STRICT_PHONE.fullmatch(phone):
                yield f"{path}.{n}", f"Поле {path}.{n} имеет ошибочный формат."


def _name(path: str, name: object) -> Iterator[Complaint]:
    if _is_blank(name):
        yield _required(path)
    elif not isinstance(name, str):
        yield _not_a_string(path)
    elif len(name.strip()) > LONGEST_NAME:
        yield path, f"Количество символов в поле {path} не может превышать {LONGEST_NAME}."


def _is_blank(value: object) -> bool:
    """Laravel's `required` refuses an empty array and a text of spaces as it does `null`."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _required(path: str) -> Complaint:
    return path, f"Поле {path} обязательно для заполнения."


def _not_an_array(path: str) -> Complaint:
    return path, f"Поле {path} должно быть массивом."


def _not_a_string(path: str) -> Complaint:
    return path, f"Поле {path} должно быть строкой."

"""What the service may make of what it was sent, and of what it answers.

Stored otherwise than sent:
    trim           spaces around names and numbers go
    normalise      numbers become digits, beginning with 7
    reorder        contacts come back by name, numbers ascending
    dedupe         doubles among the contacts, and among the numbers of one, go
    no-contacts    a list is stored without its contacts
Answered otherwise than stored:
    ints           numbers are JSON integers
    strings        ids and counts are JSON strings
    null-contacts  an empty list has `null` for contacts
    gaps           contacts are PHP's array with gaps: {"0": …, "2": …}
    odd-success    `success` is 1
    no-location    a new list's address is not told
    last-page      there are said to be a thousand million pages of lists
    long-names     names of lists, and of each one's first contact, have 100 kB
    many-contacts  a list has 500,000 contacts
"""

import re
from collections.abc import Set

from .answers import Json

STORED = {"trim", "normalise", "reorder", "dedupe", "no-contacts"}
ANSWERED = {
    *("ints", "strings", "null-contacts", "gaps", "odd-success", "no-location"),
    *("last-page", "long-names", "many-contacts"),
}
QUIRKS = STORED | ANSWERED


def as_stored(payload: Json, quirks: Set[str]) -> Json:
    """The body of a `POST` or `PUT` as it is kept."""
    _check(quirks)
    if not quirks & STORED:
        return payload
    payload = dict(payload)
    if "trim" in quirks and isinstance(payload.get("name"), str):
        payload["name"] = payload["name"].strip()
    if "no-contacts" in quirks:
        payload["contacts"] = []
    if isinstance(payload.get("contacts"), list):
        contacts = [_contact(contact, quirks) for contact in payload["contacts"]]
        if "dedupe" in quirks:
            contacts = [c for n, c in enumerate(contacts) if c not in contacts[:n]]
        if "reorder" in quirks:
            contacts.sort(key=lambda contact: str(contact["name"]))
        payload["contacts"] = contacts
    return payload


def as_answered(body: Json, quirks: Set[str]) -> Json:
    """A successful answer as it is sent."""
    _check(quirks)
    if not quirks & ANSWERED:
        return body
    body = dict(body)
    if "last-page" in quirks and "last_page" in body:
        body["last_page"] = 10**9
    if "long-names" in quirks:
        body = _with_long_names(body)
    if "many-contacts" in quirks and "contacts" in body:
        contact = {"name": "Иван", "phones": ["79998887766"]}
        body["contacts"] = [*body["contacts"], *[contact] * 500_000]
    if "ints" in quirks and "contacts" in body:
        body["contacts"] = [
            {**contact, "phones": [_int(phone) for phone in contact["phones"]]}
            for contact in body["contacts"]
        ]
    if "strings" in quirks:
        body = {key: _string(value) for key, value in body.items()}
        if "data" in body:
            body["data"] = [{**row, "id": str(row["id"])} for row in body["data"]]
    if "null-contacts" in quirks and body.get("contacts") == []:
        body["contacts"] = None
    if "gaps" in quirks and body.get("contacts"):
        body["contacts"] = {str(2 * n): contact for n, contact in enumerate(body["contacts"])}
    if "odd-success" in quirks and "success" in body:
        body["success"] = 1
    return body


def _check(quirks: Set[str]) -> None:
    if unknown := quirks - QUIRKS:
        raise ValueError(f"no such quirk: {', '.join(sorted(unknown))}")


def _with_long_names(body: Json) -> Json:
    if "data" in body:
        return {**body, "data": [_long_named(row) for row in body["data"]]}
    if "contacts" not in body:
        return body
    contacts = body["contacts"]
    return _long_named({**body, "contacts": [*map(_long_named, contacts[:1]), *contacts[1:]]})


def _long_named(row: Json) -> Json:
    """100 kB of UTF-8, which begin as the name does."""
    return {**row, "name": f"{row['name']} " + "ё" * 50_000}


def _contact(contact: Json, quirks: Set[str]) -> Json:
    name, phones = contact.get("name"), list(contact.get("phones") or [])
    if "trim" in quirks:
        name = name.strip() if isinstance(name, str) else name
        phones = [str(phone).strip() for phone in phones]
    if "normalise" in quirks:
        phones = [_normalised(str(phone)) for phone in phones]
    if "dedupe" in quirks:
        phones = list(dict.fromkeys(phones))
    if "reorder" in quirks:
        phones.sort(key=str)
    return {**contact, "name": name, "phones": phones}


def _normalised(phone: str) -> str:
    digits = re.sub(r"[^0-9]", "", phone)
    if len(digits) == 11 and digits.startswith("8"):
        return f"7{digits[1:]}"
    return f"7{digits}" if len(digits) == 10 else digits


def _int(phone: object) -> object:
    return int(phone) if isinstance(phone, str) and phone.isascii() and phone.isdigit() else phone


def _string(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

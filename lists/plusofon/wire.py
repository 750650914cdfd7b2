"""From an answer to a value or an error, and from a value to a body. Pure: nothing here does I/O.

Strict in what is believed: an answer counts only if it is 2xx, JSON, of the promised shape, and
says `"success": true`. Tolerant in what PHP may make of it: numbers as strings, strings as numbers,
`null` for an empty text, an object for an array with gaps.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .errors import (
    Invalid,
    NoAccess,
    NotFound,
    NotUnderstood,
    PlusofonError,
    RateLimited,
    Refused,
    ServerError,
    Unauthenticated,
    Unavailable,
)
from .values import ID, Contact, ContactList, ListEntry, ListType, Owner, Page

JsonObject = dict[str, Any]

MOST_ON_A_PAGE = 1000  # lists; the API puts 15 there

# Laravel's own words for a crash: no reason that a person could act on.
CRASH_WORDS = {"server error", "internal server error", ""}
# An error of the API, the vendor's or Laravel's, has at least one of these.
ERROR_KEYS = {"success", "message", "error", "errors"}

# A high half without its low one behind it, or a low one without its high one before it.
LONE_SURROGATE = re.compile(
    r"\\u[dD][89abAB]..(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB]..)\\u[dD][c-fC-F]"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def read_page(answer: Answer) -> Page:
    """`GET contact-lists`."""
    body = _success(answer)
    rows = _array(body, "data")
    if len(rows) > MOST_ON_A_PAGE:
        raise NotUnderstood(detail="a page has too many lists")
    return Page(
        entries=tuple(map(_entry, rows)),
        number=_integer(body, "current_page"),
        last=_integer(body, "last_page"),
        per_page=_integer(body, "per_page"),
        total=_integer(body, "total"),
    )


def read_list(answer: Answer, *, list_id: int) -> ContactList:
    """`GET contact-lists/{id}`. An answer about another list is not believed: it would be written back."""
    body = _success(answer)
    found = _integer(body, "id")
    if found != list_id:
        raise NotUnderstood(detail=f"asked for list {list_id}, answered list {found}")
    return ContactList(
        id=found,
        name=_text(body, "name"),
        type=_text(body, "type"),
        contacts=tuple(_contact(row) for row in _array(body, "contacts")),
        extra=_rest(body, "id", "name", "type", "contacts", "success"),
    )


def read_created(answer: Answer) -> int | None:
    """`POST contact-lists`: the new list's id, or None where `Location` does not tell it.

    Only the last segment of `Location` is looked at; its host is known to be wrong.
    """
    _success(answer)
    try:
        path = urlsplit(answer.headers.get("location", "")).path
        return _integer({"id": path.rstrip("/").rpartition("/")[2]}, "id")
    except (ValueError, NotUnderstood):
        return None


def read_done(answer: Answer) -> None:
    """`PUT` and `DELETE contact-lists/{id}`."""
    _success(answer)


def read_types(answer: Answer) -> tuple[ListType, ...]:
    """`GET contact-lists/types`."""
    rows = _array(_success(answer), "types")
    return tuple(ListType(code=_text(row, "type"), title=_text(row, "title")) for row in rows)


def read_owner(answer: Answer) -> Owner:
    """`GET authuser`, which need not say `success`."""
    body = _object(answer)
    if "success" in body:
        _check_success(answer, body)
    user = body.get("user", body)
    if not isinstance(user, dict):
        raise NotUnderstood(detail="user is not an object")
    names = (_optional_text(user, key) for key in ("last_name", "first_name", "middle_name"))
    return Owner(
        id=_integer(user, "id"),
        name=" ".join(name for name in names if name),
        email=_optional_text(user, "email"),
    )


def retry_after(answer: Answer) -> float | None:
    """Seconds that the API asks to wait, or None where it does not say.

    The date form of RFC 9110 §10.2.3 is not what Laravel sends; it counts as unsaid, as do more than thirty
    years.
    """
    value = answer.headers.get("retry-after", "").strip()
    return float(value) if re.fullmatch("[0-9]{1,9}", value) else None


def write_list(contact_list: ContactList) -> bytes:
    """The body of `POST` and `PUT`: always with the contacts, unknown fields as they came."""
    return json.dumps(
        {
            **contact_list.extra,
            "name": contact_list.name,
            "type": contact_list.type,
            "contacts": [
                {**contact.extra, "name": contact.name, "phones": contact.phones}
                for contact in contact_list.contacts
            ],
        },
        ensure_ascii=False,
    ).encode()


def _success(answer: Answer) -> JsonObject:
    body = _object(answer)
    _check_success(answer, body)
    return body


def _check_success(answer: Answer, body: JsonObject) -> None:
    success = body.get("success")
    if success is False:
        raise Refused(_words(body), status=answer.status)
    if success is not True:
        raise NotUnderstood(detail="success is not true", status=answer.status)


def _object(answer: Answer) -> JsonObject:
    """The answer's JSON object if the status is 2xx; else the error that the answer stands for."""
    parsed = _parse(answer.body)
    if not 200 <= answer.status < 300:
        is_the_apis = isinstance(parsed, dict) and not ERROR_KEYS.isdisjoint(parsed)
        raise _error(answer, parsed if is_the_apis else None)
    if not isinstance(parsed, dict):
        raise NotUnderstood(detail="not a JSON object", status=answer.status)
    return parsed


def _parse(body: bytes) -> Any:
    """The JSON value, or None for what is not JSON or could not be shown or sent back as text."""
    try:
        text = body.decode("utf-8-sig")
        parsed = json.loads(text, parse_constant=_not_json)
        # Half of a surrogate pair is JSON, but no text. Looked for only where there may be one.
        if ("\\ud" in text or "\\uD" in text) and LONE_SURROGATE.search(text):
            json.dumps(parsed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return parsed


def _not_json(constant: str) -> None:
    raise ValueError(constant)


def _error(answer: Answer, said: JsonObject | None) -> PlusofonError:
    """`said`: what the API says; None where a proxy's page or anything else came in its place."""
    status, words = answer.status, _words(said or {})
    if status == 429:  # whoever says so means the same
        return RateLimited(words, status=status, retry_after=retry_after(answer))
    if said is None and status < 500:
        return NotUnderstood(detail=f"status {status}, and not in the API's words", status=status)
    match status:
        case 401:
            return Unauthenticated(words, status=status)
        case 403:
            return NoAccess(words, status=status)
        case 404:
            return NotFound(words, status=status)
        case 400 | 422:
            return Invalid(words, status=status, fields=_fields(said or {}))
        case 500 if said is not None:
            is_crash = words.lower().strip(" .") in CRASH_WORDS
            return (ServerError if is_crash else NoAccess)(words, status=status)
    if status >= 500:
        return Unavailable(words, status=status)
    if status >= 400:
        return Refused(words, status=status)
    return NotUnderstood(detail=f"status {status}", status=status)


def _words(body: JsonObject) -> str:
    """`message`, or `error` (the vendor's word at 404)."""
    for key in ("message", "error"):
        if isinstance(words := body.get(key), str) and words.strip():
            return words.strip()[:1000]
    return ""


def _fields(body: JsonObject) -> dict[str, tuple[str, ...]]:
    errors = body.get("errors")
    if not isinstance(errors, dict):
        return {}
    return {
        path: tuple(str(sentence) for sentence in (found if isinstance(found, list) else [found]))
        for path, found in errors.items()
    }


def _entry(row: JsonObject) -> ListEntry:
    return ListEntry(id=_integer(row, "id"), name=_text(row, "name"), type=_text(row, "type"))


def _contact(row: JsonObject) -> Contact:
    name, phones = row.get("name"), row.get("phones")
    if type(name) is not str:
        name = _text(row, "name")
    if type(phones) is not list:
        phones = _items(row, "phones")
    numbers = tuple([phone if type(phone) is str else _phone(phone) for phone in phones])
    if len(row) == 2:  # nothing unknown: a long list has ten thousand of these
        return Contact(name, numbers)
    return Contact(name, numbers, _rest(row, "name", "phones"))


def _phone(value: Any) -> str:
    """A number that did not come as a text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise NotUnderstood(detail="a phone is neither a text nor a number")


def _rest(row: JsonObject, *known: str) -> JsonObject:
    return {key: value for key, value in row.items() if key not in known}


def _array(body: JsonObject, key: str) -> list[JsonObject]:
    rows = _items(body, key)
    if not all(isinstance(row, dict) for row in rows):
        raise NotUnderstood(detail=f"{key} holds something other than objects")
    return rows


def _items(body: JsonObject, key: str) -> list[Any]:
    """A list; or PHP's array with gaps, which comes as {"0": …, "2": …}."""
    items = body.get(key)
    if isinstance(items, dict) and all(index.isdigit() for index in items):
        items = list(items.values())
    if not isinstance(items, list):
        raise NotUnderstood(detail=f"{key} is not a list")
    return items


def _text(body: JsonObject, key: str) -> str:
    if key not in body:
        raise NotUnderstood(detail=f"{key} is missing")
    return _optional_text(body, key)


def _optional_text(body: JsonObject, key: str) -> str:
    value = body.get(key)
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise NotUnderstood(detail=f"{key} is not a text")


def _integer(body: JsonObject, key: str) -> int:
    value = body.get(key)
    if isinstance(value, (int, str)) and re.fullmatch(ID, str(value)):
        return int(value)
    raise NotUnderstood(detail=f"{key} is not a whole number")

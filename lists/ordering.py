"""In which order names and numbers stand, and what an address says of it. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from .names import folded
from .phones import digits_of, normalise
from .plusofon.values import Contact

T = TypeVar("T")
Key = tuple[Any, ...]

_DIGITS = re.compile("([0-9]+)")
_BEFORE_WORDS = re.compile(r"^[\W_]+")


class By(StrEnum):
    NAME = "name"
    NUMBER = "number"
    TYPE = "type"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Order:
    """By what something is sorted. As text, for an address: "name", or "-name" from the end."""

    by: By
    is_reversed: bool = False

    def __str__(self) -> str:
        return f"-{self.by}" if self.is_reversed else str(self.by)


def read_order(text: str, possible: Iterable[By]) -> Order | None:
    """None, as it is stored, for what is none of the possible orders."""
    is_reversed = text.startswith("-")
    for by in possible:
        if text.removeprefix("-") == by:
            return Order(by, is_reversed)
    return None


def in_order(things: Iterable[T], key: Callable[[T], Key | None], *, is_reversed: bool) -> list[T]:
    """Sorted by their keys; equal ones stay as they stood, and those without a key stand last either way."""
    keyed = [(key(thing), thing) for thing in things]
    with_key = [(own, thing) for own, thing in keyed if own is not None]
    with_key.sort(key=lambda pair: pair[0], reverse=is_reversed)
    return [thing for _own, thing in with_key] + [thing for own, thing in keyed if own is None]


def name_key(name: str) -> Key | None:
    """As people read a list of names: whatever their case, ё with е, quotation marks before the first word left
    out, and 2 before 10. None for a name that is empty."""
    text = name.strip()
    if not text:
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    words = folded(_BEFORE_WORDS.sub("", text))
    # Texts and digits take turns, the first always is a text: only like is compared with like.
    parts = _DIGITS.split(words)
    parts[1::2] = map(_as_number, parts[1::2])
    return (parts, name)


def number_key(phone: str) -> Key | None:
    """By its digits from the first on, so that numbers of one code stand together; texts that are no number
    follow. None where there is nothing."""
    normal = normalise(phone)
    if not normal:
        return None
    digits = normal if normal.isdigit() else digits_of(normal)
    return (not digits, digits, normal)


def contacts_in_order(contacts: tuple[Contact, ...], order: Order | None) -> tuple[Contact, ...]:
    """By name, or by the first number; None leaves them as they are stored."""
    if order is None:
        return contacts
    key = _by_number if order.by is By.NUMBER else _by_name
    return tuple(in_order(contacts, key, is_reversed=order.is_reversed))


def _by_name(contact: Contact) -> Key | None:
    return name_key(contact.name)


def _by_number(contact: Contact) -> Key | None:
    return number_key(contact.phones[0]) if contact.phones else None


def _as_number(digits: str) -> Any:
    """Compares as the number does, however long it is: Python makes no number of thousands of digits."""
    significant = digits.lstrip("0")
    return len(significant), significant

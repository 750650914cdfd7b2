"""Finding one's way in a long list: its contacts filtered by what was typed, a page at a time."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from ..names import folded
from ..phones import FILLING, digits_of, normalise
from ..plusofon.values import Contact

_WORDS = re.compile(r"\w+")
_NUMBER = re.compile(rf"(?=.*[0-9])[0-9{FILLING}]+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slice:
    """The contacts of one page of a list; `total` counts all that match."""

    contacts: tuple[Contact, ...]
    number: int
    last: int
    total: int
    first_index: int


def matching(contacts: tuple[Contact, ...], query: str) -> tuple[Contact, ...]:
    """The contacts that a search box means: digits mean a number, letters mean a name."""
    query = query.strip()
    if not query:
        return contacts
    matches = digits_matcher(query) if _NUMBER.fullmatch(query) else name_matcher(query)
    return tuple(contact for contact in contacts if matches(contact))


def slice_of(contacts: tuple[Contact, ...], *, page: int, per_page: int) -> Slice:
    """One page. A page beyond the last is empty and keeps its number."""
    last = max(1, -(-len(contacts) // per_page))
    first = (page - 1) * per_page
    return Slice(contacts[first : first + per_page], page, last, len(contacts), first + 1)


def digits_matcher(query: str) -> Callable[[Contact], bool]:
    """For a whole number or a part of one; a part that begins with 8 also means the 7 it is stored as."""
    typed, whole = digits_of(query), normalise(query)
    beginning = "7" + typed[1:] if typed.startswith("8") else whole

    def matches(contact: Contact) -> bool:
        numbers = [_digits(normalise(phone)) for phone in contact.phones]
        return any(
            typed in number or whole in number or number.startswith(beginning) for number in numbers
        )

    return matches


def _digits(stored: str) -> str:
    return stored if stored.isdigit() else digits_of(stored)


def name_matcher(query: str) -> Callable[[Contact], bool]:
    """Contacts with these words in their name, in any order (see `words_matcher`); digits beside
    them may also stand in a number, and an odd stored text is found by itself."""
    has_words = words_matcher(query)
    is_mixed = len({word.isdigit() for word in _WORDS.findall(query)}) == 2

    def matches(contact: Contact) -> bool:
        if has_words(contact.name) or query in contact.phones:
            return True
        return is_mixed and has_words(" ".join((contact.name, *contact.phones)))

    return matches


def words_matcher(query: str) -> Callable[[str], bool]:
    """Names with all of these words, or parts of words, in any order and case; е means ё too."""
    words = _WORDS.findall(folded(query))

    def matches(name: str) -> bool:
        text = folded(name)
        return bool(words) and all(word in text for word in words)

    return matches

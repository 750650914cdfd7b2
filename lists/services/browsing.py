"""Reading lists, and finding one's way in a long one."""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.core.cache import cache

from .. import bulkhead
from ..connection import Connection
from ..names import folded
from ..phones import FILLING, digits_of, normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import PlusofonError
from ..plusofon.index import all_lists
from ..plusofon.values import Contact, ListEntry, ListType, Page

TYPES_ARE_KEPT_FOR = 60 * 60  # seconds
NEWEST_IS_KNOWN_FOR = 2 * 60  # seconds: from the page of lists to the new one
COUNTS_AT_ONCE = 4  # of the calls that scans may have: a number that is looked up comes between
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


def list_types(*, by: Connection) -> tuple[ListType, ...]:
    """The types that can be created: one call an hour for each account."""
    key = f"list-types:{by.account}"
    types: tuple[ListType, ...] | None = cache.get(key)
    if types is None:
        types = by.api.get_list_types()
        cache.set(key, types, TYPES_ARE_KEPT_FOR)
    return types


def page_of_lists(number: int, *, by: Connection) -> Page:
    """One page of lists, from 1."""
    page = by.api.get_lists(number)
    if page.last <= 1:
        _remember_newest(page.entries, by=by)
    return page


def lists_of(by: Connection) -> tuple[ListEntry, ...]:
    """Every list. Raises `PlusofonError`, also if the pages do not add up."""
    entries = all_lists(by.api.scanning())
    _remember_newest(entries, by=by)
    return entries


def newest_known(*, by: Connection) -> int | None:
    """The highest id of a list when somebody of the account has just seen all of them, in this process: a
    list that is to be created will have a higher one. None where that is not known."""
    newest: int | None = cache.get(f"newest-list:{by.account}")
    return newest


def _remember_newest(entries: Iterable[ListEntry], *, by: Connection) -> None:
    newest = max((entry.id for entry in entries), default=0)
    cache.set(f"newest-list:{by.account}", newest, NEWEST_IS_KNOWN_FOR)


def counts(list_ids: Iterable[int], *, api: Plusofon) -> dict[int, int | None]:
    """How many contacts each list has: a call each. None where it could not be read. Raises
    `BulkheadFull`."""

    def count(list_id: int) -> int | None:
        try:
            return len(api.get_list(list_id).contacts)
        except PlusofonError:
            return None

    ids, api = list(list_ids), api.scanning()
    with (
        bulkhead.scans.enter(),
        ThreadPoolExecutor(COUNTS_AT_ONCE, thread_name_prefix="counts") as pool,
    ):
        return dict(zip(ids, pool.map(count, ids), strict=True))


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

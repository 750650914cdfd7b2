"""Reading lists, and finding one's way in a long one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.cache import cache

from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotUnderstood
from ..plusofon.values import Contact, ListEntry, ListType

TYPES_ARE_KEPT_FOR = 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Slice:
    """The contacts of one page of a list; `total` counts all that match."""

    contacts: tuple[Contact, ...]
    number: int
    last: int
    total: int
    first_index: int


def list_types(*, api: Plusofon, by: User) -> tuple[ListType, ...]:
    """The types that can be created: one call an hour for each account."""
    key = f"list-types:{by.credential.account}"
    types: tuple[ListType, ...] | None = cache.get(key)
    if types is None:
        types = api.get_list_types()
        cache.set(key, types, TYPES_ARE_KEPT_FOR)
    return types


def all_lists(*, api: Plusofon) -> tuple[ListEntry, ...]:
    """Every page of lists, in order. Raises `NotUnderstood` if the pages do not add up."""
    page = api.get_lists(1)
    entries = list(page.entries)
    for number in range(2, page.last + 1):
        entries += api.get_lists(number).entries
    if len({entry.id for entry in entries}) < page.total:
        raise NotUnderstood(detail="the pages of lists do not add up")
    return tuple(entries)


def matching(contacts: tuple[Contact, ...], query: str) -> tuple[Contact, ...]:
    """The contacts that a search box means: digits mean a number, letters mean a name."""
    query = query.strip()
    if not query:
        return contacts
    matches = _number_matcher(query) or _name_matcher(query)
    return tuple(contact for contact in contacts if matches(contact))


def slice_of(contacts: tuple[Contact, ...], *, page: int, per_page: int) -> Slice:
    """One page. A page beyond the last is empty and keeps its number."""
    last = max(1, -(-len(contacts) // per_page))
    first = (page - 1) * per_page
    return Slice(contacts[first : first + per_page], page, last, len(contacts), first + 1)


def _number_matcher(query: str) -> Callable[[Contact], bool] | None:
    """For a whole number or a part of one; a part that begins with 8 also means the 7 it is stored as."""
    whole = normalise(query)
    if not whole.isdigit():
        return None
    typed = "".join(filter(str.isdigit, query))
    beginning = "7" + typed[1:] if typed.startswith("8") else whole

    def matches(contact: Contact) -> bool:
        numbers = [normalise(phone) for phone in contact.phones]
        return any(
            typed in number or whole in number or number.startswith(beginning) for number in numbers
        )

    return matches


def _name_matcher(query: str) -> Callable[[Contact], bool]:
    wanted = _folded(query)
    return lambda contact: wanted in _folded(contact.name) or query in contact.phones


def _folded(text: str) -> str:
    """Russians type е for ё."""
    return text.casefold().replace("ё", "е")

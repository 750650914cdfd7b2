"""Reading lists, and finding one's way in a long one."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache

from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotUnderstood, PlusofonError
from ..plusofon.values import Contact, ListEntry, ListType, Page

TYPES_ARE_KEPT_FOR = 60 * 60  # seconds
MOST_PAGES = 1000  # of lists, 15 each
COUNTS_AT_ONCE = 4  # of the calls that scans may have: a number that is looked up comes between


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


@dataclass(frozen=True, slots=True)
class Index:
    """All pages of lists, and how many those are. `trouble`: why some may be missing."""

    entries: tuple[ListEntry, ...]
    pages: int
    trouble: PlusofonError | None

    @property
    def ids(self) -> list[int]:
        return [entry.id for entry in self.entries]


def read_index(
    *,
    api: Plusofon,
    first: Page | None = None,
    expected: int = 1,
    each: Callable[..., Iterable[Any]] = map,
) -> Index:
    """Every page of lists, in order. `first`: the first one, where it was read already; `expected`:
    how many there should be; `each`: how they are read (`map`, or that of a pool of threads)."""

    def read(number: int) -> Page | PlusofonError:
        try:
            return api.get_lists(number)
        except PlusofonError as error:
            return error

    pages = [first] if first else list(each(read, range(1, expected + 1)))
    last = max((page.last for page in pages if isinstance(page, Page)), default=0)
    pages += each(read, range(len(pages) + 1, min(last, MOST_PAGES) + 1))
    read_pages = [page for page in pages if isinstance(page, Page)]
    trouble = next((page for page in pages if isinstance(page, PlusofonError)), None)
    # By id: what moved from page to page while they were read would stand there twice.
    entries = {entry.id: entry for page in read_pages for entry in page.entries}
    # What says that there are more pages than anybody could read does not add up either.
    if trouble is None and {page.total for page in read_pages} != {len(entries)}:
        trouble = NotUnderstood(detail="the pages of lists do not add up")
    return Index(tuple(entries.values()), len(pages), trouble)


def all_lists(*, api: Plusofon) -> tuple[ListEntry, ...]:
    """Every page of lists, in order. Raises `PlusofonError`, also if the pages do not add up."""
    index = read_index(api=api.scanning())
    if index.trouble:
        raise index.trouble
    return index.entries


def counts(list_ids: Iterable[int], *, api: Plusofon) -> dict[int, int | None]:
    """How many contacts each list has: a call each. None where it could not be read."""

    def count(list_id: int) -> int | None:
        try:
            return len(api.get_list(list_id).contacts)
        except PlusofonError:
            return None

    ids, api = list(list_ids), api.scanning()
    with ThreadPoolExecutor(COUNTS_AT_ONCE, thread_name_prefix="counts") as pool:
        return dict(zip(ids, pool.map(count, ids), strict=True))


def matching(contacts: tuple[Contact, ...], query: str) -> tuple[Contact, ...]:
    """The contacts that a search box means: digits mean a number, letters mean a name."""
    query = query.strip()
    if not query:
        return contacts
    matches = _number_matcher(query) or name_matcher(query)
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


def name_matcher(query: str) -> Callable[[Contact], bool]:
    """Contacts with these words in their name, in any case; е means ё too."""
    wanted = _folded(query)
    return lambda contact: wanted in _folded(contact.name) or query in contact.phones


def _folded(text: str) -> str:
    """Russians type е for ё."""
    return text.casefold().replace("ё", "е")

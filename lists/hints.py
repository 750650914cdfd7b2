"""Which lists held a number when this process last read them: where to look first, and no more than that.

A hint may be wrong (Lampson, "Hints for Computer System Design", 1983): whoever follows it reads the list.
"""

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Collection, Iterable
from functools import lru_cache

from .phones import normalise
from .plusofon.values import ContactList

MOST_LISTS = 15_000  # of an account
MOST_NUMBERS = 1_000_000  # of an account: 8 bytes each
MOST_ACCOUNTS = 8


class Hints:
    """One account's, for the threads of one process. Of each list the hashes of its numbers are kept; the
    lists that were read longest ago go first."""

    def __init__(self, *, most_lists: int = MOST_LISTS, most_numbers: int = MOST_NUMBERS) -> None:
        self.most_lists, self.most_numbers = most_lists, most_numbers
        self._hashes: OrderedDict[int, array[int]] = OrderedDict()  # by list id, sorted
        self._numbers = 0
        self._lock = threading.Lock()

    def note(self, found: ContactList) -> None:
        """The list has just been read."""
        hashes = _hashes(phone for contact in found.contacts for phone in contact.phones)
        with self._lock:
            self._forget(found.id)
            self._hashes[found.id] = hashes
            self._numbers += len(hashes)
            while len(self._hashes) > self.most_lists or self._numbers > self.most_numbers:
                self._forget(next(iter(self._hashes)))

    def forget(self, list_id: int) -> None:
        """The list is gone."""
        with self._lock:
            self._forget(list_id)

    def lists_with(self, numbers: Collection[str]) -> list[int]:
        """The ids of the lists that had one of these numbers, in any spelling; the last read come first."""
        wanted = _hashes(numbers)
        with self._lock:
            known = list(self._hashes.items())
        return [
            list_id
            for list_id, hashes in reversed(known)
            if any(_has(hashes, number) for number in wanted)
        ]

    def _forget(self, list_id: int) -> None:
        self._numbers -= len(self._hashes.pop(list_id, ()))


@lru_cache(maxsize=MOST_ACCOUNTS)
def hints_of(account: str) -> Hints:
    """What is known of one account's lists says nothing of another's."""
    return Hints()


def _hashes(phones: Iterable[str]) -> "array[int]":
    """Python's hash of a text is keyed, with a key that each process draws anew (SipHash, PEP 456)."""
    return array("q", sorted({hash(normalise(phone)) for phone in phones}))


def _has(hashes: "array[int]", wanted: int) -> bool:
    place = bisect_left(hashes, wanted)
    return place < len(hashes) and hashes[place] == wanted

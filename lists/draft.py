"""The contacts of a list while changes are applied to them, one after the other. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from heapq import heappop, heappush

from .phones import normalise
from .plusofon.values import Contact
from .sameness import Meaning, counterpart, meaning


class Draft:
    """Finds, counts and replaces contacts without looking through all of them: ten thousand changes of a
    list of ten thousand would else compare them a hundred million times.

    Each contact has a place, which tells their order. A table of places is made when it is first asked
    for, and kept up from then on.
    """

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._standing = dict(enumerate(contacts))
        self._free = len(self._standing)
        self._was_asked = False
        self._alike: defaultdict[Meaning, list[int]] = defaultdict(list)
        self._count: Counter[Meaning] = Counter()
        self._weighed: set[str] = set()  # names whose contacts are in the two tables above

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return tuple(self._standing.values())

    def __getitem__(self, place: int) -> Contact:
        return self._standing[place]

    def find(self, contact: Contact) -> int | None:
        """The first place where exactly this stands."""
        if not self._was_asked:
            # One question, as a rule: for that a table takes longer than looking.
            self._was_asked = True
            return next((at for at, found in self._standing.items() if found == contact), None)
        places = self._exact.get(contact, [])
        while places and self._standing.get(places[0]) != contact:
            heappop(places)
        return places[0] if places else None

    def alike(self, wanted: Contact) -> Contact | None:
        """The first that means the same."""
        self._weigh(wanted)
        if not self._count[means := meaning(wanted)]:
            return None
        places = self._alike[means]
        while (found := self._standing.get(places[0])) is None or meaning(found) != means:
            heappop(places)
        return found

    def count_alike(self, wanted: Contact) -> int:
        self._weigh(wanted)
        return self._count[meaning(wanted)]

    def stored_form(self, contact: Contact) -> Contact:
        """A contact as the list that was read back spells it."""
        return contact if self.find(contact) is not None else self.alike(contact) or contact

    def counterpart(self, before: Contact, after: Contact | None) -> Contact | None:
        """What `before` seems to have become (see `sameness.counterpart`)."""
        phones = [phone for contact in (before, after) if contact for phone in contact.phones]
        places = {place for phone in phones for place in self._by_number[normalise(phone)]}
        return counterpart((self._standing[place] for place in sorted(places)), before, after)

    def add(self, contact: Contact) -> None:
        """At the end."""
        self._put(self._free, contact)
        self._free += 1

    def replace(self, place: int, contact: Contact) -> None:
        self._take(place)
        self._put(place, contact)

    def remove(self, place: int) -> None:
        self._take(place)
        del self._standing[place]

    # Places that are not up to date any more are dropped by whoever comes upon them, except of numbers.

    @cached_property
    def _exact(self) -> defaultdict[Contact, list[int]]:
        exact = defaultdict(list)
        for place, contact in self._standing.items():
            exact[contact].append(place)
        return exact

    @cached_property
    def _by_name(self) -> defaultdict[str, list[int]]:
        by_name = defaultdict(list)
        for place, contact in self._standing.items():
            by_name[contact.name.strip()].append(place)
        return by_name

    @cached_property
    def _by_number(self) -> defaultdict[str, set[int]]:
        by_number = defaultdict(set)
        for place, contact in self._standing.items():
            for phone in contact.phones:
                by_number[normalise(phone)].add(place)
        return by_number

    def _weigh(self, wanted: Contact) -> None:
        """Only contacts of this name: to normalise the numbers of all for one question would be felt."""
        name = wanted.name.strip()
        if name in self._weighed:
            return
        self._weighed.add(name)
        for place in set(self._by_name[name]):
            contact = self._standing.get(place)
            if contact is not None and contact.name.strip() == name:
                self._note(place, contact)

    def _note(self, place: int, contact: Contact) -> None:
        means = meaning(contact)
        heappush(self._alike[means], place)
        self._count[means] += 1

    def _put(self, place: int, contact: Contact) -> None:
        self._standing[place] = contact
        name = contact.name.strip()
        if name in self._weighed:
            self._note(place, contact)
        elif "_by_name" in self.__dict__:
            self._by_name[name].append(place)
        if "_exact" in self.__dict__:
            heappush(self._exact[contact], place)
        if "_by_number" in self.__dict__:
            for phone in contact.phones:
                self._by_number[normalise(phone)].add(place)

    def _take(self, place: int) -> None:
        contact = self._standing[place]
        if contact.name.strip() in self._weighed:
            self._count[meaning(contact)] -= 1
        if "_by_number" in self.__dict__:
            for phone in contact.phones:
                self._by_number[normalise(phone)].discard(place)

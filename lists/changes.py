"""What a person wants to be different in a list, as a value: applied to a list read that moment.

The API can only replace whole lists. Two people who each post a whole list lose one change; two
people who each post a change lose none. Pure: nothing here does I/O.

>>> change = ListChange(contacts=(ContactChange(before=old, after=new),))
>>> change.inverse().apply_to(change.apply_to(contact_list))  # the same contacts as before
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .conflicts import Conflict, ContactChanged, ContactGone, TextChanged
from .draft import Draft
from .plusofon.values import Contact, ContactList
from .sameness import meaning


@dataclass(frozen=True, slots=True)
class ContactChange:
    """Add (no `before`), remove (no `after`) or replace one contact.

    `before` is the contact as the person saw it; its unknown fields do not count, and stay.
    `others_before`, `others_after`: how many more contacts of the list mean the same as `before` and
    as `after`, once the change is applied. Of two that are equal, only counting tells whether one went.
    """

    before: Contact | None
    after: Contact | None
    others_before: int = 0
    others_after: int = 0

    def apply_to(self, draft: Draft) -> None:
        """Raises `ContactChanged` or `ContactGone`. What is added goes to the end; what is replaced keeps
        its place."""
        if self.before is None:
            if self.after is not None:
                draft.add(self.after)
            return
        place = self._place_in(draft, self.before)
        if self.after is None:
            draft.remove(place)
        else:
            draft.replace(place, replace(self.after, extra=draft[place].extra))

    def inverse(self) -> "ContactChange":
        return ContactChange(self.after, self.before, self.others_after, self.others_before)

    def as_found_in(self, draft: Draft) -> "ContactChange":
        """The same, with `before` as it stands there, unknown fields included, and the others counted. The
        draft has it then. Raises as `apply_to`.
        """
        before = self.before and draft[self._place_in(draft, self.before)]
        self.apply_to(draft)
        return ContactChange(
            before,
            self.after,
            others_before=_others(before, draft, self.after),
            others_after=draft.count_alike(self.after) - 1 if self.after else 0,
        )

    def merged_into(self, draft: Draft) -> "ContactChange | None":
        """What is left to do of a change of long ago, in contacts that may be spelled otherwise by now.

        None where it is done already. Raises as `apply_to`.
        """
        if self.is_respelling:
            return self._respelled_in(draft)
        is_there = self.after is not None and draft.count_alike(self.after) > self.others_after
        if self.before is None:
            return None if is_there else self
        if draft.count_alike(self.before) > self.others_before:
            is_same = draft.find(self.before) is not None
            found = self.before if is_same else draft.alike(self.before)
            return replace(self, before=found, after=None if is_there else self.after)
        if is_there:
            return None
        theirs = draft.counterpart(self.before, self.after)
        # Of several equal ones as many are left as there should be: one has gone.
        is_equal = theirs is not None and meaning(theirs) == meaning(self.before)
        if theirs and not (self.after is None and is_equal):
            raise ContactChanged(self.before, theirs)
        if self.after is None:
            return None
        raise ContactGone(self.before)

    @property
    def is_respelling(self) -> bool:
        """Whether it changes nothing but how a contact is written."""
        before, after = self.before, self.after
        return before is not None and after is not None and meaning(before) == meaning(after)

    def _respelled_in(self, draft: Draft) -> "ContactChange | None":
        assert self.before is not None
        assert self.after is not None
        if draft.find(self.before) is not None:
            return self
        if draft.find(self.after) is not None:
            return None
        if (found := draft.alike(self.before)) is None:
            raise ContactGone(self.before)
        return replace(self, before=found)

    def _place_in(self, draft: Draft, before: Contact) -> int:
        if (place := draft.find(before)) is not None:
            return place
        if theirs := draft.counterpart(before, self.after):
            raise ContactChanged(before, theirs)
        raise ContactGone(before)


@dataclass(frozen=True, slots=True)
class TextChange:
    """A list's name or type, as the person saw it and as it shall be."""

    before: str
    after: str

    def apply_to(self, text: str) -> str:
        """Raises `TextChanged` unless the text is as the person saw it, or already as it shall be."""
        if text not in (self.before, self.after):
            raise TextChanged(text)
        return self.after

    def inverse(self) -> "TextChange":
        return TextChange(before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class ListChange:
    """Everything that one save does to one list: rename, other type, contacts in their order."""

    contacts: tuple[ContactChange, ...] = ()
    name: TextChange | None = None
    type: TextChange | None = None

    def apply_to(self, contact_list: ContactList) -> ContactList:
        """The list as it shall be. Raises `Conflict`; what nobody touched comes out as it went in."""
        draft = Draft(contact_list.contacts)
        for change in self.contacts:
            change.apply_to(draft)
        return self._applied(contact_list, draft)

    def inverse(self) -> "ListChange":
        """Undoes this change, on any list that has it: applied after it, the contacts are the old ones."""
        return ListChange(
            contacts=tuple(change.inverse() for change in reversed(self.contacts)),
            name=self.name.inverse() if self.name else None,
            type=self.type.inverse() if self.type else None,
        )

    def as_found_in(self, contact_list: ContactList) -> "ListChange":
        """The same, with contacts as they stand in a list that it applies to: a contact that comes back
        by undoing has its unknown fields again. Raises `Conflict`."""
        return self.found_in(contact_list)[0]

    def found_in(self, contact_list: ContactList) -> "tuple[ListChange, ContactList]":
        """The change as `as_found_in` has it, and the list as `apply_to` makes it. Raises `Conflict`."""
        draft = Draft(contact_list.contacts)
        found = replace(self, contacts=tuple(one.as_found_in(draft) for one in self.contacts))
        return found, self._applied(contact_list, draft)

    def merged_into(self, contact_list: ContactList, *, spares: bool = False) -> "ListChange":
        """What is left to do of a change of long ago: what others did since stays. Raises `Conflict`
        where something has become another since; `spares`: such contacts are left alone."""
        draft, merged = Draft(contact_list.contacts), []
        for change in self.contacts:
            try:
                left = change.merged_into(draft)
            except Conflict:
                if not spares:
                    raise
                continue
            if left:
                merged.append(left)
                left.apply_to(draft)
        return replace(self, contacts=tuple(merged))

    def _applied(self, contact_list: ContactList, draft: Draft) -> ContactList:
        return replace(
            contact_list,
            name=self.name.apply_to(contact_list.name) if self.name else contact_list.name,
            type=self.type.apply_to(contact_list.type) if self.type else contact_list.type,
            contacts=draft.contacts,
        )

    @property
    def is_empty(self) -> bool:
        return not (self.contacts or self.name or self.type)

    @property
    def adds(self) -> bool:
        """Whether some contact is new or another: such a change can be told from its result."""
        return any(change.after for change in self.contacts)

    @property
    def only_adds(self) -> bool:
        return self.adds and not (
            self.name or self.type or any(change.before for change in self.contacts)
        )

    def is_visible_in(self, contact_list: ContactList) -> bool:
        """Whether a list that was read shows this change, by meaning (see `meaning`)."""
        return (
            self._contacts_are_visible_in(contact_list.contacts)
            and (self.name is None or self.name.after.strip() == contact_list.name.strip())
            and (self.type is None or self.type.after == contact_list.type)
        )

    def _contacts_are_visible_in(self, contacts: tuple[Contact, ...]) -> bool:
        """The last word about each meaning counts: what was removed may have been added again."""
        most: dict[object, int] = {}
        least: dict[object, int] = {}
        for change in self.contacts:
            if change.before and not change.is_respelling:
                means = meaning(change.before)
                most[means] = change.others_before
                least.pop(means, None)
            if change.after:
                means = meaning(change.after)
                least[means] = change.others_after + 1
                most.pop(means, None)
        there = _counted(contacts, {*most, *least})
        return all(there[means] <= count for means, count in most.items()) and all(
            there[means] >= count for means, count in least.items()
        )


def _others(before: Contact | None, changed: Draft, after: Contact | None) -> int:
    if before is None:
        return 0
    same = after is not None and meaning(before) == meaning(after)
    return changed.count_alike(before) - (1 if same else 0)


def _counted(contacts: Iterable[Contact], wanted: set[object]) -> dict[object, int]:
    counts = dict.fromkeys(wanted, 0)
    for contact in contacts if wanted else ():
        if (means := meaning(contact)) in counts:
            counts[means] += 1
    return counts

"""Contacts while changes are applied to them: the same as by looking through all of them, but quicker."""

from functools import partial
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists import sameness
from lists.changes import ContactChange, ListChange
from lists.draft import Draft
from lists.intents import Repeat, UnblockNumber, Undo
from lists.plusofon.values import Contact, ContactList
from lists.resolving import resolve
from lists.writing import evidence, journal

from .growth import assert_linear
from .strategies import contacts

NUMBER = "79998887766"
places = st.integers(0, 9)
acts = st.one_of(
    st.tuples(st.just("add"), places, contacts),
    st.tuples(st.just("replace"), places, contacts),
    st.tuples(st.just("remove"), places, contacts),
    st.tuples(st.just("look"), places, contacts),
)


class Plain:
    """The same by looking through all of them."""

    def __init__(self, contacts):
        self.contacts = contacts

    def find(self, contact):
        return self.contacts.index(contact) if contact in self.contacts else None

    def alike(self, wanted):
        same = (c for c in self.contacts if sameness.meaning(c) == sameness.meaning(wanted))
        return next(same, None)

    def count_alike(self, wanted):
        return sum(sameness.meaning(c) == sameness.meaning(wanted) for c in self.contacts)

    def counterpart(self, before, after):
        return sameness.counterpart(self.contacts, before, after)

    def stored_form(self, contact):
        return contact if contact in self.contacts else self.alike(contact) or contact


def same_view(plain, draft, contact, other):
    asked = [
        lambda found: found.alike(contact),
        lambda found: found.count_alike(contact),
        lambda found: found.counterpart(contact, other),
        lambda found: found.counterpart(contact, None),
        lambda found: found.stored_form(contact),
        lambda found: tuple(found.contacts),
    ]
    for ask in asked:
        assert ask(plain) == ask(draft)
    place = plain.find(contact)
    found = draft.find(contact)
    assert (found is None) == (place is None)
    # Of equal ones the same: only a field that does not count tells them apart.
    assert found is None or draft[found].extra == plain.contacts[place].extra


@given(st.lists(contacts, max_size=6), st.lists(acts, max_size=12), contacts)
def test_a_draft_is_what_looking_through_all_would_show(start, done, other):
    plain, draft = Plain(list(start)), Draft(start)
    standing = list(range(len(start)))  # the draft's places, in order
    next_place = count(len(start))  # none is given twice
    for act, which, contact in done:
        if act == "look":
            same_view(plain, draft, contact, other)
        elif act == "add":
            standing.append(next(next_place))
            plain.contacts.append(contact)
            draft.add(contact)
        elif standing and act == "replace":
            plain.contacts[which % len(standing)] = contact
            draft.replace(standing[which % len(standing)], contact)
        elif standing:
            del plain.contacts[which % len(standing)]
            draft.remove(standing.pop(which % len(standing)))
    for contact in (*start, other, *(contact for _, _, contact in done)):
        same_view(plain, draft, contact, other)


def test_what_stood_first_is_not_found_once_it_is_gone():
    ivan, anna = Contact("Иван", (NUMBER,)), Contact("Анна", (NUMBER,))
    draft = Draft([ivan, ivan, anna])
    assert [draft.find(ivan), draft.find(ivan)] == [0, 0]
    draft.remove(0)
    assert (draft.find(ivan), draft.alike(ivan), draft.count_alike(ivan)) == (1, ivan, 1)
    draft.replace(1, anna)
    assert (draft.find(ivan), draft.alike(ivan), draft.find(anna)) == (None, None, 1)


def a_list(size, *, names):
    people = (Contact(names.format(n), (NUMBER, f"7912{n:07}")) for n in range(size))
    return ContactList(7, "Чёрный", "black", tuple(people))


def taken_out(found):
    """The number taken out of all contacts of a list."""
    return ListChange(
        tuple(ContactChange(c, Contact(c.name, c.phones[1:])) for c in found.contacts)
    )


def removed(found):
    return ListChange(tuple(ContactChange(c, None) for c in found.contacts))


def respelled(found):
    spelled = (Contact(c.name, ("8 999 888-77-66", *c.phones[1:])) for c in found.contacts)
    return ListChange(tuple(map(ContactChange, found.contacts, spelled)))


MANY = {
    "unblocked": lambda found: partial(
        resolve, UnblockNumber(NUMBER, frozenset(map(sameness.contact_key, found.contacts))), found
    ),
    "unblocked already": lambda found: partial(
        resolve,
        UnblockNumber(NUMBER, frozenset(map(sameness.contact_key, found.contacts))),
        taken_out(found).apply_to(found),
    ),
    "undone": lambda found: partial(
        resolve, Undo(taken_out(found)), taken_out(found).apply_to(found)
    ),
    "undone already": lambda found: partial(resolve, Undo(taken_out(found)), found),
    "brought back": lambda found: partial(
        resolve, Undo(removed(found)), removed(found).apply_to(found)
    ),
    "removed already": lambda found: partial(
        resolve, Repeat(removed(found)), ContactList(7, "Пустой", "black", ())
    ),
    "respelled": lambda found: partial(resolve, Repeat(respelled(found)), found),
    "found as stored": lambda found: partial(
        journal._as_stored, taken_out(found), respelled(found).apply_to(found)
    ),
    "seen to be spelled": lambda found: partial(
        evidence._is_spelled_in, respelled(found), respelled(found).apply_to(found)
    ),
}


@pytest.mark.parametrize("names", ["Спам", "Спам {}"])
@pytest.mark.parametrize("what", MANY)
def test_twice_as_many_contacts_cost_twice_as_much(what, names):
    assert_linear(lambda size: MANY[what](a_list(size, names=names)), 700, within=5)


def test_the_first_that_means_the_same_is_looked_for_among_those_that_are_left():
    spelt, other = Contact("Анна", ("8 999 888-77-66",)), Contact("Анна", (NUMBER,))
    draft = Draft([spelt, other])
    assert draft.alike(other) == spelt
    draft.remove(0)
    assert draft.alike(spelt) == other


def test_a_place_that_was_asked_for_twice_is_not_told_once_it_is_free():
    one = Contact("Анна", (NUMBER,))
    draft = Draft([one, one])
    assert (draft.find(one), draft.find(one)) == (0, 0)
    draft.remove(0)
    assert draft.find(one) == 1

"""Who changed a contact that is no longer as the person saw it: what the journal knows."""

import itertools

import pytest

from lists.conflicts import ContactChanged, ContactGone
from lists.intents import RemoveContact
from lists.plusofon.values import Contact
from lists.sameness import contact_key
from lists.writing.outcomes import AlreadyDone
from tests.people import ANNA, IVAN, PETR, put

RENUMBERED = Contact("Иван Иванов", ("79990000001",))
MOVED_ON = Contact("Иван", ("79990000002",))


def removal(contact):
    return RemoveContact(contact_key(contact), contact)


def test_the_journal_shows_the_way_to_what_it_became_though_no_number_is_shared(write):
    write(put(IVAN, RENUMBERED))
    second = write(put(RENUMBERED, MOVED_ON))
    with pytest.raises(ContactChanged) as conflict:
        write(put(IVAN, ANNA))
    assert conflict.value.theirs == MOVED_ON
    assert conflict.value.trace.username == "manager"
    assert conflict.value.trace.at == second.entry.ended_at


def test_a_removal_of_what_became_another_is_a_conflict_too(write, stored):
    write(put(IVAN, RENUMBERED))
    with pytest.raises(ContactChanged):
        write(removal(IVAN))
    assert len(stored()["contacts"]) == 3


def test_a_repeated_removal_is_done_already_and_says_by_whom(write, stored):
    first = write(removal(IVAN))
    again = write(removal(IVAN))
    assert isinstance(again, AlreadyDone)
    assert (again.trace.username, again.trace.at) == ("manager", first.entry.ended_at)


def test_a_namesake_is_left_alone(write, sandbox, account, black, stored):
    """It had the same name, and was offered for removal in place of the one that was gone."""
    spam = Contact("Спам", ("79990000003",))
    write(put(None, spam))
    write(put(None, Contact("Спам", ("79990000004",))))
    write(removal(spam))
    before = stored()
    assert isinstance(write(removal(spam)), AlreadyDone)
    with pytest.raises(ContactGone):
        write(put(spam, ANNA))
    assert stored() == before


def test_what_was_removed_outside_leaves_no_trace(write, sandbox, account, black, stored):
    left = stored()
    del left["contacts"][0]
    sandbox.put(account, black, left)
    again = write(removal(IVAN))
    assert isinstance(again, AlreadyDone)
    assert again.trace is None


def test_what_was_changed_here_and_then_outside_is_found_by_its_numbers(
    write, sandbox, account, black, stored
):
    write(put(IVAN, Contact("Иван И.", IVAN.phones)))
    theirs = stored()
    theirs["contacts"][0]["name"] = "Иван Иваныч"
    sandbox.put(account, black, theirs)
    with pytest.raises(ContactChanged) as conflict:
        write(put(IVAN, ANNA))
    assert conflict.value.theirs.name == "Иван Иваныч"
    assert conflict.value.trace is None


def test_changes_of_others_that_share_its_number_are_passed_over(write):
    twin = Contact("Сосед", IVAN.phones[:1])
    write(put(IVAN, RENUMBERED))
    write(put(None, twin))
    write(put(twin, None))
    with pytest.raises(ContactChanged) as conflict:
        write(put(IVAN, ANNA))
    assert conflict.value.theirs == RENUMBERED


def test_a_contact_without_numbers_leaves_a_trace(write, sandbox):
    sandbox.validate = False
    nameless = Contact("Без номера", ())
    write(put(PETR, nameless))
    write(put(nameless, ANNA))
    with pytest.raises(ContactChanged) as conflict:
        write(put(nameless, None))
    assert conflict.value.theirs == ANNA


def test_a_long_way_is_followed_to_its_end(write):
    steps = [IVAN, *(Contact("Иван", (f"7999000{n:04}",)) for n in range(30))]
    for before, after in itertools.pairwise(steps):
        write(put(before, after))
    with pytest.raises((ContactChanged, ContactGone)):
        write(put(IVAN, ANNA))

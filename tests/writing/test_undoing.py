"""Every change can be undone, today or next week, and keeps what others did since."""

import pytest

from lists.changes import ContactChange, ListChange, TextChange
from lists.conflicts import Conflict
from lists.models import JournalEntry, Outcome
from lists.plusofon import errors
from lists.plusofon.values import Contact
from lists.writing import undoing
from lists.writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    Confirmed,
    Created,
    Deleted,
    InDoubt,
)
from lists.writing.write import create_list, delete_list
from lists.writing.write import write as write_list
from tests.people import ANNA, IVAN, PETR, SPAM, put


@pytest.fixture
def undo(by):
    return lambda entry: undoing.undo(entry, by=by)


@pytest.mark.parametrize(
    "change",
    [
        put(None, ANNA),
        put(PETR, None),
        put(IVAN, ANNA),
        ListChange(contacts=(ContactChange(IVAN, ANNA), ContactChange(PETR, None))),
        ListChange(name=TextChange("Чёрный список 1", "Спам"), type=TextChange("black", "white")),
    ],
)
def test_undoing_brings_back_what_was(write, undo, stored, change):
    before = stored()
    done = write(change)
    undone = undo(done.entry)
    after = stored()
    assert isinstance(undone, Confirmed)
    assert undone.entry.undoes == done.entry
    assert sorted(after.pop("contacts"), key=str) == sorted(before.pop("contacts"), key=str)
    assert after == before


def test_an_undo_can_be_undone(write, undo, stored):
    done = write(put(IVAN, ANNA))
    changed = stored()
    undo(undo(done.entry).entry)
    assert stored() == changed


def test_what_others_did_since_stays(write, undo, stored):
    done = write(put(IVAN, None))
    write(put(PETR, Contact("Пётр", ("101",))))
    undo(done.entry)
    assert [c["name"] for c in stored()["contacts"]] == ["Пётр", "АТС", "Иван Иванов"]


def test_a_contact_that_became_another_since_is_not_touched(write, undo, stored):
    done = write(put(IVAN, ANNA))
    write(put(ANNA, Contact("Анна К.", ANNA.phones)))
    before = stored()
    with pytest.raises(Conflict) as conflict:
        undo(done.entry)
    assert conflict.value.theirs == Contact("Анна К.", ANNA.phones)
    assert stored() == before


def test_what_is_as_it_was_before_needs_no_undoing(write, undo, stored):
    done = write(put(None, ANNA))
    write(put(ANNA, None))
    before = stored()
    assert isinstance(undo(done.entry), AlreadyDone)
    assert stored() == before
    assert JournalEntry.objects.count() == 2


def test_undoing_twice_does_it_once(write, undo, stored):
    done = write(put(IVAN, None))
    undo(done.entry)
    before = stored()
    assert isinstance(undo(done.entry), AlreadyDone)
    assert stored() == before


def test_an_api_that_spells_otherwise_by_now_does_not_stand_in_the_way(
    write, undo, sandbox, stored
):
    done = write(put(PETR, None))
    undo(done.entry)
    again = write(put(PETR, Contact("Пётр П.", ("8 (812) 333-44-55",))))
    sandbox.quirks = {"normalise"}
    write(put(None, ANNA))
    undo(again.entry)
    assert {"name": "Пётр Петров", "phones": ["78123334455"], "note": "vip"} in stored()["contacts"]


def test_a_renamed_list_that_was_renamed_again_stays(write, undo, stored):
    done = write(ListChange(name=TextChange("Чёрный список 1", "Спам")))
    write(ListChange(name=TextChange("Спам", "Спам 2")))
    with pytest.raises(Conflict) as conflict:
        undo(done.entry)
    assert conflict.value.theirs == "Спам 2"
    assert stored()["name"] == "Спам 2"


def test_only_what_is_known_to_be_there_is_undone(write, undo, sandbox):
    sandbox.fail("500", method="GET", skip=1, times=None)
    unknown = write(put(IVAN, ANNA))
    with pytest.raises(undoing.NotConfirmed):
        undo(unknown.entry)


def test_a_change_of_a_list_that_is_gone_cannot_be_undone(write, undo, sandbox, account, black):
    done = write(put(IVAN, ANNA))
    sandbox.drop(account, black)
    with pytest.raises(errors.NotFound):
        undo(done.entry)


class TestLists:
    @pytest.fixture
    def deleted(self, by, black, manager):
        outcome = delete_list(black, by=by)
        assert isinstance(outcome, Deleted)
        return outcome

    def test_a_deleted_list_comes_back_with_its_contacts_and_another_id(
        self, deleted, undo, sandbox, account, black
    ):
        back = undo(deleted.entry)
        assert isinstance(back, Created)
        assert back.list.id != black
        found = sandbox.lists(account)[back.list.id]
        assert [c["phones"] for c in found["contacts"]] == [
            list(contact.phones) for contact in deleted.list.contacts
        ]
        assert found["contacts"][1]["note"] == "vip"

    def test_it_comes_back_once(self, deleted, undo, sandbox, account):
        first, second = undo(deleted.entry), undo(deleted.entry)
        assert isinstance(second, AlreadyCreated)
        assert first.list.id == second.list_id
        assert len(sandbox.lists(account)) == 1

    def test_it_comes_back_once_though_the_answer_was_lost(
        self, deleted, undo, sandbox, account, late
    ):
        sandbox.fail("cut-after", method="POST")
        sandbox.fail("500", method="GET", skip=1, times=None)
        assert isinstance(undo(deleted.entry), InDoubt)
        sandbox.clear_faults()
        late()
        back = undo(deleted.entry)
        assert list(sandbox.lists(account)) == [back.list_id]

    def test_one_that_vanished_again_comes_back_again(self, deleted, undo, sandbox, account):
        back = undo(deleted.entry)
        sandbox.drop(account, back.list.id)
        again = undo(deleted.entry)
        assert isinstance(again, Created)
        assert list(sandbox.lists(account)) == [again.list.id]

    def test_bringing_it_back_can_be_undone_and_that_too(self, deleted, undo, sandbox, account):
        back = undo(deleted.entry)
        gone = undo(back.entry)
        assert isinstance(gone, Deleted)
        assert sandbox.lists(account) == {}
        assert isinstance(undo(gone.entry), Created)
        assert len(sandbox.lists(account)) == 1

    def test_a_created_list_goes_while_it_is_as_it_was_made(self, by, undo, sandbox):
        created = create_list(SPAM, newest_before=0, by=by)
        assert isinstance(undo(created.entry), Deleted)

    def test_a_created_list_that_has_contacts_by_now_stays(self, by, undo, sandbox, account):
        created = create_list(SPAM, newest_before=0, by=by)
        write_list(put(None, ANNA), created.list.id, by=by)
        with pytest.raises(Conflict) as conflict:
            undo(created.entry)
        assert conflict.value.theirs.contacts == (ANNA,)
        assert created.list.id in sandbox.lists(account)
        assert Outcome.UNKNOWN not in JournalEntry.objects.values_list("outcome", flat=True)

"""Acts over several lists: nothing is lost on the way, wherever they stop, and all of it is undone as one."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists.intents import Emptied
from lists.models import Action, JournalEntry, Outcome
from lists.phones import normalise
from lists.plusofon.values import Contact, ListEntry
from lists.sameness import meaning
from lists.services import moving, operations
from lists.writing import operation
from lists.writing.outcomes import Waits
from lists.writing.plans import Step, UndoEntry
from lists.writing.undoing import NotConfirmed
from tests.factories import JournalEntryFactory

SPAM = [{"name": f"Спам {n}", "phones": [f"7999000{n:04}"]} for n in range(3)]


@pytest.fixture
def source(sandbox, account):
    list_id = sandbox.add_list(account, name="Источник", contacts=SPAM)
    return ListEntry(list_id, "Источник", "black")


@pytest.fixture
def target(black):
    return ListEntry(black, "Чёрный список 1", "black")


def contacts_of(by, entry):
    return by.api.get_list(entry.id).contacts


def replaced(sandbox):
    """The lists that were sent, in their order."""
    puts = [call.path for call in sandbox.calls if call.method == "PUT"]
    return [int(path.rpartition("/")[2]) for path in puts]


def everything(by, *entries):
    return sorted(map(meaning, (c for e in entries for c in contacts_of(by, e))), key=repr)


@pytest.fixture
def moved(by, source, target):
    """A move of all that the source has, not begun yet."""
    return lambda: moving.move(contacts_of(by, source), source, target, by=by)


def is_whole(whole):
    return JournalEntry.objects.get(pk=whole.pk).outcome == Outcome.CONFIRMED


def test_a_move_brings_in_before_it_takes_out(by, sandbox, source, target, moved):
    before = everything(by, source, target)
    whole = moved()
    done = operations.carry_out(whole, by=by)
    assert all(one.is_confirmed for one in done)
    assert replaced(sandbox) == [target.id, source.id]
    assert contacts_of(by, source) == ()
    assert everything(by, source, target) == before
    assert is_whole(whole)


def test_a_move_whose_target_fails_leaves_the_source_alone(by, sandbox, source, target, moved):
    whole = moved()
    sandbox.fail("422", method="PUT", path=f"contact-lists/{target.id}")
    into, out = operations.carry_out(whole, by=by)
    assert not into.is_confirmed
    assert isinstance(out.error, Waits)
    assert len(contacts_of(by, source)) == 3
    assert not is_whole(whole)


def test_a_move_that_stops_halfway_leaves_them_in_both_and_the_rest_is_done_later(
    by, sandbox, source, target, moved
):
    whole = moved()
    sandbox.fail("422", method="PUT", path=f"contact-lists/{source.id}")
    into, out = operations.carry_out(whole, by=by)
    assert (into.is_confirmed, out.is_confirmed) == (True, False)
    assert len(contacts_of(by, source)) == 3
    assert len(contacts_of(by, target)) == 6
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    assert replaced(sandbox) == [target.id, source.id, source.id]
    assert is_whole(whole)


def test_what_changed_meanwhile_stays_and_stops_none_of_the_others(
    by, sandbox, account, source, target, moved
):
    whole = moved()
    found = sandbox.lists(account)[source.id]
    found["contacts"][1] = {"name": "Клиент", "phones": ["79990000001"]}
    sandbox.put(account, source.id, found)
    _into, out = operations.carry_out(whole, by=by)
    assert out.left == (Contact("Клиент", ("79990000001",)),)
    assert contacts_of(by, source) == (Contact("Клиент", ("79990000001",)),)


@pytest.mark.parametrize("emptied", [*Emptied])
def test_move_merge_and_their_undo_change_nothing(by, sandbox, source, target, emptied, moved):
    before = (
        everything(by, source, target),
        sorted(len(contacts_of(by, e)) for e in (source, target)),
    )
    whole = (
        moved()
        if emptied is Emptied.KEPT
        else moving.merge([by.api.get_list(source.id)], target, emptied, by=by)
    )
    operations.carry_out(whole, by=by)
    undo = operations.begin_undo(JournalEntry.objects.get(pk=whole.pk), by=by)
    done = operations.carry_out(undo, by=by)
    assert all(one.is_confirmed for one in done)
    entries = [target, *(one.list for one in done if one.list.id != target.id)]
    after = everything(by, *entries), sorted(len(contacts_of(by, e)) for e in entries)
    assert after == before
    assert operations.begin_undo(JournalEntry.objects.get(pk=whole.pk), by=by) is None


def test_a_list_that_grew_is_not_deleted_by_a_merge(by, sandbox, account, source, target):
    whole = moving.merge([by.api.get_list(source.id)], target, Emptied.DELETED, by=by)
    found = sandbox.lists(account)[source.id]
    found["contacts"].append({"name": "Новый", "phones": ["101"]})
    sandbox.put(account, source.id, found)
    into, deleted = operations.carry_out(whole, by=by)
    assert (into.is_confirmed, deleted.is_confirmed) == (True, False)
    assert len(contacts_of(by, source)) == 4


def test_one_person_at_a_time_is_at_it(by, moved):
    whole = moved()
    operation.claim(whole)
    with pytest.raises(operation.Claimed):
        operations.carry_out(whole, by=by)


def test_a_form_that_is_sent_twice_is_one_act(by, source, target):
    contacts = contacts_of(by, source)
    first, second = (
        moving.move(contacts, source, target, by=by, form_token="one") for _ in range(2)
    )
    assert first == second
    operations.carry_out(first, by=by)
    assert all(one.is_confirmed for one in operations.carry_out(second, by=by))
    assert len(contacts_of(by, target)) == 6


def test_a_crash_in_the_middle_is_settled_by_reading(by, sandbox, source, target, moved, settings):
    whole = moved()
    sandbox.fail("hang-after", method="PUT", path=f"contact-lists/{target.id}")
    settings.PLUSOFON_LATE_WRITE = 0
    sandbox.release()
    operations.carry_out(whole, by=by)
    again = operations.carry_out(whole, by=by)
    assert all(one.is_confirmed for one in again)
    assert len(contacts_of(by, target)) == 6
    assert contacts_of(by, source) == ()


def test_an_entry_of_another_account_is_not_taken_back(by, sandbox, account, target):
    theirs = JournalEntryFactory(account="another", action=Action.DELETE, list_id=target.id)
    step = Step(0, target, UndoEntry(theirs.pk))
    assert isinstance(operations.do(step, by=by).error, NotConfirmed)
    assert not JournalEntry.objects.filter(account=account).exists()


# Few names and numbers, so that contacts of two lists meet; such as the API takes.
stored = st.lists(
    st.builds(
        lambda name, phones: {"name": name, "phones": phones},
        st.sampled_from(["Иван", "Пётр", " Пётр ", "Спам"]),
        st.lists(st.sampled_from(["79998887766", "101", "7999*"]), min_size=1, max_size=3),
    ),
    max_size=5,
)
few = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def a_list(sandbox, account, name, contacts):
    list_id = sandbox.add_list(account, name=name, contacts=contacts)
    return ListEntry(list_id, name, "black")


def counted(by, entry):
    return Counter(map(meaning, contacts_of(by, entry)))


def numbers_of(contacts):
    return {(c.name.strip(), normalise(phone)) for c in contacts for phone in c.phones}


@few
@given(stored, stored, st.data())
def test_whatever_is_moved_an_undo_changes_it_back(by, sandbox, account, here, there, data):
    source = a_list(sandbox, account, "Откуда", here)
    target = a_list(sandbox, account, "Куда", there)
    before = counted(by, source), counted(by, target)
    found = contacts_of(by, source)
    chosen = [one for one in found if data.draw(st.booleans())]
    whole = moving.move(chosen, source, target, by=by)
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    assert numbers_of(chosen) <= numbers_of(contacts_of(by, target))
    if undo := operations.begin_undo(JournalEntry.objects.get(pk=whole.pk), by=by):
        assert all(one.is_confirmed for one in operations.carry_out(undo, by=by))
    assert (counted(by, source), counted(by, target)) == before


@few
@given(st.lists(stored, min_size=2, max_size=3), st.sampled_from(Emptied))
def test_a_merge_keeps_every_number_of_every_name(by, sandbox, account, each, emptied):
    target, *sources = (a_list(sandbox, account, f"{n}", one) for n, one in enumerate(each))
    found = [by.api.get_list(source.id) for source in sources]
    before = [contacts_of(by, target), *(one.contacts for one in found)]
    whole = moving.merge(found, target, emptied, by=by)
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    after = contacts_of(by, target)
    assert numbers_of(after) == numbers_of(c for contacts in before for c in contacts)

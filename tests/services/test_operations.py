"""Acts over several lists: nothing is lost on the way, wherever they stop, and all of it is undone as one."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists.changes import ContactChange, ListChange
from lists.conflicts import Overtaken
from lists.intents import AddContacts, Emptied
from lists.models import Action, JournalEntry, Operation, Outcome
from lists.phones import normalise
from lists.plusofon.errors import NotFound
from lists.plusofon.values import Contact, ListEntry
from lists.sameness import list_digest, meaning
from lists.services import moving, operations, side_by_side, steps
from lists.services.side_by_side import Done
from lists.writing import journal, operation, retention
from lists.writing.outcomes import AlreadyDone, Waits
from lists.writing.plans import DeleteList, Step, UndoEntry
from lists.writing.undoing import NotConfirmed
from tests.factories import JournalEntryFactory
from tests.trouble import failing

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


@pytest.mark.parametrize("has_gone", [True, False])
def test_of_equal_contacts_one_goes_where_nobody_knows_whether_it_has(
    by, sandbox, account, target, has_gone
):
    twice = {"name": "Дважды", "phones": ["79990000009"]}
    list_id = sandbox.add_list(account, name="Источник", contacts=[twice, twice])
    source = ListEntry(list_id, "Источник", "black")
    one = contacts_of(by, source)[0]
    whole = moving.move([one], source, target, by=by)
    operations.carry_out(whole, by=by)
    assert contacts_of(by, source) == (one,)
    if not has_gone:
        found = sandbox.lists(account)[list_id]
        sandbox.put(account, list_id, {**found, "contacts": [twice, twice]})
    parts = JournalEntry.objects.filter(list_id=list_id)
    parts.update(outcome=Outcome.UNKNOWN, cause="Unavailable", digest_after="another")
    JournalEntry.objects.filter(pk=whole.pk).update(outcome=Outcome.PARTLY)
    # What was written since keeps the list from telling.
    JournalEntryFactory(account=by.account, list_id=list_id, outcome=Outcome.CONFIRMED)
    operations.carry_out(whole, by=by)
    assert contacts_of(by, source) == (one,)
    assert contacts_of(by, target).count(one) == 1


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


def test_steps_that_begin_at_the_same_moment_do_not_take_the_act_from_one_another(
    by, source, target, monkeypatch
):
    """A renewal compares with the one before: two at once, and one of them would find the act to be lost."""
    running, most = [], []

    def renew(whole):
        running.append(whole)
        most.append(len(running))
        time.sleep(0.02)
        running.pop()
        return True

    monkeypatch.setattr(operation, "renew", renew)
    monkeypatch.setattr(side_by_side, "WRITES_AT_ONCE", 4)
    confirmed = AlreadyDone(by.api.get_list(target.id))
    monkeypatch.setattr(steps, "attempt", lambda entry, _write: Done(entry, confirmed))
    plan = tuple(Step(0, target, AddContacts(())) for _ in range(8))
    whole = operation.begin(Action.COPY, plan, by=by)
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    assert most == [1] * 8


def test_a_form_that_is_sent_twice_is_one_act(by, source, target):
    contacts = contacts_of(by, source)
    first, second = (
        moving.move(contacts, source, target, by=by, form_token="one") for _ in range(2)
    )
    assert first == second
    operations.carry_out(first, by=by)
    with pytest.raises(operations.Ended):
        operations.carry_out(second, by=by)
    assert len(contacts_of(by, target)) == 6


def test_a_crash_in_the_middle_is_settled_by_reading(by, source, target, moved, monkeypatch):
    whole, real = moved(), by.api.get_list

    def dies(*_args, **_kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(journal, "confirm", dies)
        with pytest.raises(KeyboardInterrupt):
            operations.carry_out(whole, by=by)
    long_ago = timezone.now() - timedelta(hours=1)
    JournalEntry.objects.update(started_at=long_ago, sent_at=long_ago)
    Operation.objects.update(claimed_at=long_ago)
    assert len(real(target.id).contacts) == 6
    left = JournalEntry.objects.get(pk=whole.pk).operation
    assert all(one.is_confirmed for one in operations.carry_out(left, by=by))
    assert len(contacts_of(by, target)) == 6
    assert contacts_of(by, source) == ()


def half_done(by, sandbox, source, whole):
    """It has brought in, and could not take out."""
    sandbox.fail("422", method="PUT", path=f"contact-lists/{source.id}")
    operations.carry_out(whole, by=by)
    return JournalEntry.objects.get(pk=whole.pk)


def undone(entry, by):
    return operations.carry_out(operations.begin_undo(entry, by=by), by=by)


def test_what_is_half_done_and_undone_is_not_gone_on_with(by, sandbox, source, target, moved):
    before = everything(by, source, target)
    entry = half_done(by, sandbox, source, moved())
    assert all(one.is_confirmed for one in undone(entry, by))
    with pytest.raises(operations.Ended):
        operations.carry_out(entry.operation, by=by)
    assert len(contacts_of(by, source)) == 3
    assert everything(by, source, target) == before


def test_before_anything_is_taken_out_it_is_looked_whether_it_still_is_where_it_came_in(
    by, sandbox, account, source, target, moved
):
    """Somebody has taken one of them out of the target again."""
    entry = half_done(by, sandbox, source, moved())
    found = sandbox.lists(account)[target.id]
    sandbox.put(account, target.id, found | {"contacts": found["contacts"][:-1]})
    assert all(one.is_confirmed for one in operations.carry_out(entry.operation, by=by))
    assert contacts_of(by, source) == ()
    assert len(contacts_of(by, target)) == 6


def test_where_the_target_is_gone_by_then_nothing_is_taken_out(
    by, sandbox, account, source, target, moved
):
    entry = half_done(by, sandbox, source, moved())
    sandbox.drop(account, target.id)
    into, out = operations.carry_out(entry.operation, by=by)
    assert isinstance(into.error, NotFound)
    assert isinstance(out.error, Waits)
    assert len(contacts_of(by, source)) == 3


@pytest.mark.parametrize("fault", ["504-late", "cut-after"])
def test_nothing_is_undone_while_it_is_not_known_whether_they_were_taken_out(
    by, sandbox, source, target, moved, fault
):
    whole = moved()
    sandbox.fail(fault, method="PUT", path=f"contact-lists/{source.id}")
    sandbox.fail("500", method="GET", path=f"contact-lists/{source.id}", skip=1)
    operations.carry_out(whole, by=by)
    entry = JournalEntry.objects.get(pk=whole.pk)
    if fault == "504-late":
        with pytest.raises(operations.StillOpen):
            operations.begin_undo(entry, by=by)
        sandbox.land()
        return
    assert all(one.is_confirmed for one in undone(entry, by))
    assert len(contacts_of(by, source)) == 3
    assert len(contacts_of(by, target)) == 3


def test_nothing_is_undone_while_somebody_is_at_it(by, sandbox, source, moved):
    entry = half_done(by, sandbox, source, moved())
    operation.claim(entry.operation)
    with pytest.raises(operation.Claimed):
        operations.begin_undo(entry, by=by)


def test_an_undo_that_stopped_halfway_is_gone_on_with(by, sandbox, source, target, moved):
    before = everything(by, source, target)
    whole = moved()
    operations.carry_out(whole, by=by)
    entry = JournalEntry.objects.get(pk=whole.pk)
    sandbox.fail("422", method="PUT", path=f"contact-lists/{target.id}")
    assert not all(one.is_confirmed for one in undone(entry, by))
    assert all(one.is_confirmed for one in undone(entry, by))
    assert everything(by, source, target) == before


def test_two_who_undo_it_at_the_same_moment_begin_one_undo(by, moved, monkeypatch):
    whole, real, theirs = moved(), operation.claim, []
    operations.carry_out(whole, by=by)
    entry = JournalEntry.objects.get(pk=whole.pk)

    def claim(claimed):
        """Somebody else is first by a moment."""
        if not theirs:
            theirs.append(None)
            theirs[0] = operations.begin_undo(JournalEntry.objects.get(pk=whole.pk), by=by)
        real(claimed)

    monkeypatch.setattr(operation, "claim", claim)
    assert operations.begin_undo(entry, by=by) == theirs[0]


def test_one_half_of_a_move_is_undone_with_the_other(by, source, target, moved):
    whole = moved()
    operations.carry_out(whole, by=by)
    assert {operations.whole_of(part) for part in whole.entry.parts.all()} == {whole.entry}


def test_a_list_that_cannot_be_read_keeps_no_other_from_being_gone_on_with(
    by, sandbox, account, source, target
):
    other = ListEntry(sandbox.add_list(account, name="Третий"), "Третий", "black")
    plan = tuple(Step(0, one, AddContacts((Contact("А", ("101",)),))) for one in (target, other))
    whole = operation.begin(Action.COPY, plan, by=by)
    sandbox.fail("422", method="PUT", path=f"contact-lists/{other.id}")
    operations.carry_out(whole, by=by)
    sandbox.fail("500", method="GET", path=f"contact-lists/{target.id}", times=None)
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))


def test_sent_twice_at_the_same_moment_it_is_one_act(by, source, target, monkeypatch):
    contacts = contacts_of(by, source)
    first = moving.move(contacts, source, target, by=by, form_token="one")
    real, asked = operation.of_form, []

    def of_form(token, *, by):
        """The first time it is not there yet."""
        asked.append(token)
        return real(token, by=by) if len(asked) > 1 else None

    monkeypatch.setattr(operation, "of_form", of_form)
    assert moving.move(contacts, source, target, by=by, form_token="one") == first


def test_what_our_database_refuses_otherwise_is_no_second_press(by, source, target):
    contacts = contacts_of(by, source)
    with failing('INSERT INTO "lists_operation"', IntegrityError()), pytest.raises(IntegrityError):
        moving.move(contacts, source, target, by=by, form_token="one")


def test_who_has_lost_the_act_writes_no_more(by, sandbox, source, target, moved):
    """It took so long that somebody else has it now: of what was begun before, and of what was not."""
    entry = half_done(by, sandbox, source, moved())
    sandbox.clear_calls()

    def lost(whole):
        """Who has it has done it all in the meantime."""
        Operation.objects.update(claimed_at=timezone.now() + timedelta(seconds=1))
        JournalEntry.objects.filter(pk=whole.pk).update(outcome=Outcome.CONFIRMED)
        return renew(whole)

    renew = operation.renew
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operation, "renew", lost)
        into, out = operations.carry_out(entry.operation, by=by)
    assert isinstance(into.error, Overtaken)
    assert isinstance(out.error, Waits)
    assert replaced(sandbox) == []
    assert Operation.objects.get().claimed_at is not None
    assert is_whole(entry)


def test_two_lists_of_one_name_are_two(by, sandbox, account, source):
    namesake = ListEntry(sandbox.add_list(account, name="Источник"), "Источник", "black")
    whole = moving.move(contacts_of(by, source), source, namesake, by=by)
    assert whole.lists_count == 2


def test_what_became_another_is_left_by_an_undo_and_stops_none_of_the_others(
    by, sandbox, account, source, target, moved
):
    whole = moved()
    operations.carry_out(whole, by=by)
    found = sandbox.lists(account)[target.id]
    found["contacts"][-1]["name"] = "Клиент"
    sandbox.put(account, target.id, found)
    back, out = undone(whole.entry, by)
    assert (back.is_confirmed, out.is_confirmed) == (True, True)
    assert out.left == (Contact("Клиент", ("79990000002",)),)
    assert len(contacts_of(by, source)) == 3
    assert len(contacts_of(by, target)) == 4


def test_a_step_that_had_nothing_to_do_is_known_to_be_done(by, sandbox, source, target):
    there = contacts_of(by, target)[:1]
    plan = (
        Step(0, target, AddContacts(there)),
        Step(0, source, AddContacts((Contact("А", ("101",)),))),
    )
    whole = operation.begin(Action.COPY, plan, by=by)
    sandbox.fail("422", method="PUT", path=f"contact-lists/{source.id}")
    operations.carry_out(whole, by=by)
    assert operation.needless_of(Operation.objects.get()) == {0}


def test_of_a_list_that_is_gone_nothing_is_left_to_take_out(
    by, sandbox, account, source, target, moved
):
    entry = half_done(by, sandbox, source, moved())
    sandbox.drop(account, source.id)
    assert all(one.is_confirmed for one in operations.carry_out(entry.operation, by=by))


def test_an_act_is_kept_as_long_as_the_last_of_its_writes(by, settings, moved):
    whole = moved()
    operations.carry_out(whole, by=by)
    long_ago = timezone.now() - timedelta(days=settings.JOURNAL_KEEP_DAYS + 1)
    JournalEntry.objects.exclude(step=1).update(started_at=long_ago)
    assert retention.prune() == 0
    JournalEntry.objects.update(started_at=long_ago)
    assert retention.prune() == 3


def test_an_entry_of_another_account_is_not_taken_back(by, sandbox, account, target):
    theirs = JournalEntryFactory(account="another", action=Action.DELETE, list_id=target.id)
    step = Step(0, target, UndoEntry(theirs.pk))
    assert isinstance(steps.do(step, by=by).error, NotConfirmed)
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
    source = a_list(sandbox, account, "Источник", here)
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


class TestGoneOnWith:
    """What was begun is done to its end, whatever others have done in the meantime."""

    @pytest.fixture
    def merged(self, by, source, target):
        """The source merged into the target, and deleted."""
        plan = (
            Step(0, target, AddContacts(contacts_of(by, source))),
            Step(1, source, DeleteList(list_digest(by.api.get_list(source.id)))),
        )
        whole = operation.begin(Action.MERGE, plan, by=by)
        assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
        return whole.entry

    def test_before_an_undo_takes_out_what_it_brought_back_has_to_be_there_still(
        self, by, sandbox, account, source, target, moved
    ):
        whole = moved()
        operations.carry_out(whole, by=by)
        before = everything(by, source, target)
        sandbox.fail("422", method="PUT", path=f"contact-lists/{target.id}")
        assert not all(one.is_confirmed for one in undone(whole.entry, by))
        found = sandbox.lists(account)[source.id]
        sandbox.put(account, source.id, found | {"contacts": found["contacts"][1:]})
        assert all(one.is_confirmed for one in undone(whole.entry, by))
        assert everything(by, source, target) == before

    @pytest.mark.parametrize("is_gone", [True, False])
    def test_the_same_of_a_list_that_an_undo_has_made_again(
        self, by, sandbox, account, source, target, merged, is_gone
    ):
        sandbox.fail("422", method="PUT", path=f"contact-lists/{target.id}")
        back, _out = undone(merged, by)
        if is_gone:
            sandbox.drop(account, back.list.id)
        else:
            sandbox.put(account, back.list.id, {"contacts": []})
        again, out = undone(merged, by)
        assert (again.is_confirmed, out.is_confirmed) == (True, True)
        (made,) = [one for one in sandbox.lists(account).values() if one["name"] == "Источник"]
        assert made["contacts"] == SPAM
        assert len(contacts_of(by, target)) == 3

    def test_a_list_that_was_made_without_its_contacts_is_not_done_and_gets_them(
        self, by, sandbox, account, target, merged
    ):
        sandbox.quirks = {"no-contacts"}
        back, out = undone(merged, by)
        assert not back.is_confirmed
        assert isinstance(out.error, Waits)
        assert len(contacts_of(by, target)) == 6
        sandbox.quirks = set()
        assert all(one.is_confirmed for one in undone(merged, by))
        assert sandbox.lists(account)[back.list.id]["contacts"] == SPAM
        assert len(contacts_of(by, target)) == 3

    def test_a_list_that_somebody_has_deleted_by_hand_needs_no_deleting(
        self, by, sandbox, account, source, target
    ):
        plan = (
            Step(0, target, AddContacts(contacts_of(by, source))),
            Step(1, source, DeleteList(list_digest(by.api.get_list(source.id)))),
        )
        whole = operation.begin(Action.MERGE, plan, by=by)
        sandbox.fail("422", method="DELETE")
        assert not all(one.is_confirmed for one in operations.carry_out(whole, by=by))
        sandbox.drop(account, source.id)
        assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
        with pytest.raises(operations.GoneElsewhere):  # else they would be in no list
            operations.begin_undo(JournalEntry.objects.get(pk=whole.pk), by=by)
        assert len(contacts_of(by, target)) == 6

    def test_a_404_to_a_deletion_proves_nothing(self, by, sandbox, account, source, target):
        plan = (
            Step(0, target, AddContacts(contacts_of(by, source))),
            Step(1, source, DeleteList(list_digest(by.api.get_list(source.id)))),
        )
        whole = operation.begin(Action.MERGE, plan, by=by)
        sandbox.fail("404", method="DELETE")
        _into, gone = operations.carry_out(whole, by=by)
        assert not gone.is_confirmed
        assert source.id in sandbox.lists(account)

    def test_what_an_undo_has_made_again_is_looked_at_each_time(
        self, by, sandbox, account, target, merged
    ):
        """It could not be mended the first time."""
        sandbox.fail("422", method="PUT", path=f"contact-lists/{target.id}")
        back, _out = undone(merged, by)
        sandbox.put(account, back.list.id, {"contacts": []})
        sandbox.fail("422", method="PUT", path=f"contact-lists/{back.list.id}")
        again, out = undone(merged, by)
        assert (again.is_confirmed, out.is_confirmed) == (False, False)
        assert len(contacts_of(by, target)) == 6
        assert all(one.is_confirmed for one in undone(merged, by))
        assert sandbox.lists(account)[back.list.id]["contacts"] == SPAM

    def test_of_a_list_that_is_gone_an_undo_has_nothing_to_take_out(
        self, by, sandbox, account, source, target, moved
    ):
        whole = moved()
        operations.carry_out(whole, by=by)
        sandbox.drop(account, target.id)
        assert all(one.is_confirmed for one in undone(whole.entry, by))
        assert len(contacts_of(by, source)) == 3

    def test_what_is_left_is_named_then_too(self, by, sandbox, account, source, target, moved):
        entry = half_done(by, sandbox, source, moved())
        found = sandbox.lists(account)[source.id]
        found["contacts"][0]["name"] = "Клиент"
        sandbox.put(account, source.id, found)
        _into, out = operations.carry_out(entry.operation, by=by)
        assert out.is_confirmed
        assert out.left == (Contact("Клиент", ("79990000000",)),)

    def test_what_the_list_shows_in_the_end_is_known_and_undone_with_the_rest(
        self, by, sandbox, account, source, target, moved
    ):
        """The last write of each step, of which nobody could tell."""
        before = everything(by, source, target)
        whole = moved()
        operations.carry_out(whole, by=by)
        parts = JournalEntry.objects.filter(part_of=whole.entry)
        parts.update(outcome=Outcome.UNKNOWN, cause="Unavailable", digest_after="another")
        JournalEntry.objects.filter(pk=whole.pk).update(outcome=Outcome.PARTLY)
        for one in (source, target):
            JournalEntryFactory(
                account=by.account, list_id=one.id, outcome=Outcome.CONFIRMED, part_of=None
            )
        with pytest.raises(operations.StillOpen):
            operations.begin_undo(whole.entry, by=by)
        assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
        assert all(one.is_confirmed for one in undone(whole.entry, by))
        assert everything(by, source, target) == before
        assert len(contacts_of(by, target)) == 3

    def test_what_a_later_write_of_the_step_was_built_upon_keeps_nothing_from_being_undone(
        self, by, source, target, moved
    ):
        before = everything(by, source, target)
        whole = moved()
        operations.carry_out(whole, by=by)
        JournalEntryFactory(
            account=by.account,
            list_id=source.id,
            part_of=whole.entry,
            step=1,
            outcome=Outcome.UNKNOWN,
        )
        later = JournalEntry.objects.get(list_id=source.id, outcome=Outcome.CONFIRMED)
        JournalEntry.objects.filter(pk=later.pk).delete()
        later.pk = None
        later.save()
        assert all(one.is_confirmed for one in undone(whole.entry, by))
        assert everything(by, source, target) == before

    def test_what_a_preview_has_shown_is_not_done_twice(self, by, sandbox, account, target):
        one, other = Contact("А", ("79990000001",)), Contact("Б", ("79990000002",))
        added = (ContactChange(None, one), ContactChange(None, other))
        plan = (Step(0, target, ListChange(contacts=added)),)
        found = sandbox.lists(account)[target.id]
        theirs = [*found["contacts"], {"name": one.name, "phones": list(one.phones)}]
        sandbox.put(account, target.id, found | {"contacts": theirs})
        whole = operation.begin(Action.RESTORE, plan, by=by)
        assert all(done.is_confirmed for done in operations.carry_out(whole, by=by))
        assert contacts_of(by, target)[-2:] == (one, other)
        assert contacts_of(by, target).count(one) == 1

"""Lists are put in order as one act: all that is chosen, and no number is lost whatever others do meanwhile."""

import pytest

from lists.conflicts import Conflict, PlanChanged
from lists.findings import Kind, find
from lists.mending import mend
from lists.models import Action, JournalEntry, Outcome
from lists.plusofon.errors import NoAccess
from lists.plusofon.values import Contact
from lists.services import cleanup, operations
from lists.writing import operation
from lists.writing.outcomes import Waits
from tests.calls import methods

IVAN = {"name": "Иван", "phones": ["8 (999) 888-77-66"]}


@pytest.fixture
def blocking(sandbox, account):
    contacts = [IVAN, {"name": "Спам", "phones": ["101"]}, {"name": "Спам", "phones": ["101"]}]
    return sandbox.add_list(account, name="Чёрный", contacts=contacts)


@pytest.fixture
def contradicting(sandbox, account):
    contacts = [{"name": "Поставщик", "phones": ["79998887766", "102"]}]
    return sandbox.add_list(account, name="Белый", type="white", contacts=contacts)


@pytest.fixture
def begin(by, blocking, contradicting):
    """All that can be put in order, not begun yet."""

    def begin(kinds=tuple(Kind)):
        lists, _unread = cleanup.read([blocking, contradicting], by=by)
        mending = mend(lists, cleanup.chosen(lists, [], kinds))
        return cleanup.begin(cleanup.plan_for(mending), by=by)

    return begin


def stored(sandbox, account, list_id):
    return [(c["name"], *c["phones"]) for c in sandbox.lists(account)[list_id]["contacts"]]


def change(sandbox, account, list_id, contacts):
    """Past us."""
    sandbox.put(account, list_id, {**sandbox.lists(account)[list_id], "contacts": contacts})


def test_every_list_is_read_once_and_their_pages_twice(by, sandbox, blocking, contradicting):
    order = cleanup.order_of(cleanup.scan(by=by))
    lists, _unread = cleanup.read([blocking, contradicting], by=by)
    assert order.findings == find(lists)
    assert methods(sandbox) == ["GET"] * 6


def test_a_list_that_cannot_be_read_is_not_taken_for_an_empty_one(
    by, sandbox, blocking, contradicting
):
    sandbox.fail("403", path=f"contact-lists/{blocking}", times=None)
    order = cleanup.order_of(cleanup.scan(by=by))
    assert [one.list.id for one in order.result.unread] == [blocking]
    assert order.findings == []


def test_an_empty_list_is_one(by, sandbox, account):
    empty = sandbox.add_list(account, name="Пустой")
    (found,) = cleanup.order_of(cleanup.scan(by=by)).findings
    assert (found.kind, found.list_ids) == (Kind.EMPTY, (empty,))


def test_a_scan_that_is_left_stops(by, sandbox, blocking, contradicting):
    steps = cleanup.scan(by=by)
    next(steps)
    steps.close()
    assert list(steps) == []


def test_lists_that_are_gone_are_left_out_and_those_that_cannot_be_read_are_named(
    by, sandbox, blocking, contradicting
):
    lists, unread = cleanup.read([blocking, 999], by=by)
    assert ([one.id for one in lists], unread) == ([blocking], [])
    sandbox.fail("403", path=f"contact-lists/{contradicting}", times=2)
    lists, unread = cleanup.read([blocking, contradicting], by=by)
    assert [one.id for one in lists] == [blocking]
    assert [one.list.id for one in unread] == [contradicting]
    with pytest.raises(NoAccess):
        cleanup.read([contradicting], by=by)


def test_what_is_chosen_is_a_finding_or_a_kind_and_always_mendable(by, blocking, contradicting):
    lists, _unread = cleanup.read([blocking, contradicting], by=by)
    spelling = next(one for one in find(lists) if one.kind is Kind.SPELLING)
    assert cleanup.chosen(lists, [spelling.id], []) == [spelling]
    kinds = {one.kind for one in cleanup.chosen(lists, [spelling.id], [Kind.EQUAL, Kind.SHARED])}
    assert kinds == {Kind.SPELLING, Kind.EQUAL}


def test_all_of_it_is_one_act_with_one_undo(by, sandbox, account, blocking, contradicting, begin):
    before = [stored(sandbox, account, one) for one in (blocking, contradicting)]
    whole = begin()
    done = operations.carry_out(whole, by=by)
    assert all(one.is_confirmed for one in done)
    assert stored(sandbox, account, blocking) == [("Иван", "79998887766"), ("Спам", "101")]
    assert stored(sandbox, account, contradicting) == [("Поставщик", "102")]
    entry = JournalEntry.objects.get(pk=whole.pk)
    assert (entry.action, entry.outcome) == (Action.CLEAN_UP, Outcome.CONFIRMED)
    undo = operations.begin_undo(entry, by=by)
    assert all(one.is_confirmed for one in operations.carry_out(undo, by=by))
    after = [stored(sandbox, account, one) for one in (blocking, contradicting)]
    assert [sorted(one) for one in after] == [sorted(one) for one in before]


def test_a_number_that_is_not_blocked_any_more_stays_in_the_white_list(
    by, sandbox, account, blocking, contradicting, begin
):
    """Somebody has unblocked it between the preview and the confirmation: it is not blocked again unasked."""
    whole = begin([Kind.CONTRADICTION])
    change(sandbox, account, blocking, [{"name": "Спам", "phones": ["101"]}])
    checked, left = operations.carry_out(whole, by=by)
    assert isinstance(checked.error, PlanChanged)
    assert isinstance(left.error, Waits)
    assert stored(sandbox, account, contradicting) == [("Поставщик", "79998887766", "102")]
    assert stored(sandbox, account, blocking) == [("Спам", "101")]


def test_so_it_is_when_the_rest_is_done_later(by, sandbox, account, blocking, contradicting, begin):
    whole = begin([Kind.CONTRADICTION])
    sandbox.fail("422", method="PUT", path=f"contact-lists/{contradicting}")
    operations.carry_out(whole, by=by)
    change(sandbox, account, blocking, [{"name": "Спам", "phones": ["101"]}])
    assert not all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    assert stored(sandbox, account, contradicting) == [("Поставщик", "79998887766", "102")]
    assert stored(sandbox, account, blocking) == [("Спам", "101")]
    change(sandbox, account, blocking, [IVAN])
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    assert stored(sandbox, account, contradicting) == [("Поставщик", "102")]


@pytest.mark.parametrize("goes_on", [False, True])
@pytest.mark.parametrize("theirs", [[{"name": "Спам", "phones": ["101", "103"]}], []])
def test_what_another_contact_has_is_not_taken_out_once_that_has_lost_it(
    by, sandbox, account, blocking, goes_on, theirs
):
    first, second = {"name": "Спам", "phones": ["101", "102"]}, {"name": "Спам", "phones": ["102"]}
    change(sandbox, account, blocking, [first, second])
    lists, _unread = cleanup.read([blocking], by=by)
    whole = cleanup.begin(cleanup.plan_for(mend(lists, cleanup.chosen(lists, [], Kind))), by=by)
    if goes_on:
        sandbox.fail("422", method="PUT")
        operations.carry_out(whole, by=by)
    change(sandbox, account, blocking, [*theirs, second])
    (done,) = operations.carry_out(whole, by=by)
    assert isinstance(done.error, Conflict)
    assert ("Спам", "102") in stored(sandbox, account, blocking)


def test_a_contact_that_has_changed_meanwhile_keeps_its_list_as_it_is(
    by, sandbox, account, blocking, contradicting, begin
):
    whole = begin([Kind.SPELLING, Kind.EQUAL])
    others = [
        {"name": "Иван", "phones": ["79998887766", "103"]},
        *({"name": "Спам", "phones": ["101"]},) * 2,
    ]
    change(sandbox, account, blocking, others)
    (done,) = operations.carry_out(whole, by=by)
    assert not done.is_confirmed
    assert stored(sandbox, account, blocking)[0] == ("Иван", "79998887766", "103")
    assert len(stored(sandbox, account, blocking)) == 3


def test_what_others_have_put_in_order_meanwhile_is_not_done_twice(
    by, sandbox, account, blocking, begin
):
    """Of two equal contacts the other stays."""
    whole = begin([Kind.EQUAL])
    change(sandbox, account, blocking, [IVAN, {"name": "Спам", "phones": ["101"]}])
    (done,) = operations.carry_out(whole, by=by)
    assert done.is_confirmed
    assert ("Спам", "101") in stored(sandbox, account, blocking)


def test_the_plan_is_the_same_after_a_crash(by, begin):
    whole = begin()
    assert operation.plan_of(whole) == operation.plan_of(type(whole).objects.get(pk=whole.pk))
    mends, checks, leaves = (step.act for step in operation.plan_of(whole))
    assert mends.kept == (Contact("Спам", ("101",)),)
    assert checks.numbers == ("79998887766",)
    assert len(leaves.change.contacts) == 1


def test_an_undo_is_not_stopped_by_what_the_api_would_refuse(by, sandbox, account, begin, blocking):
    """A contact without a name or without numbers cannot be saved: it stays as it was mended."""
    odd = [
        {"name": "", "phones": ["103"]},
        {"name": "Пусто", "phones": []},
        {"name": "А", "phones": ["", "8 916 000-00-04"]},
    ]
    change(sandbox, account, blocking, [IVAN, *odd])
    whole = begin()
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    undo = operations.begin_undo(JournalEntry.objects.get(pk=whole.pk), by=by)
    assert all(one.is_confirmed for one in operations.carry_out(undo, by=by))
    assert stored(sandbox, account, blocking) == [
        ("Иван", "8 (999) 888-77-66"),
        ("103", "103"),
        ("А", "8 916 000-00-04"),
    ]
    refused = operations.refused_by_the_api(undo)
    assert [contact.name for contact in refused] == ["103", "Пусто", "А"]


def test_a_form_that_is_sent_twice_is_one_act(by, blocking, contradicting):
    lists, _unread = cleanup.read([blocking, contradicting], by=by)
    plan = cleanup.plan_for(mend(lists, cleanup.chosen(lists, [], [Kind.SPELLING])))
    first, second = (cleanup.begin(plan, by=by, form_token="once") for _ in range(2))
    assert first.pk == second.pk

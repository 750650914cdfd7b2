"""Backup and restore: every list with every field, nothing changed where nothing differs, no trouble that stops
another list."""

import io
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from lists import backup_reading
from lists.backup_file import Missing
from lists.models import JournalEntry, Outcome
from lists.plusofon.errors import Unauthenticated, Unavailable
from lists.plusofon.values import Contact, ContactList, ListEntry
from lists.reverting import change_back, parts_of
from lists.services import backup, operations, restoring
from lists.services.restoring import Agreed, NotAgreed, Standing
from lists.writing.plans import Step, UndoEntry, read_plan, write_plan
from tests.people import ANNA, ATS, IVAN, PETR
from tests.strategies import contact_lists


@pytest.fixture
def spam(sandbox, account):
    return sandbox.add_list(
        account,
        name="Спам",
        contacts=[{"name": f"Спам {n}", "phones": [f"7999000{n:04}"]} for n in range(40)],
    )


@pytest.fixture
def saved(by):
    """The account as a backup of this moment."""

    def save():
        file = io.BytesIO()
        backup.write_backup(file, by=by)
        return backup_reading.read(file.getvalue())

    return save


@pytest.fixture
def restore(by):
    """Restore what differs, or some of it; what became of each list."""

    def restore(kept, *list_ids):
        chosen = restoring.chosen_of(kept, list_ids) if list_ids else kept
        agreed = restoring.agree(restoring.compare(chosen, by=by), of="4821", by=by)
        assert restoring.read_agreed(restoring.write_agreed(agreed)) == agreed
        whole = restoring.begin(agreed, by=by, form_token="one")
        return whole, operations.carry_out(whole, by=by)

    return restore


def account_of(sandbox, account):
    """What is stored, by id, contacts in any order."""
    return {
        list_id: (found["name"], found["type"], contents(found["contacts"]))
        for list_id, found in sandbox.lists(account).items()
    }


def contents(contacts):
    return Counter(json.dumps(contact, sort_keys=True) for contact in contacts)


def put(sandbox, account, list_id, **changed):
    sandbox.put(account, list_id, sandbox.lists(account)[list_id] | changed)


def standings(comparison):
    return [one.standing for one in comparison.lists]


@given(contact_lists, contact_lists)
def test_a_list_becomes_exactly_what_it_was(found, kept):
    changed = change_back(found, kept).apply_to(found)
    assert (changed.name, changed.type) == (kept.name, kept.type)
    assert Counter(changed.contacts) == Counter(kept.contacts)


@given(contact_lists, contact_lists)
def test_and_the_change_is_undone_by_its_inverse(found, kept):
    change = change_back(found, kept)
    back = change.inverse().apply_to(change.apply_to(found))
    assert (back.name, back.type) == (found.name, found.type)
    assert Counter(back.contacts) == Counter(found.contacts)


@given(contact_lists)
def test_what_it_is_already_needs_no_change(found):
    assert change_back(found, found).is_empty


@given(contact_lists, contact_lists)
def test_the_change_survives_the_journal(found, kept):
    change = change_back(found, kept)
    assert read_plan(write_plan(restoring.plan_of([_differs(kept, change)])))[0].act == change


def _differs(kept, change):
    return restoring.Compared(kept, Standing.DIFFERS, change)


def test_a_contact_that_became_another_is_told_by_a_number_and_keeps_its_place():
    kept = ContactList(7, "Спам", "black", (IVAN, PETR))
    found = ContactList(7, "Спам", "black", (Contact("Ваня", ("79998887766",)), ANNA))
    change = change_back(found, kept)
    assert parts_of(change) == ((PETR,), (ANNA,), (IVAN,))
    assert change.apply_to(found).contacts == (IVAN, PETR)


def test_one_of_the_same_name_and_number_is_preferred():
    kept = ContactList(7, "Спам", "black", (Contact("Иван", ("101", "102")),))
    found = ContactList(7, "Спам", "black", (Contact("Анна", ("102",)), Contact("Иван", ("101",))))
    _missing, added, _changed = parts_of(change_back(found, kept))
    assert added == (Contact("Анна", ("102",)),)


def test_a_backup_has_every_list_with_every_field(saved, sandbox, account, black, spam):
    kept = saved()
    assert kept.manifest.is_complete
    assert (kept.manifest.account, kept.manifest.lists) == ("4821", 2)
    (found, *_) = [one for one in kept.lists if one.id == black]
    assert found.contacts == (IVAN, PETR, ATS)
    assert found.contacts[1].extra == {"note": "vip"}


def test_of_many_lists_each_is_in_it_in_their_order(saved, sandbox, account):
    ids = [sandbox.add_list(account, name=f"Список {n}") for n in range(60)]
    assert sorted(one.id for one in saved().lists) == ids


def test_a_list_that_cannot_be_read_is_named_with_the_reason(saved, sandbox, black, spam):
    sandbox.fail("no-access", path=f"contact-lists/{spam}", times=None)
    kept = saved()
    (missing,) = kept.manifest.missing
    assert (missing.id, missing.name, missing.reason) == (spam, "Спам", "NoAccess")
    assert missing.words
    assert [one.id for one in kept.lists] == [black]


def test_a_list_that_is_deleted_meanwhile_is_not_missing(saved, sandbox, black, spam):
    sandbox.fail("404", path=f"contact-lists/{spam}", times=None)
    kept = saved()
    assert kept.manifest.is_complete
    assert [one.id for one in kept.lists] == [black]


def test_pages_of_lists_that_cannot_be_read_make_it_incomplete(saved, sandbox, account):
    for n in range(20):
        sandbox.add_list(account, name=f"Список {n}")
    sandbox.fail("502", path="contact-lists?page=2", times=None)
    kept = saved()
    assert kept.manifest.missing == (Missing(None, "", "Unavailable"),)
    assert len(kept.lists) == 15


def test_where_nothing_can_be_read_there_is_no_backup(by, sandbox, black):
    sandbox.fail("502", times=None)
    file = io.BytesIO()
    with pytest.raises(Unavailable):
        backup.write_backup(file, by=by)
    assert file.getvalue() == b""


def test_restoring_an_account_that_is_as_it_was_changes_nothing(
    by, saved, sandbox, account, black, spam
):
    sandbox.add_list(account, name="Пустой", type="white")
    comparison = restoring.compare(saved(), by=by)
    assert standings(comparison) == [Standing.SAME] * 3
    assert restoring.plan_of(comparison.lists) == ()
    assert (comparison.others, comparison.trouble) == ((), None)


def test_what_differs_becomes_what_it_was_and_undoing_brings_the_other_back(
    by, saved, restore, sandbox, account, black, spam
):
    before, kept = account_of(sandbox, account), saved()
    contacts = sandbox.lists(account)[black]["contacts"]
    put(
        sandbox,
        account,
        black,
        name="Иначе",
        contacts=[*contacts[1:], {"name": "Я", "phones": ["9"]}],
    )
    put(sandbox, account, spam, contacts=sandbox.lists(account)[spam]["contacts"][::2])
    changed = account_of(sandbox, account)
    whole, done = restore(kept)
    assert all(one.is_confirmed for one in done)
    assert account_of(sandbox, account) == before
    assert JournalEntry.objects.get(pk=whole.pk).outcome == Outcome.CONFIRMED
    undo = operations.begin_undo(whole.entry, by=by)
    assert all(one.is_confirmed for one in operations.carry_out(undo, by=by))
    assert account_of(sandbox, account) == changed


def test_a_list_that_is_gone_is_created_with_every_field_under_a_new_id(
    by, saved, restore, sandbox, account, black, spam
):
    before, kept = account_of(sandbox, account), saved()
    by.api.delete_list(black)
    comparison = restoring.compare(kept, by=by)
    assert Counter(standings(comparison)) == Counter([Standing.GONE, Standing.SAME])
    whole, (done,) = restore(kept)
    assert done.is_confirmed
    after = account_of(sandbox, account)
    assert done.list.id not in before
    assert after[done.list.id] == before[black]
    assert operations.begun_by("one", by=by) == whole
    assert operations.begun_by("another", by=by) is None


def test_of_two_who_restore_a_list_at_the_same_moment_the_second_finds_it_made(
    by, saved, sandbox, account, black
):
    kept = saved()
    by.api.delete_list(black)

    def begun(form):
        agreed = restoring.agree(restoring.compare(kept, by=by), of="4821", by=by)
        return restoring.begin(agreed, by=by, form_token=form)

    first, second = begun("one"), begun("two")
    for whole in (first, second):
        assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    (made,) = sandbox.lists(account)
    by.api.delete_list(made)
    assert all(one.is_confirmed for one in operations.carry_out(begun("three"), by=by))
    assert len(sandbox.lists(account)) == 1


def test_a_list_of_the_same_name_is_told_beside_one_that_is_gone(
    by, saved, sandbox, account, black
):
    kept = saved()
    by.api.delete_list(black)
    twin = sandbox.add_list(account, name="Чёрный список 1")
    comparison = restoring.compare(kept, by=by)
    assert comparison.lists[0].namesake.id == twin
    assert [entry.id for entry in comparison.others] == [twin]


def test_only_what_is_chosen_is_restored(by, saved, restore, sandbox, account, black, spam):
    kept = saved()
    put(sandbox, account, black, name="Иначе")
    put(sandbox, account, spam, name="Тоже иначе")
    (done,) = restore(kept, spam)[1]
    assert done.list.id == spam
    assert sandbox.lists(account)[black]["name"] == "Иначе"


def test_a_list_that_cannot_be_read_is_neither_gone_nor_restored(by, saved, sandbox, black, spam):
    kept = saved()
    sandbox.fail("502", path=f"contact-lists/{spam}", times=None)
    comparison = restoring.compare(kept, by=by)
    assert Counter(standings(comparison)) == Counter([Standing.SAME, Standing.UNREAD])
    assert restoring.plan_of(comparison.lists) == ()


def test_a_list_of_the_file_that_no_page_of_lists_has_is_gone_whatever_is_said_of_it(
    by, saved, sandbox, account, black, spam
):
    """The vendor says "no access" of the ids of strangers, and may of those that are deleted."""
    kept = saved()
    by.api.delete_list(spam)
    sandbox.fail("no-access", path=f"contact-lists/{spam}", times=None)
    comparison = restoring.compare(kept, by=by)
    assert Counter(standings(comparison)) == Counter([Standing.SAME, Standing.GONE])
    sandbox.fail("html", path="contact-lists?page=1", times=None)
    comparison = restoring.compare(kept, by=by)
    assert Counter(standings(comparison)) == Counter([Standing.SAME, Standing.UNREAD])
    assert comparison.is_of_any


@pytest.mark.parametrize("path", ["contact-lists?page=1", "contact-lists/{spam}"])
def test_with_a_token_that_is_refused_nothing_is_compared(by, saved, sandbox, spam, path):
    kept = saved()
    sandbox.fail("401", path=path.format(spam=spam), times=None)
    with pytest.raises(Unauthenticated):
        restoring.compare(kept, by=by)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"account": "1", "into": "1", "plan": "[{}]", "namesakes": []}',
        json.dumps(
            {
                "account": "1",
                "into": "1",
                "plan": '[{"stage": 0, "list": [1, "", ""]}]',
                "namesakes": [],
            }
        ),
        restoring.write_agreed(
            Agreed("1", "1", (Step(0, ListEntry(1, "Спам", "black"), UndoEntry(1)),))
        ),
    ],
)
def test_what_is_no_plan_of_restoring_is_not_read_as_one(content):
    with pytest.raises(NotAgreed):
        restoring.read_agreed(content)


class TestWhatIsGoneMayBeThereAgain:
    @pytest.fixture
    def agreed(self, by, saved, sandbox, spam, black):
        kept = saved()
        by.api.delete_list(spam)
        return lambda: restoring.agree(restoring.compare(kept, by=by), of="4821", by=by)

    def test_if_nothing_happened_nothing_has_changed(self, by, sandbox, account, agreed):
        twin = sandbox.add_list(account, name="Спам ")
        shown = agreed()
        assert shown.namesakes == {twin}
        assert not restoring.has_changed(shown, by=by)

    def test_a_list_of_its_name(self, by, sandbox, account, agreed):
        shown = agreed()
        sandbox.add_list(account, name="Спам")
        assert restoring.has_changed(shown, by=by)

    def test_a_list_of_its_id(self, by, sandbox, account, agreed, spam):
        shown = agreed()
        sandbox.add_list(account, name="Иначе", id=spam)
        assert restoring.has_changed(shown, by=by)

    def test_where_nothing_is_to_be_created_the_account_is_not_asked(
        self, by, saved, sandbox, black
    ):
        shown = restoring.agree(restoring.compare(saved(), by=by), of="4821", by=by)
        before = len(sandbox.calls)
        assert not restoring.has_changed(shown, by=by)
        assert restoring.has_changed(replace(shown, into="another"), by=by)
        assert len(sandbox.calls) == before

    def test_what_cannot_be_read_is_not_taken_for_unchanged(self, by, sandbox, agreed):
        shown = agreed()
        sandbox.fail("502", path="contact-lists?page=1", times=None)
        with pytest.raises(Unavailable):
            restoring.has_changed(shown, by=by)


def test_a_contact_that_changed_meanwhile_is_a_conflict_that_stops_no_other_list(
    by, saved, sandbox, account, black, spam
):
    kept = saved()
    contacts = sandbox.lists(account)[black]["contacts"]
    put(
        sandbox,
        account,
        black,
        contacts=[{"name": "Ваня", "phones": ["79998887766"]}, *contacts[1:]],
    )
    put(sandbox, account, spam, contacts=[])
    plan = restoring.plan_of(restoring.compare(kept, by=by).lists)
    put(sandbox, account, black, contacts=[{"name": "Клиент", "phones": ["79998887766"]}])
    whole = restoring.begin(Agreed("4821", "4821", plan), by=by, form_token="one")
    done = {one.list.id: one for one in operations.carry_out(whole, by=by)}
    assert not done[black].is_confirmed
    assert done[black].error is not None
    assert done[spam].is_confirmed
    assert sandbox.lists(account)[black]["contacts"][0]["name"] == "Клиент"
    assert len(sandbox.lists(account)[spam]["contacts"]) == 40


def test_what_others_added_meanwhile_stays(by, saved, sandbox, account, black):
    kept = saved()
    contacts = sandbox.lists(account)[black]["contacts"]
    put(sandbox, account, black, contacts=contacts[:-1])
    plan = restoring.plan_of(restoring.compare(kept, by=by).lists)
    put(sandbox, account, black, contacts=[*contacts[:-1], {"name": "Новый", "phones": ["5"]}])
    whole = restoring.begin(Agreed("4821", "4821", plan), by=by, form_token="one")
    assert all(one.is_confirmed for one in operations.carry_out(whole, by=by))
    names = {contact["name"] for contact in sandbox.lists(account)[black]["contacts"]}
    assert names == {IVAN.name, PETR.name, ATS.name, "Новый"}


def test_an_equal_contact_more_than_there_is_comes_back_too(
    by, saved, restore, sandbox, account, black
):
    twice = [{"name": "Спам", "phones": ["101"]}] * 3
    put(sandbox, account, black, contacts=twice)
    kept = saved()
    put(sandbox, account, black, contacts=twice[:1])
    assert restore(kept)[1][0].is_confirmed
    assert sandbox.lists(account)[black]["contacts"] == twice

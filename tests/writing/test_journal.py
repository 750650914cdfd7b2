"""What the journal keeps of each write, and what it lets go."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from lists.changes import ContactChange, ListChange, TextChange
from lists.models import Action, JournalEntry, JournalNumber, Outcome
from lists.plusofon import errors
from lists.plusofon.values import Contact
from lists.sameness import list_digest
from lists.writing import journal, reconciling, retention
from lists.writing.entries import change_of, whole_list_of
from lists.writing.outcomes import (
    AlreadyCreated,
    Confirmed,
    Created,
    HeldInDoubt,
    InDoubt,
    ListInvalid,
    MadeAndGone,
    NotApplied,
    Unknown,
)
from lists.writing.write import create_list, delete_list
from lists.writing.write import write as write_list
from tests.factories import CredentialFactory, JournalEntryFactory, UserFactory
from tests.people import ANNA, ATS, IVAN, PETR, SPAM, put
from tests.trouble import just_before


def only_entry():
    return JournalEntry.objects.get()


def of(contact, *phones):
    """The same with these numbers."""
    return Contact(contact.name, phones)


def test_a_confirmed_write_keeps_who_when_what_and_where(write, black, manager, api):
    outcome = write(put(PETR, ANNA))
    entry = only_entry()
    assert isinstance(outcome, Confirmed)
    assert outcome.entry == entry
    assert (entry.user, entry.username, entry.account) == (manager, "manager", "4821")
    assert (entry.list_id, entry.list_name) == (black, "Чёрный список 1")
    assert (entry.outcome, entry.action) == (Outcome.CONFIRMED, Action.EDIT)
    assert entry.started_at <= entry.ended_at <= timezone.now()
    assert change_of(entry) == put(PETR, ANNA)
    assert change_of(entry).contacts[0].before.extra == {"note": "vip"}
    assert entry.digest_after == list_digest(api.get_list(black))


def test_it_finds_the_numbers_before_and_after_in_any_spelling(write):
    write(put(PETR, ANNA))
    numbers = JournalNumber.objects.values_list("number", flat=True)
    assert sorted(numbers) == ["78123334455", "79991112233"]


@pytest.mark.parametrize(
    ("change", "action"),
    [
        (put(None, ANNA), Action.ADD),
        (put(IVAN, None), Action.REMOVE),
        (put(IVAN, ANNA), Action.EDIT),
        # One that only loses numbers, or only gets some.
        (put(IVAN, of(IVAN, "79998887766")), Action.REMOVE),
        (put(IVAN, of(IVAN, "8 999 222-33-00")), Action.REMOVE),
        (put(IVAN, of(IVAN, *IVAN.phones, "101")), Action.ADD),
        (put(IVAN, of(IVAN, "79998887766", "101")), Action.EDIT),
        (put(IVAN, of(IVAN, *reversed(IVAN.phones))), Action.EDIT),
        (put(IVAN, Contact("Анна", ("79998887766",))), Action.EDIT),
        (
            ListChange(
                contacts=(
                    ContactChange(IVAN, of(IVAN, "79998887766")),
                    ContactChange(ATS, of(ATS, "101")),
                )
            ),
            Action.EDIT,
        ),
        (
            ListChange(contacts=(ContactChange(IVAN, None), ContactChange(None, ANNA))),
            Action.EDIT,
        ),
        (ListChange(name=TextChange("Чёрный список 1", "Спам")), Action.RENAME),
    ],
)
def test_it_says_in_a_word_what_was_done(write, change, action):
    write(change)
    assert only_entry().action == action


def test_a_renamed_list_goes_by_its_new_name(write):
    write(ListChange(name=TextChange("Чёрный список 1", "Спам")))
    assert only_entry().list_name == "Спам"


def test_it_keeps_the_form_that_the_api_stored(write, sandbox):
    sandbox.quirks = {"normalise", "trim"}
    write(put(IVAN, Contact(" Анна ", ("8 999 111-22-33",))))
    assert change_of(only_entry()).contacts[0].after == Contact("Анна", ("79991112233",))


def test_a_refused_write_keeps_the_apis_words(write, sandbox):
    sandbox.strict_phones = True
    with pytest.raises(ListInvalid) as refused:
        write(put(IVAN, ANNA))
    entry = only_entry()
    assert (entry.outcome, entry.cause) == (Outcome.REFUSED, "Invalid")
    assert entry.words == refused.value.message != ""


def test_a_write_that_was_not_applied_names_what_happened(write, sandbox):
    sandbox.fail("no-access", method="PUT")
    with pytest.raises(NotApplied):
        write(put(IVAN, ANNA))
    assert (only_entry().outcome, only_entry().cause) == (Outcome.REFUSED, "NoAccess")
    assert only_entry().words


def test_an_unknown_one_is_settled_by_the_next_that_reads_the_list(write, sandbox, api):
    sandbox.fail("500", method="GET", skip=1, times=None)
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, Unknown)
    assert outcome.entry == only_entry()
    assert only_entry().outcome == Outcome.UNKNOWN
    sandbox.clear_faults()
    write(put(PETR, None))
    assert [e.outcome for e in JournalEntry.objects.order_by("id")] == [Outcome.CONFIRMED] * 2


def test_what_sends_nothing_is_no_entry(write, sandbox):
    write(put(None, IVAN))
    assert not JournalEntry.objects.exists()


def test_texts_that_no_database_stores_lose_only_that(by, sandbox, account):
    list_id = sandbox.add_list(
        account, name="А\x00Б", contacts=[{"name": "В\x00Г", "phones": ["1\x0002", "я" * 300]}]
    )
    deleted = delete_list(list_id, by=by)
    entry = only_entry()
    assert entry.list_name == "АБ"
    assert sorted(entry.numbers.values_list("number", flat=True)) == ["102", "я" * 100]
    assert whole_list_of(entry) == deleted.list


@pytest.mark.django_db
class TestSettling:
    @pytest.mark.parametrize("applied", [True, False])
    @pytest.mark.parametrize("kind", ["change", "create", "delete"])
    def test_a_lost_write_is_found_by_reading(self, by, sandbox, black, late, kind, applied):
        sandbox.fail("cut-after" if applied else "cut", times=None, method=METHODS[kind])
        sandbox.fail("500", method="GET", skip=kind != "create", times=None)
        if kind == "change":
            outcome = write_list(put(IVAN, ANNA), black, by=by)
        elif kind == "create":
            outcome = create_list(SPAM, newest_before=0, by=by)
        else:
            outcome = delete_list(black, by=by)
        assert isinstance(outcome, InDoubt)
        sandbox.clear_faults()
        late()
        reconciling.settle(outcome.entry, by=by)
        expected = Outcome.CONFIRMED if applied else Outcome.REFUSED
        assert outcome.entry.outcome == only_entry().outcome == expected

    def test_a_list_that_is_gone_leaves_it_unknown(self, by, sandbox, account, black):
        entry = JournalEntryFactory(list_id=black, outcome=Outcome.UNKNOWN)
        sandbox.drop(account, black)
        reconciling.settle(entry, by=by)
        assert (entry.outcome, entry.cause) == (Outcome.UNKNOWN, "NotFound")

    @pytest.mark.parametrize("stored", [["8 (812) 333-44-55"], ["78123334455"]])
    def test_a_change_of_spelling_alone_is_seen_in_the_spelling(
        self, by, sandbox, account, black, stored
    ):
        entry = JournalEntryFactory(
            list_id=black,
            outcome=Outcome.UNKNOWN,
            action=Action.EDIT,
            list_change=put(PETR, Contact("Пётр Петров", ("78123334455",))),
            digest_before=list_digest(by.api.get_list(black)),
        )
        found = sandbox.lists(account)[black]
        found["contacts"][1]["phones"] = stored
        sandbox.put(account, black, found)
        reconciling.settle(entry, by=by)
        confirmed = stored == ["78123334455"]
        assert entry.outcome == (Outcome.CONFIRMED if confirmed else Outcome.REFUSED)

    def test_a_created_list_is_not_claimed_by_two(self, by, sandbox, account):
        made = create_list(SPAM, newest_before=0, by=by)
        assert isinstance(made, Created)
        sandbox.fail("cut", method="POST")
        assert isinstance(create_list(SPAM, newest_before=0, by=by), InDoubt)
        assert list(sandbox.lists(account)) == [made.list.id]

    def test_nobody_closes_an_entry_twice(self, write):
        write(put(IVAN, ANNA))
        entry = only_entry()
        journal.refuse(entry, errors.Unavailable())
        assert entry.outcome == only_entry().outcome == Outcome.CONFIRMED

    def test_the_command_settles_what_a_crash_left(self, api, manager, sandbox, black, capsys):
        long_ago = timezone.now() - timedelta(minutes=5)
        digest = list_digest(api.get_list(black))
        fields = {"list_id": black, "outcome": Outcome.PENDING, "user": manager}
        fields["digest_before"] = digest
        crashed = JournalEntryFactory(started_at=long_ago, **fields)
        saving = JournalEntryFactory(**{**fields, "list_id": 999})
        call_command("settle_journal")
        crashed.refresh_from_db()
        saving.refresh_from_db()
        assert (crashed.outcome, saving.outcome) == (Outcome.REFUSED, Outcome.PENDING)
        assert capsys.readouterr().out == "1 settled\n"

    def test_the_command_uses_nobody_elses_token(self, manager, sandbox, black):
        gone = UserFactory()
        elsewhere = CredentialFactory(user=UserFactory(), token="stranger-token", account="other")
        for user in (None, gone, elsewhere.user):
            JournalEntryFactory(list_id=black, outcome=Outcome.UNKNOWN, user=user)
        with pytest.raises(CommandError, match=r"3 left open \(3 CredentialMissing\)"):
            call_command("settle_journal")
        assert sandbox.calls == []

    def test_the_command_goes_on_where_one_cannot_be_read(self, manager, sandbox, black, capsys):
        spam = sandbox.add_list(4821, name="Спам")
        for list_id in (black, spam):
            JournalEntryFactory(list_id=list_id, outcome=Outcome.UNKNOWN, user=manager)
        sandbox.fail("500", path=f"contact-lists/{black}", times=None)
        with pytest.raises(CommandError, match=r"2 left open \(1 ServerError, 1 NotTold\)"):
            call_command("settle_journal")
        assert capsys.readouterr().out == "0 settled\n"

    def test_what_was_unknown_for_a_day_is_told_and_no_failure_any_more(
        self, manager, sandbox, black, capsys
    ):
        """Else the command would fail for as long as the journal is kept: nobody may be able to tell."""
        old = {"started_at": timezone.now() - timedelta(hours=25), "list_id": black}
        JournalEntryFactory(**old, outcome=Outcome.UNKNOWN, user=manager)
        call_command("settle_journal")
        assert "1 unknown for more than a day: managers decide them" in capsys.readouterr().out
        JournalEntryFactory(**old, outcome=Outcome.PENDING, user=None)
        with pytest.raises(CommandError, match=r"1 left open \(1 CredentialMissing\)"):
            call_command("settle_journal")

    def test_the_command_twice_at_once_settles_once(self, api, manager, black, capsys):
        fields = {"list_id": black, "outcome": Outcome.PENDING, "user": manager}
        fields["digest_before"] = list_digest(api.get_list(black))
        JournalEntryFactory(started_at=timezone.now() - timedelta(minutes=5), **fields)
        with just_before("UPDATE", lambda: call_command("settle_journal")):
            call_command("settle_journal")
        assert only_entry().outcome == Outcome.REFUSED
        assert capsys.readouterr().out == "1 settled\n1 settled\n"


METHODS = {"change": "PUT", "create": "POST", "delete": "DELETE"}


class TestPressingTwice:
    def create(self, by):
        return create_list(SPAM, form_token="one", newest_before=0, by=by)

    def test_makes_one_list(self, by, sandbox, account):
        first, second = self.create(by), self.create(by)
        assert isinstance(second, AlreadyCreated)
        assert first.list.id == second.list_id
        assert len(sandbox.lists(account)) == 1

    def test_makes_one_list_though_the_first_answer_was_lost(self, by, sandbox, account, late):
        sandbox.fail("cut-after", method="POST")
        sandbox.fail("500", method="GET", times=None)
        assert isinstance(self.create(by), InDoubt)
        with pytest.raises(HeldInDoubt):
            self.create(by)
        sandbox.clear_faults()
        late()
        found = self.create(by)
        assert isinstance(found, AlreadyCreated)
        assert list(sandbox.lists(account)) == [found.list_id]

    def test_tries_again_what_was_refused(self, by, sandbox, account, late):
        sandbox.fail("500", method="POST")
        with pytest.raises(NotApplied):
            self.create(by)
        assert isinstance(self.create(by), Created)
        assert len(sandbox.lists(account)) == 1

    def test_a_list_that_is_gone_since_is_not_said_to_be_there(self, by, sandbox, account):
        """Then the form is free: sent with a token of its own it makes the list once more."""
        made = self.create(by)
        sandbox.drop(account, made.list.id)
        with pytest.raises(MadeAndGone) as gone:
            self.create(by)
        assert gone.value.entry == made.entry
        assert isinstance(self.create(by), Created)

    def test_a_list_that_cannot_be_read_just_now_is_unknown(self, by, sandbox):
        self.create(by)
        sandbox.fail("500", method="GET", times=None)
        assert isinstance(self.create(by), Unknown)

    def test_what_stays_unknown_is_not_sent_again(self, by, sandbox, account):
        sandbox.before("POST", "contact-lists", lambda: sandbox.add_list(account, name="Спам"))
        sandbox.fail("500", method="POST")
        assert isinstance(self.create(by), Unknown)
        assert isinstance(self.create(by), Unknown)
        assert len(sandbox.lists(account)) == 1

    def test_what_is_found_out_only_now_is_there_already(self, by, sandbox, account):
        sandbox.fail("500", method="GET", times=1)
        assert isinstance(self.create(by), Unknown)
        assert isinstance(self.create(by), AlreadyCreated)


class TestKeeping:
    def test_old_entries_go_and_what_is_open_stays(self, db, settings, capsys):
        settings.JOURNAL_KEEP_DAYS = 30
        old = timezone.now() - timedelta(days=31)
        JournalEntryFactory(started_at=old)
        young = JournalEntryFactory()
        crashed = JournalEntryFactory(started_at=old, outcome=Outcome.PENDING)
        undo = JournalEntryFactory(undoes=JournalEntryFactory(started_at=old))
        call_command("prune_journal")
        assert capsys.readouterr().out == "2 deleted\n"
        assert set(JournalEntry.objects.all()) == {young, crashed, undo}

    def test_zero_days_keep_everything(self, db, settings):
        settings.JOURNAL_KEEP_DAYS = 0
        JournalEntryFactory(started_at=timezone.now() - timedelta(days=9999))
        assert retention.prune() == 0
        assert JournalEntry.objects.exists()

    def test_a_deleted_user_leaves_the_entries_and_the_name(self, write, manager):
        write(put(IVAN, ANNA))
        manager.delete()
        assert (only_entry().user, only_entry().username) == (None, "manager")

"""Our own database drops the connection in the middle of a write: what it had done already is known
again, and what it had not is done once more. Nobody is told unless it happens twice."""

import pytest
from django.db import OperationalError
from django.db.models import QuerySet

from lists.intents import RemoveContact
from lists.models import JournalEntry, JournalNumber, Outcome
from lists.plusofon import errors
from lists.sameness import contact_key
from lists.writing import journal, lock, undoing
from lists.writing import sent as sending
from lists.writing.outcomes import AlreadyDone, Confirmed, Created, InDoubt, NotNoted, Unknown
from lists.writing.write import create_list
from lists.writing.write import write as write_list
from tests.calls import methods
from tests.factories import JournalEntryFactory
from tests.people import ANNA, IVAN, SPAM, put

from ..trouble import dropped, failing, losing_a_commit, losing_the_answer

pytestmark = pytest.mark.usefixtures("outside_transactions")
NOTHING_TO_DO = RemoveContact(contact_key(ANNA), ANNA)


def the_one_entry():
    return JournalEntry.objects.get()


class TestTakingTheLock:
    def test_that_was_taken_and_not_answered_is_ours(self, write, sandbox, monkeypatch):
        with losing_a_commit(monkeypatch) as lost:
            assert isinstance(write(put(IVAN, ANNA)), Confirmed)
        assert lost
        assert methods(sandbox).count("PUT") == 1
        assert the_one_entry().outcome == Outcome.CONFIRMED

    def test_that_was_not_taken_is_taken_then(self, write, sandbox):
        with failing('INSERT INTO "lists_journalentry"', dropped(), times=1) as tries:
            assert isinstance(write(put(IVAN, ANNA)), Confirmed)
        assert len(tries) == 2
        assert methods(sandbox).count("PUT") == 1

    def test_does_not_make_anothers_lock_ours(self, by, black, monkeypatch):
        """By the same person at the same moment, in another process."""
        with lock.held(lock.OfList(black), by=by) as theirs:
            monkeypatch.setattr(lock, "_turns", {})
            monkeypatch.setattr(lock, "LONGEST_WAIT", 0.05)
            with pytest.raises(lock.Busy), lock.held(lock.OfList(black), by=by):
                pass
            assert the_one_entry() == theirs

    def test_fails_the_second_time(self, write, sandbox):
        with (
            failing('INSERT INTO "lists_journalentry"', dropped()) as tries,
            pytest.raises(OperationalError),
        ):
            write(put(IVAN, ANNA))
        assert len(tries) == 2
        assert sandbox.calls == []


class TestNotingTheSending:
    @pytest.fixture
    def noting(self, monkeypatch):
        """What happens in place of the transaction that notes it."""

        def noting(context):
            real = journal._note_sending

            def note(*args, **kwargs):
                with context():
                    return real(*args, **kwargs)

            monkeypatch.setattr(journal, "_note_sending", note)

        return noting

    def test_that_was_noted_and_not_answered_is_sent_once(
        self, write, sandbox, noting, monkeypatch
    ):
        noting(lambda: losing_a_commit(monkeypatch))
        outcome = write(put(IVAN, ANNA))
        assert isinstance(outcome, Confirmed)
        assert methods(sandbox).count("PUT") == 1
        numbers = JournalNumber.objects.filter(entry=outcome.entry).values_list("number", flat=True)
        assert sorted(numbers) == ["79991112233", "79992223300", "79998887766"]

    def test_that_was_not_noted_is_noted_then(self, write, sandbox, noting):
        noting(lambda: failing('INSERT INTO "lists_journalnumber"', dropped(), times=1))
        assert isinstance(write(put(IVAN, ANNA)), Confirmed)
        assert methods(sandbox).count("PUT") == 1

    @pytest.mark.parametrize("noted", [True, False])
    def test_that_fails_for_good_sends_nothing_and_frees_the_list(
        self, write, sandbox, monkeypatch, noted
    ):
        sending.begin()
        real = journal._note_sending

        def note(*args, **kwargs):
            if noted:
                real(*args, **kwargs)
            raise OperationalError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr(journal, "_note_sending", note)
            with pytest.raises(OperationalError):
                write(put(IVAN, ANNA))
        assert methods(sandbox).count("PUT") == 0
        assert not sending.anything()
        assert not JournalEntry.objects.exists()
        assert isinstance(write(put(IVAN, ANNA)), Confirmed)
        assert sending.anything()

    def test_that_cannot_even_be_taken_back_is_told_as_what_it_was(self, write, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError("disk full")

        monkeypatch.setattr(journal, "_note_sending", fail)
        monkeypatch.setattr(journal, "_take_back", fail)
        with pytest.raises(OperationalError):
            write(put(IVAN, ANNA))
        assert not JournalEntry.objects.exists()


class TestNotingTheEnd:
    @pytest.fixture
    def losing(self, monkeypatch):
        """The answer to the update that closes the row is lost."""

        def losing(*, before):
            real = journal._note_sending

            def note(*args, **kwargs):
                real(*args, **kwargs)
                losing.calls = losing_the_answer(monkeypatch, journal, "_update", before=before)

            monkeypatch.setattr(journal, "_note_sending", note)

        return losing

    @pytest.mark.parametrize("before", [True, False])
    @pytest.mark.parametrize(
        ("fault", "outcome"),
        [(None, Confirmed), ("504-late", InDoubt), ("ok-but-no", Unknown)],
    )
    def test_is_done_once_more(self, write, sandbox, losing, monkeypatch, before, fault, outcome):
        losing(before=before)
        if fault == "ok-but-no":
            sandbox.fail("500", method="GET", skip=1, times=None)
        elif fault:
            sandbox.fail(fault, method="PUT")
        ended = write(put(IVAN, ANNA))
        assert isinstance(ended, outcome)
        assert len(losing.calls) == 2
        assert methods(sandbox).count("PUT") == 1
        assert ended.entry.outcome == the_one_entry().outcome
        assert the_one_entry().outcome == {
            Confirmed: Outcome.CONFIRMED,
            InDoubt: Outcome.IN_DOUBT,
            Unknown: Outcome.UNKNOWN,
        }.get(outcome)

    @pytest.mark.parametrize("before", [True, False])
    def test_of_a_refusal_is_done_once_more(self, write, sandbox, losing, before):
        losing(before=before)
        sandbox.fail("422", method="PUT")
        with pytest.raises(errors.Invalid):
            write(put(IVAN, ANNA))
        assert the_one_entry().outcome == Outcome.REFUSED

    def test_that_fails_twice_is_in_doubt(self, write, monkeypatch):
        def fail(*args, **kwargs):
            raise dropped()

        monkeypatch.setattr(journal, "confirm", fail)
        with pytest.raises(NotNoted):
            write(put(IVAN, ANNA))
        assert the_one_entry().outcome == Outcome.PENDING


class TestALockOfWhichNothingWasSent:
    @pytest.mark.parametrize("before", [True, False])
    def test_is_given_back_once_more(self, write, monkeypatch, before):
        calls = losing_the_answer(monkeypatch, QuerySet, "delete", before=before)
        assert isinstance(write(NOTHING_TO_DO), AlreadyDone)
        assert len(calls) == 2
        assert not JournalEntry.objects.exists()

    def test_costs_nobody_the_answer(self, write, monkeypatch):
        def fail(*args):
            raise OperationalError("disk full")

        monkeypatch.setattr(QuerySet, "delete", fail)
        assert isinstance(write(NOTHING_TO_DO), AlreadyDone)
        assert the_one_entry().outcome == Outcome.LOCKED  # the lease lapses


def test_a_form_whose_list_was_refused_can_be_sent_again(by, sandbox, account):
    token = "6a0c2d5e-5f0e-4b5c-9a55-0d6d3c1f7a11"
    JournalEntryFactory(list_id=None, action="create", outcome="refused", form_token=token)
    with failing('UPDATE "lists_journalentry" SET "form_token"', dropped(), times=1) as tries:
        assert isinstance(create_list(SPAM, by=by, form_token=token), Created)
    assert len(tries) == 2


def test_what_landed_late_is_corrected_though_the_answer_to_that_was_lost(
    write, sandbox, by, black, late, monkeypatch
):
    sandbox.fail("504-late", method="PUT")
    doubtful = write(put(IVAN, None))
    late()
    lost = write(put(None, ANNA))
    sandbox.land()
    real = journal._correct

    def correct(*args):
        with losing_a_commit(monkeypatch):
            real(*args)

    monkeypatch.setattr(journal, "_correct", correct)
    write_list(NOTHING_TO_DO, black, by=by)
    for entry in (doubtful.entry, lost.entry):
        entry.refresh_from_db()
    assert doubtful.entry.outcome == Outcome.CONFIRMED
    assert lost.entry.overwritten_by == doubtful.entry
    assert isinstance(undoing.repeat(lost.entry, by=by), Confirmed)

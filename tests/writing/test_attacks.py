"""Each of these told a lie once, or did harm."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.conflicts import ContactChanged
from lists.intents import Planned, RemoveContact
from lists.models import JournalEntry, Outcome
from lists.plusofon import errors
from lists.plusofon.values import Contact, ListEntry
from lists.sameness import contact_key
from lists.services import deciding, requests
from lists.writing import lock, reconciling, retention, undoing
from lists.writing.outcomes import (
    AlreadyDone,
    Busy,
    Confirmed,
    Created,
    Deleted,
    InDoubt,
    ListInvalid,
    Unknown,
)
from lists.writing.write import create_list, delete_list
from lists.writing.write import write as write_list
from tests.calls import methods
from tests.factories import BlockRequestFactory, JournalEntryFactory
from tests.people import ANNA, IVAN, PETR, SPAM, put

RESPELLED = Contact("Пётр Петров", ("78123334455",))


def age(entry, **ago):
    JournalEntry.objects.filter(pk=entry.pk).update(sent_at=timezone.now() - timedelta(**ago))


class TestANoIsRead:
    """The API says no, and has done it all the same."""

    @pytest.mark.parametrize(
        "kind", ["400", "401", "403", "404", "422", "429", "success-false", "500", "no-access"]
    )
    def test_that_was_applied_is_confirmed(self, write, sandbox, stored, kind):
        sandbox.fail(f"{kind}-after", method="PUT")
        assert isinstance(write(put(IVAN, ANNA)), Confirmed)
        assert stored()["contacts"][0]["name"] == "Анна Ким"
        assert methods(sandbox) == ["GET", "PUT", "GET"]

    def test_a_list_that_was_made_all_the_same_is_not_claimed(self, by, sandbox, account):
        sandbox.fail("422-after", method="POST")
        outcome = create_list(SPAM, newest_before=0, by=by)
        assert isinstance(outcome, Unknown)

    def test_a_deletion_that_was_done_all_the_same_is_confirmed(self, by, black, sandbox):
        sandbox.fail("403-after", method="DELETE")
        assert isinstance(delete_list(black, by=by), Deleted)

    def test_a_clear_no_stands_though_it_cannot_be_read_back(self, write, sandbox, stored):
        before = stored()
        sandbox.fail("422", method="PUT")
        sandbox.fail("500", method="GET", skip=1, times=None)
        with pytest.raises(ListInvalid):
            write(put(IVAN, ANNA))
        assert stored() == before

    def test_a_clear_no_over_a_list_that_changed_meanwhile_is_a_no(
        self, write, sandbox, account, black, stored
    ):
        def edit_elsewhere():
            theirs = stored()
            theirs["contacts"][1]["name"] = "Пётр П."
            sandbox.put(account, black, theirs)

        sandbox.before("PUT", "contact-lists", edit_elsewhere)
        sandbox.fail("403", method="PUT")
        with pytest.raises(errors.NoAccess):
            write(put(IVAN, ANNA))


class TestWhatIsTakenForLate:
    def refused(self, act, sandbox, settings, method, by, kind="504"):
        sandbox.fail(kind, method=method)
        doubtful = act()
        settings.PLUSOFON_LATE_WRITE = -60.0
        reconciling.settle(doubtful.entry, by=by)
        settings.PLUSOFON_LATE_WRITE = 60.0
        assert doubtful.entry.outcome == Outcome.REFUSED
        return doubtful.entry

    def test_a_true_deletion_is_not_pinned_on_an_older_one(self, by, black, sandbox, settings):
        old = self.refused(lambda: delete_list(black, by=by), sandbox, settings, "DELETE", by)
        write_list(put(None, ANNA), black, by=by)
        true = delete_list(black, by=by)
        with pytest.raises(errors.NotFound):
            write_list(put(None, PETR), black, by=by)
        old.refresh_from_db()
        true.entry.refresh_from_db()
        assert (old.outcome, true.entry.overwritten_by) == (Outcome.REFUSED, None)
        assert isinstance(undoing.undo(true.entry, by=by), Created)

    @pytest.mark.parametrize("method", ["DELETE", "PUT"])
    def test_what_was_sent_days_ago_is_somebody_elses_doing(
        self, by, black, sandbox, account, settings, method
    ):
        def act():
            if method == "DELETE":
                return delete_list(black, by=by)
            return write_list(put(IVAN, None), black, by=by)

        old = self.refused(act, sandbox, settings, method, by)
        age(old, days=2)
        if method == "DELETE":
            sandbox.drop(account, black)
            with pytest.raises(errors.NotFound):
                write_list(put(None, ANNA), black, by=by)
        else:
            found = sandbox.lists(account)[black]
            del found["contacts"][0]
            sandbox.put(account, black, found)
            write_list(put(None, ANNA), black, by=by)
        old.refresh_from_db()
        assert old.outcome == Outcome.REFUSED

    def test_a_removal_that_somebody_else_did_too_proves_nothing_while_it_may_land(
        self, write, sandbox, account, black, stored
    ):
        """Confirmed by their hand it freed the lock, landed, and wiped out what came in meanwhile."""

        def remove_elsewhere():
            if methods(sandbox) == ["GET", "PUT"]:
                theirs = stored()
                theirs["contacts"][0] = {"name": "Снаружи", "phones": ["105"]}
                sandbox.put(account, black, theirs)

        sandbox.before("GET", "contact-lists/", remove_elsewhere, times=None)
        sandbox.fail("504-late", method="PUT")
        assert isinstance(write(put(IVAN, None)), InDoubt)

    @pytest.mark.parametrize("kind", [None, "504"])
    def test_a_removal_is_not_confirmed_by_a_late_write_that_never_knew_the_contact(
        self, write, sandbox, settings, by, black, kind
    ):
        """It landed between the removal and its reading back: the absence was its doing."""
        removing = lambda: write(put(PETR, None))  # noqa: E731
        old = self.refused(removing, sandbox, settings, "PUT", by, kind="504-late")
        edited = write(put(IVAN, Contact("Иван", ("106",))))
        added = write(put(None, ANNA))
        if kind:
            sandbox.fail(kind, method="PUT")
        sandbox.clear_calls()

        def land():
            if methods(sandbox) == ["GET", "PUT"]:
                sandbox.land()

        sandbox.before("GET", "contact-lists/", land, times=None)
        outcome = write(put(ANNA, None))
        assert isinstance(outcome, InDoubt if kind else Unknown)
        for entry in (old, edited.entry, added.entry):
            entry.refresh_from_db()
        assert old.outcome == Outcome.CONFIRMED
        assert edited.entry.overwritten_by == added.entry.overwritten_by == old
        if kind:
            settings.PLUSOFON_LATE_WRITE = -60.0
            reconciling.settle(outcome.entry, by=by)
            assert outcome.entry.outcome == Outcome.UNKNOWN

    def test_one_that_was_settled_by_the_absence_that_a_late_write_made_is_unknown(
        self, write, sandbox, settings, by
    ):
        removing = lambda: write(put(PETR, None))  # noqa: E731
        old = self.refused(removing, sandbox, settings, "PUT", by, kind="504-late")
        write(put(None, ANNA))
        sandbox.fail("504", method="PUT")
        doubtful = write(put(ANNA, None))
        assert isinstance(doubtful, InDoubt)
        sandbox.land()
        settings.PLUSOFON_LATE_WRITE = -60.0
        reconciling.settle(doubtful.entry, by=by)
        old.refresh_from_db()
        assert (old.outcome, doubtful.entry.outcome) == (Outcome.CONFIRMED, Outcome.UNKNOWN)

    def test_one_that_was_confirmed_by_anothers_hand_and_lands_after_all_is_found_out(
        self, write, sandbox, account, black, stored
    ):
        def remove_elsewhere():
            if methods(sandbox) == ["GET", "PUT"]:
                theirs = stored()
                del theirs["contacts"][0]
                sandbox.put(account, black, theirs)

        sandbox.before("GET", "contact-lists/", remove_elsewhere, times=None)
        sandbox.fail("504-late", method="PUT")
        removed = write(put(IVAN, None))
        assert isinstance(removed, Confirmed)
        added = write(put(None, ANNA))
        sandbox.land()
        write(put(PETR, None))
        added.entry.refresh_from_db()
        assert added.entry.overwritten_by == removed.entry


def test_the_old_spelling_beside_anothers_change_confirms_nothing(
    write, sandbox, account, black, stored
):
    def add_elsewhere():
        theirs = stored()
        theirs["contacts"].append({"name": "Снаружи", "phones": ["105"]})
        sandbox.put(account, black, theirs)

    sandbox.before("PUT", "contact-lists", add_elsewhere)
    sandbox.fail("504", method="PUT")
    assert isinstance(write(put(PETR, RESPELLED)), InDoubt)


class TestAListThatWasFoundByLooking:
    def test_is_not_deleted_by_undoing(self, by, sandbox, account):
        """Somebody may have made the same elsewhere in that moment."""
        sandbox.fail("cut-after", method="POST")
        made = create_list(SPAM, newest_before=0, by=by)
        assert isinstance(made, Created)
        with pytest.raises(undoing.NotConfirmed):
            undoing.undo(made.entry, by=by)

    def test_whose_id_the_api_told_is(self, by, sandbox):
        sandbox.fail("502", method="GET", times=3)
        outcome = create_list(SPAM, newest_before=0, by=by)
        sandbox.clear_faults()
        reconciling.settle(outcome.entry, by=by)
        assert outcome.entry.cause == ""
        assert isinstance(undoing.undo(outcome.entry, by=by), Deleted)


def test_a_new_list_that_lost_its_contacts_is_not_confirmed_by_its_id_alone(by, sandbox, black):
    deleted = delete_list(black, by=by)
    sandbox.quirks = {"no-contacts"}
    sandbox.fail("500", method="GET", skip=1, times=None)
    outcome = undoing.undo(deleted.entry, by=by)
    assert isinstance(outcome, Unknown)
    sandbox.clear_faults()
    reconciling.settle(outcome.entry, by=by)
    assert outcome.entry.outcome == Outcome.UNKNOWN


class TestWhoCameBack:
    def test_is_not_said_to_be_removed(self, write, by, sandbox, account, black, stored):
        removed = write(put(IVAN, None))
        undoing.undo(removed.entry, by=by)
        theirs = stored()
        next(c for c in theirs["contacts"] if c["name"] == IVAN.name)["name"] = "Иван К."
        sandbox.put(account, black, theirs)
        with pytest.raises(ContactChanged) as conflict:
            write(RemoveContact(contact_key(IVAN), IVAN))
        assert conflict.value.theirs.name == "Иван К."
        assert conflict.value.trace is None

    def test_and_was_respelled_keeps_its_trail(self, write):
        write(put(PETR, RESPELLED))
        gone = write(put(RESPELLED, None))
        again = write(RemoveContact(contact_key(PETR), PETR))
        assert isinstance(again, AlreadyDone)
        assert again.trace.at == gone.entry.ended_at


class TestARequestWhoseBlockIsInDoubt:
    @pytest.fixture
    def accepted(self, by, black, sandbox, support):
        asked = BlockRequestFactory(user=support, list_id=black)
        sandbox.fail("504-late", method="PUT")
        contact = Contact("Спам", ("79991112233",))
        plans = [Planned(ListEntry(black, "Чёрный список 1", "black"))]
        (done,) = deciding.accept(asked, contact, plans, by=by).done
        assert isinstance(done.outcome, InDoubt)
        return asked, contact, plans, done.outcome.entry

    def test_is_not_declined(self, accepted, manager):
        with pytest.raises(requests.Taken):
            deciding.decline(accepted[0], "Нет", by=manager)

    def test_is_accepted_by_the_same_person_once_it_has_landed(self, accepted, by, sandbox):
        asked, contact, plans, entry = accepted
        sandbox.land()
        reconciling.settle(entry, by=by)
        (done,) = deciding.accept(asked, contact, plans, by=by).done
        assert isinstance(done.outcome, AlreadyDone)
        asked.refresh_from_db()
        assert asked.state == "accepted"


class TestALockLeftByACrash:
    def test_whose_time_is_not_near_is_told_at_once(self, by, black, monkeypatch):
        long_ago = timezone.now() - timedelta(seconds=lock.SLOW + 1)
        monkeypatch.setattr(lock, "LONGEST_WAIT", 5.0)
        JournalEntryFactory(
            list_id=black, outcome=Outcome.LOCKED, action="", started_at=long_ago, username="anna"
        )
        began = timezone.now()
        with pytest.raises(Busy) as busy:
            write_list(put(None, ANNA), black, by=by)
        assert timezone.now() - began < timedelta(seconds=1)
        assert busy.value.username == "anna"
        assert busy.value.until > timezone.now()

    def test_that_cannot_be_settled_is_not_asked_for_without_end(
        self, by, black, sandbox, monkeypatch
    ):
        long_ago = timezone.now() - timedelta(hours=1)
        JournalEntryFactory(
            list_id=black, outcome=Outcome.IN_DOUBT, started_at=long_ago, sent_at=long_ago
        )
        monkeypatch.setattr(lock, "LONGEST_WAIT", 0.3)
        monkeypatch.setattr(reconciling, "settle", lambda entry, by: None)
        with pytest.raises(Busy):
            write_list(put(None, ANNA), black, by=by)


def test_what_was_overwritten_never_reads_as_standing_once_the_late_one_is_pruned(db, settings):
    settings.JOURNAL_KEEP_DAYS = 30
    late = JournalEntryFactory(started_at=timezone.now() - timedelta(days=31))
    victim = JournalEntryFactory(overwritten_by=late)
    assert retention.prune() == 0
    JournalEntry.objects.update(started_at=timezone.now() - timedelta(days=32))
    assert retention.prune() == 2
    assert not JournalEntry.objects.filter(pk=victim.pk).exists()


def test_a_respelling_is_no_removal(write, sandbox, account, black, stored):
    write(put(PETR, RESPELLED))
    left = stored()
    left["contacts"] = [c for c in left["contacts"] if c["name"] != PETR.name]
    sandbox.put(account, black, left)
    again = write(RemoveContact(contact_key(PETR), PETR))
    assert isinstance(again, AlreadyDone)
    assert again.trace is None


def test_while_it_may_land_a_list_that_another_late_write_made_settles_nothing(
    write, sandbox, settings, by
):
    sandbox.fail("504-late", method="PUT")
    old = write(put(PETR, None)).entry
    settings.PLUSOFON_LATE_WRITE = -60.0
    reconciling.settle(old, by=by)
    settings.PLUSOFON_LATE_WRITE = 60.0
    write(put(None, ANNA))
    sandbox.fail("504", method="PUT")
    doubtful = write(put(ANNA, None)).entry
    sandbox.land()
    reconciling.settle(doubtful, by=by)
    old.refresh_from_db()
    assert (old.outcome, doubtful.outcome) == (Outcome.CONFIRMED, Outcome.IN_DOUBT)

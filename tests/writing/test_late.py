"""Writes that land late: in doubt while they may, and found out when they land even later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.connection import Connection, open_api
from lists.intents import RenameList
from lists.models import Action, JournalEntry, Outcome
from lists.plusofon.errors import NotFound
from lists.plusofon.values import Contact
from lists.writing import reconciling, records, undoing
from lists.writing.outcomes import (
    Confirmed,
    Created,
    Deleted,
    HeldInDoubt,
    InDoubt,
    ListInvalid,
    NotDeleted,
    Unknown,
)
from lists.writing.write import create_list, delete_list
from lists.writing.write import write as write_list
from tests.factories import JournalEntryFactory
from tests.people import ANNA, IVAN, PETR, SPAM, put


def names(stored):
    return [contact["name"] for contact in stored()["contacts"]]


def newest(sandbox, account):
    return max(sandbox.lists(account), default=0)


@pytest.mark.parametrize("kind", ["late", "504-late"])
def test_nobody_writes_over_a_change_that_may_still_land(
    write, sandbox, settings, stored, by, kind
):
    """A colleague's addition was confirmed, and then the late replacement wiped it out."""
    settings.PLUSOFON_WRITE_TIMEOUT = 0.3
    sandbox.fail(kind, method="PUT")
    doubtful = write(put(IVAN, None))
    assert isinstance(doubtful, InDoubt)
    with pytest.raises(HeldInDoubt):
        write(put(None, ANNA))
    sandbox.land()
    reconciling.settle(doubtful.entry, by=by)
    assert doubtful.entry.outcome == Outcome.CONFIRMED
    assert isinstance(write(put(None, ANNA)), Confirmed)
    assert names(stored) == ["Пётр Петров", "АТС", "Анна Ким"]


def test_what_somebody_is_at_just_now_is_left_to_them(write, sandbox, by, black):
    entry = JournalEntryFactory(
        list_id=black, outcome=Outcome.PENDING, started_at=timezone.now(), sent_at=timezone.now()
    )
    reconciling.settle(entry, by=by)
    assert entry.outcome == Outcome.PENDING
    assert sandbox.calls == []


def test_a_list_that_is_gone_tells_nothing_while_a_change_may_land(
    write, sandbox, account, black, by, late
):
    sandbox.fail("504", method="PUT")
    doubtful = write(put(IVAN, ANNA))
    sandbox.drop(account, black)
    reconciling.settle(doubtful.entry, by=by)
    assert doubtful.entry.outcome == Outcome.IN_DOUBT
    late()
    with pytest.raises(NotFound):
        reconciling.settle(doubtful.entry, by=stranger_of(by))
    reconciling.settle(doubtful.entry, by=by)
    assert (doubtful.entry.outcome, doubtful.entry.cause) == (Outcome.UNKNOWN, "NotFound")


def test_looking_again_leaves_it_in_doubt_until_its_time_ends(write, sandbox, by, late):
    sandbox.fail("504-late", method="PUT")
    doubtful = write(put(IVAN, None))
    reconciling.settle(doubtful.entry, by=by)
    assert doubtful.entry.outcome == Outcome.IN_DOUBT
    late()
    reconciling.settle(doubtful.entry, by=by)
    assert doubtful.entry.outcome == Outcome.REFUSED
    assert doubtful.entry.cause == "Unavailable"


def test_a_list_that_is_neither_as_it_was_nor_as_it_shall_be_is_unknown(
    write, sandbox, account, black, stored, by, late
):
    """Ours was applied, its answer lost, and then the same contact was edited in the vendor's cabinet."""
    sandbox.fail("504-late", method="PUT")
    doubtful = write(put(IVAN, ANNA))
    sandbox.land()
    theirs = stored()
    theirs["contacts"][0]["name"] = "Анна К."
    sandbox.put(account, black, theirs)
    late()
    reconciling.settle(doubtful.entry, by=by)
    assert doubtful.entry.outcome == Outcome.UNKNOWN


def test_the_apis_own_500_over_a_list_that_changed_meanwhile_is_unknown(
    write, sandbox, account, black, stored
):
    def edit_elsewhere():
        theirs = stored()
        theirs["contacts"][1]["name"] = "Пётр П."
        sandbox.put(account, black, theirs)

    sandbox.before("PUT", "contact-lists", edit_elsewhere)
    sandbox.fail("500", method="PUT")
    assert isinstance(write(put(IVAN, ANNA)), Unknown)


class TestLaterThanAnybodyWaits:
    """The entry was called "not saved", others wrote since, and then it lands."""

    @pytest.fixture
    def given_up(self, write, sandbox, settings, by):
        sandbox.fail("504-late", method="PUT")
        doubtful = write(put(IVAN, None))
        settings.PLUSOFON_LATE_WRITE = -60.0
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.REFUSED
        settings.PLUSOFON_LATE_WRITE = 60.0
        return doubtful.entry

    @pytest.fixture
    def overwritten(self, given_up, write, sandbox):
        added = write(put(None, ANNA))
        edited = write(put(ANNA, IVAN))
        sandbox.land()
        return [added.entry, edited.entry]

    def test_the_next_writer_corrects_the_entry_and_marks_what_it_overwrote(
        self, given_up, overwritten, write
    ):
        write(put(PETR, None))
        for entry in (given_up, *overwritten):
            entry.refresh_from_db()
        assert given_up.outcome == Outcome.CONFIRMED
        assert [entry.overwritten_by for entry in overwritten] == [given_up] * 2
        assert [entry.outcome for entry in overwritten] == [Outcome.CONFIRMED] * 2
        assert JournalEntry.objects.get(action=Action.REMOVE, pk__gt=overwritten[-1].pk)

    def test_what_was_overwritten_can_be_done_again_and_not_undone(
        self, overwritten, write, by, stored
    ):
        write(put(PETR, None))
        assert names(stored) == ["АТС"]
        added = JournalEntry.objects.get(pk=overwritten[0].pk)
        with pytest.raises(undoing.NotConfirmed):
            undoing.undo(added, by=by)
        again = undoing.repeat(added, by=by)
        assert isinstance(again, Confirmed)
        assert again.entry.repeats == added
        assert names(stored) == ["АТС", "Анна Ким"]

    def test_what_was_not_overwritten_cannot_be_done_again(self, write, by):
        done = write(put(None, ANNA))
        with pytest.raises(undoing.NotOverwritten):
            undoing.repeat(done.entry, by=by)

    def test_a_list_that_is_as_the_last_one_left_it_corrects_nothing(
        self, given_up, write, sandbox
    ):
        """The same change, sent again and confirmed, looks as the late one would."""
        again = write(put(IVAN, None))
        write(put(None, ANNA))
        given_up.refresh_from_db()
        assert given_up.outcome == Outcome.REFUSED
        assert not JournalEntry.objects.exclude(overwritten_by=None).exists()
        assert again.entry.outcome == Outcome.CONFIRMED

    def test_what_the_api_itself_refused_is_never_corrected(self, write, sandbox, account, black):
        sandbox.fail("422", method="PUT")
        with pytest.raises(ListInvalid):
            write(put(IVAN, None))
        left = sandbox.lists(account)[black]
        del left["contacts"][0]
        sandbox.put(account, black, left)
        write(put(PETR, None))
        refused = JournalEntry.objects.order_by("pk").first()
        assert refused.outcome == Outcome.REFUSED


def test_an_unknown_write_is_not_confirmed_by_what_a_later_one_did(
    write, sandbox, by, account, black
):
    """Both add the same: nobody can tell whose it is."""
    unknown = JournalEntryFactory(
        list_id=black, outcome=Outcome.UNKNOWN, list_change=put(None, ANNA)
    )
    write(put(None, ANNA))
    write(put(PETR, None))
    reconciling.settle(unknown, by=by)
    unknown.refresh_from_db()
    assert unknown.outcome == Outcome.UNKNOWN


def test_what_was_only_not_read_back_is_not_called_late(write, sandbox, caplog):
    """The log named each such write as one that landed after it had been given up."""
    sandbox.fail("html", method="GET", skip=1)
    first = write(put(IVAN, None))
    sandbox.fail("html", method="GET", skip=1)
    second = write(put(None, ANNA))
    assert [type(first), type(second)] == [Unknown, Unknown]
    write(put(PETR, None))
    outcomes = JournalEntry.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.CONFIRMED] * 3
    assert "landed" not in caplog.text


class TestCreating:
    @pytest.fixture
    def create(self, by, sandbox, account):
        return lambda: create_list(SPAM, newest_before=newest(sandbox, account), by=by)

    def test_nobody_creates_beside_a_creation_that_may_still_land(
        self, create, sandbox, account, by
    ):
        """It was called "not saved", sent again, and made two lists."""
        sandbox.fail("504-late", method="POST")
        doubtful = create()
        assert isinstance(doubtful, InDoubt)
        with pytest.raises(HeldInDoubt):
            create()
        sandbox.land()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.CONFIRMED
        assert [doubtful.entry.list_id] == list(sandbox.lists(account))

    def test_one_that_never_landed_is_refused_once_its_time_is_over(
        self, create, sandbox, by, late
    ):
        sandbox.fail("cut", method="POST")
        doubtful = create()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.IN_DOUBT
        late()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.REFUSED

    @pytest.mark.parametrize("is_known", [True, False])
    def test_a_list_that_was_there_before_is_never_ours(self, by, sandbox, account, late, is_known):
        older = sandbox.add_list(account, name="Спам")
        sandbox.fail("cut", method="POST")
        outcome = create_list(SPAM, newest_before=older if is_known else None, by=by)
        assert isinstance(outcome, InDoubt)
        late()
        reconciling.settle(outcome.entry, by=by)
        expected = Outcome.REFUSED if is_known else Outcome.UNKNOWN
        assert outcome.entry.outcome == expected

    @pytest.mark.parametrize("kind", ["500", "no-access"])
    def test_anothers_new_list_is_not_claimed_after_the_api_said_no(
        self, create, sandbox, account, by, kind
    ):
        sandbox.before("POST", "contact-lists", lambda: sandbox.add_list(account, name="Спам"))
        sandbox.fail(kind, method="POST")
        outcome = create()
        assert isinstance(outcome, Unknown)
        reconciling.settle(outcome.entry, by=by)
        assert outcome.entry.outcome == Outcome.UNKNOWN
        with pytest.raises(undoing.NotConfirmed):
            undoing.undo(outcome.entry, by=by)
        assert len(sandbox.lists(account)) == 1

    @pytest.mark.parametrize("kind", ["add", "rename", "delete"])
    def test_one_that_others_write_to_before_it_is_settled_is_not_called_refused(
        self, create, sandbox, account, by, late, kind
    ):
        """It landed while in doubt, and a colleague who saw it was first."""
        sandbox.fail("504-late", method="POST")
        doubtful = create()
        sandbox.land()
        (made,) = sandbox.lists(account)
        match kind:
            case "add":
                write_list(put(None, ANNA), made, by=by)
            case "rename":
                write_list(RenameList("Другой", "black", "Спам", "black"), made, by=by)
            case "delete":
                delete_list(made, by=by)
        late()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.UNKNOWN

    def test_a_list_of_that_name_that_another_creation_made_is_not_ours(
        self, create, sandbox, account, by, late
    ):
        sandbox.fail("cut", method="POST")
        doubtful = create()
        late()
        JournalEntry.objects.filter(pk=doubtful.entry.pk).update(account="elsewhere")
        again = create()
        write_list(RenameList("Другой", "black", "Спам", "black"), again.list.id, by=by)
        doubtful.entry.refresh_from_db()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.REFUSED

    def test_of_two_that_could_be_ours_none_is_claimed(self, create, sandbox, account, by, late):
        sandbox.before("POST", "contact-lists", lambda: sandbox.add_list(account, name="Спам"))
        sandbox.fail("cut-after", method="POST")
        outcome = create()
        assert isinstance(outcome, InDoubt)
        late()
        reconciling.settle(outcome.entry, by=by)
        assert outcome.entry.outcome == Outcome.UNKNOWN

    def test_a_crash_while_creating_leaves_it_unknown_and_creating_free(
        self, create, sandbox, account, by
    ):
        """Somebody else made a list since; nobody could create any more, for ever."""
        long_ago = timezone.now() - timedelta(minutes=5)
        left = JournalEntryFactory(
            list_id=None,
            change="",
            action=Action.CREATE,
            outcome=Outcome.PENDING,
            started_at=long_ago,
            sent_at=long_ago,
            whole_list='{"id": 0, "name": "Спам", "type": "black", "contacts": []}',
        )
        sandbox.add_list(account, name="Спам")
        sandbox.add_list(account, name="Другой")
        assert isinstance(create(), Created)
        left.refresh_from_db()
        assert left.outcome == Outcome.UNKNOWN

    def test_pages_of_lists_that_never_add_up_do_not_keep_creating_locked(
        self, create, sandbox, account, by, settings, late
    ):
        sandbox.fail("504", method="POST")
        doubtful = create()
        late()
        sandbox.fail("odd-page", method="GET", times=None)
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.UNKNOWN

    def test_a_yes_without_an_address_is_found_by_looking(self, create, sandbox, account):
        sandbox.quirks = {"no-location"}
        created = create()
        assert isinstance(created, Created)
        assert [created.list.id] == list(sandbox.lists(account))

    def test_a_yes_without_an_address_claims_none_of_several(self, by, sandbox, account):
        sandbox.add_list(account, name="Спам")
        sandbox.quirks = {"no-location"}
        assert isinstance(create_list(SPAM, by=by), Unknown)

    def test_what_could_not_be_read_back_keeps_its_id(self, create, sandbox, account, by):
        sandbox.fail("500", method="GET", times=None)
        outcome = create()
        assert isinstance(outcome, Unknown)
        assert [outcome.entry.list_id] == list(sandbox.lists(account))
        sandbox.clear_faults()
        reconciling.settle(outcome.entry, by=by)
        assert outcome.entry.outcome == Outcome.CONFIRMED

    def test_an_api_that_drops_the_contacts_is_not_said_to_have_stored_them(
        self, by, black, sandbox, account
    ):
        deleted = delete_list(black, by=by)
        sandbox.quirks = {"no-contacts"}
        back = undoing.undo(deleted.entry, by=by)
        assert isinstance(back, Created)
        assert [c.name for c in back.differs.missing] == ["Иван Иванов", "Пётр Петров", "АТС"]

    def test_while_it_may_land_nothing_odd_settles_it(self, create, sandbox, by):
        sandbox.fail("504", method="POST")
        doubtful = create()
        sandbox.fail("odd-page", method="GET", times=None)
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.IN_DOUBT


class TestDeleting:
    def test_nobody_writes_to_a_list_whose_deletion_may_still_land(
        self, by, black, sandbox, account
    ):
        """A confirmed addition was taken with the list, and could not be undone."""
        sandbox.fail("504-late", method="DELETE")
        doubtful = delete_list(black, by=by)
        assert isinstance(doubtful, InDoubt)
        with pytest.raises(HeldInDoubt):
            write_list(put(None, ANNA), black, by=by)
        sandbox.land()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.CONFIRMED
        assert isinstance(undoing.undo(doubtful.entry, by=by), Created)

    def test_one_that_lands_later_than_anybody_waits_is_corrected_and_comes_back_whole(
        self, by, black, sandbox, account, settings
    ):
        sandbox.fail("504-late", method="DELETE")
        doubtful = delete_list(black, by=by)
        settings.PLUSOFON_LATE_WRITE = -60.0
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.REFUSED
        settings.PLUSOFON_LATE_WRITE = 60.0
        added = write_list(put(None, ANNA), black, by=by)
        write_list(put(IVAN, None), black, by=by)
        sandbox.land()
        with pytest.raises(NotFound):
            write_list(put(PETR, None), black, by=by)
        added.entry.refresh_from_db()
        doubtful.entry.refresh_from_db()
        assert doubtful.entry.outcome == Outcome.CONFIRMED
        assert added.entry.overwritten_by == doubtful.entry
        back = undoing.undo(doubtful.entry, by=by)
        assert [c.name for c in back.list.contacts] == ["Пётр Петров", "АТС", "Анна Ким"]

    def test_looking_again_leaves_it_in_doubt_until_its_time_ends(self, by, black, sandbox, late):
        sandbox.fail("504", method="DELETE")
        doubtful = delete_list(black, by=by)
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.IN_DOUBT
        late()
        reconciling.settle(doubtful.entry, by=by)
        assert doubtful.entry.outcome == Outcome.REFUSED

    def test_what_cannot_be_merged_any_more_stays_out_of_the_list_that_comes_back(
        self, by, black, sandbox, settings
    ):
        sandbox.fail("504-late", method="DELETE")
        doubtful = delete_list(black, by=by)
        settings.PLUSOFON_LATE_WRITE = -60.0
        reconciling.settle(doubtful.entry, by=by)
        settings.PLUSOFON_LATE_WRITE = 60.0
        edited = write_list(put(IVAN, ANNA), black, by=by)
        JournalEntry.objects.filter(pk=edited.entry.pk).update(
            change=records.write_change(put(Contact("Никто", ("105",)), ANNA))
        )
        sandbox.land()
        with pytest.raises(NotFound):
            write_list(put(PETR, None), black, by=by)
        doubtful.entry.refresh_from_db()
        back = undoing.undo(doubtful.entry, by=by)
        assert back.list.contacts[0] == IVAN

    def test_a_proxys_404_confirms_no_deletion(self, by, black, sandbox, account):
        sandbox.fail("cut", method="DELETE")
        sandbox.fail("404-html", method="GET", skip=1, times=None)
        assert isinstance(delete_list(black, by=by), InDoubt)
        assert black in sandbox.lists(account)

    def test_to_a_stranger_every_list_is_gone_and_that_settles_nothing(
        self, by, black, sandbox, account, late
    ):
        sandbox.fail("504", method="DELETE")
        doubtful = delete_list(black, by=by)
        late()
        stranger = stranger_of(by)
        with pytest.raises(NotFound):
            write_list(put(None, ANNA), black, by=stranger)
        with pytest.raises(NotFound):
            reconciling.settle(doubtful.entry, by=stranger)
        doubtful.entry.refresh_from_db()
        assert doubtful.entry.outcome == Outcome.IN_DOUBT

    def test_a_deletion_that_the_api_refused_is_refused(self, by, black, sandbox):
        sandbox.fail("500", method="DELETE")
        with pytest.raises(NotDeleted):
            delete_list(black, by=by)

    def test_a_deletion_is_confirmed_by_reading(self, by, black):
        assert isinstance(delete_list(black, by=by), Deleted)


def stranger_of(by):
    api = open_api(token="stranger-token", client_id="10553", account="7777")
    return Connection(api, by.user, "7777")

"""The write path: read, apply, replace, read back. Each write is confirmed, refused or unknown."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from lists.changes import ListChange, TextChange
from lists.conflicts import Conflict
from lists.intents import AddContacts
from lists.models import HOLDING, JournalEntry, Outcome
from lists.plusofon import errors
from lists.plusofon.index import all_lists
from lists.plusofon.values import Contact, ContactList
from lists.sameness import stored_form
from lists.writing import journal
from lists.writing.outcomes import (
    AlreadyDone,
    Confirmed,
    Created,
    Deleted,
    HeldInDoubt,
    InDoubt,
    ListInvalid,
    NotApplied,
    NotDeleted,
    NotNoted,
    Unknown,
)
from lists.writing.write import create_list, delete_list
from lists.writing.write import write as write_list
from tests.calls import methods
from tests.people import ANNA, IVAN, SPAM, put
from tests.trouble import failing

PETR_TWICE = Contact("Пётр", ("102",))


@pytest.fixture
def before_reading_back(sandbox, account, black):
    """Somebody else writes after our replacement and before our second look."""

    def before_reading_back(callback):
        def look():
            if methods(sandbox) == ["GET", "PUT"]:
                callback(sandbox, account, black)

        sandbox.before("GET", "contact-lists/", look, times=None)

    return before_reading_back


def test_a_change_costs_three_calls_and_is_confirmed(write, sandbox, stored):
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, Confirmed)
    assert outcome.differs is None
    assert outcome.stored == ()
    assert methods(sandbox) == ["GET", "PUT", "GET"]
    assert stored()["contacts"][0] == {"name": "Анна Ким", "phones": ["79991112233"]}


def test_untouched_contacts_and_unknown_fields_come_out_as_they_were(write, stored):
    before = stored()
    write(put(IVAN, ANNA))
    assert stored()["contacts"][1:] == before["contacts"][1:]
    assert stored()["contacts"][1]["note"] == "vip"


def test_contacts_survive_a_rename(write, stored):
    before = stored()["contacts"]
    write(ListChange(name=TextChange("Чёрный список 1", "Спам")))
    assert stored()["name"] == "Спам"
    assert stored()["contacts"] == before


def test_two_people_on_different_contacts_both_win(write, stored):
    petr = Contact("Пётр Петров", ("8 (812) 333-44-55",))
    write(put(IVAN, ANNA))
    write(put(petr, Contact("Пётр", ("101",))))
    assert [contact["name"] for contact in stored()["contacts"]] == ["Анна Ким", "Пётр", "АТС"]


def test_two_people_on_the_same_contact_conflict_and_nothing_is_sent(write, sandbox, stored):
    theirs = Contact("Иван И.", ("79998887766",))
    write(put(IVAN, theirs))
    sandbox.clear_calls()
    with pytest.raises(Conflict) as conflict:
        write(put(IVAN, ANNA))
    assert conflict.value.theirs == theirs
    assert conflict.value.trace.username == "manager"
    assert methods(sandbox) == ["GET"]


def test_what_is_stored_already_is_not_sent_again(write, sandbox):
    write(put(IVAN, ANNA))
    write(put(None, Contact("Новый", ("101",))))
    sandbox.clear_calls()
    for change in (put(IVAN, ANNA), put(None, Contact("Новый", ("101",))), put(ANNA, ANNA)):
        assert isinstance(write(change), AlreadyDone)
    assert methods(sandbox) == ["GET"] * 3


@pytest.mark.parametrize(
    "kind", ["cut-after", "truncated", "hang-after", "truncated-json", "no-success"]
)
def test_a_write_that_was_applied_though_its_answer_was_lost_is_confirmed(
    write, sandbox, settings, stored, kind
):
    settings.PLUSOFON_TIMEOUT = settings.PLUSOFON_WRITE_TIMEOUT = 0.5
    sandbox.hang_seconds = 10
    sandbox.fail(kind, method="PUT")
    assert isinstance(write(put(IVAN, ANNA)), Confirmed)
    assert methods(sandbox) == ["GET", "PUT", "GET"]
    assert stored()["contacts"][0]["name"] == "Анна Ким"


@pytest.mark.parametrize("kind", ["500", "no-access", "success-false"])
def test_what_the_api_itself_refused_is_refused_once_the_list_was_seen_unchanged(
    write, sandbox, stored, kind
):
    before = stored()
    sandbox.fail(kind, method="PUT")
    with pytest.raises(errors.PlusofonError):
        write(put(IVAN, ANNA))
    assert stored() == before


@pytest.mark.parametrize("kind", ["cut", "hang", "html", "empty", "500-html", "502", "503", "504"])
def test_a_write_that_may_still_land_is_in_doubt_and_keeps_its_lock(
    write, sandbox, settings, stored, kind
):
    settings.PLUSOFON_WRITE_TIMEOUT = 0.5
    before = stored()
    sandbox.fail(kind, method="PUT")
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, InDoubt)
    assert outcome.until - outcome.entry.sent_at == timedelta(seconds=60)
    assert outcome.entry.outcome == Outcome.IN_DOUBT
    assert stored() == before
    assert methods(sandbox) == ["GET", "PUT", "GET"]
    with pytest.raises(HeldInDoubt) as held:
        write(put(None, ANNA))
    assert (held.value.username, held.value.until) == ("manager", outcome.until)
    assert methods(sandbox) == ["GET", "PUT", "GET"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("400", ListInvalid),
        ("401", errors.Unauthenticated),
        ("403", errors.NoAccess),
        ("404", errors.NotFound),
        ("422", ListInvalid),
        ("429:0", errors.RateLimited),
    ],
)
def test_a_clear_no_changes_nothing(write, sandbox, stored, kind, error):
    before = stored()
    sandbox.fail(kind, method="PUT", times=None)
    with pytest.raises(error):
        write(put(IVAN, ANNA))
    assert stored() == before


def test_a_change_of_spelling_alone_is_not_confirmed_by_the_old_list(write, sandbox, stored):
    petr = Contact("Пётр Петров", ("8 (812) 333-44-55",))
    sandbox.fail("cut", method="PUT")
    outcome = write(put(petr, Contact("Пётр Петров", ("78123334455",))))
    assert isinstance(outcome, InDoubt)
    assert stored()["contacts"][1]["phones"] == ["8 (812) 333-44-55"]


def test_a_write_that_could_not_leave_is_refused(by, black, manager, stored, monkeypatch):
    def no_connection(_api, _contact_list, _body):
        raise errors.NotSent

    before = stored()
    monkeypatch.setattr(type(by.api), "replace_list", no_connection)
    with pytest.raises(errors.NotSent):
        write_list(put(IVAN, ANNA), black, by=by)
    assert stored() == before


def test_a_write_that_cannot_be_read_back_is_unknown(write, sandbox):
    sandbox.fail("500", method="GET", skip=1, times=None)
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, Unknown)
    assert isinstance(outcome.cause, errors.Unavailable)


def test_a_yes_that_the_list_does_not_show_is_unknown(write, before_reading_back, stored):
    before = stored()
    before_reading_back(lambda sandbox, *where: sandbox.put(*where, before))
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, Unknown)
    assert outcome.cause is None


def test_a_refused_read_sends_nothing(write, sandbox):
    sandbox.fail("500", method="GET", times=None)
    with pytest.raises(errors.Unavailable):
        write(put(IVAN, ANNA))
    assert methods(sandbox) == ["GET"]


def test_a_422_about_a_contact_that_nobody_touched_names_that_contact(write, sandbox):
    sandbox.strict_phones = True
    with pytest.raises(ListInvalid) as refused:
        write(put(IVAN, ANNA))
    assert {problem.contact.name for problem in refused.value.problems} == {"Пётр Петров", "АТС"}
    assert {problem.field for problem in refused.value.problems} == {"phones"}


def test_a_problem_that_points_nowhere_has_no_contact(api, black):
    error = ListInvalid(
        errors.Invalid(fields={"contacts.99.name": ("?",), "": ("!",), "name": ("#",)}),
        api.get_list(black),
    )
    assert [(p.contact, p.field) for p in error.problems] == [
        (None, "name"),
        (None, ""),
        (None, "name"),
    ]


@pytest.mark.parametrize("quirk", ["trim", "normalise", "reorder", "dedupe", "ints"])
def test_an_api_that_stores_it_otherwise_is_confirmed_and_says_how(write, sandbox, quirk):
    sandbox.quirks = {quirk}
    sent = Contact(" Анна ", ("8 999 111-22-33", "8 (812) 111-22-33"))
    outcome = write(put(IVAN, sent))
    assert isinstance(outcome, Confirmed)
    # A mask is no number: normalised, it is another one, and that is told.
    assert (outcome.differs is not None) is (quirk == "normalise")
    now = stored_form(sent, outcome.list)
    assert outcome.stored == (() if now == sent else (now,))


def test_what_somebody_else_wrote_at_the_same_moment_is_noticed(write, before_reading_back, stored):
    def add_another(sandbox, *where):
        theirs = stored()
        theirs["contacts"].append({"name": "Чужой", "phones": ["102"]})
        sandbox.put(*where, theirs)

    before_reading_back(add_another)
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, Confirmed)
    assert outcome.differs is not None
    assert [contact.name for contact in outcome.differs.surplus] == ["Чужой"]


def test_what_somebody_elsewhere_writes_between_our_read_and_our_replacing_is_lost_unseen(
    write, sandbox, account, black, stored
):
    """The API has nothing that would tell: docs/limits.md says so."""

    def add_elsewhere():
        theirs = stored()
        theirs["contacts"].append({"name": "Чужой", "phones": ["105"]})
        sandbox.put(account, black, theirs)

    sandbox.before("PUT", "contact-lists", add_elsewhere)
    outcome = write(put(IVAN, ANNA))
    assert isinstance(outcome, Confirmed)
    assert outcome.differs is None
    assert "Чужой" not in [contact["name"] for contact in stored()["contacts"]]


def test_a_contact_that_the_stored_list_lost_is_shown_as_it_was_sent(api, black):
    assert stored_form(ANNA, api.get_list(black)) == ANNA


class TestCreating:
    @pytest.fixture
    def create(self, by, sandbox, account):
        """As the page does that knows which lists there are."""
        return lambda: create_list(
            SPAM, newest_before=max(sandbox.lists(account), default=0), by=by
        )

    def test_costs_two_calls_and_takes_the_id_from_location(self, create, api, sandbox, account):
        created = create()
        assert isinstance(created, Created)
        assert sandbox.lists(account)[created.list.id]["name"] == "Спам"
        assert methods(sandbox) == ["POST", "GET"]

    @pytest.mark.parametrize("kind", ["cut-after", "truncated"])
    def test_a_list_whose_answer_was_lost_is_found_and_not_made_twice(
        self, create, sandbox, account, kind
    ):
        sandbox.fail(kind, method="POST")
        created = create()
        assert isinstance(created, Created)
        assert list(sandbox.lists(account)) == [created.list.id]

    @pytest.mark.parametrize("kind", ["500", "no-access"])
    def test_a_list_that_was_not_made_is_refused(self, create, api, sandbox, account, kind):
        sandbox.fail(kind, method="POST")
        with pytest.raises(NotApplied):
            create()
        assert sandbox.lists(account) == {}

    def test_a_refused_name_is_said_in_the_apis_words(self, by):
        with pytest.raises(ListInvalid) as refused:
            create_list(replace(SPAM, name="Я" * 300), newest_before=0, by=by)
        assert refused.value.problems[0].field == "name"

    def test_a_clear_no_is_raised(self, create, api, sandbox):
        sandbox.fail("403", method="POST")
        with pytest.raises(errors.NoAccess):
            create()

    def test_a_lost_answer_and_unreadable_lists_are_unknown(self, create, api, sandbox):
        sandbox.fail("cut-after", method="POST")
        sandbox.fail("500", method="GET", times=None)
        assert isinstance(create(), InDoubt)

    @pytest.mark.parametrize("kind", ["cut", "cut-after"])
    def test_an_older_list_of_the_same_name_is_not_taken_for_it(
        self, create, api, sandbox, account, kind
    ):
        sandbox.add_list(account, name="Спам", contacts=[{"name": "А", "phones": ["101"]}])
        older = set(sandbox.lists(account))
        sandbox.fail(kind, method="POST")
        outcome = create()
        if kind == "cut":
            assert isinstance(outcome, InDoubt)
        else:
            assert isinstance(outcome, Created)
            assert outcome.list.id not in older

    def test_where_a_newer_list_hides_it_nothing_is_claimed(self, create, sandbox, account):
        sandbox.add_list(account, name="Спам")
        sandbox.add_list(account, name="Другой")
        sandbox.fail("cut", method="POST")
        assert isinstance(create(), InDoubt)

    def test_the_lists_are_all_read_to_find_it(self, create, api, sandbox, account):
        for number in range(31):
            sandbox.add_list(account, name=f"Список {number}")
        sandbox.fail("cut-after", method="POST")
        created = create()
        assert sandbox.lists(account)[created.list.id]["name"] == "Спам"
        assert methods(sandbox) == ["POST", "GET", "GET", "GET", "GET"]


class TestDeleting:
    @pytest.fixture
    def delete(self, by, black, manager):
        return lambda seen="": delete_list(black, seen=seen, by=by)

    def test_costs_three_calls_and_gives_the_list_as_it_was(
        self, delete, api, sandbox, account, black
    ):
        found = api.get_list(black)
        sandbox.clear_calls()
        deleted = delete()
        assert isinstance(deleted, Deleted)
        assert deleted.list == found
        assert methods(sandbox) == ["GET", "DELETE", "GET"]
        assert sandbox.lists(account) == {}

    def test_a_list_that_changed_since_the_question_is_a_conflict(
        self, delete, api, sandbox, black
    ):
        with pytest.raises(Conflict) as conflict:
            delete(seen="another digest")
        assert conflict.value.theirs == api.get_list(black)
        assert "DELETE" not in methods(sandbox)

    def test_a_lost_answer_is_settled_by_reading(self, delete, api, sandbox, black):
        sandbox.fail("cut-after", method="DELETE")
        assert delete()

    def test_not_deleted_is_refused(self, delete, api, sandbox, black):
        sandbox.fail("500", method="DELETE")
        with pytest.raises(NotDeleted):
            delete()

    def test_unreadable_afterwards_is_unknown(self, delete, api, sandbox, black):
        sandbox.fail("502", method="GET", skip=1, times=None)
        assert isinstance(delete(), Unknown)

    def test_gone_already_is_not_found(self, delete, api, sandbox, account, black):
        sandbox.drop(account, black)
        with pytest.raises(errors.NotFound):
            delete()


def test_pages_of_lists_that_do_not_add_up_are_not_believed(api, sandbox, account):
    ids = [sandbox.add_list(account, name=f"Список {number}") for number in range(17)]

    def drop_one_between_the_pages():
        if sandbox.calls:
            sandbox.drop(account, ids[0])

    sandbox.before("GET", "contact-lists", drop_one_between_the_pages, times=2)
    with pytest.raises(errors.NotUnderstood):
        all_lists(api)


class TestOurOwnDatabase:
    """It may fail between sending and the last word in the journal."""

    @pytest.fixture
    def broken(self, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError("disk full")

        for name in ("confirm", "refuse", "leave_in_doubt", "leave_unknown"):
            monkeypatch.setattr(journal, name, fail)
        return monkeypatch

    @pytest.mark.parametrize("kind", [None, "500", "504", "422"])
    def test_that_something_was_sent_is_said(self, write, sandbox, broken, kind):
        if kind:
            sandbox.fail(kind, method="PUT")
        with pytest.raises(NotNoted):
            write(put(IVAN, ANNA))
        assert JournalEntry.objects.get().outcome == Outcome.PENDING

    def test_whoever_comes_next_settles_it(self, write, broken, settings):
        with pytest.raises(NotNoted):
            write(put(IVAN, ANNA))
        broken.undo()
        JournalEntry.objects.update(sent_at=timezone.now() - timedelta(hours=1))
        assert isinstance(write(put(None, PETR_TWICE)), Confirmed)
        assert JournalEntry.objects.order_by("pk").first().outcome == Outcome.CONFIRMED

    def test_one_that_fails_before_sending_is_a_defect_as_any(self, write, sandbox):
        with failing('UPDATE "lists_journalentry"'), pytest.raises(OperationalError):
            write(put(IVAN, ANNA))
        assert methods(sandbox) == ["GET"]


def test_a_list_that_could_not_be_read_back_is_not_sent(by, sandbox, black):
    """It would be nobody's any more: no page could show it, no undo read it."""
    contacts = tuple(Contact("Ж" * 60 + str(n), (f"7999{n:07}",)) for n in range(20_000))
    with pytest.raises(errors.TooLarge):
        write_list(AddContacts(contacts), black, by=by)
    assert "PUT" not in methods(sandbox)
    assert len(by.api.get_list(black).contacts) == 3
    assert not JournalEntry.objects.filter(outcome__in=HOLDING).exists()


def test_a_new_list_that_could_not_be_read_back_is_not_sent(by, sandbox):
    many = tuple(Contact("Спам", tuple("5" for _ in range(13))) for _ in range(20_000))
    with pytest.raises(errors.TooLarge):
        create_list(ContactList(0, "Новый", "black", many), by=by)
    assert "POST" not in methods(sandbox)

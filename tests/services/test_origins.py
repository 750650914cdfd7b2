"""Who put a number where a lookup finds it: as far as the journal knows, and no further."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.changes import ContactChange, ListChange
from lists.models import Action, BlockRequest, JournalEntry, JournalNumber, Outcome
from lists.plusofon.values import Contact, ContactList
from lists.services import origins
from lists.writing.records import write_list
from tests.factories import BlockRequestFactory, JournalEntryFactory
from tests.growth import assert_linear
from tests.people import IVAN

NUMBER = "79998887766"
RENAMED = Contact("Иван Петрович", IVAN.phones)
OTHER = Contact("Спам", (NUMBER,))
pytestmark = pytest.mark.usefixtures("manager")


def written(*changes, number=NUMBER, **fields):
    contacts = tuple(ContactChange(before, after) for before, after in changes)
    if contacts:
        fields["list_change"] = ListChange(contacts=contacts)
    entry = JournalEntryFactory(**fields)
    JournalNumber.objects.create(entry=entry, number=number)
    return entry


def origin(manager, contact=IVAN, list_id=11, number=NUMBER):
    return origins.origins(number, [(list_id, contact)], by=manager).get((list_id, contact))


def test_the_write_that_gave_it_is_told_in_any_spelling(manager):
    entry = written((None, IVAN))
    spelled = Contact("Иван Иванов", ("8 (999) 888-77-66", "8 999 222 33 00"))
    assert origin(manager, spelled, number="8 (999) 888-77-66") == (entry, None)


def test_a_contact_that_only_got_another_name_was_not_put_there_by_that(manager):
    added = written((None, IVAN))
    written((IVAN, RENAMED), action=Action.EDIT)
    assert origin(manager, RENAMED).entry == added


def test_each_contact_has_its_own(manager):
    mine = written((None, IVAN))
    other = written((None, OTHER), username="anna")
    assert origin(manager).entry == mine
    assert origin(manager, OTHER).entry == other
    written((OTHER, None), action=Action.REMOVE)
    assert origin(manager).entry == mine


def test_nobody_is_told_of_a_contact_that_came_from_elsewhere(manager):
    written((None, OTHER))
    assert origin(manager) is None
    assert origin(manager, RENAMED) is None


def test_what_was_taken_out_here_and_put_back_is_told_by_the_last_write(manager):
    written((None, IVAN))
    written((IVAN, None), action=Action.REMOVE)
    last = written((None, IVAN), username="anna")
    assert origin(manager).entry == last


def test_a_number_that_was_given_to_a_contact_of_before(manager):
    before = Contact("Иван Иванов", ("79992223300",))
    given = written((before, IVAN), action=Action.EDIT)
    assert origin(manager).entry == given


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN, Outcome.IN_DOUBT])
def test_only_what_is_confirmed_counts(manager, outcome):
    written((None, IVAN), outcome=outcome)
    assert origin(manager) is None


def test_what_a_late_write_wiped_out_does_not_count(manager):
    late = written((None, OTHER), number="101", list_id=12)
    written((None, IVAN), overwritten_by=late)
    assert origin(manager) is None


@pytest.mark.parametrize(("contact", "is_told"), [(IVAN, True), (OTHER, False)])
def test_a_list_that_came_back_brought_what_it_had(manager, contact, is_told):
    whole = write_list(ContactList(11, "Спам", "black", (IVAN,)))
    back = written(action=Action.CREATE, change="", whole_list=whole)
    found = origin(manager, contact)
    assert (found and found.entry) == (back if is_told else None)


def test_each_list_has_its_own(manager):
    first, second = written((None, IVAN)), written((None, IVAN), list_id=12)
    places = [(11, IVAN), (12, IVAN), (13, IVAN)]
    found = origins.origins(NUMBER, places, by=manager)
    assert [found[place].entry for place in places[:2]] == [first, second]
    assert places[2] not in found


def test_strangers_are_never_told(manager, stranger):
    written((None, IVAN))
    assert origin(stranger) is None


class TestTheRequestBehindIt:
    def accepted(self, username="manager", **fields):
        fields = {"numbers": NUMBER, "answer": "Спам, Чёрный список 1"} | fields
        asked = BlockRequestFactory(**fields)
        written(action=Action.ACCEPT, request=asked, change="", username=username)
        return asked

    def test_is_told_where_it_was_written_for_one(self, manager):
        written((None, IVAN))
        assert origin(manager).request is None
        asked = self.accepted()
        assert origin(manager).request == asked

    @pytest.mark.parametrize(
        "of_another",
        [
            {"username": "anna"},
            {"answer": "Хулиганы"},
            {"kind": BlockRequest.Kind.UNBLOCK},
        ],
    )
    def test_is_not_another(self, manager, of_another):
        written((None, IVAN))
        self.accepted(**of_another)
        assert origin(manager).request is None

    def test_is_not_one_of_long_after(self, manager):
        written((None, IVAN), started_at=timezone.now() - timedelta(hours=1))
        self.accepted()
        assert origin(manager).request is None

    def test_is_not_one_of_before(self, manager):
        self.accepted()
        written((None, IVAN))
        assert origin(manager).request is None


def test_a_write_of_thousands_is_looked_through_once(manager):
    def prepare(size):
        contacts = [Contact(f"Спам {n}", (NUMBER,)) for n in range(size)]
        JournalEntry.objects.all().delete()
        entry = written(*((None, contact) for contact in contacts))

        def asked():
            found = origins.origins(NUMBER, [(11, contact) for contact in contacts], by=manager)
            assert {place.entry for place in found.values()} == {entry}
            assert len(found) == size

        return asked

    assert_linear(prepare, 1500, within=2)

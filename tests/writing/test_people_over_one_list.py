"""Several people over one list, by a model: whatever they do, undo and suffer, no contact is lost.

The machine is hypothesis'; the writes are real, over real HTTP to the stand-in.
"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from lists.changes import ContactChange, ListChange, TextChange
from lists.conflicts import Conflict
from lists.connection import Connection, open_api
from lists.models import HOLDING, JournalEntry, Outcome
from lists.plusofon.errors import PlusofonError
from lists.plusofon.values import Contact
from lists.sameness import list_digest
from lists.sandbox import Sandbox
from lists.writing import reconciling, undoing
from lists.writing.entries import change_of
from lists.writing.outcomes import AlreadyDone, Confirmed, HeldInDoubt, InDoubt, Unknown
from lists.writing.write import write
from tests.factories import UserFactory

ACCOUNT = 4821
# Whose account we know by the owner's id, and whose by a hash of the token: the list is the same.
PEOPLE = {"anna": str(ACCOUNT), "boris": str(ACCOUNT), "vera": "a hash of her token"}
FAULTS = ["refuse", "cut", "cut-after", "500", "422", "html-after", "truncated-json", "504-late"]
people = st.sampled_from(list(PEOPLE))
names = st.sampled_from(["Иван", "Пётр", "Вера", "АТС"])
phones = st.sampled_from(["79998887766", "8 (812) 333-44-55", "101", "7999*"])
contacts = st.builds(lambda name, phone: Contact(name, (phone,)), names, phones)


def same(one, other):
    """Whether two lists have one name and the same contacts, in any order."""
    return one[0] == other[0] and sorted(map(str, one[1])) == sorted(map(str, other[1]))


class People(RuleBasedStateMachine):
    """`name` and `model` are what the list must be; `seen` is what each person's page shows.

    `doubt`: the entry in doubt, and what the list will be if it lands. `flying`: the write that is late,
    and what the list will be if it lands, however long ago it was given up. `lost`: that write, landed
    too late, and the confirmed ones that it has wiped out.
    """

    server = None

    @initialize()
    def begin(self):
        self.sandbox = Sandbox()
        self.people = {}
        for name, account in PEOPLE.items():
            token = f"{name}-token"
            self.sandbox.add_account(token=token, owner={"id": ACCOUNT, "email": "o@x.ru"})
            api = open_api(token=token, client_id="10553", account=account)
            self.people[name] = api, UserFactory(), account
        self.bystander = {"name": "Посторонний", "phones": ["7 (000)"], "note": "untouched"}
        self.list_id = self.sandbox.add_list(ACCOUNT, name="Общий", contacts=[self.bystander])
        self.server.app = self.sandbox
        self.name, self.model, self.seen = "Общий", [], {name: [] for name in PEOPLE}
        self.doubt = self.flying = self.lost = None

    def by(self, person):
        api, user, account = self.people[person]
        return Connection(api, user, account)

    def stored(self):
        found = self.sandbox.lists(ACCOUNT)[self.list_id]
        return found["name"], [
            Contact(c["name"], tuple(c["phones"])) for c in found["contacts"] if "note" not in c
        ]

    def attempt(self, expected, act):
        """Run a write: the model moves only if the list did, and the journal says the same."""
        was_in_doubt = self.doubt is not None
        try:
            outcome = act()
        except HeldInDoubt:
            assert was_in_doubt
            return
        except (PlusofonError, Conflict, undoing.NotConfirmed):
            outcome = None
        finally:
            self.sandbox.clear_faults()
        assert not was_in_doubt, "somebody has written beside a write in doubt"
        if self.lost and outcome is not None:
            self.what_was_lost_is_marked()
        match outcome:
            case InDoubt(entry=entry):
                self.doubt = entry, expected
                if entry.cause == "Unavailable":
                    self.flying = entry, expected
            case Unknown(entry=entry):
                assert entry.outcome == Outcome.UNKNOWN
            case Confirmed() | AlreadyDone():
                self.name, self.model = expected

    def fail_next(self, fault):
        if fault and not (self.flying and fault == "504-late"):
            self.sandbox.fail(fault, method="PUT")

    @rule(person=people)
    def look(self, person):
        self.seen[person] = list(self.model)

    @rule(person=people, contact=contacts, fault=st.none() | st.sampled_from(FAULTS))
    def add(self, person, contact, fault):
        self.fail_next(fault)
        expected = self.model if contact in self.model else [*self.model, contact]
        change = ListChange(contacts=(ContactChange(None, contact),))
        self.attempt((self.name, expected), lambda: self.write(person, change))

    @rule(
        person=people,
        place=st.integers(0, 5),
        after=st.none() | contacts,
        fault=st.none() | st.sampled_from(FAULTS),
    )
    def edit_or_remove_what_was_seen(self, person, place, after, fault):
        """Only what is still as the person saw it moves; else it is a conflict. Of two that are equal
        one moves."""
        if not self.seen[person]:
            return
        before = self.seen[person][place % len(self.seen[person])]
        self.fail_next(fault)
        expected = list(self.model)
        if before in expected:
            at = expected.index(before)
            expected[at : at + 1] = [after] if after else []
        change = ListChange(contacts=(ContactChange(before, after),))
        self.attempt((self.name, expected), lambda: self.write(person, change))

    @rule(person=people, name=st.sampled_from(["Общий", "Спам"]))
    def rename(self, person, name):
        change = ListChange(name=TextChange(self.name, name))
        self.attempt((name, self.model), lambda: self.write(person, change))

    @rule(person=people, back=st.integers(0, 3))
    def undo(self, person, back):
        """Exactly the inverse, merged with what is there; or a conflict, and then nothing."""
        confirmed = JournalEntry.objects.filter(outcome=Outcome.CONFIRMED, overwritten_by=None)
        entries = list(confirmed.order_by("-id"))
        if back >= len(entries):
            return
        entry = entries[back]
        found = self.by(person).api.get_list(self.list_id)
        try:
            wanted = change_of(entry).inverse().merged_into(found).apply_to(found)
        except Conflict:
            wanted = found
        mine = [contact for contact in wanted.contacts if not contact.extra]
        self.attempt((wanted.name, mine), lambda: undoing.undo(entry, by=self.by(person)))

    @precondition(lambda self: not self.flying and not self.doubt)
    @rule(person=people, contact=contacts, given_up=st.booleans())
    def add_and_see_no_answer(self, person, contact, given_up):
        self.add(person, contact, "504-late")
        if self.doubt and given_up:
            self.its_time_is_over(person)

    @precondition(lambda self: self.flying)
    @rule()
    def the_late_write_lands(self):
        """In time, or long after everybody has given it up."""
        assert self.sandbox.land() == 1
        late, (self.name, self.model) = self.flying
        self.flying = None
        if self.doubt is None:
            self.lost = late, self.confirmed_after(late)

    @precondition(lambda self: self.doubt)
    @rule(person=people)
    def somebody_looks_again(self, person):
        entry, expected = self.doubt
        landed = same(expected, (self.name, self.model))
        reconciling.settle(entry, by=self.by(person))
        assert entry.outcome == (Outcome.CONFIRMED if landed else Outcome.IN_DOUBT)
        if landed:
            self.doubt = None

    @precondition(lambda self: self.doubt)
    @rule(person=people)
    def its_time_is_over(self, person):
        entry, expected = self.doubt
        in_doubt = JournalEntry.objects.filter(pk=entry.pk)
        in_doubt.update(sent_at=F("sent_at") - timedelta(hours=1))
        entry.refresh_from_db()
        reconciling.settle(entry, by=self.by(person))
        landed = same(expected, (self.name, self.model))
        assert entry.outcome == (Outcome.CONFIRMED if landed else Outcome.REFUSED)
        self.doubt = None

    def write(self, person, change):
        return write(change, self.list_id, by=self.by(person))

    def confirmed_after(self, late):
        """None where the list looks as the last of them left it: then nobody can see it."""
        confirmed = JournalEntry.objects.filter(outcome=Outcome.CONFIRMED, overwritten_by=None)
        standing = confirmed.order_by("pk").last()
        found = self.by("anna").api.get_list(self.list_id)
        if standing is None or standing.digest_after == list_digest(found):
            return None
        return [entry.pk for entry in confirmed.filter(pk__gt=late.pk)]

    def what_was_lost_is_marked(self):
        """Whoever came next has read the list, and found out."""
        late, wiped_out = self.lost
        self.lost = None
        if wiped_out is not None:
            late.refresh_from_db()
            assert late.outcome == Outcome.CONFIRMED
            assert [entry.pk for entry in late.overwrote.order_by("pk")] == wiped_out

    @invariant()
    def the_list_is_the_model(self):
        if not hasattr(self, "model"):
            return
        name, contacts = self.stored()
        assert name == self.name
        assert sorted(map(str, contacts)) == sorted(map(str, self.model))

    @invariant()
    def nobody_touched_the_bystander(self):
        if hasattr(self, "model"):
            found = self.sandbox.lists(ACCOUNT)[self.list_id]["contacts"]
            assert [c for c in found if "note" in c] == [self.bystander]

    @invariant()
    def nothing_is_open_but_what_is_in_doubt(self):
        if hasattr(self, "model"):
            unended = JournalEntry.objects.filter(outcome__in=HOLDING)
            assert [e.pk for e in unended] == ([self.doubt[0].pk] if self.doubt else [])

    def teardown(self):
        JournalEntry.objects.all().delete()
        cache.clear()


@pytest.mark.django_db
def test_whatever_people_do_to_one_list_nothing_is_lost(sandbox_server, sandbox):
    People.server = sandbox_server

    run(
        People,
        settings=settings(
            max_examples=100,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

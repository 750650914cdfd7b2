"""Several people over one list, by a model: whatever they do, undo and suffer, no contact is lost.

The machine is hypothesis'; the writes are real, over real HTTP to the stand-in.
"""

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.stateful import run_state_machine_as_test as run

from lists.changes import Conflict, ContactChange, ListChange, TextChange
from lists.models import JournalEntry, Outcome
from lists.plusofon.errors import PlusofonError
from lists.plusofon.sandbox import Sandbox
from lists.plusofon.values import Contact
from lists.services import connection, editing, journal, settling, undoing
from lists.services.outcomes import Unknown
from tests.factories import CredentialFactory, UserFactory

ACCOUNT = 4821
PEOPLE = ["anna", "boris", "vera"]
FAULTS = ["refuse", "cut", "cut-after", "500", "422", "html-after", "truncated-json"]
names = st.sampled_from(["Иван", "Пётр", "Вера", "АТС"])
phones = st.sampled_from(["79998887766", "8 (812) 333-44-55", "101", "7999*"])
contacts = st.builds(lambda name, phone: Contact(name, (phone,)), names, phones)


class People(RuleBasedStateMachine):
    """`name` and `model` are what the list must be; `seen` is what each person's page shows."""

    server = None

    @initialize()
    def begin(self):
        self.sandbox = Sandbox()
        self.people = {}
        for name in PEOPLE:
            self.sandbox.add_account(
                token=f"{name}-token", owner={"id": ACCOUNT, "email": "o@x.ru"}
            )
            user = UserFactory()
            CredentialFactory(user=user, token=f"{name}-token")
            self.people[name] = user
        self.bystander = {"name": "Посторонний", "phones": ["7 (000)"], "note": "untouched"}
        self.list_id = self.sandbox.add_list(ACCOUNT, name="Общий", contacts=[self.bystander])
        self.server.app = self.sandbox
        self.name, self.model, self.seen = "Общий", [], {name: [] for name in PEOPLE}

    def api(self, person):
        return connection.open_api(token=f"{person}-token", client_id="10553", account=str(ACCOUNT))

    def stored(self):
        found = self.sandbox.lists(ACCOUNT)[self.list_id]
        return found["name"], [
            Contact(c["name"], tuple(c["phones"])) for c in found["contacts"] if "note" not in c
        ]

    def attempt(self, expected, write):
        """Run a write: the model moves only if the list did, and the journal says the same."""
        try:
            outcome = write()
        except (PlusofonError, Conflict, undoing.NotConfirmed):
            outcome = None
        self.sandbox.clear_faults()
        if isinstance(outcome, Unknown):
            settling.settle(outcome.entry, api=self.api("anna"))
            assert outcome.entry.outcome in (Outcome.CONFIRMED, Outcome.REFUSED)
            moved = outcome.entry.outcome == Outcome.CONFIRMED
        else:
            moved = outcome is not None
        if moved:
            self.name, self.model = expected

    def fail_next(self, fault):
        if fault:
            self.sandbox.fail(fault, method="PUT")

    @rule(person=st.sampled_from(PEOPLE))
    def look(self, person):
        self.seen[person] = list(self.model)

    @rule(
        person=st.sampled_from(PEOPLE), contact=contacts, fault=st.none() | st.sampled_from(FAULTS)
    )
    def add(self, person, contact, fault):
        self.fail_next(fault)
        expected = self.model if contact in self.model else [*self.model, contact]
        change = ListChange(contacts=(ContactChange(None, contact),))
        self.attempt((self.name, expected), lambda: self.write(person, change))

    @rule(
        person=st.sampled_from(PEOPLE),
        place=st.integers(0, 5),
        after=st.none() | contacts,
        fault=st.none() | st.sampled_from(FAULTS),
    )
    def edit_or_remove_what_was_seen(self, person, place, after, fault):
        """Only what is still as the person saw it moves; else it is a conflict."""
        if not self.seen[person]:
            return
        before = self.seen[person][place % len(self.seen[person])]
        if after is not None and after in self.model:
            return  # two alike: which of them a removal means would be the model's guess
        self.fail_next(fault)
        expected = list(self.model)
        if before in expected:
            at = expected.index(before)
            expected[at : at + 1] = [after] if after else []
        change = ListChange(contacts=(ContactChange(before, after),))
        self.attempt((self.name, expected), lambda: self.write(person, change))

    @rule(person=st.sampled_from(PEOPLE), name=st.sampled_from(["Общий", "Спам"]))
    def rename(self, person, name):
        change = ListChange(name=TextChange(self.name, name))
        self.attempt((name, self.model), lambda: self.write(person, change))

    @rule(person=st.sampled_from(PEOPLE), back=st.integers(0, 3))
    def undo(self, person, back):
        """Exactly the inverse, merged with what is there; or a conflict, and then nothing."""
        entries = list(JournalEntry.objects.filter(outcome=Outcome.CONFIRMED).order_by("-id"))
        if back >= len(entries):
            return
        api, entry = self.api(person), entries[back]
        found = api.get_list(self.list_id)
        try:
            wanted = journal.change_of(entry).inverse_in(found).apply_to(found)
        except Conflict:
            wanted = found
            with pytest.raises(Conflict):
                undoing.undo(entry, api=api, by=self.people[person])
        else:
            undoing.undo(entry, api=api, by=self.people[person])
        self.name = wanted.name
        self.model = [contact for contact in wanted.contacts if not contact.extra]

    def write(self, person, change):
        return editing.write(change, self.list_id, api=self.api(person), by=self.people[person])

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
    def nothing_is_left_open(self):
        open_ones = JournalEntry.objects.filter(outcome__in=["pending", "unknown"])
        assert not open_ones.exists()

    def teardown(self):
        JournalEntry.objects.all().delete()
        cache.clear()


@pytest.mark.django_db
def test_whatever_people_do_to_one_list_nothing_is_lost(sandbox_server, sandbox):
    People.server = sandbox_server

    run(
        People,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )

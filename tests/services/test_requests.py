"""What may happen to a request at once: withdrawn, accepted, decided by somebody else."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from lists.intents import Planned, UnblockNumber
from lists.models import BlockRequest, JournalEntry
from lists.plusofon.values import Contact, ListEntry
from lists.sameness import contact_key
from lists.services import blocking, deciding, requests, standing
from lists.services.standing import Standing, standing_of
from lists.writing.outcomes import InDoubt
from tests.factories import BlockRequestFactory, UserFactory, ask, claim
from tests.trouble import failing

Kind, State = BlockRequest.Kind, BlockRequest.State
IVAN = Contact("Иван Иванов", ("79998887766", "79992223300"))
NUMBER = "79998887766"


@pytest.fixture
def asked(support, black):
    return BlockRequestFactory(user=support, list_id=black)


@pytest.fixture
def to_unblock(support):
    return BlockRequestFactory(user=support, kind="unblock", numbers=NUMBER, list_id=None)


@pytest.fixture
def entry(black):
    return ListEntry(black, "Чёрный список 1", "black")


@pytest.fixture
def intents(entry):
    return {entry: UnblockNumber(NUMBER, frozenset({contact_key(IVAN)}))}


def actions():
    return list(JournalEntry.objects.filter(request__isnull=False).values_list("action", flat=True))


def test_ones_own_requests_come_the_newest_first(support, asked, to_unblock):
    BlockRequestFactory(username="other")
    BlockRequestFactory(user=support, account="another")
    assert list(requests.mine(by=support)) == [to_unblock, asked]


class TestWithdrawing:
    def test_is_noted_once_and_is_no_news(self, asked, support):
        for _ in range(2):
            requests.withdraw(asked, by=support)
        assert (asked.state, asked.decided_by) == (State.WITHDRAWN, "support")
        assert actions() == ["withdraw"]
        assert not requests.queue(by=support)
        assert list(requests.decided(by=support)) == [asked]
        assert requests.waiting(by=support) == 0

    def test_is_not_for_somebody_elses(self, asked, manager):
        with pytest.raises(requests.Taken):
            requests.withdraw(asked, by=manager)
        assert asked.state == State.OPEN
        assert actions() == []

    def test_waits_for_no_decision(self, asked, support):
        BlockRequest.objects.update(claimed_by="manager", claimed_at=timezone.now())
        with pytest.raises(requests.Taken) as taken:
            requests.withdraw(asked, by=support)
        assert taken.value.asked.claimed_by == "manager"
        long_ago = timezone.now() - requests.CLAIM_LASTS * 2
        BlockRequest.objects.update(claimed_at=long_ago)
        requests.withdraw(asked, by=support)
        assert asked.state == State.WITHDRAWN

    def test_comes_too_late_for_what_is_decided(self, asked, support, manager):
        deciding.decline(requests.request_of(asked.pk, by=manager), "Клиент", by=manager)
        with pytest.raises(requests.Taken):
            requests.withdraw(asked, by=support)
        assert asked.state == State.DECLINED

    def test_while_it_is_accepted_changes_nothing(self, asked, support, by, entry, monkeypatch):
        real = blocking.block

        def block(*args, **kwargs):
            with pytest.raises(requests.Taken):
                requests.withdraw(requests.request_of(asked.pk, by=support), by=support)
            return real(*args, **kwargs)

        monkeypatch.setattr(blocking, "block", block)
        accepted = deciding.accept(asked, Contact("Спам", ("101",)), [Planned(entry)], by=by)
        assert accepted.done[0].is_confirmed
        asked.refresh_from_db()
        assert asked.state == State.ACCEPTED
        assert actions() == ["accept"]

    def test_leaves_nothing_to_decide(
        self, asked, to_unblock, support, by, sandbox, intents, entry
    ):
        block = requests.request_of(asked.pk, by=by.user)
        unblock = requests.request_of(to_unblock.pk, by=by.user)
        for one in (asked, to_unblock):
            requests.withdraw(one, by=support)
        with pytest.raises(requests.Taken):
            deciding.accept(block, Contact("Спам", ("101",)), [Planned(entry)], by=by)
        with pytest.raises(requests.Taken):
            deciding.accept_unblock(unblock, intents, [], by=by)
        with pytest.raises(requests.Taken):
            deciding.decline(block, "Нет", by=by.user)
        assert sandbox.calls == []

    def test_frees_a_place_among_the_undecided(self, support, black, entry):
        mine = BlockRequestFactory.create_batch(requests.MOST_OPEN, user=support, list_id=black)
        with pytest.raises(requests.TooManyOpen):
            requests.ask(["101"], entry, "Спам", form_token="t", by=support)
        requests.withdraw(mine[0], by=support)
        assert requests.ask(["101"], entry, "Спам", form_token="t", by=support)


class TestDecidedAboutANumber:
    @pytest.mark.parametrize("spelling", [NUMBER, "8 (999) 888-77-66"])
    def test_are_those_of_each_kind_and_end_the_newest_first(self, support, spelling):
        ends = [State.ACCEPTED, State.DECLINED, State.WITHDRAWN]
        decided = [
            ask(support, numbers=f"101\n{NUMBER}", kind=kind, state=end)
            for kind in Kind
            for end in ends
        ]
        ask(support, numbers=NUMBER)  # it waits
        ask(support, numbers="101", state=State.DECLINED)
        found = requests.decided_about(spelling, by=support)
        assert list(found) == decided[::-1]

    def test_stand_there_once_however_often_the_journal_tells_of_them(self, support, manager):
        asked = ask(support, numbers=NUMBER)
        deciding.decline(asked, "Это наш поставщик", by=manager)
        assert list(requests.decided_about(NUMBER, by=support)) == [asked]

    def test_are_nobody_elses(self, support, stranger):
        theirs = ask(stranger, numbers=NUMBER, state=State.DECLINED)
        assert list(requests.decided_about(NUMBER, by=support)) == []
        assert list(requests.decided_about(NUMBER, by=stranger)) == [theirs]


class TestAcceptingABlock:
    def test_that_somebody_took_over_before_it_began_names_them(
        self, asked, by, anna, entry, sandbox, monkeypatch
    ):
        """A claim lapses while the first list waits; whoever has it now keeps it."""
        real = blocking.block

        def late(*args, **kwargs):
            claim(BlockRequest.objects.get(), by=anna)
            return real(*args, **kwargs)

        monkeypatch.setattr(blocking, "block", late)
        with pytest.raises(requests.Taken) as taken:
            deciding.accept(asked, Contact("Спам", ("101",)), [Planned(entry)], by=by)
        assert taken.value.asked.claimed_by == "anna"
        assert BlockRequest.objects.get().claimed_by == "anna"
        assert sandbox.calls == []


class TestAcceptingAnUnblock:
    def test_closes_it_with_the_lists(self, to_unblock, by, intents, sandbox, account, black):
        accepted = deciding.accept_unblock(to_unblock, intents, [], by=by)
        assert accepted.done[0].is_confirmed
        to_unblock.refresh_from_db()
        assert (to_unblock.state, to_unblock.answer) == (State.ACCEPTED, "Чёрный список 1")
        assert sandbox.lists(account)[black]["contacts"][0]["phones"] == ["79992223300"]

    def test_tells_where_it_was_left(self, to_unblock, by, intents, sandbox, account):
        """In another list, and in another contact of the same list."""
        twice = [{"name": "Иван Иванов", "phones": list(IVAN.phones)}]
        twice += [{"name": "Он же", "phones": [NUMBER]}]
        both = ListEntry(sandbox.add_list(account, name="Спам", contacts=twice), "Спам", "black")
        spared = frozenset({contact_key(Contact("Он же", (NUMBER,)))})
        intents[both] = UnblockNumber(NUMBER, frozenset({contact_key(IVAN)}), spared)
        other = ListEntry(99, "Другой", "black")
        deciding.accept_unblock(to_unblock, intents, [other], by=by)
        to_unblock.refresh_from_db()
        assert to_unblock.answer == "Чёрный список 1"
        assert to_unblock.left_in == "Другой, Спам"

    def test_without_lists_only_closes_it(self, to_unblock, by, sandbox):
        assert deciding.accept_unblock(to_unblock, {}, [], by=by).done == []
        to_unblock.refresh_from_db()
        assert (to_unblock.state, to_unblock.answer) == (State.ACCEPTED, "")
        assert sandbox.calls == []

    def test_without_lists_does_not_pass_over_our_databases_trouble(self, to_unblock, by):
        with failing('UPDATE "lists_blockrequest" SET "state"'), pytest.raises(OperationalError):
            deciding.accept_unblock(to_unblock, {}, [], by=by)
        to_unblock.refresh_from_db()
        assert (to_unblock.state, to_unblock.claimed_by) == (State.OPEN, "")

    def test_says_what_is_done_though_it_could_not_be_noted(self, to_unblock, by, intents):
        with failing('UPDATE "lists_blockrequest" SET "state"'):
            accepted = deciding.accept_unblock(to_unblock, intents, [], by=by)
        assert accepted.done[0].is_confirmed
        assert not accepted.is_noted

    def test_in_doubt_keeps_the_claim_and_the_request(
        self, to_unblock, support, by, intents, sandbox, black
    ):
        sandbox.fail("cut", method="PUT", path=f"contact-lists/{black}")
        accepted = deciding.accept_unblock(to_unblock, intents, [], by=by)
        assert isinstance(accepted.done[0].outcome, InDoubt)
        to_unblock.refresh_from_db()
        assert (to_unblock.state, to_unblock.claimed_by) == (State.OPEN, "manager")
        with pytest.raises(requests.Taken):
            requests.withdraw(to_unblock, by=support)
        anna = UserFactory(username="anna", group="Managers")
        with pytest.raises(requests.Taken):
            deciding.decline(to_unblock, "Нет", by=anna)

    def test_of_two_managers_one_wins(self, to_unblock, by, intents, monkeypatch):
        anna, real = UserFactory(username="anna", group="Managers"), blocking.unblock

        def unblock(*args, **kwargs):
            with pytest.raises(requests.Taken):
                deciding.decline(requests.request_of(to_unblock.pk, by=by.user), "Нет", by=anna)
            return real(*args, **kwargs)

        monkeypatch.setattr(blocking, "unblock", unblock)
        deciding.accept_unblock(to_unblock, intents, [], by=by)
        with pytest.raises(requests.Taken):
            deciding.accept_unblock(to_unblock, intents, [], by=by)
        assert actions() == ["accept"]


class TestWhatIsKnownOfNumbers:
    def test_names_the_lists_that_block_them(self, sandbox, account, black, by):
        contacts = [{"name": "Иван", "phones": ["8 999 888 77 66"]}]
        sandbox.add_list(account, name="Белый", type="white", contacts=contacts)
        second = sandbox.add_list(account, name="Второй", contacts=contacts * 2)
        known = standing_of(["79998887766", "74950000000"], by=by)
        assert {number: [e.id for e in lists] for number, lists in known.lists.items()} == {
            "79998887766": [black, second]
        }
        assert known.is_complete

    def test_names_the_lists_that_may_mean_them(self, sandbox, account, black, by, entry):
        white = [{"name": "АТС", "phones": ["7999111****"]}]
        sandbox.add_list(account, name="Белый", type="white", contacts=white)
        known = standing_of(["79991112233", "74951112233"], by=by)
        assert known == Standing({}, {"79991112233": [entry]}, is_complete=True)

    def test_is_incomplete_where_a_list_cannot_be_read(self, sandbox, account, black, by):
        broken = sandbox.add_list(account, name="Второй")
        sandbox.fail("500", method="GET", path=f"contact-lists/{broken}", times=None)
        known = standing_of([NUMBER], by=by)
        assert list(known.lists) == [NUMBER]
        assert not known.is_complete

    def test_is_nothing_where_plusofon_does_not_answer(self, sandbox, black, by):
        sandbox.fail("500", method="GET", path="contact-lists", times=None)
        assert standing_of([NUMBER], by=by) == Standing({}, {}, is_complete=False)

    def test_takes_no_longer_than_a_caller_waits(self, sandbox, black, by, monkeypatch):
        monkeypatch.setattr(standing, "PATIENCE", -1)
        assert not standing_of([NUMBER], by=by).is_complete

    @pytest.mark.parametrize("others", [0, 50])
    def test_who_has_asked_is_found_among_few_and_many(self, asked, to_unblock, support, others):
        many = [f"7999{n:07}" for n in range(others)]
        assert requests.open_about(NUMBER, *many, by=support) == [to_unblock]
        assert requests.open_about("8 999 111-22-33", NUMBER, *many, by=support) == [
            asked,
            to_unblock,
        ]
        assert requests.open_about("101", *many, by=support) == []

"""An act on several lists never loses its report about those already done, whatever happens then."""

import threading
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from lists.conflicts import ContactGone
from lists.forms.unblock import read_places
from lists.intents import Planned
from lists.models import BlockRequest, JournalEntry
from lists.plusofon.errors import NoPermit, TimedOut
from lists.plusofon.values import Contact, ListEntry
from lists.services import blocking, deciding, requests, steps
from lists.writing.outcomes import Busy, LockLost
from tests.calls import methods

from ..client import fields, in_english, text
from ..factories import BlockRequestFactory
from ..trouble import dropped, failing, losing_a_commit

NUMBER = "79991112233"
NOT_WORKING = "Our own database is not working right now"
LOCK = 'INSERT INTO "lists_journalentry"'
State = BlockRequest.State


@pytest.fixture
def client(manager, sandbox):
    return in_english(manager)


@pytest.fixture
def four(sandbox, account):
    contact = {"name": "Спам", "phones": [NUMBER]}
    return [sandbox.add_list(account, name=f"Список {n}", contacts=[contact]) for n in range(4)]


@pytest.fixture
def empty(sandbox, account):
    return [sandbox.add_list(account, name=f"Список {n}") for n in range(4)]


@pytest.fixture
def since(sandbox):
    """Whether a list was written to already."""

    def since(list_id):
        written = threading.Event()
        sandbox.before("PUT", f"contact-lists/{list_id}", written.set)
        return written.is_set

    return since


def block(client, lists, path="/block/"):
    sent = {"numbers": NUMBER, "name": "Спам", "list": lists, "confirm": "1"}
    return client.post(path, sent)


def unblock(client, lists):
    page = client.get(f"/lookup/?number={NUMBER}")
    offered = page.soup.select_one("[name=offered]")["value"]
    chosen = [place.value for place in read_places(offered)]
    assert len(chosen) == len(lists)
    sent = {"number": NUMBER, "offered": offered, "contact": chosen, "confirm": "1"}
    return client.post("/unblock/", sent)


def told(answer):
    """What the page says of each list."""
    assert answer.status_code == 207
    return [cell.text for cell in answer.soup.select("td .outcome")]


def offered_again(answer):
    return [int(field["value"]) for field in answer.soup.select("main form [name=list]")]


def phones(sandbox, account, list_id):
    return [c["phones"] for c in sandbox.lists(account)[list_id]["contacts"]]


class TestWhenOurDatabaseFailsInTheMiddle:
    def test_of_a_block(self, client, sandbox, account, empty):
        with failing(
            LOCK, when=lambda: JournalEntry.objects.filter(list_id__gt=0).count() == 2
        ) as tries:
            answer = block(client, empty)
        assert told(answer) == ["blocked", "blocked", NOT_WORKING, NOT_WORKING]
        assert len(tries) == 1  # the rest would wait for it in vain
        assert offered_again(answer) == empty[2:]
        written = [bool(phones(sandbox, account, one)) for one in empty]
        assert written == [True, True, False, False]
        assert block(client, empty[2:]).status_code == 200
        assert all(phones(sandbox, account, one) for one in empty)

    def test_of_an_unblocking(self, client, sandbox, account, four):
        with failing(LOCK, when=lambda: JournalEntry.objects.filter(list_id__gt=0).count() == 2):
            answer = unblock(client, four)
        assert told(answer) == ["removed", "removed", NOT_WORKING, NOT_WORKING]
        assert len(answer.soup.select("main form [name=contact]")) == 2
        assert [bool(phones(sandbox, account, one)) for one in four] == [False, False, True, True]

    def test_before_anything_was_sent_is_a_failure_like_any(self, client, sandbox, empty):
        with failing(LOCK):
            answer = block(client, empty)
        assert answer.status_code == 503
        assert answer.soup.h1.text == NOT_WORKING
        assert "Nothing was sent" in text(answer)
        assert fields(answer)["numbers"] == NUMBER
        assert "PUT" not in methods(sandbox)

    def test_for_good_and_after_something_was_sent(self, client, sandbox, account, empty, since):
        """Not even the page of the report needs it."""
        with failing("", when=since(empty[1])):
            answer = block(client, empty)
        noted = "not known: check the journal in a minute"
        assert told(answer) == ["blocked", noted, NOT_WORKING, NOT_WORKING]
        assert offered_again(answer) == empty[2:]
        assert phones(sandbox, account, empty[1]) == [[NUMBER]]


@pytest.mark.parametrize(
    "error", [NoPermit(), Busy(None), LockLost(), TimedOut(), ContactGone(Contact("Спам", ()))]
)
def test_an_error_of_one_list_is_told_beside_the_others(client, empty, monkeypatch, error):
    real = steps.write

    def write(intent, list_id, **kwargs):
        if list_id == empty[2]:
            raise error
        return real(intent, list_id, **kwargs)

    monkeypatch.setattr(steps, "write", write)
    words = told(block(client, empty))
    assert [*words[:2], words[3]] == ["blocked"] * 3
    assert words[2] not in ("", "blocked")


def test_a_defect_of_ours_leaves_the_report_in_the_journal(client, empty, monkeypatch):
    real = steps.write

    def write(intent, list_id, **kwargs):
        if list_id == empty[2]:
            raise RuntimeError("bug")
        return real(intent, list_id, **kwargs)

    monkeypatch.setattr(steps, "write", write)
    answer = block(client, empty)
    assert answer.status_code == 500
    assert "Something had already been sent to Plusofon." in text(answer)
    (line,) = client.get("/journal/?outcome=confirmed").soup.select("td.what")
    page = client.get(line.select_one("a.note")["href"])
    words = [cell.text.strip() for cell in page.soup.select("td .outcome")]
    assert words == ["blocked", "blocked", "not done", "not done"]
    parts = JournalEntry.objects.exclude(part_of=None).order_by("pk")
    assert [part.list_id for part in parts] == empty[:2]


class TestAcceptingARequest:
    @pytest.fixture
    def asked(self, support, empty):
        return BlockRequestFactory(user=support, list_id=empty[0], numbers=NUMBER)

    @pytest.fixture
    def accept(self, client, asked, empty):
        return lambda: block(client, empty, f"/requests/{asked.pk}/accept/")

    @pytest.fixture
    def plans(self, empty):
        return [Planned(ListEntry(one, "Список", "black")) for one in empty]

    CLAIM = 'UPDATE "lists_blockrequest" SET "claimed_at"'

    def test_tells_what_is_done_when_our_database_fails(self, accept, asked, empty, since):
        with failing(self.CLAIM, when=since(empty[1])):
            answer = accept()
        assert told(answer) == ["blocked", "blocked", NOT_WORKING, NOT_WORKING]
        asked.refresh_from_db()
        assert asked.state == State.OPEN

    def test_tells_what_is_done_when_everything_fails(self, accept, empty, since):
        with failing("", when=since(empty[1])):
            answer = accept()
        assert told(answer)[0] == "blocked"
        assert told(answer)[2:] == [NOT_WORKING, NOT_WORKING]

    def test_sends_nothing_when_the_claim_cannot_be_renewed(self, accept, sandbox):
        with failing(self.CLAIM):
            answer = accept()
        assert answer.status_code == 503
        assert "Nothing was sent" in text(answer)
        assert "PUT" not in methods(sandbox)

    def test_says_that_it_is_still_open_where_that_could_not_be_noted(
        self, accept, client, asked, empty
    ):
        with failing('UPDATE "lists_blockrequest" SET "state"'):
            answer = accept()
        assert "could not be closed and is still open: accept it once more" in text(answer)
        assert [cell.text for cell in answer.soup.select("td .outcome")] == ["blocked"] * 4
        asked.refresh_from_db()
        assert asked.state == State.OPEN
        assert accept().status_code == 200
        asked.refresh_from_db()
        assert asked.state == State.ACCEPTED

    def test_says_of_every_list_that_somebody_else_decides_by_now(self, accept, empty, monkeypatch):
        real, calls = steps.write, []

        def slow(*args, **kwargs):
            calls.append(args)
            done = real(*args, **kwargs)
            if len(calls) == 2:
                late = timezone.now() - timedelta(minutes=6)
                BlockRequest.objects.update(claimed_by="anna", claimed_at=late)
            return done

        monkeypatch.setattr(steps, "write", slow)
        answer = accept()
        overtaken = "not sent: somebody else is at it by now"
        assert told(answer) == ["blocked", "blocked", overtaken, overtaken]
        assert offered_again(answer) == []

    @pytest.mark.parametrize("before", [True, False])
    @pytest.mark.usefixtures("outside_transactions")
    def test_survives_a_dropped_connection_at_each_of_its_steps(
        self, asked, plans, by, monkeypatch, before
    ):
        """What was claimed, renewed, closed or released already is known again."""
        for step in range(7):
            BlockRequest.objects.update(state=State.OPEN, claimed_by="", claimed_at=None)
            mine = requests.request_of(asked.pk, by=by.user)
            real, calls = requests.QuerySet.update, []

            def update(queryset, real=real, calls=calls, step=step, **values):
                if queryset.model is not BlockRequest:
                    return real(queryset, **values)
                calls.append(values)
                if len(calls) == step + 1:
                    if not before:
                        real(queryset, **values)
                    raise dropped()
                return real(queryset, **values)

            with monkeypatch.context() as patched:
                patched.setattr(requests.QuerySet, "update", update)
                accepted = deciding.accept(mine, Contact("Спам", (NUMBER,)), plans, by=by)
            assert all(one.is_confirmed for one in accepted.done)
            assert accepted.is_noted
            mine.refresh_from_db()
            assert mine.state == State.ACCEPTED

    @pytest.mark.usefixtures("outside_transactions")
    def test_is_noted_once_though_the_answer_to_that_was_lost(self, asked, plans, by, monkeypatch):
        real, lost, losing = blocking.block, [], ExitStack()

        def block(*args, **kwargs):
            done = real(*args, **kwargs)  # what is written next closes the request
            lost.append(losing.enter_context(losing_a_commit(monkeypatch)))
            return done

        monkeypatch.setattr(blocking, "block", block)
        with losing:
            accepted = deciding.accept(asked, Contact("Спам", (NUMBER,)), plans, by=by)
        assert lost == [["commit"]]
        assert accepted.is_noted
        assert JournalEntry.objects.filter(action="accept").count() == 1


@pytest.mark.usefixtures("outside_transactions")
def test_a_request_that_was_made_without_our_hearing_of_it_is_one(support, monkeypatch):
    entry = ListEntry(11, "Список", "black")
    with losing_a_commit(monkeypatch) as lost:
        asked = requests.ask([NUMBER], entry, "Спам", form_token="t", by=support)
    assert lost
    assert BlockRequest.objects.get() == asked
    assert JournalEntry.objects.filter(action="ask").count() == 1

"""Warnings that an alert watches: one line each, with a name that stays, and nothing of what it was about."""

import re

import pytest

from lists.connection import CredentialUnreadable
from lists.models import Credential, Outcome
from lists.plusofon.values import ListEntry
from lists.services import credentials, moving, operations
from lists.telemetry import events
from lists.writing import reconciling
from lists.writing.outcomes import ListInvalid, NotNoted
from lists.writing.write import write as write_list
from tests.factories import UserFactory
from tests.people import ANNA, IVAN, put
from tests.serving import ROOT
from tests.test_throttle import guess_often
from tests.trouble import failing


@pytest.fixture
def told(caplog):
    """The events so far, by name, and that none of them tells whom it was about."""

    def told():
        lines = [record for record in caplog.records if getattr(record, "event", "")]
        everything = " ".join(
            f"{line.getMessage()} {getattr(line, 'fields', {})}" for line in lines
        )
        for secret in ("79998887766", "Иван", "Анна", "manager-token", "Чёрный"):
            assert secret not in everything
        assert {line.levelname for line in lines} <= {"WARNING"}
        return [line.event for line in lines]

    return told


def of(caplog, event):
    (line,) = [record for record in caplog.records if getattr(record, "event", "") == event]
    return line.fields


@pytest.fixture
def write(by, black):
    return lambda intent: write_list(intent, black, by=by)


def test_a_write_in_doubt_is_told_once_and_its_end_is_none_to_alarm(
    write, sandbox, settings, by, black, told, caplog
):
    settings.PLUSOFON_WRITE_TIMEOUT = 0.3
    sandbox.fail("late", method="PUT")
    outcome = write(put(IVAN, ANNA))
    reconciling.settle(outcome.entry, by=by)
    assert told() == ["write.in_doubt"]
    fields = of(caplog, "write.in_doubt")
    assert fields == {
        "entry": outcome.entry.pk,
        "list": black,
        "action": "edit",
        "cause": "TimedOut",
    }
    sandbox.land()
    reconciling.settle(outcome.entry, by=by)
    assert outcome.entry.outcome == Outcome.CONFIRMED
    assert told() == ["write.in_doubt"]


def test_an_unknown_write_is_told_once_however_often_it_is_looked_at(
    write, sandbox, by, account, told
):
    sandbox.fail("500", method="GET", skip=1, times=1)
    outcome = write(put(IVAN, ANNA))
    assert told() == ["write.unknown"]
    sandbox.put(account, outcome.entry.list_id, {"name": "x", "type": "black", "contacts": []})
    for _ in range(2):
        reconciling.settle(outcome.entry, by=by)
    assert told() == ["write.unknown"]


def test_a_write_that_ended_well_or_was_refused_alarms_nobody(write, sandbox, told):
    write(put(IVAN, ANNA))
    sandbox.fail("422", method="PUT")
    with pytest.raises(ListInvalid):
        write(put(ANNA, IVAN))
    assert told() == []


def test_a_write_that_could_not_be_noted_is_told(write, black, told, caplog):
    with failing("UPDATE .*ended_at"), pytest.raises(NotNoted):
        write(put(IVAN, ANNA))
    assert told() == ["write.not_noted"]
    assert of(caplog, "write.not_noted")["list"] == black


def test_an_operation_that_is_partly_done_is_told_with_how_much_is_left(
    by, sandbox, account, black, told, caplog
):
    source = ListEntry(
        sandbox.add_list(
            account, name="Источник", contacts=[{"name": "Спам", "phones": ["79990000001"]}]
        ),
        "Источник",
        "black",
    )
    target = ListEntry(black, "Чёрный список 1", "black")
    whole = moving.move(by.api.get_list(source.id).contacts, source, target, by=by)
    sandbox.fail("422", method="PUT", path=f"contact-lists/{black}")
    operations.carry_out(whole, by=by)
    assert told() == ["operation.partial"]
    fields = of(caplog, "operation.partial")
    assert fields == {"entry": whole.pk, "action": "move", "lists": 2, "open": 2}
    operations.carry_out(whole, by=by)
    assert told() == ["operation.partial"]


def test_a_token_that_is_refused_is_told_the_first_time(as_manager, manager, sandbox, told, caplog):
    sandbox.fail("401", times=None)
    for _ in range(3):
        as_manager.get("/lists/")
    assert told() == ["token.refused"]
    assert of(caplog, "token.refused") == {"user": manager.pk}


def test_a_token_that_no_key_opens_is_told(manager, told, caplog):
    Credential.objects.update(sealed_token="nonsense")
    manager.refresh_from_db()
    with pytest.raises(CredentialUnreadable):
        credentials.connection_of(manager)
    assert told() == ["token.unreadable"]
    assert of(caplog, "token.unreadable") == {"user": manager.pk}


def test_a_lock_of_signing_in_is_told_once_and_then_that_it_holds(db, told):
    UserFactory(username="anna")
    guess_often(7)
    assert told() == ["sign_in.failed"] * 4 + ["sign_in.locked"] + ["sign_in.refused"] * 2


def test_what_a_stranger_sends_is_one_line_without_a_traceback(as_anonymous, told, caplog):
    as_anonymous.get("/", headers={"Host": "evil.example" + "x" * 500})
    as_anonymous.post("/login/", b"x", content_type="multipart/form-data; boundary=")
    assert told() == ["request.refused"] * 2
    ours = [record for record in caplog.records if getattr(record, "event", "")]
    assert all(record.exc_info is None for record in ours)
    assert max(len(record.getMessage()) for record in ours) < 200


def test_the_documents_have_every_event():
    text = (ROOT / "docs/operations.md").read_text()
    events_of = text.partition("### Events")[2].partition("### Metrics")[0]
    table = set(re.findall(r"^\| `([a-z_.]+)` \|", events_of, re.MULTILINE))
    names = {value for name, value in vars(events).items() if name.isupper()}
    assert table == names

"""What is stored survives the way up, and the way back down."""

import json

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = "0008_lock_token", "0010_unblock_requests_back"
BEFORE_NAMES, NAMES = "0010_unblock_requests_back", "0011_names"
BEFORE_REASONS, REASONS = "0012_operations", "0013_overview"
OLD = {
    "account": "4821",
    "username": "support",
    "asked_at": "2026-11-24T10:00:00Z",
    "reason": "Спам",
}


def migrate(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("lists", name)])
    return executor.loader.project_state([("lists", name)]).apps


def migrate_to_the_latest():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("lists"))


@pytest.mark.django_db(transaction=True)
def test_requests_to_unblock_come_and_go_without_touching_requests_to_block():
    try:
        old = migrate(BEFORE).get_model("lists", "BlockRequest").objects
        old.create(**OLD, numbers="101", list_id=11, form_token="1")
        apps = migrate(AFTER)
        new = apps.get_model("lists", "BlockRequest").objects
        assert new.values_list("kind", "list_id", "left_in", "state").get() == (
            "block",
            11,
            "",
            "open",
        )
        unblock = new.create(**OLD, numbers="102", kind="unblock", list_id=None, form_token="2")
        new.create(**OLD, numbers="103", list_id=None, form_token="3")
        back = new.create(**OLD, numbers="104", list_id=11, state="withdrawn", form_token="4")
        entries = apps.get_model("lists", "JournalEntry").objects
        for asked, action in ((unblock, "ask"), (back, "ask"), (back, "withdraw")):
            entries.create(
                account="4821",
                started_at=OLD["asked_at"],
                action=action,
                request=asked,
                outcome="confirmed",
            )
        apps = migrate(BEFORE)
        old = apps.get_model("lists", "BlockRequest").objects.order_by("form_token")
        assert list(old.values_list("numbers", "list_id", "state")) == [
            ("101", 11, "open"),
            ("103", 0, "open"),
            ("104", 11, "declined"),
        ]
        entries = apps.get_model("lists", "JournalEntry").objects
        assert list(entries.values_list("request_id", "action")) == [(back.pk, "ask")]
    finally:
        migrate_to_the_latest()


def contact(name):
    return {"name": name, "phones": ["101"]}


@pytest.mark.django_db(transaction=True)
def test_old_entries_of_the_journal_are_found_by_name_from_then_on():
    written = {
        "a contact": {
            "change": json.dumps(
                {"contacts": [{"before": contact("Алёна"), "after": contact("ПЁТР Иванов")}]}
            ),
        },
        "a contact added": {
            "change": json.dumps({"contacts": [{"before": None, "after": contact("Вера")}]})
        },
        "a list renamed": {"change": json.dumps({"name": ["Спам", "Мошенники"]})},
        "a list of another type": {"change": json.dumps({"type": ["black", "white"]})},
        "a list deleted": {
            "whole_list": json.dumps({"name": "Спам", "contacts": [contact("Он"), contact("")]})
        },
        "a long and odd name": {
            "whole_list": json.dumps({"name": "Спам", "contacts": [contact("\0" + "Я" * 300)]})
        },
        "a request": {},
    }
    try:
        entries = migrate(BEFORE_NAMES).get_model("lists", "JournalEntry").objects
        common = {"account": "4821", "started_at": OLD["asked_at"], "outcome": "confirmed"}
        for what, fields in written.items():
            entries.create(**common, username=what, list_name="Чёрный", **fields)
        entries.create(**common, username="nothing", list_name="")
        entries = migrate(NAMES).get_model("lists", "JournalEntry").objects
        names = {
            entry.username: sorted(entry.names.values_list("name", flat=True))
            for entry in entries.all()
        }
        assert names == {
            "a contact": ["алена", "петр иванов", "черный"],
            "a contact added": ["вера", "черный"],
            "a list renamed": ["мошенники", "спам", "черный"],
            "a list of another type": ["черный"],
            "a list deleted": ["он", "черный"],
            "a long and odd name": ["черный", "я" * 200],
            "a request": ["черный"],
            "nothing": [],
        }
    finally:
        migrate_to_the_latest()


@pytest.mark.django_db(transaction=True)
def test_old_requests_are_found_by_their_reason_from_then_on():
    try:
        apps = migrate(BEFORE_REASONS)
        requests = apps.get_model("lists", "BlockRequest").objects
        entries = apps.get_model("lists", "JournalEntry").objects
        common = {"account": "4821", "started_at": OLD["asked_at"], "outcome": "confirmed"}
        for reason in ("Звонит НОЧЬЮ, ещё и днём", ""):
            asked = requests.create(**OLD | {"reason": reason}, numbers="101", form_token=reason)
            entries.create(**common, username=reason, action="ask", request=asked)
        entries.create(**common, username="a write", action="add")
        names = migrate(REASONS).get_model("lists", "JournalName").objects
        assert list(names.values_list("entry__username", "name")) == [
            ("Звонит НОЧЬЮ, ещё и днём", "звонит ночью, еще и днем")
        ]
    finally:
        migrate_to_the_latest()

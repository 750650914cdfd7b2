"""What is stored survives the way up, and the way back down."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE, AFTER = "0008_lock_token", "0010_unblock_requests_back"
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
        migrate(AFTER)

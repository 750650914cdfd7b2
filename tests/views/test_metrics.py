"""What monitoring reads: metrics, and the details of readiness, for nobody without its token."""

import subprocess
import sys

import pytest
from axes.models import AccessAttempt
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from lists.models import Outcome
from lists.services import monitoring
from lists.telemetry import reachability
from lists.views import health
from tests.factories import JournalEntryFactory
from tests.serving import ROOT, environment
from tests.trouble import failing

TOKEN = "monitoring-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def on(settings):
    settings.METRICS, settings.METRICS_TOKEN = True, TOKEN


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": f"Bearer {TOKEN}ё".encode().decode("latin-1")},
    ],
)
def test_a_stranger_gets_no_metrics(as_anonymous, as_manager, on, headers):
    for client in (as_anonymous, as_manager):
        answer = client.get("/metrics", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.content == b"token"


def test_nobody_gets_metrics_that_are_off_and_none_without_a_token(as_anonymous, settings):
    settings.METRICS_TOKEN = TOKEN
    assert as_anonymous.get("/metrics", headers=BEARER).status_code == 404
    settings.METRICS, settings.METRICS_TOKEN = True, ""
    assert as_anonymous.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


def test_metrics_tell_what_is_open_in_the_journal_and_who_is_locked_out(
    as_anonymous, manager, on, settings
):
    for outcome in (Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.IN_DOUBT, Outcome.CONFIRMED):
        JournalEntryFactory(
            account=manager.credential.account, outcome=outcome, list_id=outcome == "in_doubt"
        )
    AccessAttempt.objects.create(
        username="anna",
        ip_address="203.0.113.7",
        failures_since_start=settings.LOGIN_ATTEMPTS,
        attempt_time=timezone.now(),
    )
    answer = as_anonymous.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert 'plusofon_admin_journal_open{kind="unknown"} 2.0' in lines
    assert 'plusofon_admin_journal_open{kind="in_doubt"} 1.0' in lines
    assert 'plusofon_admin_sign_ins_locked{kind="name"} 1.0' in lines
    assert 'plusofon_admin_sign_ins_locked{kind="address"} 0.0' in lines
    assert any(line.startswith("plusofon_admin_build_info{") for line in lines)
    assert "anna" not in answer.content.decode()


def test_what_the_process_knows_is_told_while_the_database_fails(db):
    with failing("journalentry"):
        assert monitoring.counts() == {}


def test_without_metrics_nothing_of_them_is_imported(tmp_path):
    """Neither the package, nor what uses it."""
    asked = "import sys, django; django.setup(); from plusofon_admin import urls, server;"
    asked += " print([name for name in sys.modules if 'prometheus' in name])"
    for metrics, imported in (("False", False), ("True", True)):
        env = environment(tmp_path, "http://127.0.0.1:9", METRICS=metrics, METRICS_TOKEN=TOKEN)
        done = subprocess.run(
            [sys.executable, "-c", asked],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        assert ("prometheus_client" in done.stdout) == imported


class TestReadiness:
    @pytest.fixture(autouse=True)
    def _fresh(self, monkeypatch):
        monkeypatch.setattr(health, "_last", health.LastWrite())
        monkeypatch.setattr(reachability, "_last", reachability.Reachability())

    def test_its_details_are_for_monitoring_alone(self, as_anonymous, as_manager, settings):
        settings.METRICS_TOKEN = TOKEN
        for client in (as_anonymous, as_manager):
            assert client.get("/readyz").content == b"ok"
        told = as_anonymous.get("/readyz", headers=BEARER)
        assert told.json() == {"database": "ok", "migrations": "ok", "plusofon": "not asked yet"}

    def test_a_plusofon_that_does_not_answer_is_a_detail(
        self, as_anonymous, as_manager, sandbox, settings
    ):
        settings.METRICS_TOKEN = TOKEN
        as_manager.get("/lists/")
        told = as_anonymous.get("/readyz", headers=BEARER).json()
        assert told["plusofon"].startswith("answered at 20")
        sandbox.fail("503", times=None)
        as_manager.get("/lists/")
        sandbox.clear_calls()
        answer = as_anonymous.get("/readyz", headers=BEARER)
        assert answer.status_code == 200
        assert answer.json()["plusofon"].startswith("does not answer since 20")
        assert sandbox.calls == []  # it is not asked for that

    def test_missing_migrations_are_not_ready(self, as_anonymous, settings):
        settings.METRICS_TOKEN = TOKEN
        applied = MigrationRecorder(connection)
        last = max(name for app, name in applied.applied_migrations() if app == "lists")
        applied.record_unapplied("lists", last)
        answer = as_anonymous.get("/readyz")
        assert (answer.status_code, answer.content) == (503, b"migrations")
        assert as_anonymous.get("/readyz", headers=BEARER).json()["migrations"] == "missing"

    def test_a_database_that_fails_is_not_ready(self, as_anonymous, settings):
        settings.METRICS_TOKEN = TOKEN
        with failing("django_session"):
            assert as_anonymous.get("/readyz").content == b"database"
            told = as_anonymous.get("/readyz", headers=BEARER)
        assert told.status_code == 503
        assert told.json()["database"] == "fails"
        assert told.json()["migrations"] == "not known"

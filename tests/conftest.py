"""The stand-in for the API over real HTTP, people, and browsers that lint what they load."""

import threading
import time
from contextlib import nullcontext
from pathlib import Path

import hypothesis
import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from lists import bulkhead, connection, database, hints
from lists.sandbox import Sandbox, serve
from lists.services import side_by_side

from .client import signed_in
from .factories import ContactPayloadFactory, CredentialFactory, UserFactory
from .people import OWNER

TESTS = Path(__file__).parent
hypothesis.settings.register_profile(
    "any machine", deadline=None
)  # how long an example takes is no property
hypothesis.settings.load_profile("any machine")
MANAGER_TOKEN, SUPPORT_TOKEN, STRANGER_TOKEN = "manager-token", "support-token", "stranger-token"


# Pages and processes run the inner layers too, but take twice as long when each of their lines is counted: what
# those layers must have run through is run through by the tests beside these.
UNCOUNTED = ("browser", "processes", "views")
UNCOUNTED_HERE = {
    *("test_access.py", "test_demo_month.py", "test_headers.py", "test_sandbox.py"),
    *("test_server.py", "test_setup.py", "test_templates.py", "test_weight.py"),
}
COUNTED_VIEWS = {
    *("test_connection.py", "test_deciding.py", "test_journal.py", "test_lists.py"),
    *("test_choosing.py", "test_importing.py", "test_merging.py", "test_requests.py"),
    *("test_metrics.py", "test_restore.py"),
}


def pytest_collection_modifyitems(items):
    for item in items:
        part = item.path.relative_to(TESTS).parts
        is_counted = (
            part[-1] in COUNTED_VIEWS if part[0] in UNCOUNTED else part[0] not in UNCOUNTED_HERE
        )
        if not is_counted:
            item.add_marker("no_cover")
        if part[0] == "processes":
            item.add_marker("alone")


@pytest.fixture(scope="session")
def sandbox_server():
    with serve(Sandbox()) as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server, settings, monkeypatch):
    """A fresh stand-in: one account with two tokens, another of strangers, both without lists."""
    fresh = Sandbox()
    fresh.add_account(token=MANAGER_TOKEN, owner=OWNER)
    fresh.add_account(token=SUPPORT_TOKEN, owner=OWNER)
    fresh.add_account(token=STRANGER_TOKEN)
    sandbox_server.app = fresh
    settings.PLUSOFON_API_URL = sandbox_server.url
    settings.PLUSOFON_TIMEOUT = settings.PLUSOFON_WRITE_TIMEOUT = 3.0
    cache.clear()
    connection.breaker_of.cache_clear()
    hints.hints_of.cache_clear()
    # A stream that a test leaves unread keeps its seat.
    monkeypatch.setattr(bulkhead, "upstream", bulkhead.Bulkhead(bulkhead.seats_of(16)))
    monkeypatch.setattr(bulkhead, "scans", bulkhead.Bulkhead(6))
    # A test runs in one transaction, of which other threads see nothing. Many at once: see
    # services/test_side_by_side.py, and tests/processes.
    monkeypatch.setattr(side_by_side, "WRITES_AT_ONCE", 1)
    yield fresh
    fresh.release()


@pytest.fixture(autouse=True)
def _uploads_of_its_own(settings, tmp_path):
    """No test leaves a file behind, or finds one of another."""
    settings.UPLOADS_DIR = tmp_path / "uploads"


@pytest.fixture
def most_at_once(sandbox):
    """Asks how many reads the stand-in has had under way at once; makes each take a moment."""
    running, most, guard = 0, 0, threading.Lock()

    def enter():
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with guard:
            running -= 1

    sandbox.before("GET", "contact-lists", enter, times=None)
    return lambda: most


@pytest.fixture
def account():
    """The owner's id of the manager's and the support's account."""
    return OWNER["id"]


@pytest.fixture
def black(sandbox, account):
    """A list of three contacts: one with an odd number and an unknown field."""
    return sandbox.add_list(
        account,
        name="Чёрный список 1",
        type="black",
        contacts=[
            ContactPayloadFactory(name="Иван Иванов", phones=["79998887766", "79992223300"]),
            ContactPayloadFactory(name="Пётр Петров", phones=["8 (812) 333-44-55"], note="vip"),
            ContactPayloadFactory(name="АТС", phones=["7999*", "101"]),
        ],
    )


@pytest.fixture
def manager(db):
    user = UserFactory(username="manager", group="Managers")
    CredentialFactory(user=user, token=MANAGER_TOKEN)
    return user


@pytest.fixture
def support(db):
    user = UserFactory(username="support", group="Support")
    CredentialFactory(user=user, token=SUPPORT_TOKEN)
    return user


@pytest.fixture
def anna(db):
    """Another manager of the same account."""
    user = UserFactory(username="anna", group="Managers")
    CredentialFactory(user=user, token=MANAGER_TOKEN)
    return user


@pytest.fixture
def stranger(db):
    """A manager of another account."""
    user = UserFactory(username="stranger", group="Managers")
    CredentialFactory(user=user, token=STRANGER_TOKEN, account="another")
    return user


@pytest.fixture
def api(sandbox):
    """The API as the manager's token sees it."""
    return connection.open_api(token=MANAGER_TOKEN, client_id="10553", account="4821")


@pytest.fixture
def by(api, manager):
    """The manager at work."""
    return connection.Connection(api, manager, "4821")


@pytest.fixture
def as_manager(manager, sandbox):
    return signed_in(manager)


@pytest.fixture
def as_support(support, sandbox):
    return signed_in(support)


@pytest.fixture
def as_anonymous(db, sandbox):
    return signed_in()


@pytest.fixture
def outside_transactions(monkeypatch):
    """The transaction in which each test runs does not count as one, nor is it spoilt by an error or
    ended by closing its connection."""
    monkeypatch.setattr(database, "_is_in_transaction", lambda _: False)
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    monkeypatch.setattr(transaction, "mark_for_rollback_on_error", lambda using: nullcontext())

"""A real Chromium before the real thing: the server with production settings, over the stand-in.

CHROMIUM names the browser (empty: Playwright's own). SHOTS names a folder for pictures of each page.
"""

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from lists.sandbox import Sandbox, serve
from tests.people import OWNER
from tests.serving import environment, manage, prepare, serving
from tests.signed_in import SESSION_OF

PASSWORD = "browser-tests"
PATIENCE = 15_000  # ms until something has to be there: a busy machine takes its time
expect.set_options(timeout=PATIENCE)
# Chromium calls home at every start unless told not to; as root it has no sandbox of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PEOPLE = (
    SESSION_OF
    + """
sessions = {}
for name, group in (("manager", "Managers"), ("support", "Support"), ("newcomer", "Managers")):
    user = User.objects.create_user(name, password="browser-tests")
    user.groups.add(Group.objects.get(name=group))
    if name != "newcomer":
        credentials.connect(by=user, token=f"{name}-token", client_id="10553")
        sessions[name] = [session_of(user) for _ in range(300)]
User.objects.create_superuser("staff", password="browser-tests")
User.objects.create_user("mover", password="browser-tests")
print(json.dumps(sessions))
"""
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


def fresh_sandbox():
    sandbox = Sandbox()
    for token in ("manager-token", "support-token", "newcomer-token"):
        sandbox.add_account(token=token, owner=OWNER)
    return sandbox


@pytest.fixture(scope="session")
def sandbox_server():
    with serve(fresh_sandbox()) as server:
        yield server


@pytest.fixture(scope="session")
def dashboard(sandbox_server, tmp_path_factory):
    """The address of the dashboard, and sessions of its people, one for each time that somebody signs in."""
    folder = tmp_path_factory.mktemp("dashboard")
    env = environment(folder, sandbox_server.url)
    prepare(env)
    sessions = json.loads(manage(env, "shell", "-v0", "-c", PEOPLE))
    with serving(folder, env) as url:
        yield url, {name: iter(keys) for name, keys in sessions.items()}


@pytest.fixture(scope="module")
def chromium():
    # Not for the session: its event loop would stay in the thread, and Django's database refuse it.
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or None
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def sandbox(sandbox_server):
    fresh = fresh_sandbox()
    sandbox_server.app = fresh
    yield fresh
    fresh.release()


hundreds = itertools.count(100, 100)


@pytest.fixture
def black(sandbox):
    contacts = [
        {"name": "Иван Иванов", "phones": ["79998887766", "79992223300"]},
        {"name": "Пётр Петров", "phones": ["8 (812) 333-44-55"]},
        {"name": "ООО «Ромашка» <script>", "phones": ["101", "49301234567"]},
    ]
    # The dashboard's journal outlives a test: no two of them have a list in common.
    first = next(hundreds)
    sandbox.add_list(4821, name="Белый список 1", type="white", id=first)
    return sandbox.add_list(4821, name="Чёрный список 1", contacts=contacts, id=first + 1)


class Person:
    """Somebody at a browser. `problems` collects whatever the browser complains of; `judged`: the states that were
    looked at, and in what widths and colours."""

    judged: ClassVar[set[tuple[str, int, str]]] = set()

    def __init__(self, page: Page, url: str, sessions: dict[str, Iterator[str]]) -> None:
        self.page, self.url, self.sessions = page, url, sessions
        self.problems: list[str] = []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message):
        # Refused saves are answered with 4xx on purpose, and Chromium calls each an error.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(message.text)

    def goto(self, path):
        return self.page.goto(self.url + path)

    def sign_in(self, name):
        """As if the password had been checked, which takes its time."""
        session = {"name": "sessionid", "value": next(self.sessions[name]), "url": self.url}
        self.page.context.add_cookies([session])
        self.goto("/lists/")
        return self

    def sign_in_by_password(self, name):
        self.goto("/login/")
        self.page.fill("#id_username", name)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url("**/overview/")
        return self

    def look(self, name):
        """Check what stands there now with axe, and take a picture of it where wanted."""
        page = self.page
        page.wait_for_load_state()
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.problems.append(f"{name}: wider than the window")
        scheme = page.evaluate(
            "matchMedia('(forced-colors: active)').matches ? 'forced' :"
            " matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
        )
        if folder := os.environ.get("SHOTS"):
            size = page.viewport_size["width"]
            lang = page.evaluate("document.documentElement.lang")
            page.screenshot(path=Path(folder) / f"{name}-{lang}-{size}-{scheme}.png")
        # To judge colours takes most of the time, and they are the same in each language.
        is_new = (seen := (name, page.viewport_size["width"], scheme)) not in self.judged
        self.judged.add(seen)
        rules = {"color-contrast": {"enabled": is_new}}
        results = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
        self.problems += [
            f"{name}: {found['id']}: {found['nodes'][0]['html'][:200]}"
            for found in results.response["violations"]
        ]

    def focused(self):
        return self.page.evaluate("document.activeElement.outerHTML")


@pytest.fixture
def person(chromium, dashboard, sandbox):
    """Opens browsers; afterwards none of them may have complained."""
    contexts, people = [], []

    def open_browser(*, locale="ru-RU", width=1280, **options):
        # Without motion: half-faded words have no contrast, and axe is right to say so.
        context = chromium.new_context(
            locale=locale,
            viewport={"width": width, "height": 800},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        people.append(Person(context.new_page(), *dashboard[:2]))
        return people[-1]

    yield open_browser
    for context in contexts:
        context.close()
    for somebody in people:
        assert somebody.problems == []

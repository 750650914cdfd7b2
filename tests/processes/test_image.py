"""The image, built step by step in an empty folder (`tests/image.py`), started and asked whether it is well."""

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.image import build, context
from tests.serving import free_port
from tests.test_setup import LOCKS, PRODUCTION, ROOT

SECRETS = {name: PRODUCTION[name] for name in ("SECRET_KEY", "CREDENTIAL_KEYS")}
# What somebody gives it who reads the README and nothing else.
GIVEN = {**SECRETS, "ALLOWED_HOSTS": "admin.example.ru", "PYTHONWARNINGS": "error"}


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return build(tmp_path_factory.mktemp("image"))


def run(image, *command, **options):
    return subprocess.run(
        command,
        cwd=image.workdir,
        env={**image.environment(), **GIVEN},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_it_is_migrated_started_well_and_stopped(image):
    migrated = run(image, "python", "manage.py", "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    port = free_port()
    asking = [part.replace(":8000/", f":{port}/") for part in image.healthcheck]
    assert f":{port}/" in asking[-1]
    with subprocess.Popen(
        [*image.command, "--port", str(port)],
        cwd=image.workdir,
        env={**image.environment(), **GIVEN},
    ) as server:
        try:
            assert any(is_well(image, asking) for _ in range(20))
        finally:
            server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert not is_well(image, asking)


def is_well(image, asking):
    """What Docker asks, a second later."""
    time.sleep(1)
    return run(image, *asking, timeout=10).returncode == 0


def test_it_has_what_it_needs_and_nothing_else(image):
    released = run(image, "python", "manage.py", "check", "--database", "default", "--deploy")
    assert released.returncode == 0, released.stderr
    commands = run(image, "python", "manage.py", "help", "--commands").stdout.split()
    assert {"serve", "settle_journal"} <= set(commands)
    assert not {"demo", "sandbox"} & set(commands)
    for package in ("lists.sandbox", "tests", "pytest", "ruff", "mozilla_django_oidc"):
        assert run(image, "python", "-c", f"import {package}").returncode == 1, package
    assert {path.name for path in image.workdir.iterdir()} == {
        *("manage.py", "docs", "lists", "plusofon_admin"),
        *("templates", "static", "staticfiles", "var"),
    }


def test_it_holds_no_secret_of_its_making(image):
    made = re.findall(r"(?:SECRET_KEY|CREDENTIAL_KEYS)=(\S+)", (ROOT / "Dockerfile").read_text())
    assert made
    assert not {"SECRET_KEY", "CREDENTIAL_KEYS"} & set(image.env)
    started = subprocess.run(
        [*image.command],
        cwd=image.workdir,
        env=image.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr.startswith("SECRET_KEY is not set")


def test_either_list_of_packages_can_be_chosen():
    sent = {str(path) for path in context()}
    assert set(LOCKS[:2]) <= sent
    assert LOCKS[2] not in sent


def test_hadolint_finds_no_fault():
    hadolint = Path(sys.executable).parent / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is not there for this kind of machine")
    judged = subprocess.run([hadolint, "Dockerfile"], capture_output=True, text=True, check=False)
    assert (judged.returncode, judged.stdout) == (0, "")

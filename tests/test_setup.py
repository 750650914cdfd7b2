"""Setting it up: variables, secrets, pinned packages and the image."""

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from plusofon_admin import __version__

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"(?P<name>[a-z0-9._-]+)(?:\[(?P<extras>[a-z0-9,._-]+)\])?==\S+ \\")
# Each has all of the one before.
LOCKS = ["requirements.txt", "requirements-oidc.txt", "requirements-dev.txt"]
PRODUCTION = {
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "CREDENTIAL_KEYS": "A" * 43 + "=",
    "DEBUG": "False",
    "HTTPS_ONLY": "True",
    "ALLOWED_HOSTS": "admin.example.ru",
    "DATABASE_URL": "sqlite://:memory:",
    "DJANGO_SETTINGS_MODULE": "plusofon_admin.settings",
}


def in_production(**changes):
    """The environment of a server. An empty value also keeps a developer's `.env` out."""
    return {**os.environ, **PRODUCTION, **changes}


def manage(*arguments, **changes):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=in_production(**changes),
        capture_output=True,
        text=True,
        check=False,
    )


def read_by_settings():
    """Every name that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "plusofon_admin/settings.py").read_text())
    names = set()
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        asks = (
            isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "env"
        ) or (isinstance(call.func, ast.Name) and call.func.id == "secret")
        first = call.args[0] if call.args else None
        if asks and isinstance(first, ast.Constant) and str(first.value).isupper():
            names.add(first.value)
    return names


def example():
    lines = (ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))


def tracked_files():
    """What is in the repository, or would be after `git add`."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no checkout")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def test_the_example_names_exactly_the_variables_that_the_settings_read():
    assert set(example()) == read_by_settings()


def test_the_example_holds_no_secret():
    assert example()["SECRET_KEY"] == example()["CREDENTIAL_KEYS"] == ""


def test_every_variable_of_the_example_is_explained():
    blocks = (ROOT / ".env.example").read_text().split("\n\n")
    unexplained = [
        block
        for block in blocks
        if re.search(r"^[A-Z_]+=", block, re.MULTILINE) and not block.lstrip().startswith("#")
    ]
    assert not unexplained


def test_a_server_starts_with_the_example_and_two_secrets():
    secrets = {name: PRODUCTION[name] for name in ("SECRET_KEY", "CREDENTIAL_KEYS")}
    checked = manage("check", **{**example(), **secrets})
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "CREDENTIAL_KEYS"])
def test_a_missing_secret_stops_the_start_with_a_sentence_that_names_it(name):
    started = manage("check", **{name: ""})
    assert started.returncode == 1
    sentence = f"{name} is not set, nor is {name}_FILE. Make one with: python -c"
    assert started.stderr.startswith(sentence)


def test_secrets_may_be_files(tmp_path):
    changes = {}
    for name in ("SECRET_KEY", "CREDENTIAL_KEYS", "DATABASE_URL"):
        file = tmp_path / name
        file.write_text(f"{PRODUCTION[name]}\n")
        changes |= {name: "", f"{name}_FILE": str(file)}
    show = "s.SECRET_KEY, *s.CREDENTIAL_KEYS, s.DATABASES['default']['NAME']"
    code = f"--command=from django.conf import settings as s; print({show})"
    asked = manage("shell", "--verbosity=0", code, **changes)
    secrets = [PRODUCTION["SECRET_KEY"], PRODUCTION["CREDENTIAL_KEYS"]]
    assert asked.stdout.split() == [*secrets, ":memory:"], asked.stderr


def test_the_deployment_check_is_clean_in_production():
    checked = manage("check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("value", ["", "staticfiles"])
def test_static_files_are_never_served_from_the_root_of_the_project(value):
    """Else `/static/.env` would be everybody's."""
    asked = manage(
        "shell",
        "--verbosity=0",
        "--command=from django.conf import settings; print(settings.STATIC_ROOT)",
        STATIC_ROOT=value,
    )
    assert asked.stdout.strip() == str(ROOT / "staticfiles"), asked.stderr


@pytest.mark.parametrize("value", ["", "True"])
def test_other_hosts_of_the_domain_are_made_https_only_where_that_is_asked_for(value):
    code = "from django.conf import settings as s;print(s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD)"
    asked_for = {"HSTS_SUBDOMAINS": value, "HSTS_PRELOAD": value} if value else {}
    asked = manage("shell", "--verbosity=0", f"--command={code}", **asked_for)
    assert asked.stdout.split() == [str(bool(value))] * 2, asked.stderr


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_pinned_with_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    packages = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert packages
    assert all(PIN.fullmatch(package) for package in packages)
    assert text.count(" \\\n    --hash=sha256:") >= len(packages)
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)


def pinned(text):
    """The packages of a lock: their names, each with the extras that are pinned with it."""
    return {
        canonicalize_name(pin["name"]): set((pin["extras"] or "").split(","))
        for pin in map(PIN.fullmatch, text.splitlines())
        if pin
    }


def extras_asked_for():
    """What pyproject.toml and the packages that are installed ask of others beyond the plain package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for package in importlib.metadata.distributions():
        asked += package.requires or []
    for line in asked:
        requirement = Requirement(line)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and requirement.extras:
            yield canonicalize_name(requirement.name), requirement.extras


def unpinned_extras(text):
    """Where pip 23 stops with "must have their versions pinned": newer ones hide it."""
    pins = pinned(text)
    return {
        f"{name}[{','.join(sorted(extras))}]"
        for name, extras in extras_asked_for()
        if name in pins and not extras <= pins[name]
    }


@pytest.mark.parametrize("name", LOCKS)
def test_every_extra_that_a_package_asks_for_is_pinned_with_it(name):
    assert unpinned_extras((ROOT / name).read_text()) == set()


def test_a_lock_without_its_extras_is_refused():
    stripped = re.sub(r"\[[a-z,]+\]==", "==", (ROOT / "requirements-dev.txt").read_text())
    assert unpinned_extras(stripped) >= {"coverage[toml]", "psycopg[binary]"}


def test_the_lists_of_packages_agree():
    smallest, larger, largest = (
        set(re.findall(r"^\S+==\S+", (ROOT / name).read_text(), re.MULTILINE)) for name in LOCKS
    )
    assert smallest < larger < largest


def test_what_runs_says_the_version_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert __version__ == project["version"]


def test_no_file_names_a_path_of_somebodys_machine():
    forbidden = re.compile(r"(?<![\w.:/-])/(?:root|home|Users)/\w")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked_files()
        for match in forbidden.finditer(path.read_text(errors="ignore"))
    ]
    assert not found


def test_the_image_runs_as_nobody_special_and_is_watched():
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
    last = stages[-1]
    assert len(stages) > 1
    users = re.findall(r"^USER (\S+)", last, re.MULTILINE)
    assert users
    assert users[-1].split(":")[0] not in {"root", "0"}
    assert last.rindex("\nUSER ") < last.rindex("\nCMD ")
    assert re.search(r"^HEALTHCHECK (?!NONE).*", last, re.MULTILINE)
    assert "/healthz" in last
    assert "--require-hashes" in stages[0]


def test_the_image_has_the_documents_that_pages_show():
    assert "\nCOPY docs/limits*.md docs/\n" in (ROOT / "Dockerfile").read_text()
    assert "!docs/limits*.md" in (ROOT / ".dockerignore").read_text().splitlines()
    assert len(list((ROOT / "docs").glob("limits*.md"))) == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PLUSOFON_LATE_WRITE": "20"}, "PLUSOFON_LATE_WRITE (20 s) is shorter"),
        ({"PLUSOFON_WRITE_TIMEOUT": "90"}, "PLUSOFON_LATE_WRITE (60 s) is shorter"),
        ({"PLUSOFON_CALLS_AT_ONCE": "0"}, "PLUSOFON_CALLS_AT_ONCE is 0. Make it 1 or more"),
        ({"LOGIN_ATTEMPTS": "0"}, "LOGIN_ATTEMPTS is 0. Make it 1 or more"),
        ({"SESSION_HOURS": "-1"}, "SESSION_HOURS is -1. It has to be"),
    ],
)
def test_settings_that_contradict_a_promise_stop_the_start_with_a_sentence(changes, sentence):
    started = manage("check", **changes)
    assert started.returncode != 0
    assert sentence in started.stderr


def test_settings_at_the_edge_are_accepted():
    edge = {"PLUSOFON_LATE_WRITE": "30", "PLUSOFON_CALLS_AT_ONCE": "1"}
    started = manage("check", **edge)
    assert started.returncode == 0, started.stderr

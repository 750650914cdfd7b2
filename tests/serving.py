"""The dashboard as in production, for tests: `manage.py serve` in processes of its own, over the stand-in."""

import atexit
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from cryptography.fernet import Fernet

ROOT = Path(__file__).parent.parent
SQLITE = "sqlite:///"
MIGRATE_AND_COLLECT = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0)
"""


def environment(folder, sandbox_url, **changed):
    """The settings of production but for https, with secrets of nobody."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "plusofon_admin.settings",
        "SECRET_KEY": "tests-" + "x" * 50,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"{SQLITE}{folder / 'db.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "UPLOADS_DIR": str(folder / "uploads"),
        "PLUSOFON_API_URL": sandbox_url,
        "PLUSOFON_TIMEOUT": "2",
        "PLUSOFON_WRITE_TIMEOUT": "2",
        "SANDBOX": "True",
        "HTTPS_ONLY": "False",
        "DEBUG": "False",
        "ALLOWED_HOSTS": "127.0.0.1",
        **changed,
    }


def manage(env, *command):
    """Run a command of manage.py; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


@cache
def _made_once():
    """A folder with a migrated SQLite and the collected files, for all servers that this process starts."""
    folder = Path(tempfile.mkdtemp(prefix="made-once-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    manage(environment(folder, "http://127.0.0.1:9"), "shell", "-v0", "-c", MIGRATE_AND_COLLECT)
    return folder


def prepare(env):
    """What this dashboard needs before it is served: its tables, and the collected files."""
    made = _made_once()
    Path(env["STATIC_ROOT"]).symlink_to(made / "static")
    if not env["DATABASE_URL"].startswith(SQLITE):
        manage(env, "migrate", "-v0")
        return
    own = env["DATABASE_URL"].removeprefix(SQLITE)
    Path(own).touch(mode=0o600)  # as the dashboard makes it
    with (
        closing(sqlite3.connect(made / "db.sqlite3")) as source,
        closing(sqlite3.connect(own)) as copy,
    ):
        source.backup(copy)


@contextmanager
def serving(folder, env, *, workers=1):
    """The address under which `manage.py serve` serves the dashboard for as long as the block lasts."""
    with served(folder, env, "--workers", str(workers)) as server:
        yield server.url


@dataclass(frozen=True)
class Server:
    url: str
    port: int
    process: subprocess.Popen
    log: Path


@contextmanager
def served(folder, env, *options, port=None):
    """`manage.py serve` with these options, when it answers."""
    port = port or free_port()
    log = folder / "log"
    command = [sys.executable, "manage.py", "serve", "--port", str(port), *options]
    with log.open("wb") as output:
        child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", child, log)
        yield Server(f"http://127.0.0.1:{port}", port, child, log)
    finally:
        child.terminate()
        child.wait()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def _wait_for(url, child, log):
    with httpx.Client(trust_env=False) as probe:
        for _ in range(300):
            assert child.poll() is None, log.read_text()
            try:
                if probe.get(url).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
    raise AssertionError("the dashboard did not start")


def megabytes_of_servers():
    """Of this process's children and theirs, as Linux counts what is resident."""
    children = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            rows = dict(row.split(":", 1) for row in status.read_text().splitlines() if ":" in row)
        except OSError:
            continue  # it has ended
        children[int(rows["PPid"])].append((int(rows["Pid"]), rows.get("VmRSS", "0 kB")))

    def below(process):
        for child, resident in children[process]:
            yield int(resident.split()[0])
            yield from below(child)

    return sum(below(os.getpid())) // 1024

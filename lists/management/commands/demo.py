"""`make demo`: the sandbox and the dashboard over it, with two people and a month of their work, until Ctrl-C.

The sandbox runs in this process. The dashboard is served as in production (`manage.py serve`) in a
process of its own, with secrets and a database that nobody keeps.
"""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lists.management.demo_month import live
from lists.sandbox import DEMO_TOKENS, Sandbox, serve
from lists.services import credentials

PASSWORD = "plusofon-demo"  # noqa: S105 - it opens nothing but made-up data
PEOPLE = {"manager": "Managers", "support": "Support"}
COLLEAGUES = {
    "manager2": "manager",
    "support2": "support",
}  # each with the group and the token of whom
SECONDS_TO_START = 60
SECONDS_TO_STOP = 5

READY = """
Plusofon Admin is ready:  {url}
Plusofon Admin готов:     {url}

  manager / {password}    changes lists     меняет списки
  support / {password}    looks up          смотрит и ищет

Log: {log}
Ctrl-C stops it and forgets everything.  Ctrl-C останавливает и всё забывает.
"""


class Command(BaseCommand):
    help = "Serve the dashboard over made-up data until interrupted. Started by `make demo`."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        # How this command calls itself, with the settings of the demo.
        parser.add_argument("--prepare", action="store_true", help=SUPPRESS)

    def handle(self, *args: Any, host: str, port: int, prepare: bool, **options: Any) -> None:
        if prepare:
            prepare_database_and_files()
            return
        stop_on_signals()
        with suppress(KeyboardInterrupt):
            self.run(host, port)

    def run(self, host: str, port: int) -> None:
        with (
            reserved(host, port) as address,
            TemporaryDirectory(prefix="plusofon-demo-") as directory,
            serve(Sandbox.seeded()) as sandbox,
        ):
            log = Path(directory) / "server.log"
            env = environment(directory, host=host, sandbox_url=sandbox.url)
            prepare_apart(env, log)
            with dashboard(address, env, log) as server:
                port = address.getsockname()[1]
                address.close()
                wait_until_ready(server, host, port, log)
                url = f"http://{name_of(host)}:{port}/"
                self.stdout.write(READY.format(url=url, password=PASSWORD, log=log))
                self.stdout.flush()
                server.wait()
                raise ended(log)


def stop_on_signals() -> None:
    """A stopped service or a closed terminal ends the demo as Ctrl-C does, and only once: a second
    signal must not cut the tidying short."""
    stopping = [
        number
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) is not signal.SIG_IGN  # as `nohup` wishes
    ]

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in stopping:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in stopping:
        signal.signal(number, stop)


@contextmanager
def reserved(host: str, port: int) -> Iterator[socket.socket]:
    """The address, ours from the first moment. Nobody is let in there before the server listens."""
    with socket.socket() as address:
        address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            address.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({getattr(error, 'strerror', None) or error})."
                " Choose another port: make demo PORT=8010"
            ) from error
        yield address


def environment(directory: str, *, host: str, sandbox_url: str) -> dict[str, str]:
    """The settings of the demo. What the machine or `.env` says otherwise does not count."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "plusofon_admin.settings",
        "DEBUG": "False",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{directory}/db.sqlite3",
        "STATIC_ROOT": f"{directory}/static",
        # Who opens it to the network may call this machine by any name.
        "ALLOWED_HOSTS": "localhost,127.0.0.1" if host in ("localhost", "127.0.0.1") else "*",
        "HTTPS_ONLY": "False",
        "TRUST_PROXY": "False",
        "PLUSOFON_API_URL": sandbox_url,
        "PLUSOFON_CLIENT_ID": "10553",
        "SANDBOX": "True",
    }


def prepare_apart(env: dict[str, str], log: Path) -> None:
    """`prepare_database_and_files`, in a process that has the demo's settings."""
    with log.open("wb") as output:
        prepared = subprocess.run(
            [sys.executable, "manage.py", "demo", "--prepare"],
            env=env,
            stdout=output,
            stderr=output,
            check=False,
        )
    if prepared.returncode:
        raise CommandError(f"The demo could not be prepared:\n{tail(log)}")


def prepare_database_and_files() -> None:
    """Tables, hashed files, and people who are connected to the sandbox, with a month of work behind them."""
    if not settings.SANDBOX:
        raise CommandError("People with a known password are only made beside the sandbox.")
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    live(connected_people())


def connected_people() -> dict[str, User]:
    """By their usernames: two who sign in, and colleagues of theirs whom nobody can sign in as."""
    people = {
        username: connected(username, like=username, password=PASSWORD) for username in PEOPLE
    }
    return people | {
        username: connected(username, like=like) for username, like in COLLEAGUES.items()
    }


def connected(username: str, *, like: str, password: str | None = None) -> User:
    """Somebody with the group and the token of `like`."""
    user = User.objects.create_user(username, password=password)
    user.groups.add(Group.objects.get(name=PEOPLE[like]))
    token = DEMO_TOKENS[like]
    credentials.connect(by=user, token=token, client_id=settings.PLUSOFON_CLIENT_ID)
    return user


@contextmanager
def dashboard(
    address: socket.socket, env: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The server, as in production, for as long as the block lasts."""
    with log.open("ab") as output:
        server = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "serve"),
                *("--workers", "1", "--fd", str(address.fileno())),
            ],
            env=env,
            pass_fds=[address.fileno()],
            stdout=output,
            stderr=output,
        )
    try:
        yield server
    finally:
        # Ctrl-C has told it already: told again, it does not wait for the calls in flight.
        server.send_signal(signal.SIGINT)
        try:
            server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            # Its worker notices within a second that it is alone, and ends.
            server.kill()
            server.wait()


def wait_until_ready(server: subprocess.Popen[bytes], host: str, port: int, log: Path) -> None:
    ends = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < ends:
        if server.poll() is not None:
            raise ended(log)
        if is_healthy(name_of(host), port):
            return
        time.sleep(0.05)
    raise CommandError(f"It does not answer after {SECONDS_TO_START} seconds:\n{tail(log)}")


def is_healthy(host: str, port: int) -> bool:
    # Past any proxy that the environment names.
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def name_of(host: str) -> str:
    """By what name this machine reaches what listens on `host`."""
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104


def ended(log: Path) -> CommandError:
    return CommandError(f"The dashboard ended by itself. The end of its log:\n{tail(log)}")


def tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])

"""`make demo`: the sandbox and the dashboard, with two people in it, on this machine only."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from lists.plusofon.sandbox import DEMO_TOKENS, Sandbox, serve
from lists.services import credentials

PASSWORD = "plusofon-demo"  # noqa: S105 - it opens nothing but made-up data
PEOPLE = {"manager": "Managers", "support": "Support"}
STARTS_WITHIN = 30  # seconds


class Command(BaseCommand):
    help = "Serve the dashboard over made-up data until interrupted. Started by `make demo`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("The demo wants its own environment: start it with `make demo`.")
        _must_be_free(host, port)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        api = urlsplit(settings.PLUSOFON_API_URL)
        with serve(Sandbox.seeded(), port=api.port or 0):
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            for name, group in PEOPLE.items():
                _connected_person(name, group)
            with _dashboard(host, port) as child:
                self.stdout.write(_welcome(f"http://{host}:{port}/"))
                child.wait()
                raise CommandError("The dashboard has ended by itself; its words are above.")


def _must_be_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host}:{port}: {error.strerror}. Try PORT=8010 make demo"
            ) from error


def _connected_person(name: str, group: str) -> None:
    person, _ = User.objects.get_or_create(username=name)
    person.set_password(PASSWORD)
    person.save()
    person.groups.set([Group.objects.get(name=group)])
    credentials.connect(by=person, token=DEMO_TOKENS[name], client_id=settings.PLUSOFON_CLIENT_ID)


@contextmanager
def _dashboard(host: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real thing: gunicorn, as the Dockerfile starts it. Ready to answer when this enters."""
    command = ["-m", "gunicorn", "-c", "plusofon_admin/gunicorn.py", "--workers", "1"]
    quiet = ["--bind", f"{host}:{port}", "--log-level", "warning", "--access-logfile", "/dev/null"]
    child = subprocess.Popen([sys.executable, *command, *quiet, "plusofon_admin.wsgi"])
    try:
        _wait_until_healthy(f"http://{host}:{port}/healthz", child)
        yield child
    except KeyboardInterrupt:
        pass
    finally:
        child.terminate()
        child.wait()


def _wait_until_healthy(url: str, child: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while child.poll() is None and time.monotonic() < ends:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CommandError("The dashboard did not start; its words are above.")


def _welcome(url: str) -> str:
    logins = "\n".join(f"  {name:8} {PASSWORD}" for name in PEOPLE)
    return f"\nPlusofon Admin is ready / готов к работе: {url}\n{logins}\nCtrl-C ends it.\n"

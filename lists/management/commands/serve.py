"""`manage.py serve`: the dashboard as in production. The image, the demo and the tests start it this way.

This process becomes gunicorn's (plusofon_admin/server.py): it keeps its id, and gets the signals. SIGTERM
and Ctrl-C stop it when the calls in flight have their answers, SIGHUP starts its processes anew.
"""

import os
import socket
import sys
from argparse import SUPPRESS, ArgumentParser
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

BACKLOG = 1024


class Command(BaseCommand):
    help = "Serve the dashboard as in production, in the foreground, until SIGTERM or Ctrl-C."
    requires_system_checks = []  # `handle` makes them, with those of the database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=settings.WORKERS, help="processes")
        parser.add_argument("--threads", type=int, default=settings.THREADS, help="of each process")
        # An address that whoever starts this has bound already, instead of host and port.
        parser.add_argument("--fd", type=int, help=SUPPRESS)

    def handle(
        self,
        *args: Any,
        host: str,
        port: int,
        workers: int,
        threads: int,
        fd: int | None,
        **options: Any,
    ) -> None:
        settings.WORKERS, settings.THREADS = workers, threads  # what is checked is what will serve
        self.check(databases=["default"])
        connections.close_all()
        if fd is None:
            fd = listening(host, port)
        become_gunicorn(fd, workers=workers, threads=threads)


def listening(host: str, port: int) -> int:
    """The address, ours from here on. Raises `CommandError` where it is another's."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as address:
        address.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            address.bind((host, port))
            address.listen(BACKLOG)
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({getattr(error, 'strerror', None) or error})."
                " Choose another address with --host and --port."
            ) from error
        return address.detach()


def become_gunicorn(fd: int, *, workers: int, threads: int) -> NoReturn:
    os.set_inheritable(fd, True)
    configuration = settings.BASE_DIR / "plusofon_admin" / "server.py"
    command = [
        *(sys.executable, "-m", "gunicorn", "--config", str(configuration)),
        *("--bind", f"fd://{fd}", "--workers", str(workers), "--threads", str(threads)),
    ]
    environment = {
        # Of glibc: what takes a megabyte goes back to the system at once. By itself it would keep tens of
        # megabytes for each thread that has once read a large answer.
        "MALLOC_MMAP_THRESHOLD_": str(2**20),
        **os.environ,
        # It is started from anywhere, as manage.py is, and its configuration imports what this process can.
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        # For the settings of the processes that serve.
        "WORKERS": str(workers),
        "THREADS": str(threads),
    }
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is wanted

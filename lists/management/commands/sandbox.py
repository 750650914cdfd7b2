"""`manage.py sandbox`: the stand-in for Plusofon's API over HTTP, with the demo's data."""

import signal
import threading
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lists.sandbox import DEMO_TOKENS, Sandbox, Server, serve
from lists.sandbox.command_line import parse_fault, parse_seconds


class Command(BaseCommand):
    help = "Serve a stand-in for Plusofon's API, with realistic data, until interrupted."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001, help="0 takes any free port")
        parser.add_argument(
            "--latency", default="0", metavar="SECONDS", help="before each answer: 0.05 or 50ms"
        )
        parser.add_argument(
            "--fail",
            action="append",
            default=[],
            metavar="FAULT",
            help='"[METHOD ]KIND[*TIMES]", for example "PUT 500*3"; without TIMES always. May be'
            " repeated. A wrong KIND shows all of them.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            latency = parse_seconds(options["latency"])
            orders = [parse_fault(text) for text in options["fail"]]
        except ValueError as error:
            raise CommandError(str(error)) from error
        sandbox = Sandbox.seeded()
        sandbox.latency = latency
        for order in orders:
            sandbox.fail(order.kind, method=order.method, times=order.times)
        # A service manager's way of saying Ctrl-C.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with (
                suppress(KeyboardInterrupt),
                serve(sandbox, host=options["host"], port=options["port"]) as server,
            ):
                self._announce(server)
                threading.Event().wait()
        except OSError as error:
            raise CommandError(
                f"Cannot listen on {options['host']}:{options['port']}: {error.strerror}"
            ) from error

    def _announce(self, server: Server) -> None:
        self.stdout.write(f"The sandbox answers at {server.url}/api/v1 (Client: 10553)")
        for who, token in DEMO_TOKENS.items():
            self.stdout.write(f"  {who:<10} {token}")
        self.stdout.flush()

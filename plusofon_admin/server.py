"""The server: gunicorn keeps the processes, waitress takes requests in and gives answers out.

`manage.py serve` starts gunicorn with this module as its configuration; what is lower case and public here
is a setting of gunicorn's. Why these two: docs/decisions/0001-server.md.
"""

import gc
import logging.config
import os
import resource
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError, get_header_lines
from waitress.server import TcpWSGIServer, create_server
from waitress.task import ErrorTask, WSGITask

from lists.telemetry import context
from plusofon_admin.access_log import Logged

wsgi_app = "plusofon_admin.wsgi"
worker_class = "plusofon_admin.server.BufferingWorker"

# Who is beyond that in one process waits to be accepted. A connection costs little; with its buffers on disk
# it is up to three files.
worker_connections = 1000

# Saving waits up to 30 s for another's lock and up to 10 s for its turn to call Plusofon, then it reads
# (15 s), writes (30 s) and reads back (15 s). Whoever stops or restarts the server gives it that time to
# end, or an outcome stays unknown.
graceful_timeout = 130

# A process whose loop has not turned for so many seconds is replaced. Threads may take longer.
timeout = 60

# Workers prove that they live by touching a file: on a busy disk that could block them.
_memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
if _memory:
    worker_tmp_dir = _memory

# Nobody manages it through a socket in a home directory, which a container may not even have.
control_socket_disable = True

SECONDS_TO_SEND = 60  # a request, from its first byte to its last
SECONDS_TO_BEGIN = 1  # of whoever came in while it is being stopped
SECONDS_IDLE = 75  # longer than a proxy keeps a connection to be used again
LARGEST_HEAD = 64 * 1024  # bytes: the address and all headers
LARGEST_BODY = 32 * 1024 * 1024
IN_MEMORY = 64 * 1024  # bytes of a body; the rest is on disk
# So much of an answer may wait for whoever reads slowly, beyond the first megabyte on disk: more would hold
# the thread.
ANSWER_WAITING = 256 * 1024 * 1024
NEW_VALUES = 50_000
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # which prometheus_client looks for as it is imported


class GunicornLogger(Logger):
    """gunicorn's lines look as all others do, its first ones too."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        logging.config.dictConfig(settings.LOGGING)
        self.error_log.handlers.clear()
        self.error_log.setLevel(logging.NOTSET)
        self.error_log.propagate = True


logger_class = GunicornLogger


def when_ready(arbiter: Arbiter) -> None:
    """A first Ctrl-C stops as SIGTERM does, a second at once."""
    arbiter.handle_int = arbiter.handle_term


def on_starting(_arbiter: Arbiter) -> None:
    """A folder for the numbers of all processes, before any of them starts: in memory, where that can be."""
    if settings.METRICS:
        folder = tempfile.mkdtemp(prefix="plusofon-admin-metrics-", dir=_memory)
        os.environ.update({METRICS_FOLDER: folder})


def child_exit(_arbiter: Arbiter, worker: Worker) -> None:
    """What it had under way is not under way any more; what it has counted stays."""
    if settings.METRICS:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_arbiter: Arbiter) -> None:
    if settings.METRICS:
        shutil.rmtree(os.environ.pop(METRICS_FOLDER), ignore_errors=True)


def post_worker_init(_worker: Worker | None) -> None:
    """Numbers are sampled, where they are wanted. And garbage is looked for less often: a list of thousands makes
    as many values, none of them in a cycle, and by itself Python goes through all of them again with every seven
    hundred."""
    if settings.METRICS:
        from lists.telemetry import metrics

        metrics.keep_sampling()
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_VALUES, 20, 50)


class Request(HTTPRequestParser):
    """Knows when it began, and is refused where two ends of its body are told."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        # waitress takes it away from whoever may use it: then the version is too old for it.
        if "TRANSFER_ENCODING" in self.headers or (
            self.chunked and "CONTENT_LENGTH" in self.headers
        ):
            raise ParsingError("Transfer-Encoding beside Content-Length, or in HTTP/1.0")
        if any(times > 1 for times in _times_of_sso_headers(header_plus)):
            raise ParsingError("a header of the single sign-on came more than once")

    @property
    def is_overdue(self) -> bool:
        return time.monotonic() - self.began > SECONDS_TO_SEND


def _times_of_sso_headers(head: bytes) -> Iterator[int]:
    """How often each came: joined by waitress, groups that a stranger adds would look like the proxy's own."""
    names = [
        line.partition(b":")[0].lower() for line in get_header_lines(head.partition(b"\r\n")[2])
    ]
    for header in filter(None, (settings.SSO_HEADER, settings.SSO_GROUPS_HEADER)):
        yield names.count(header.lower().encode())


class Closing(Logged):
    """Whoever is answered while it is being stopped asks no more."""

    def build_response_header(self) -> bytes:
        if not self.channel.server.accepting:
            self.set_close_on_finish()
        return bytes(super().build_response_header())


class Answer(Closing, WSGITask):
    def get_environment(self) -> dict[str, Any]:
        return {**super().get_environment(), context.ENVIRON: self.about}

    @property
    def has_body(self) -> bool:
        return bool(super().has_body) and self.request.command != "HEAD"

    # Django renders the page for HEAD too; that it is left out is nothing to warn of.
    logged_write_no_body = True


class Refusal(Closing, ErrorTask):
    """What no part of Django sees goes out with the safety headers of everything else."""

    def execute(self) -> None:
        self.response_headers.append((context.HEADER, self.about.id))
        self.response_headers.extend(_safety_headers())
        super().execute()


def _safety_headers() -> Iterator[tuple[str, str]]:
    yield from settings.RESPONSE_HEADERS.items()
    yield "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"
    yield "X-Frame-Options", settings.X_FRAME_OPTIONS
    if settings.SECURE_HSTS_SECONDS:
        subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
        preload = "; preload" if settings.SECURE_HSTS_PRELOAD else ""
        yield (
            "Strict-Transport-Security",
            f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}{preload}",
        )


class Connection(HTTPChannel):
    parser_class = Request
    task_class = Answer
    error_task_class = Refusal

    @property
    def is_answering(self) -> bool:
        return bool(self.requests or self.total_outbufs_len)

    @property
    def is_fresh(self) -> bool:
        """It may be about to ask."""
        return bool(time.time() - self.last_activity < SECONDS_TO_BEGIN)

    @property
    def is_overdue(self) -> bool:
        return self.request is not None and not self.requests and self.request.is_overdue


class BufferingWorker(Worker):
    """waitress in a process of gunicorn's.

    One loop takes every request in as a whole before it gets a thread, and gives every answer out: whoever
    sends or reads slowly holds a connection and no thread.
    """

    def init_signals(self) -> None:
        super().init_signals()
        # Ctrl-C in a terminal reaches every process.
        signal.signal(signal.SIGINT, self.handle_exit)

    def run(self) -> None:
        _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
        connections: dict[int, wasyncore.dispatcher] = {}
        server = self._create_server(connections)
        while self.alive and os.getppid() == self.ppid:
            self._turn(server, connections)
        wasyncore.dispatcher.close(server)  # nobody new; whoever is here gets the answer
        stopped = time.monotonic()
        while (waited := time.monotonic() - stopped) < self.cfg.graceful_timeout and any(
            connection.is_answering or (connection.is_fresh and waited < SECONDS_TO_BEGIN)
            for connection in server.active_channels.values()
        ):
            self._turn(server, connections)
            server.maintenance(time.time())

    def _create_server(self, connections: dict[int, wasyncore.dispatcher]) -> TcpWSGIServer:
        (listener,) = self.sockets
        server = create_server(
            self.wsgi,
            map=connections,
            sockets=[listener.sock],
            threads=self.cfg.threads,
            backlog=self.cfg.backlog,
            connection_limit=self.cfg.worker_connections,
            channel_timeout=SECONDS_IDLE,
            cleanup_interval=1,
            # Reading on while it answers is how it notices that somebody has left: a stream ends then.
            channel_request_lookahead=1,
            max_request_header_size=LARGEST_HEAD,
            max_request_body_size=LARGEST_BODY,
            inbuf_overflow=IN_MEMORY,
            outbuf_high_watermark=ANSWER_WAITING,
            asyncore_use_poll=True,  # select ends at 1024 files
            # Whose X-Forwarded-* headers are believed is Django's business (TRUST_PROXY).
            clear_untrusted_proxy_headers=False,
            # Taken off an address that begins with it: a proxy may have done that already.
            url_prefix=settings.BASE_PATH,
            ident=None,
        )
        server.channel_class = Connection
        return server

    def _turn(self, server: TcpWSGIServer, connections: dict[int, wasyncore.dispatcher]) -> None:
        self.notify()
        wasyncore.loop(timeout=1, use_poll=True, map=connections, count=1)
        for connection in list(server.active_channels.values()):
            # waitress would wait until it may write: never, where nobody reads.
            if connection.is_overdue or connection.will_close:
                connection.handle_close()

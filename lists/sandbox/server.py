"""The stand-in over real HTTP: kept-alive connections, and connections that break."""

import io
import socket
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIEnvironment

from .app import Sandbox
from .faults import CutConnection

CLOSING_SECONDS = 5.0


@contextmanager
def serve(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> Iterator["Server"]:
    """Serve `sandbox` in the background for as long as the block lasts. Port 0: any free one.

    Leaving the block is prompt even while calls hang. OSError where the port is taken.
    """
    server = Server(sandbox, host, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        server.close_connections()


class Server(ThreadingHTTPServer):
    """`url`: where it listens, without a slash at the end. `app`: may be set between two calls."""

    daemon_threads = True
    request_queue_size = 128  # a full queue costs a client a second

    def __init__(self, sandbox: Sandbox, host: str, port: int) -> None:
        self._app = sandbox
        self._changed = threading.Condition()
        self._connections: set[socket.socket] = set()
        super().__init__((host, port), Handler)
        self.url = f"http://{host}:{self.server_port}"

    @property
    def app(self) -> Sandbox:
        return self._app

    @app.setter
    def app(self, sandbox: Sandbox) -> None:
        """Calls that still hang in the last one are ended."""
        self._app, last = sandbox, self._app
        last.release()

    def server_bind(self) -> None:
        # HTTPServer would look up the host's full name, which takes seconds where there is no DNS.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.server_address[:2]  # type: ignore[assignment]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._connections.discard(request)
            self._changed.notify_all()

    def close_connections(self) -> None:
        """End what is under way or kept alive, and wait for it."""
        ends = time.monotonic() + CLOSING_SECONDS
        with self._changed:
            while self._connections and time.monotonic() < ends:
                for connection in self._connections:
                    with suppress(OSError):  # it may be gone by now
                        connection.shutdown(socket.SHUT_RDWR)
                self._app.release()
                self._changed.wait(0.05)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection. The head and the first piece of a body leave in one write."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def answer(self) -> None:
        """Pass one request to the app; `CutConnection` closes the connection where it stands."""
        if "Transfer-Encoding" in self.headers:
            self.send_error(411)  # and close: the body has no end that we would find
            return
        started: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _: object = None
        ) -> Callable[[bytes], object]:
            started.append(self._head(status, headers))
            return self.wfile.write

        try:
            for chunk in self.server.app(self._environ(), start_response):
                self.wfile.write(b"".join(started) + chunk)
                started.clear()
            if started:
                self.wfile.write(started[0])
        except (CutConnection, ConnectionError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing: `Sandbox.calls` knows."""

    def _head(self, status: str, headers: list[tuple[str, str]]) -> bytes:
        # A body without a length ends with its connection.
        self.close_connection |= not any(name == "Content-Length" for name, _ in headers)
        lines = [
            f"{self.protocol_version} {status}",
            "Server: nginx",
            f"Date: {self.date_time_string()}",
            *(f"{name}: {value}" for name, value in headers),
            f"Connection: {'close' if self.close_connection else 'keep-alive'}",
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _environ(self) -> WSGIEnvironment:
        path, _, query = self.path.partition("?")
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": self.server.server_name,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": self.request_version,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": self.rfile,
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
        return environ

"""One line a request, whoever answers it: which page, how it ended, and what was done for it.

A query string carries numbers and names, and so does the address of the page before (the referrer): the line
has neither, and the path as it was sent, so that no `%0a` in it begins another line.
"""

import logging
import re
import time
from typing import Any

from django.conf import settings
from waitress.channel import ClientDisconnected
from waitress.task import Task

from lists.telemetry import context
from lists.telemetry.context import RequestContext
from lists.telemetry.observing import Answered, observe

log = logging.getLogger("plusofon_admin.access")


class Logged(Task):
    """An answer with its line in the log, once its last byte is handed over or nobody takes it."""

    about: RequestContext
    sent = 0  # bytes of the body

    def write(self, data: bytes) -> None:
        super().write(data)
        self.sent += len(data)

    def service(self) -> None:
        foreign = self.request.headers.get("X_REQUEST_ID")
        self.about = RequestContext(context.id_of(foreign, is_trusted=settings.TRUST_PROXY))
        context.begin(self.about)
        has_left = False
        try:
            super().service()
        except ClientDisconnected:
            has_left = True
            raise
        finally:
            # Else it was a defect, and is answered by another task.
            if self.wrote_header or has_left:
                self.log_answer(has_left=has_left)
            context.end()

    def log_answer(self, *, has_left: bool) -> None:
        about, seconds = self.about, time.time() - self.start_time
        status = int(self.status.split()[0])
        method = getattr(self.request, "command", None) or "-"
        path = re.split(r"[?#]", getattr(self.request, "request_uri", "-"), maxsplit=1)[0]
        path = ascii(path)[1:-1]
        if not about.route:  # anything may have been typed there
            path = re.sub("[0-9]", "#", path)
        observe(Answered(about.route, method, status, seconds))
        if not log.isEnabledFor(logging.INFO):
            return
        client, milliseconds = self.channel.addr[0], round(seconds * 1000)
        with about.lock:
            done = fields_of(about)
        fields = {
            "client": client,
            "method": method,
            "path": path,
            "status": status,
            "ms": milliseconds,
            "bytes": self.sent,
            **({"has_left": True} if has_left else {}),
            **done,
        }
        text = '%s "%s %s" %d %d ms%s%s'
        left = ", left before its end" if has_left else ""
        told = (client, method, path, status, milliseconds, left, text_of(about))
        log.info(text, *told, extra={"fields": fields})


def fields_of(about: RequestContext) -> dict[str, Any]:
    """What was done for a request, as values; without what did not occur."""
    fields: dict[str, Any] = {}
    if about.route:
        fields["route"] = about.route
    if about.user_id is not None:
        fields["user"] = about.user_id
    if about.calls:
        fields["upstream"] = {
            "calls": about.calls.total(),
            "ms": round(about.call_seconds * 1000),
            "outcomes": dict(about.calls),
            "retries": about.retries,
            "waits": about.waits,
            "waited_ms": round(about.wait_seconds * 1000),
        }
    if about.writes:
        fields["writes"] = dict(about.writes)
    return fields


def text_of(about: RequestContext) -> str:
    """The same in words, behind the line."""
    parts = []
    if about.user_id is not None:
        parts.append(f"user {about.user_id}")
    if about.calls:
        outcomes = _counted(about.calls)
        parts.append(f"calls {outcomes} in {about.call_seconds * 1000:.0f} ms")
    if about.retries:
        parts.append(f"retries {about.retries}")
    if about.waits:
        parts.append(f"waited {about.wait_seconds * 1000:.0f} ms")
    if about.writes:
        parts.append(f"writes {_counted(about.writes)}")
    return "".join(f", {part}" for part in parts)


def _counted(outcomes: dict[str, int]) -> str:
    return " ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))

"""How a line of the log looks, whichever process and package writes it: text to read, or JSON to collect.

A record may have `event`, a name that stays (`lists.telemetry.events`), and `fields`, values beside its message.
"""

import json
import logging
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lists.telemetry.context import request_id

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
# No id, port or time has so many digits in a row; every whole telephone number has.
WHOLE_NUMBER = re.compile(r"[0-9]{10,}")


def masked(text: str) -> str:
    """Without whole numbers: an error of a package may quote what somebody typed, and so may an address."""
    return WHOLE_NUMBER.sub("[number]", text)


class Line(logging.Formatter):
    """Times are ISO 8601 in one zone (`TIME_ZONE`) with its offset."""

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = ZoneInfo(zone)

    def formatTime(  # noqa: N802
        self, record: logging.LogRecord, datefmt: str | None = None
    ) -> str:
        at = datetime.fromtimestamp(record.created, self.zone)
        return at.isoformat(timespec="milliseconds")


class Text(Line):
    """What somebody sent never begins a line of its own; a traceback below the line keeps its lines. The id
    of a request stays whole: a proxy's may have many digits in a row, and people read it out to be found here."""

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return masked(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return masked(stack_info)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        of_request = f" [{own}]" if (own := request_id()) else ""
        event = f"{event}: " if (event := getattr(record, "event", "")) else ""
        head = f"{self.formatTime(record)} {record.levelname} {record.name}:"
        return f"{head} {event}{masked(record.message)}{of_request}".translate(CONTROLS)


class Json(Line):
    """One object a line. A traceback is a text in it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "event": getattr(record, "event", "") or None,
            "request_id": request_id() or None,
            "message": masked(record.getMessage()),
            **{name: _safe(value) for name, value in getattr(record, "fields", {}).items()},
            "pid": record.process,
            "thread": record.threadName,
        }
        if record.exc_info:
            line["traceback"] = masked(self.formatException(record.exc_info))
        told = {name: value for name, value in line.items() if value is not None}
        return json.dumps(told, default=str)


def _safe(value: object) -> object:
    return masked(value) if isinstance(value, str) else value


class SaidOnce(logging.Filter):
    """Leaves out what Django says besides our own lines: of every answer above 399, and with a traceback of what a
    stranger sent. What is left of it are defects, with theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "django.request":
            return getattr(record, "status_code", None) == 500
        return not (record.name.startswith("django.security.") and record.exc_info)

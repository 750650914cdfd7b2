"""A line of the log is one line, whoever wrote what is in it."""

import logging
import sys

from django.conf import settings
from django.utils.module_loading import import_string


def line(record):
    """As the console of production shows it."""
    options = settings.LOGGING["formatters"]["line"]
    formatter = import_string(options["()"])(fmt=options["format"], style=options["style"])
    return formatter.format(record)


def record(message, *args, exc_info=None):
    return logging.LogRecord("lists", logging.INFO, "", 0, message, args, exc_info)


def test_what_somebody_typed_begins_no_line():
    text = line(record("Login failed: %s", "eve\r\n2026-01-01 INFO forged\x1b[2J\u2028\x85ж"))
    assert text.endswith("Login failed: eve\\x0d\\x0a2026-01-01 INFO forged\\x1b[2J\\x2028\\x85ж")
    assert len(text.splitlines()) == 1


def test_a_traceback_keeps_its_lines():
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        text = line(record("Broken", exc_info=sys.exc_info()))
    assert len(text.splitlines()) > 2

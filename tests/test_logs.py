"""A line of the log is one line, whoever wrote what is in it, and holds no whole number."""

import json
import logging
import re
import sys

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from lists.telemetry import context, events
from plusofon_admin.logs import SaidOnce

FORGED = "eve\r\n2026-01-01 INFO forged\x1b[2J\u2028\x85ж"


@pytest.fixture(autouse=True)
def _outside_of_requests():
    context.end()


def line(record, form="text"):
    """As the console of production shows it."""
    options = dict(settings.LOGGING["formatters"][form])
    return import_string(options.pop("()"))(**options).format(record)


def record(message, *args, exc_info=None, name="lists", **extra):
    made = logging.LogRecord(name, logging.INFO, "", 0, message, args, exc_info)
    vars(made).update(extra)
    return made


@pytest.fixture
def of_request():
    context.begin(context.RequestContext("bcdfghjkmnpq"))
    yield "bcdfghjkmnpq"
    context.end()


def broken():
    try:
        int("79998887766 is no number")
    except ValueError:
        return sys.exc_info()


def test_what_somebody_typed_begins_no_line():
    text = line(record("Login failed: %s", FORGED))
    assert text.endswith("Login failed: eve\\x0d\\x0a2026-01-01 INFO forged\\x1b[2J\\x2028\\x85ж")
    assert len(text.splitlines()) == 1


def test_a_line_of_json_is_one_line_and_reads_as_it_was_typed():
    text = line(record("Login failed: %s", FORGED), "json")
    assert len(text.splitlines()) == 1
    assert text.isascii()
    assert json.loads(text)["message"] == f"Login failed: {FORGED}"


def test_a_traceback_keeps_its_lines_and_is_a_text_in_json():
    assert len(line(record("Broken", exc_info=broken())).splitlines()) > 2
    told = json.loads(line(record("Broken", exc_info=broken()), "json"))
    assert "ValueError: " in told["traceback"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_whole_number_is_in_no_line(form):
    fields = {"path": "/lists/79998887766/", "list": 5}
    text = line(record("GET %s", "/8/79998887766", exc_info=broken(), fields=fields), form)
    assert "9998887766" not in text
    assert "[number]" in text


@pytest.mark.parametrize("form", ["text", "json"])
def test_time_is_iso_8601_in_the_zone_of_the_settings(form):
    made = record("x")
    made.created = 1790000000.25
    assert "2026-09-21T17:13:20.250+03:00" in line(made, form)


def test_every_line_of_a_request_has_its_id(of_request):
    assert line(record("x")).endswith(f"INFO lists: x [{of_request}]")
    assert json.loads(line(record("x"), "json"))["request_id"] == of_request
    context.end()
    assert line(record("x")).endswith("INFO lists: x")
    assert "request_id" not in json.loads(line(record("x"), "json"))


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_proxys_id_is_found_as_it_is_read_out_however_many_digits_it_has(form):
    theirs = "4bf92f3577b31234567890123d0e0e47"
    context.begin(context.RequestContext(theirs))
    assert theirs in line(record("GET %s", "/8/79998887766", exc_info=broken()), form)


def test_an_event_has_its_name_and_its_values(caplog):
    events.warn(events.WRITE_UNKNOWN, entry=12, list=5)
    (made,) = caplog.records
    assert line(made).endswith("WARNING lists.events: write.unknown: entry=12 list=5")
    told = json.loads(line(made, "json"))
    assert (told["event"], told["entry"], told["list"]) == ("write.unknown", 12, 5)


@pytest.mark.parametrize(
    ("name", "extra", "is_said"),
    [
        ("django.request", {"status_code": 404}, False),
        ("django.request", {"status_code": 503}, False),
        ("django.request", {"status_code": 500}, True),
        ("django.security.DisallowedHost", {"exc_info": broken()}, False),
        ("django.security.csrf", {}, True),
        ("lists", {"exc_info": broken()}, True),
    ],
)
def test_what_our_own_lines_say_is_not_said_again(name, extra, is_said):
    assert SaidOnce().filter(record("x", name=name, **extra)) == is_said


def test_an_id_is_of_letters_that_are_read_out_and_ours_unless_a_proxy_is_trusted():
    assert re.fullmatch("[bcdfghjkmnpqrstv]{12}", context.new_id())
    theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
    assert context.id_of(theirs, is_trusted=True) == theirs
    refused = [None, "", "79998887766", "a" * 65, theirs + "\n", f"{theirs}, {theirs}", "<" * 20]
    for foreign in refused:
        assert context.id_of(foreign, is_trusted=True) != foreign
    assert context.id_of(theirs, is_trusted=False) != theirs

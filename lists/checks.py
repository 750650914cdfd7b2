"""Settings that cannot work, said before the start: system checks, which `manage.py check` makes.

A sentence names a variable and never a secret. What a release lacks: `release_checks`.
"""

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.urls import URLPattern, URLResolver, get_resolver

from . import encryption

SETTINGS = "settings"  # the tag of what depends on variables alone
SHORTEST_TOKEN = 16  # letters
LONGEST_KEPT = 36_500  # days
# Nothing that a browser or a proxy would rewrite.
PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
# Settings that have to be at least so much, and why.
LEAST = {
    "CONTACTS_PER_PAGE": (1, "a page with fewer shows nothing"),
    "PLUSOFON_CALLS_AT_ONCE": (1, "with less nothing is ever read"),
    "WORKERS": (1, "with less nobody answers"),
    "THREADS": (4, "with fewer, pages that wait for Plusofon leave none for the others"),
    "LOGIN_ATTEMPTS": (1, "with less nobody gets in"),
    "LOGIN_ATTEMPTS_OF_ADDRESS": (1, "with less nobody gets in"),
    "PROXY_COUNT": (0, "0 believes no proxy"),
    "JOURNAL_KEEP_DAYS": (0, "0 keeps all"),
}
# Those that have to be more than nothing, and of what.
DURATIONS = {
    "PLUSOFON_TIMEOUT": "seconds",
    "PLUSOFON_WRITE_TIMEOUT": "seconds",
    "PLUSOFON_LATE_WRITE": "seconds",
    "LOGIN_LOCK_MINUTES": "minutes",
    "SESSION_HOURS": "hours",
    "SESSION_IDLE_MINUTES": "minutes",
}


@register(SETTINGS)
def variables_are_readable(**kwargs: Any) -> list[CheckMessage]:
    return [Error(sentence, id="lists.E001") for sentence in settings.UNREADABLE]


@register(SETTINGS, Tags.security)
def credential_keys_are_keys(**kwargs: Any) -> list[CheckMessage]:
    faulty = ", ".join(map(str, encryption.malformed_keys()))
    if not faulty:
        return []
    return [
        Error(
            f"CREDENTIAL_KEYS is malformed: no. {faulty} between the commas is not a key.",
            hint="Take out what is not a key, a comma at the end too. Make a key with: python -c 'from"
            " cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
            id="lists.E002",
        )
    ]


@register(SETTINGS)
def numbers_make_sense(**kwargs: Any) -> list[CheckMessage]:
    return [Error(sentence, id="lists.E003") for sentence in _senseless_numbers()]


@register(SETTINGS, Tags.security)
def api_address_works(**kwargs: Any) -> list[CheckMessage]:
    fault = _fault_of_address(settings.PLUSOFON_API_URL)
    if fault:
        hint = "The address of Plusofon's API is https://restapi.plusofon.ru."
        return [Error(f"PLUSOFON_API_URL {fault}.", hint=hint, id="lists.E004")]
    return []


@register(SETTINGS)
def client_id_can_be_sent(**kwargs: Any) -> list[CheckMessage]:
    code = settings.PLUSOFON_CLIENT_ID
    if code.isascii() and code.isalnum():
        return []
    hint = "It is 10553 for everybody."
    return [Error("PLUSOFON_CLIENT_ID is not a client code.", hint=hint, id="lists.E005")]


@register(SETTINGS, Tags.security)
def hosts_can_match(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = [
        Error(f"ALLOWED_HOSTS has “{host}”, which {fault}.", id="lists.E006")
        for host in settings.ALLOWED_HOSTS
        if (fault := _fault_of_host(host))
    ]
    if not settings.ALLOWED_HOSTS and not settings.DEBUG:
        empty = "ALLOWED_HOSTS is empty: every request would be refused."
        hint = "Name the hosts under which the dashboard is reached, separated by commas."
        found.append(Error(empty, hint=hint, id="lists.E006"))
    if "*" in settings.ALLOWED_HOSTS and not settings.DEBUG:
        every = "ALLOWED_HOSTS has “*”: a request may claim any name for the dashboard."
        hint = "Name the hosts under which it is reached."
        found.append(Caution(every, hint=hint, id="lists.W001"))
    return found


@register(SETTINGS, Tags.security)
def trusted_origins_can_match(**kwargs: Any) -> list[CheckMessage]:
    hint = "With scheme and host and nothing else: https://plusofon.example.ru"
    return [
        Error(
            f"CSRF_TRUSTED_ORIGINS has “{origin}”, which no browser sends.",
            hint=hint,
            id="lists.E007",
        )
        for origin in settings.CSRF_TRUSTED_ORIGINS
        if not _is_origin(origin)
    ]


@register(SETTINGS, Tags.security)
def metrics_are_not_for_strangers(**kwargs: Any) -> list[CheckMessage]:
    token = settings.METRICS_TOKEN
    if len(token) >= SHORTEST_TOKEN or not (token or settings.METRICS):
        return []
    fault = (
        f"is shorter than {SHORTEST_TOKEN} letters" if token else "is not set, and METRICS is on"
    )
    hint = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
    return [Error(f"METRICS_TOKEN {fault}.", hint=hint, id="lists.E010")]


@register(SETTINGS, Tags.security)
def secrets_are_not_for_everybody(**kwargs: Any) -> list[CheckMessage]:
    """Files below /run were put there by a container engine or systemd, with a mode of their choice."""
    return [
        Caution(
            f"Other users of this machine may read {path}, which has secrets in it.",
            hint=f"Run: chmod 600 {path}",
            id="lists.W003",
        )
        for path in settings.SECRET_FILES
        if path.is_file() and path.stat().st_mode & 0o077 and Path("/run") not in path.parents
    ]


@register(SETTINGS)
def base_path_can_be_served(**kwargs: Any) -> list[CheckMessage]:
    path = settings.BASE_PATH
    if not path:
        return []
    hint = (
        "Begin it with a slash: /plusofon. Empty means that the dashboard has the host for itself."
    )
    if not PATH.fullmatch(path):
        return [Error(f"BASE_PATH is “{path}”, which is not a path.", hint=hint, id="lists.E012")]
    first = path.split("/")[1]
    if first in {"static", *_first_segments(get_resolver().url_patterns)}:
        # Taken off twice where a proxy takes it off.
        ours = f"BASE_PATH begins with /{first}, as addresses of the dashboard itself do."
        return [Error(ours, hint="Choose another name.", id="lists.E012")]
    return []


def _first_segments(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if route := str(pattern.pattern):
            yield route.split("/")[0]
        elif isinstance(pattern, URLResolver):
            yield from _first_segments(pattern.url_patterns)


def _senseless_numbers() -> Iterator[str]:
    for name, (least, why) in LEAST.items():
        value = getattr(settings, name)
        if value < least:
            yield f"{name} is {value}. Make it {least} or more: {why}."
    if settings.JOURNAL_KEEP_DAYS > LONGEST_KEPT:
        yield f"JOURNAL_KEEP_DAYS is more than a hundred years ({LONGEST_KEPT}); 0 keeps all."
    for name, unit in DURATIONS.items():
        if not getattr(settings, name) > 0:
            yield f"{name} is {getattr(settings, name):g}. It has to be a number of {unit} above 0."
    # While something of it may land, so long a write is waited for.
    late, write = settings.PLUSOFON_LATE_WRITE, settings.PLUSOFON_WRITE_TIMEOUT
    if 0 < late < write:
        yield (
            f"PLUSOFON_LATE_WRITE ({late:g} s) is shorter than PLUSOFON_WRITE_TIMEOUT ({write:g} s)."
            " A write may land for as long as it is waited for, so make it at least as long."
        )


def _fault_of_address(address: str) -> str:
    """Never with the address itself: there may be a password in it."""
    try:
        url = urlsplit(address)
        host, _port = url.hostname, url.port
    except ValueError:
        return "is not an address"
    if any(c.isspace() for c in address) or url.scheme not in {"http", "https"} or not host:
        return "has to be https:// and a host"
    if "@" in url.netloc:
        return "has a name or password in it: each person enters a token of their own"
    if url.query or url.fragment:
        return "ends in ? or #: it has to be the beginning of an address"
    if url.scheme == "http" and not (_is_loopback(host) or settings.SANDBOX):
        return "is http://, which would send every token unencrypted: make it https://"
    return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _fault_of_host(host: str) -> str:
    if host != host.strip() or " " in host:
        return "has a space in it and so matches no host; put commas alone between the names"
    if host.startswith("*.") or (host != "*" and "*" in host):
        return "matches no host; write “.example.ru” for a domain and all below it"
    if "/" in host:
        return "is more than a host: leave out the scheme and what follows the name"
    if ":" in host and not host.startswith("["):
        return "has a colon: leave out the port; an IPv6 address stands in [brackets]"
    return ""


def _is_origin(text: str) -> bool:
    url = urlsplit(text)
    has_no_more = not (url.path or url.query or url.fragment or "@" in url.netloc)
    return url.scheme in {"http", "https"} and bool(url.netloc) and has_no_more and " " not in text

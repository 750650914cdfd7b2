"""Signing in resists guessing: so many wrong passwords for a name from one address, and so many from an
address whatever the names (they can be rotated). Then nobody gets in that way for a while, not even with
the right password.

django-axes keeps the rows, stands before both doors and has the commands that lift a lock. It knows one
limit for all, and counts a guess after it was tried: as many as there are threads would slip
through at once. Hence this handler: two limits, and a guess counts before its password is looked at.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, NamedTuple

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .telemetry import events

logger = logging.getLogger("lists.throttle")

NO_ADDRESS = "0.0.0.0"  # noqa: S104 - of who comes through a Unix socket


class Guesses(NamedTuple):
    """Wrong passwords for one name from one address, and when the last of them was tried."""

    name: str
    times: int
    last: datetime


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """What axes asks at both doors (`AXES_HANDLER`)."""

    def is_locked(self, request: Any, credentials: Mapping[str, Any] | None = None) -> bool:
        """Whether this password is not even looked at. It counts as wrong until it has proved right."""
        name, address = counted_name(credentials), request.axes_ip_address
        until = locked_until(name, address)
        if until is None:
            prune()
            _count(name, address)
            until = locked_until(name, address, allowed=1)
        request.locked_until = until
        return until is not None

    def user_login_failed(
        self, sender: object, credentials: Mapping[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        """Says in the log whom it was about, and to the form until when it is locked."""
        name, address = counted_name(credentials), request.axes_ip_address
        is_refused = request.locked_until is not None
        request.locked_until = until = request.locked_until or locked_until(name, address)
        request.axes_locked_out = until is not None
        lock = f", locked until {timezone.localtime(until):%H:%M:%S}" if until else ""
        whom = _told(credentials, name=name)
        what, event = "failed", events.SIGN_IN_LOCKED if until else events.SIGN_IN_FAILED
        if is_refused:
            what, event = "refused", events.SIGN_IN_REFUSED
        told = {"event": event, "fields": {"address": address}}
        logger.warning("sign-in %s: %s from %s%s", what, whom, address, lock, extra=told)

    def user_logged_in(self, sender: object, request: Any, user: User, **kwargs: Any) -> None:
        """What this person mistyped from here is forgotten, for the address too."""
        forget(user.get_username(), request.axes_ip_address)


def answer(
    request: Any, response: HttpResponse, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The door's own page, whose form says until when it is locked: for machines too."""
    seconds = (request.locked_until - timezone.now()).total_seconds()
    response.status_code = 429
    response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def locked_until(name: str, address: str, *, allowed: int = 0) -> datetime | None:
    """When the next guess may be tried, None for now. `allowed`: how many are counted that still may."""
    lasts = settings.AXES_COOLOFF_TIME
    guesses = [
        Guesses(*row)
        for row in AccessAttempt.objects.filter(
            ip_address=address, attempt_time__gt=timezone.now() - lasts
        )
        .order_by("-attempt_time")
        .values_list("username", "failures_since_start", "attempt_time")
    ]
    of_name = [guess for guess in guesses if guess.name == name]
    ends = [
        *_reached(of_name, settings.LOGIN_ATTEMPTS + allowed),
        *_reached(guesses, settings.LOGIN_ATTEMPTS_OF_ADDRESS + allowed),
    ]
    return max(ends) + lasts if ends else None


def locked() -> dict[str, int]:
    """How many names (each from one address), and how many addresses, nobody gets in with just now."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    guesses = AccessAttempt.objects.filter(attempt_time__gt=since).order_by()
    names = guesses.filter(failures_since_start__gte=settings.LOGIN_ATTEMPTS)
    addresses = guesses.values("ip_address").annotate(times=Sum("failures_since_start"))
    return {
        "name": names.count(),
        "address": addresses.filter(times__gte=settings.LOGIN_ATTEMPTS_OF_ADDRESS).count(),
    }


def _reached(newest_first: Iterable[Guesses], limit: int) -> list[datetime]:
    """When that was which, once it is too old to count, leaves fewer than `limit`."""
    count = 0
    for guesses in newest_first:
        count += guesses.times
        if count >= limit:
            return [guesses.last]
    return []


def _count(name: str, address: str) -> None:
    """One more, in a statement of its own: two at the same moment are two."""
    row, __ = AccessAttempt.objects.get_or_create(
        username=name,
        ip_address=address,
        user_agent="",
        defaults={"failures_since_start": 0},
    )
    AccessAttempt.objects.filter(pk=row.pk).update(
        failures_since_start=F("failures_since_start") + 1, attempt_time=timezone.now()
    )


def forget(name: str, address: str) -> None:
    """The right password was given."""
    AccessAttempt.objects.filter(username=name, ip_address=address).delete()


def prune() -> int:
    """Delete what no longer counts; how many rows that were."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    rows: int = AccessAttempt.objects.filter(attempt_time__lte=since).delete()[0]
    return rows


def counted_name(credentials: Mapping[str, Any] | None) -> str:
    """Under which name it is counted: a person's own, or the digest of what is nobody's name. People type
    their password into the wrong field, and it shall stand nowhere."""
    name = str((credentials or {}).get("username") or "")
    if User.objects.filter(username=name).exists():
        return name
    return "?" + salted_hmac("lists.throttle", name, algorithm="sha256").hexdigest()[:32]


def _told(credentials: Mapping[str, Any], *, name: str) -> str:
    """For the log: escaped, so that no name makes a line of its own; of nobody's name only a bit."""
    typed = str(credentials.get("username") or "")
    if name == typed:
        return repr(name)
    return f"no such person, {typed[:2]!r}… of {len(typed)} characters"


def address_of(request: HttpRequest) -> str:
    """Who asks: as the outermost of our own proxies saw it (`PROXY_COUNT`), who comes without them as the
    server sees it. What a stranger writes before that into X-Forwarded-For does not count."""
    seen_by = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = settings.PROXY_COUNT
    asks = seen_by[-hops] if 0 < hops <= len(seen_by) else ""
    for address in (asks, request.META.get("REMOTE_ADDR", "")):
        try:
            return _counted_address(address.strip())
        except ValueError:
            continue
    return NO_ADDRESS


def _counted_address(text: str) -> str:
    """One customer has a whole network of version 6, and would never use an address twice."""
    address = ip_address(text)
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False).network_address)

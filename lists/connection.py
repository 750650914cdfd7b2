"""Who works with which lists, and the one place that builds a `Plusofon`: shared transport, shared
permits and breaker, own client."""

import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from weakref import WeakSet, WeakValueDictionary

from django.conf import settings
from django.contrib.auth.models import User

from .hints import hints_of
from .plusofon.breaker import Breaker
from .plusofon.client import Plusofon, Waits
from .plusofon.permits import Permits
from .plusofon.transport import shared_transport
from .telemetry.observing import observe, waited

WAITS = Waits(page=3.0, write=10.0, scan=30.0)
LONGEST_ACT = 45.0  # seconds after which nothing more is begun of an act on several lists
BUSY_ACCOUNTS = 8  # whose permits may all be in use before a call waits for a connection

_transport = shared_transport(connections=BUSY_ACCOUNTS * settings.PLUSOFON_CALLS_AT_ONCE)
_permits: WeakValueDictionary[str, Permits] = WeakValueDictionary()  # by account
_making_permits = threading.Lock()
_breakers: WeakSet[Breaker] = WeakSet()


@dataclass(frozen=True, slots=True)
class Connection:
    """A person at work: the API as their own token sees it, who they are, and the account whose lists
    these are. One value, so that none of the three can be mixed up with another's."""

    api: Plusofon
    user: User
    account: str

    def for_a_page(self) -> "Connection":
        """With one end for all that a page reads."""
        page = settings.PLUSOFON_TIMEOUT + WAITS.page
        return replace(self, api=self.api.ending_in(page))

    def for_an_act(self) -> "Connection":
        """With more time, since writes are carried through; no other is begun after it."""
        return replace(self, api=self.api.ending_in(LONGEST_ACT))


class NotConnected(Exception):
    """This person has no usable credential."""


class CredentialMissing(NotConnected):
    """None was ever stored."""


class CredentialUnreadable(NotConnected):
    """The stored one cannot be decrypted any more: it has to be entered again."""


def open_api(*, token: str, client_id: str, account: str) -> Plusofon:
    return Plusofon(
        url=settings.PLUSOFON_API_URL,
        token=token,
        client_id=client_id,
        transport=_transport,
        permits=permits_of(account),
        breaker=breaker_of(account),
        timeout=settings.PLUSOFON_TIMEOUT,
        write_timeout=settings.PLUSOFON_WRITE_TIMEOUT,
        waits=WAITS,
        on_list=hints_of(account).note,
        on_call=observe,
    )


def permits_of(account: str) -> Permits:
    """One pool for an account, as long as anybody has its API."""
    with _making_permits:
        fresh = Permits(settings.PLUSOFON_CALLS_AT_ONCE, on_wait=waited)
        return _permits.setdefault(account, fresh)


@lru_cache(maxsize=1000)
def breaker_of(account: str) -> Breaker:
    """One for an account, and it outlives the calls: the next one is to know how the last ones ended."""
    breaker = Breaker()
    _breakers.add(breaker)
    return breaker


@dataclass(frozen=True, slots=True)
class Load:
    """Of this process just now, all accounts together: permits in use, calls that wait for one, and accounts
    whose circuit is open."""

    permits_in_use: int
    waiting: int
    open_circuits: int


def load() -> Load:
    with _making_permits:
        permits = list(_permits.values())
    return Load(
        sum(each.in_use for each in permits),
        sum(each.waiting for each in permits),
        sum(breaker.is_open for breaker in list(_breakers)),
    )

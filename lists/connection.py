"""Who works with which lists, and the one place that builds a `Plusofon`: shared transport, shared
permits, own client."""

import threading
from dataclasses import dataclass
from weakref import WeakValueDictionary

from django.conf import settings
from django.contrib.auth.models import User

from .plusofon.client import Plusofon
from .plusofon.permits import Permits
from .plusofon.transport import shared_transport

LONGEST_WAIT = 10.0  # seconds for a permit, of a page
LONGEST_WAIT_TO_WRITE = 30.0  # … and of what is better late than not at all: a write, a scan
BUSY_ACCOUNTS = 8  # whose permits may all be in use before a call waits for a connection

_transport = shared_transport(connections=BUSY_ACCOUNTS * settings.PLUSOFON_CALLS_AT_ONCE)
_permits: WeakValueDictionary[str, Permits] = WeakValueDictionary()  # by account
_making_permits = threading.Lock()


@dataclass(frozen=True, slots=True)
class Connection:
    """A person at work: the API as their own token sees it, who they are, and the account whose lists
    these are. One value, so that none of the three can be mixed up with another's."""

    api: Plusofon
    user: User
    account: str


def open_api(*, token: str, client_id: str, account: str) -> Plusofon:
    return Plusofon(
        url=settings.PLUSOFON_API_URL,
        token=token,
        client_id=client_id,
        transport=_transport,
        permits=permits_of(account),
        timeout=settings.PLUSOFON_TIMEOUT,
        write_timeout=settings.PLUSOFON_WRITE_TIMEOUT,
        longest_wait=LONGEST_WAIT,
        longest_wait_to_write=LONGEST_WAIT_TO_WRITE,
    )


def permits_of(account: str) -> Permits:
    """One pool for an account, as long as anybody has its API."""
    with _making_permits:
        return _permits.setdefault(account, Permits(settings.PLUSOFON_CALLS_AT_ONCE))

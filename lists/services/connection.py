"""The one place that builds a `Plusofon`: shared transport, own client, eight calls at once."""

import threading
from collections import defaultdict

from django.conf import settings

from ..plusofon.client import Plusofon
from ..plusofon.transport import shared_transport

CALLS_AT_ONCE = 8  # per account and process

_transport = shared_transport()
_gates: defaultdict[str, threading.Semaphore] = defaultdict(
    lambda: threading.BoundedSemaphore(CALLS_AT_ONCE)
)


def open_api(*, token: str, client_id: str, account: str) -> Plusofon:
    return Plusofon(
        url=settings.PLUSOFON_API_URL,
        token=token,
        client_id=client_id,
        transport=_transport,
        timeout=settings.PLUSOFON_TIMEOUT,
        gate=_gates[account],
    )

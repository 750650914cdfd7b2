"""Who may read what only monitoring is told (`METRICS_TOKEN`)."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare


def is_monitoring(request: HttpRequest) -> bool:
    """Nobody, where no token is set."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    is_bearer = scheme.lower() == "bearer" and bool(expected)
    return is_bearer and constant_time_compare(token.strip(), expected)

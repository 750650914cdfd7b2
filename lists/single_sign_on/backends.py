"""Whose session it is, by how they signed in (`AUTHENTICATION_BACKENDS`). Neither takes a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest


class Header(ModelBackend):
    """Sessions that began with the proxy's header."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:  # type: ignore[override]
        return None


class OpenID(Header):
    """Sessions that began at the OpenID provider."""

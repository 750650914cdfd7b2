"""Tokens at rest: the one place that knows the keys.

Fernet (authenticated AES) under `CREDENTIAL_KEYS`: the first key encrypts, all of them decrypt. The
user's id is inside what is encrypted, so a row copied to another user does not open.
"""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(Exception):
    """None of the keys opens this, or it belongs to somebody else."""


def seal(token: str, *, user_id: int) -> str:
    return _keys().encrypt(json.dumps([user_id, token]).encode()).decode()


def unseal(sealed: str, *, user_id: int) -> str:
    """Raises `Unreadable`."""
    try:
        owner_id, token = json.loads(_keys().decrypt(sealed.encode()))
    except (InvalidToken, ValueError, TypeError) as error:
        raise Unreadable from error
    if owner_id != user_id or not isinstance(token, str):
        raise Unreadable
    return token


def fingerprint(token: str) -> str:
    """Tells whether two people hold the same token, and tells nothing else about it."""
    return salted_hmac("lists.account", token, algorithm="sha256").hexdigest()[:32]


def malformed_keys() -> list[int]:
    """Which of `CREDENTIAL_KEYS` are no keys, counted from 1."""
    return [i for i, key in enumerate(settings.CREDENTIAL_KEYS, 1) if not _is_key(key)]


def _is_key(text: str) -> bool:
    try:
        Fernet(text.strip())
    except ValueError:
        return False
    return True


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.CREDENTIAL_KEYS])

"""Files that people send, for as long as their preview needs them, and never in the database.

They lie in `UPLOADS_DIR`, which only this server's user may read, each under a name that nobody can guess, bound
to who sent it and to what it was kept as: what came as one kind is never taken for another. Gone once they are
dropped, or once their owner sends many others of the kind; nobody can take one that is an hour old, and whoever
comes to these pages next deletes it, or `prune_uploads` at night.
"""

import os
import re
import secrets
import time
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User

KEPT_FOR = 60 * 60  # seconds
MOST_OF_ONE = 6  # files of one kind and person: the last ones, in as many tabs
_TOKEN = re.compile(r"[0-9a-f]{32}")
# Without a kind, as earlier releases named them, a file is nobody's to take and goes when it is old.
_NAME = re.compile(rf"\d+-([a-z]+-)?{_TOKEN.pattern}")


class Kind(StrEnum):
    """What a file was kept as. A plan we write ourselves: what a person sends must never pass for one."""

    IMPORT = "import"
    BACKUP = "backup"
    PLAN = "plan"


class Gone(Exception):
    """There is no such file of this person and kind, or not any more."""


def keep(content: bytes, *, of: User, kind: Kind = Kind.IMPORT) -> str:
    """Write it down; its token, 32 characters long. Takes the occasion to delete what is too old."""
    prune()
    for path in _of(of, kind)[MOST_OF_ONE - 1 :]:
        path.unlink(missing_ok=True)
    token = secrets.token_hex(16)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(_path(token, of, kind), flags, mode=0o600), "wb") as file:
        file.write(content)
    return token


def take(token: str, *, of: User, kind: Kind = Kind.IMPORT) -> bytes:
    """What was kept under the token as this kind; it stays until it is dropped. Raises `Gone`."""
    path = _path(token, of, kind)
    try:
        with path.open("rb") as file:
            if not _is_old(path):
                return file.read()
    except FileNotFoundError:
        raise Gone from None
    path.unlink(missing_ok=True)
    raise Gone


def drop(*tokens: str, of: User) -> None:
    """Delete what was kept under these tokens. One that is none, or is gone, is no error."""
    for token in filter(_TOKEN.fullmatch, tokens):
        for kind in Kind:
            _path(token, of, kind).unlink(missing_ok=True)


def prune() -> tuple[int, int]:
    """Delete what is older than an hour, whoever sent it: how many files that were, and how many could not be
    deleted and are left. Raises `OSError` where the folder cannot be read."""
    old = [path for path in _all() if _is_old(path)]
    left = sum(not _is_deleted(path) for path in old)
    return len(old) - left, left


def _is_deleted(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _path(token: str, of: User, kind: Kind) -> Path:
    if not _TOKEN.fullmatch(token):
        raise Gone
    return _folder() / f"{of.pk}-{kind}-{token}"


def _folder() -> Path:
    folder = Path(settings.UPLOADS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _all() -> Iterator[Path]:
    """Only what has a name that we give: the folder may be somebody's."""
    return (p for p in _folder().iterdir() if _NAME.fullmatch(p.name))


def _of(user: User, kind: Kind) -> list[Path]:
    """The newest first."""
    mine = [path for path in _all() if path.name.startswith(f"{user.pk}-{kind}-")]
    return sorted(mine, key=_written_at, reverse=True)


def _is_old(path: Path) -> bool:
    """One that somebody else deletes at the same moment is as good as old."""
    return time.time() - _written_at(path) > KEPT_FOR


def _written_at(path: Path) -> float:
    """Seconds since 1970; 0 where it is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0

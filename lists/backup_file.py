"""The file of a backup: a ZIP with `manifest.json` and `lists/ID.json`, each list as the API answers it;
writing it. `backup_reading` reads it. Pure.

The manifest: {"format", "version", "made_at", "account", "complete", "lists": [{"id", "name", "type", "contacts"
(how many), "sha256" (of its file)}], "missing": [{"id", "name", "reason", "words"}], "sha256" (of the manifest
without this)}. A missing list without an id: which lists there are could not be read to the end.

>>> manifest = write(file, lists, account="4821", made_at=now)
>>> backup_reading.read(file.getvalue()).lists
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from .plusofon.values import ContactList
from .stored_list import write_list

FORMAT, VERSION = "plusofon-admin backup", 1
MANIFEST = "manifest.json"
MOST_LISTS = 15_000  # as many as an index of the API may have
# Bytes, unpacked: more than the largest answer of the API (see `body`) becomes.
MOST_OF_A_LIST = 16 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024  # bytes, of all lists
# Of all lists; a contact has four, and an empty object of 3 bytes takes 72 of memory.
MOST_VALUES = 3_000_000
BETWEEN_VALUES = (b",", b"[", b"{")
MOST_PACKED = 30 * 1024 * 1024  # bytes; the server takes 32 MB


class Unusable(Exception):
    """A file that nothing is restored from."""


class NotABackup(Unusable):
    """It is something else."""


class EmptyFile(NotABackup):
    """It has no bytes at all."""


class TooLarge(Unusable):
    """It is larger, or becomes larger when it is unpacked, than what is restored here."""


class Damaged(Unusable):
    """It was one, and a part is missing or broken."""


class NewerVersion(Unusable):
    """It was made by a later release."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class ListTwice(Unusable):
    """One list stands in it more than once: which one is meant?"""

    def __init__(self, list_id: int) -> None:
        super().__init__(list_id)
        self.list_id = list_id


class Edited(Unusable):
    """It is not as it was written. `part`: the name of the file in it."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True, slots=True)
class Missing:
    """A list that could not be read; None and "" where it is not even known which. `reason`: the error's name
    (`plusofon.errors`); `words`: the API's own."""

    id: int | None
    name: str
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `lists`, `contacts`: how many it holds. `is_too_large`: it was just written,
    and is larger than what is read again."""

    account: str
    made_at: datetime
    missing: tuple[Missing, ...]
    lists: int
    contacts: int
    is_too_large: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Backup:
    manifest: Manifest
    lists: tuple[ContactList, ...]


Record = dict[str, Any]


def write(
    file: IO[bytes],
    lists: Iterable[ContactList | Missing],
    *,
    account: str,
    made_at: datetime,
) -> Manifest:
    """Write a backup, list by list as they come: one of them is in memory at a time."""
    held: list[Record] = []
    missing: list[Missing] = []
    size = Size()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in lists:
            if isinstance(one, Missing):
                missing.append(one)
                continue
            content = write_list(one)
            size.add(content)
            archive.writestr(_entry(name_of(one.id), made_at), content)
            held.append(_held(one, content))
        content = _manifest(held, missing, account=account, made_at=made_at)
        size.add(content)
        archive.writestr(_entry(MANIFEST, made_at), content)
    return Manifest(
        account,
        made_at,
        tuple(missing),
        lists=len(held),
        contacts=sum(one["contacts"] for one in held),
        is_too_large=size.is_too_large or file.tell() > MOST_PACKED or len(held) > MOST_LISTS,
    )


def _held(one: ContactList, content: bytes) -> Record:
    return {
        "id": one.id,
        "name": one.name,
        "type": one.type,
        "contacts": len(one.contacts),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _manifest(
    held: Sequence[Record], missing: Sequence[Missing], *, account: str, made_at: datetime
) -> bytes:
    record = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": made_at.isoformat(),
        "account": account,
        "complete": not missing,
        "lists": held,
        "missing": [
            {"id": m.id, "name": m.name, "reason": m.reason, "words": m.words} for m in missing
        ],
    }
    return json.dumps(sealed(record), ensure_ascii=False, indent=1).encode()


def sealed(record: Record) -> Record:
    """A manifest with the digest of all else that it says."""
    said = {key: value for key, value in record.items() if key != "sha256"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return said | {"sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def name_of(list_id: int) -> str:
    return f"lists/{list_id}.json"


@dataclass(slots=True)
class Size:
    """How much it takes to hold a backup in memory."""

    unpacked: int = 0
    values: int = 0
    largest: int = 0

    def add(self, content: bytes) -> None:
        self.unpacked += len(content)
        self.values += sum(map(content.count, BETWEEN_VALUES))
        self.largest = max(self.largest, len(content))

    @property
    def is_too_large(self) -> bool:
        return (
            self.unpacked > MOST_UNPACKED
            or self.values > MOST_VALUES
            or self.largest > MOST_OF_A_LIST
        )

    def take(self, content: bytes) -> None:
        """Before it is parsed. Raises `TooLarge`."""
        self.add(content)
        if self.is_too_large:
            raise TooLarge


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    """For its owner's eyes alone, where it is unpacked."""
    entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry

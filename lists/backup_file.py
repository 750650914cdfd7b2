"""The file of a backup: a ZIP with `manifest.json` and `lists/ID.json`, each list as the API answers it. Pure.

The manifest: {"format", "version", "made_at", "account", "complete", "lists": [{"id", "name", "type", "contacts"
(how many), "sha256" (of its file)}], "missing": [{"id", "name", "reason", "words"}], "sha256" (of the manifest
without this)}. A missing list without an id: which lists there are could not be read to the end.

>>> manifest = write(file, lists, account="4821", made_at=now)
>>> read(file.getvalue()).lists
"""

import hashlib
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any

from .plusofon.values import ContactList
from .stored_list import NotAList, read_list, text_of, write_list

# What reading raises of a ZIP that is encrypted, packed in another way, cut in the middle or nonsense inside.
BROKEN = (
    *(zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, RuntimeError),
)

FORMAT, VERSION = "plusofon-admin backup", 1
MANIFEST = "manifest.json"
OURS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # ways of packing
MOST_LISTS = 15_000  # as many as an index of the API may have
MOST_OF_A_LIST = (
    16 * 1024 * 1024
)  # bytes, unpacked: more than the largest answer of the API (see `body`) becomes
MOST_UNPACKED = 64 * 1024 * 1024  # bytes, of all lists
MOST_VALUES = (
    3_000_000  # of all lists; a contact has four, and an empty object of 3 bytes takes 72 of memory
)
BETWEEN_VALUES = (b",", b"[", b"{")
MOST_PACKED = 30 * 1024 * 1024  # bytes; the server takes 32 MB
LARGEST_ID = 10**18 - 1  # see `values.ID`
# A year that is none of ours, at the ends of the calendar, has no time in another zone.
SANE_YEARS = range(2000, 3000)


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
    and is larger than what `read` takes."""

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
    size = _Size()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in lists:
            if isinstance(one, Missing):
                missing.append(one)
                continue
            content = write_list(one)
            size.add(content)
            archive.writestr(_entry(_name_of(one.id), made_at), content)
            held.append(
                {
                    "id": one.id,
                    "name": one.name,
                    "type": one.type,
                    "contacts": len(one.contacts),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )
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
        content = json.dumps(sealed(record), ensure_ascii=False, indent=1).encode()
        size.add(content)
        archive.writestr(_entry(MANIFEST, made_at), content)
    is_too_large = size.is_too_large or file.tell() > MOST_PACKED or len(held) > MOST_LISTS
    return replace(_manifest(record), is_too_large=is_too_large)


def sealed(record: Record) -> Record:
    """A manifest with the digest of all else that it says."""
    said = {key: value for key, value in record.items() if key != "sha256"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return said | {"sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def read(content: bytes) -> Backup:
    """A backup, each list of it checked. Raises `Unusable`, by the kinds above."""
    if not content:
        raise EmptyFile
    if len(content) > MOST_PACKED:
        raise TooLarge
    # Before it is looked into: the module reads the whole directory, of however many files.
    if content.count(b"PK\x01\x02") > MOST_LISTS + 1000:
        raise TooLarge
    with _opened(io.BytesIO(content)) as archive:
        return _read(archive)


def read_manifest(file: IO[bytes]) -> Manifest:
    """What a backup says of itself, also of one that is too large for `read`; its lists are not looked at. Raises
    `Unusable`."""
    with _opened(file) as archive:
        return _manifest_of(_record(_unpacked(archive, archive.getinfo(MANIFEST))))


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """Whatever is broken in it is raised as `Unusable`."""
    is_zip = file.read(4) == b"PK\x03\x04"
    try:
        with zipfile.ZipFile(file) as archive:
            if MANIFEST not in archive.namelist():
                raise NotABackup
            yield archive
    except zipfile.BadZipFile:
        raise (Damaged if is_zip else NotABackup) from None
    except BROKEN:
        raise Damaged from None


def _read(archive: zipfile.ZipFile) -> Backup:
    parts = archive.infolist()
    if doubled := [name for name, count in Counter(p.filename for p in parts).items() if count > 1]:
        raise ListTwice(_id_of(doubled[0]))
    if any(part.compress_type not in OURS for part in parts):
        raise Damaged
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooLarge
    size = _Size()
    content = _unpacked(archive, archive.getinfo(MANIFEST))
    size.take(content)
    record = _record(content)
    manifest, held = _manifest_of(record), _held(record)
    for part in parts:
        if part.filename != MANIFEST and part.filename not in held:
            raise Edited(part.filename)
    return Backup(manifest, tuple(_list(archive, *listed, size) for listed in held.items()))


def _record(content: bytes) -> Record:
    """The manifest, which has to be of this format, not of a later version, and as it was written."""
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        raise Damaged from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise NotABackup
    version = record.get("version")
    if not isinstance(version, int):
        raise Damaged
    if version > VERSION:
        raise NewerVersion(version)
    if sealed(record) != record:
        raise Edited(MANIFEST)
    return record


def _held(record: Record) -> dict[str, Record]:
    """What the manifest says of each list, by the name of its file."""
    held: dict[str, Record] = {}
    for listed in record["lists"]:
        name = _name_of(listed["id"])
        if name in held:
            raise ListTwice(listed["id"])
        held[name] = listed
    return held


def _list(archive: zipfile.ZipFile, name: str, listed: Record, size: "_Size") -> ContactList:
    try:
        content = _unpacked(archive, archive.getinfo(name))
    except KeyError:
        raise Damaged from None
    size.take(content)
    if hashlib.sha256(content).hexdigest() != listed.get("sha256"):
        raise Edited(name)
    try:
        found = read_list(content)
    except NotAList:
        raise Damaged from None
    if found.id != listed["id"]:
        raise Edited(name)
    if len(found.contacts) != listed["contacts"]:
        raise Edited(MANIFEST)
    return found


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """No more than a list may have, whatever the directory says of its size."""
    with archive.open(part) as file:
        content = file.read(MOST_OF_A_LIST + 1)
    if len(content) > MOST_OF_A_LIST:
        raise TooLarge
    return content


@dataclass(slots=True)
class _Size:
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


def _manifest_of(record: Record) -> Manifest:
    try:
        return _manifest(record)
    except (KeyError, TypeError, ValueError):
        raise Damaged from None


def _manifest(record: Record) -> Manifest:
    """Raises `KeyError`, `TypeError` or `ValueError` where it is of another shape."""
    return Manifest(
        account=text_of(record["account"]),
        made_at=_moment(record["made_at"]),
        missing=tuple(map(_missing, record["missing"])),
        lists=len(record["lists"]),
        contacts=sum(contacts for _list_id, contacts in map(_listed, record["lists"])),
    )


def _listed(record: Record) -> tuple[int, int]:
    """The id of a list, and how many contacts it has."""
    return _id(record["id"]), _count(record["contacts"])


def _missing(record: Record) -> Missing:
    list_id = None if record["id"] is None else _id(record["id"])
    return Missing(list_id, *(text_of(record[key]) for key in ("name", "reason", "words")))


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment.year not in SANE_YEARS:
        raise ValueError
    return moment


def _id(value: Any) -> int:
    number = _count(value)
    if number > LARGEST_ID:
        raise ValueError
    return number


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def _entry(name: str, made_at: datetime) -> zipfile.ZipInfo:
    """For its owner's eyes alone, where it is unpacked."""
    entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _name_of(list_id: int) -> str:
    return f"lists/{list_id}.json"


def _id_of(name: str) -> int:
    digits = name.removeprefix("lists/").removesuffix(".json")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0

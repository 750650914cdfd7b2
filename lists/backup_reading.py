"""Reading the file of a backup (`backup_file`), which may be anything that somebody sends. Pure."""

import hashlib
import io
import json
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any

from . import backup_file
from .backup_file import (
    FORMAT,
    MANIFEST,
    VERSION,
    Backup,
    Damaged,
    Edited,
    EmptyFile,
    ListTwice,
    Manifest,
    Missing,
    NewerVersion,
    NotABackup,
    Record,
    Size,
    TooLarge,
    name_of,
    sealed,
)
from .plusofon.values import ContactList
from .stored_list import NotAList, read_list, text_of

# What reading raises of a ZIP that is encrypted, packed in another way, cut in the middle or nonsense inside.
BROKEN = (
    *(zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(ValueError, OverflowError, RuntimeError),
)

OURS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # ways of packing
LARGEST_ID = 10**18 - 1  # see `values.ID`
# A year that is none of ours, at the ends of the calendar, has no time in another zone.
SANE_YEARS = range(2000, 3000)


def read(content: bytes) -> Backup:
    """A backup, each list of it checked. Raises `Unusable`, by its kinds."""
    if not content:
        raise EmptyFile
    if len(content) > backup_file.MOST_PACKED:
        raise TooLarge
    # Before it is looked into: the module reads the whole directory, of however many files.
    if content.count(b"PK\x01\x02") > backup_file.MOST_LISTS + 1000:
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
    if sum(part.file_size for part in parts) > backup_file.MOST_UNPACKED:
        raise TooLarge
    size = Size()
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
        name = name_of(listed["id"])
        if name in held:
            raise ListTwice(listed["id"])
        held[name] = listed
    return held


def _list(archive: zipfile.ZipFile, name: str, listed: Record, size: "Size") -> ContactList:
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
        content = file.read(backup_file.MOST_OF_A_LIST + 1)
    if len(content) > backup_file.MOST_OF_A_LIST:
        raise TooLarge
    return content


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


def _id_of(name: str) -> int:
    digits = name.removeprefix("lists/").removesuffix(".json")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0

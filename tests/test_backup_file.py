"""The file of a backup: what is written is read, and whatever else comes is refused by its name."""

import io
import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists import backup_file, backup_reading
from lists.backup_file import (
    Damaged,
    Edited,
    EmptyFile,
    ListTwice,
    Missing,
    NewerVersion,
    NotABackup,
    TooLarge,
    Unusable,
)
from lists.plusofon.values import Contact, ContactList
from lists.stored_list import NotAList, read_list, write_list
from tests.people import ATS, IVAN, PETR

AT = datetime(2026, 11, 29, 3, 0, 5, tzinfo=UTC)
ODD = Contact("две\nстроки", ("8 999, 8 998", ""), {"note": "vip", "tags": [1, None]})
SPAM = ContactList(7, "Спам", "black", (IVAN, ODD, IVAN), {"color": "red"})
LACKED = {"id": 9, "name": "Клиенты", "reason": "TimedOut", "words": ""}
EMPTY = ContactList(8, "", "white", ())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each, max_size=3)
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def extras(*known):
    return st.dictionaries(texts.filter(lambda key: key not in known), json_values, max_size=2)


contacts = st.builds(
    Contact, texts, st.lists(texts, max_size=3).map(tuple), extras("name", "phones")
)
contact_lists = st.builds(
    ContactList,
    st.integers(0, 10**18 - 1),
    texts,
    texts,
    st.lists(contacts, max_size=4).map(tuple),
    extras("id", "name", "type", "contacts"),
)
accounts = st.lists(contact_lists, max_size=4, unique_by=lambda one: one.id)


def written(*lists, account="4821"):
    file = io.BytesIO()
    backup_file.write(file, lists, account=account, made_at=AT)
    return file.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def zipped(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file.getvalue()


def with_part(name, change):
    """A backup in which one of its files is another, and nobody has noted that."""
    parts = parts_of(written(SPAM, EMPTY))
    return zipped((parts | {name: change(parts[name])}).items())


def resealed(**changed):
    """A backup with another manifest that was not edited by hand."""
    parts = parts_of(written(SPAM, EMPTY))
    record = json.loads(parts["manifest.json"]) | changed
    manifest = json.dumps(backup_file.sealed(record))
    return zipped((parts | {"manifest.json": manifest}).items())


def whole(found):
    """With the fields that do not count when lists are compared."""
    return found, found.extra, [(one, one.extra) for one in found.contacts]


@given(accounts)
def test_what_was_written_is_read_with_every_field(lists):
    backup = backup_reading.read(written(*lists))
    assert list(map(whole, backup.lists)) == list(map(whole, lists))
    assert backup.manifest.is_complete
    assert (backup.manifest.account, backup.manifest.made_at) == ("4821", AT)
    assert backup.manifest.contacts == sum(len(one.contacts) for one in lists)


def test_what_is_missing_is_named_and_makes_it_incomplete():
    gone = Missing(9, "Клиенты", "TimedOut"), Missing(None, "", "NotUnderstood", "слова")
    backup = backup_reading.read(written(SPAM, *gone))
    assert backup.manifest.missing == gone
    assert not backup.manifest.is_complete
    assert backup.lists == (SPAM,)
    assert backup.manifest.lists == 1


def test_people_can_read_it():
    parts = parts_of(written(SPAM, EMPTY))
    assert set(parts) == {"manifest.json", "lists/7.json", "lists/8.json"}
    manifest = json.loads(parts["manifest.json"])
    assert (manifest["version"], manifest["complete"]) == (1, True)
    assert [each["contacts"] for each in manifest["lists"]] == [3, 0]
    stored = json.loads(parts["lists/7.json"])
    assert stored["contacts"][0] == {"name": IVAN.name, "phones": list(IVAN.phones)}
    assert stored["contacts"][1]["note"] == "vip"
    assert (stored["name"], stored["color"]) == ("Спам", "red")


def test_an_empty_file_is_no_backup():
    with pytest.raises(EmptyFile):
        backup_reading.read(b"")


@pytest.mark.parametrize(
    "content",
    [
        b"name;phones",
        b"\x00" * 100,
        zipped([]),
        zipped([("xl/workbook.xml", "<workbook/>")]),
        zipped([("manifest.json", "[]")]),
        zipped([("manifest.json", '{"format": "another"}')]),
    ],
    ids=["text", "zeros", "empty zip", "workbook", "list", "another format"],
)
def test_what_is_something_else_is_no_backup(content):
    with pytest.raises(NotABackup):
        backup_reading.read(content)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_backup_that_was_cut_is_damaged(part):
    content = written(SPAM, EMPTY)
    with pytest.raises(Damaged):
        backup_reading.read(content[: int(len(content) * part)])


@pytest.mark.parametrize("missing", ["lists/7.json", "lists/8.json"])
def test_a_backup_that_lacks_a_list_is_damaged(missing):
    parts = parts_of(written(SPAM, EMPTY))
    del parts[missing]
    with pytest.raises(Damaged):
        backup_reading.read(zipped(parts.items()))


@pytest.mark.parametrize(
    "manifest", [b"{", b"\xff", b"[" * 100_000, b'{"format": "plusofon-admin backup"}']
)
def test_a_manifest_that_cannot_be_read_is_damaged(manifest):
    with pytest.raises(Damaged):
        backup_reading.read(zipped([("manifest.json", manifest)]))


@pytest.mark.parametrize(
    "changed",
    [
        {"lists": None},
        {"lists": [1]},
        {"lists": [{"name": "без номера"}]},
        {"made_at": "вчера"},
        {"made_at": 5},
        {"made_at": "2026-11-29T03:00:05"},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"made_at": "9999-12-31T23:59:59-14:00"},
        {"account": 4821},
        {"account": "\ud800"},
        {"missing": [{}]},
        {"missing": "x"},
        {"missing": [LACKED | {"id": "9"}]},
        {"missing": [LACKED | {"id": 10**18}]},
        {"missing": [LACKED | {"name": None}]},
        {"missing": [LACKED | {"reason": 5}]},
        {"missing": [LACKED | {"words": ["слова"]}]},
        {"version": "one"},
    ],
)
def test_a_manifest_of_another_shape_is_damaged(changed):
    with pytest.raises(Damaged):
        backup_reading.read(resealed(**changed))


def test_a_newer_version_says_which():
    with pytest.raises(NewerVersion) as caught:
        backup_reading.read(resealed(version=2))
    assert caught.value.version == 2


def test_a_list_twice_is_refused_wherever_it_is_twice():
    manifest = json.loads(parts_of(written(SPAM, EMPTY))["manifest.json"])
    with pytest.raises(ListTwice) as caught:
        backup_reading.read(resealed(lists=[*manifest["lists"], manifest["lists"][0]]))
    assert caught.value.list_id == 7
    parts = list(parts_of(written(SPAM, EMPTY)).items())
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = zipped([*parts, parts[0]])
    with pytest.raises(ListTwice) as caught:
        backup_reading.read(twice)
    assert caught.value.list_id == 7
    with pytest.warns(UserWarning, match="Duplicate name"):
        odd = zipped([*parts, ("lists/x.json", b""), ("lists/x.json", b"")])
    with pytest.raises(ListTwice):
        backup_reading.read(odd)


@pytest.mark.parametrize("name", ["lists/7.json", "manifest.json"])
def test_what_was_edited_by_hand_is_refused_and_named(name):
    edited = with_part(name, lambda content: content.replace("Спам".encode(), "Спат".encode()))
    with pytest.raises(Edited) as caught:
        backup_reading.read(edited)
    assert caught.value.part == name


def test_a_list_that_was_put_in_by_hand_is_refused():
    parts = parts_of(written(SPAM)) | {"lists/9.json": b"{}"}
    with pytest.raises(Edited):
        backup_reading.read(zipped(parts.items()))


def test_a_list_under_the_id_of_another_is_refused():
    parts = parts_of(written(SPAM, EMPTY))
    record = json.loads(parts["manifest.json"])
    record["lists"][0]["sha256"] = record["lists"][1]["sha256"]
    content = resealed(lists=record["lists"])
    parts = parts_of(content) | {"lists/7.json": parts["lists/8.json"]}
    with pytest.raises(Edited):
        backup_reading.read(zipped(parts.items()))


def test_a_list_that_is_none_is_damaged():
    content = b'{"id": 7}'
    listed = {"id": 7, "name": "", "type": "", "contacts": 0}
    listed["sha256"] = backup_file.hashlib.sha256(content).hexdigest()
    parts = parts_of(resealed(lists=[listed]))
    with pytest.raises(Damaged):
        backup_reading.read(
            zipped([("manifest.json", parts["manifest.json"]), ("lists/7.json", content)])
        )


def test_a_zip_bomb_is_refused_before_it_goes_off(monkeypatch):
    bomb = zipped([("manifest.json", b"0" * (backup_file.MOST_OF_A_LIST + 1))])
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        backup_reading.read(bomb)
    monkeypatch.setattr(backup_file, "MOST_UNPACKED", 1000)
    with pytest.raises(TooLarge):
        backup_reading.read(bomb)


def test_a_directory_of_countless_files_is_not_even_read():
    with pytest.raises(TooLarge):
        backup_reading.read(b"PK\x03\x04" + b"PK\x01\x02" * (backup_file.MOST_LISTS + 2000))


def test_a_file_that_is_larger_than_the_server_takes_is_refused(monkeypatch):
    monkeypatch.setattr(backup_file, "MOST_PACKED", 10)
    with pytest.raises(TooLarge):
        backup_reading.read(b"x" * 11)


def test_an_encrypted_or_strangely_packed_one_is_damaged():
    content = bytearray(written(SPAM))
    directory = content.index(b"PK\x01\x02")
    for at in (8, 10):  # the flags, the method of packing
        changed = bytearray(content)
        for start in (directory, content.index(b"PK\x01\x02", directory + 4)):
            changed[start + at] = 1 if at == 8 else 99
        with pytest.raises(Damaged):
            backup_reading.read(bytes(changed))


@given(st.data())
def test_whatever_happens_to_its_bytes_it_is_whole_or_refused(data):
    content = bytearray(written(SPAM, EMPTY))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        backup = backup_reading.read(bytes(content))
    except Unusable:
        return
    assert list(map(whole, backup.lists)) == list(map(whole, (SPAM, EMPTY)))


LIMITS = ["MOST_OF_A_LIST", "MOST_UNPACKED", "MOST_VALUES", "MOST_PACKED", "MOST_LISTS"]


@pytest.mark.parametrize("limit", LIMITS)
def test_what_is_written_beyond_what_is_read_says_so_and_still_tells_of_itself(monkeypatch, limit):
    monkeypatch.setattr(backup_file, limit, 1)
    file = io.BytesIO()
    manifest = backup_file.write(file, (SPAM, EMPTY), account="4821", made_at=AT)
    assert manifest.is_too_large
    monkeypatch.undo()
    assert not backup_reading.read(file.getvalue()).manifest.is_too_large
    if limit not in ("MOST_OF_A_LIST", "MOST_LISTS"):
        monkeypatch.setattr(backup_file, limit, 1)
        with pytest.raises(TooLarge):
            backup_reading.read(file.getvalue())
        file.seek(0)
        assert backup_reading.read_manifest(file).is_complete


def test_a_list_of_countless_values_is_not_even_parsed(monkeypatch):
    monkeypatch.setattr(backup_file, "MOST_VALUES", 200)
    with pytest.raises(TooLarge):
        backup_reading.read(written(replace(SPAM, extra={"x": [{}] * 200})))


@pytest.mark.parametrize("content", [b"", b"text", zipped([("a", b"b")]), written(SPAM)[:-30]])
def test_what_is_no_backup_says_nothing_of_itself(content):
    with pytest.raises(Unusable):
        backup_reading.read_manifest(io.BytesIO(content))


SMALL = written(SPAM)


@pytest.mark.parametrize("changed", [*(1 << bit for bit in range(8)), 255])
def test_whichever_byte_is_another_it_is_whole_or_refused(changed):
    """Every byte of it: of the ways of packing, sizes and names that a ZIP notes, too."""
    for at in range(len(SMALL)):
        content = bytearray(SMALL)
        content[at] ^= changed
        with suppress(Unusable):
            assert backup_reading.read(bytes(content)).lists == (SPAM,)


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_that_is_not_ours_is_damaged(packed):
    """Also for its memory: these unpack far more of it at a time."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        for name, content in parts_of(SMALL).items():
            archive.writestr(name, content)
    with pytest.raises(Damaged):
        backup_reading.read(file.getvalue())


def test_packed_anew_without_compression_it_is_the_same():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts_of(SMALL).items():
            archive.writestr(name, content)
    assert backup_reading.read(file.getvalue()).lists == (SPAM,)


@pytest.mark.parametrize("contacts", [0, 4, -3, 3.0, True, "3", None])
def test_a_manifest_that_counts_other_contacts_is_refused(contacts):
    record = json.loads(parts_of(written(SPAM, EMPTY))["manifest.json"])
    record["lists"][0]["contacts"] = contacts
    with pytest.raises(Edited if contacts in (0, 4) else Damaged):
        backup_reading.read(resealed(lists=record["lists"]))


@pytest.mark.parametrize("list_id", [True, "7", 7.0, -7, 10**18, None])
def test_a_list_whose_id_is_none_is_damaged(list_id):
    content = write_list(SPAM)
    listed = {"id": list_id, "name": "", "type": "", "contacts": 3}
    listed["sha256"] = backup_file.hashlib.sha256(content).hexdigest()
    parts = parts_of(resealed(lists=[listed]))
    with pytest.raises(Damaged):
        backup_reading.read(
            zipped([("manifest.json", parts["manifest.json"]), (f"lists/{list_id}.json", content)])
        )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"id": true, "name": "", "type": "", "contacts": []}',
        b'{"id": 1, "name": 5, "type": "", "contacts": []}',
        b'{"id": 1, "name": "", "type": "", "contacts": {}}',
        b'{"id": 1, "name": "", "type": "", "contacts": [5]}',
        b'{"id": 1, "name": "", "type": "", "contacts": [{"name": "", "phones": "101"}]}',
        b'{"id": 1, "name": "", "type": "", "contacts": [{"name": "", "phones": [101]}]}',
        b'{"id": 1, "name": "", "type": "", "contacts": [], "x": NaN}',
        b'{"id": 1, "name": "\\ud800", "type": "", "contacts": []}',
        b'{"id": 1, "name": "", "type": "", "contacts": [{"name": "", "phones": ["\\ud800"]}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_list_is_refused(content):
    with pytest.raises(NotAList):
        read_list(content)


def test_two_versions_of_a_list_differ_by_the_lines_of_their_contacts():
    lines = [
        write_list(ContactList(7, "Спам", "black", people)).splitlines()
        for people in ((IVAN, PETR), (IVAN, ATS), (IVAN,))
    ]
    assert all(one[:1] == other[:1] for one, other in combinations(lines, 2))
    assert [len(each) for each in lines] == [4, 4, 3]

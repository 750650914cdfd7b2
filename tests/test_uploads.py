"""Files that people send: theirs alone, private, and gone when they are not needed any more."""

import os
import stat
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lists import uploads
from lists.uploads import Kind


@pytest.fixture
def folder(settings):
    return Path(settings.UPLOADS_DIR)


def age(folder, seconds):
    for path in folder.iterdir():
        at = path.stat().st_mtime - seconds
        os.utime(path, (at, at))


def test_what_is_kept_is_taken_as_often_as_it_is_needed(manager):
    token = uploads.keep(b"contacts", of=manager)
    assert [uploads.take(token, of=manager) for _ in range(2)] == [b"contacts"] * 2


def test_nobody_else_has_it(manager, support):
    token = uploads.keep(b"contacts", of=manager)
    with pytest.raises(uploads.Gone):
        uploads.take(token, of=support)
    uploads.drop(token, of=support)
    assert uploads.take(token, of=manager) == b"contacts"


@pytest.mark.parametrize("kind", [*Kind])
def test_it_is_taken_only_as_what_it_was_kept_as(manager, kind):
    token = uploads.keep(b"contacts", of=manager, kind=kind)
    for other in set(Kind) - {kind}:
        with pytest.raises(uploads.Gone):
            uploads.take(token, of=manager, kind=other)
    assert uploads.take(token, of=manager, kind=kind) == b"contacts"


def test_what_is_dropped_is_gone(manager, folder):
    first, second = uploads.keep(b"1", of=manager), uploads.keep(b"2", of=manager)
    uploads.drop(first, second, first, "", "../secret", of=manager)
    assert list(folder.iterdir()) == []
    with pytest.raises(uploads.Gone):
        uploads.take(first, of=manager)


def test_after_an_hour_it_is_gone_even_if_nobody_cleans_up(manager, folder):
    token = uploads.keep(b"contacts", of=manager)
    age(folder, uploads.KEPT_FOR - 60)
    assert uploads.take(token, of=manager) == b"contacts"
    age(folder, 120)
    with pytest.raises(uploads.Gone):
        uploads.take(token, of=manager)
    assert list(folder.iterdir()) == []


def test_whoever_sends_a_file_deletes_the_old_ones_of_everybody(manager, support, folder):
    uploads.keep(b"old", of=support)
    age(folder, uploads.KEPT_FOR + 1)
    uploads.keep(b"new", of=manager)
    assert [path.read_bytes() for path in folder.iterdir()] == [b"new"]


def test_a_person_has_a_few_at_once_and_the_last_ones_stay(manager, support, folder):
    others = uploads.keep(b"theirs", of=support)
    tokens = []
    for number in range(uploads.MOST_OF_ONE + 3):
        tokens.append(uploads.keep(b"%d" % number, of=manager))
        age(folder, 1)
    assert len(list(folder.iterdir())) == uploads.MOST_OF_ONE + 1
    assert uploads.take(tokens[-1], of=manager) == b"8"
    assert uploads.take(others, of=support) == b"theirs"


def test_a_command_deletes_the_old_ones_and_nothing_that_is_not_ours(manager, folder, capsys):
    uploads.keep(b"old", of=manager)
    (folder / "notes.txt").write_text("somebody's")
    age(folder, uploads.KEPT_FOR + 1)
    call_command("prune_uploads")
    assert capsys.readouterr().out == "1 deleted\n"
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


def test_what_cannot_be_deleted_is_told_and_keeps_nobody_from_sending(manager, folder, capsys):
    uploads.keep(b"old", of=manager)
    (folder / f"{manager.pk}-import-{'0' * 32}").mkdir()
    age(folder, uploads.KEPT_FOR + 1)
    with pytest.raises(CommandError, match="1 could not be deleted in"):
        call_command("prune_uploads")
    assert capsys.readouterr().out == "1 deleted\n"
    token = uploads.keep(b"new", of=manager)
    assert uploads.take(token, of=manager) == b"new"


def test_a_folder_that_cannot_be_read_is_named(settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.UPLOADS_DIR.write_text("a file")
    with pytest.raises(
        CommandError, match=r"uploads cannot be read: .* Run this as the server's user"
    ):
        call_command("prune_uploads")


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_no_umask_makes_it_anybody_elses(manager, folder, umask):
    before = os.umask(umask)
    uploads.keep(b"contacts", of=manager)
    os.umask(before)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


@pytest.mark.parametrize(
    "token", ["", "x", "../../etc/passwd", "0" * 31, "0" * 33, "G" * 32, "é" * 32]
)
def test_a_token_that_is_none_leads_nowhere(manager, token):
    with pytest.raises(uploads.Gone):
        uploads.take(token, of=manager)


def test_what_is_there_and_yet_is_not_goes_with_the_old_ones(manager, folder):
    """As a file that another process deletes in that very moment."""
    uploads.keep(b"contacts", of=manager)
    (folder / f"{manager.pk}-{'0' * 32}").symlink_to(folder / "nowhere")
    assert uploads.prune() == (1, 0)
    assert len(list(folder.iterdir())) == 1

"""`manage.py backup_lists`, as cron runs it: all or nothing, and a complete file is never lost."""

import stat

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from lists import backup_file, backup_reading


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "lists.zip"


def backup(path, *options, user="manager"):
    call_command("backup_lists", user, path, *options)


def in_folder(path):
    return [found.name for found in path.parent.iterdir()]


def read(path):
    return backup_reading.read(path.read_bytes())


def test_it_writes_every_list_for_its_owner_alone(path, manager, sandbox, black, capsys):
    backup(path)
    assert [one.id for one in read(path).lists] == [black]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert capsys.readouterr().out == f"1 lists, 3 contacts in {path}\n"


def test_it_replaces_the_last_one(path, manager, sandbox, account, black):
    backup(path)
    sandbox.add_list(account, name="Новый")
    backup(path)
    assert read(path).manifest.lists == 2
    assert in_folder(path) == [path.name]


def test_an_incomplete_one_is_written_where_there_is_none_and_says_so(
    path, manager, sandbox, account, black
):
    spam = sandbox.add_list(account, name="Спам")
    sandbox.fail("no-access", path=f"contact-lists/{spam}", times=None)
    with pytest.raises(CommandError, match=rf"could not read list {spam} \(NoAccess\).*incomplete"):
        backup(path)
    assert not read(path).manifest.is_complete
    assert [one.id for one in read(path).lists] == [black]


def test_a_complete_one_stays_unless_it_is_told_otherwise(path, manager, sandbox, account, black):
    backup(path)
    before = path.read_bytes()
    spam = sandbox.add_list(account, name="Спам")
    sandbox.fail("no-access", path=f"contact-lists/{spam}", times=None)
    with pytest.raises(CommandError, match="stays as it was, complete"):
        backup(path)
    assert path.read_bytes() == before
    assert in_folder(path) == [path.name]
    with pytest.raises(CommandError, match="is incomplete"):
        backup(path, "--allow-incomplete")
    assert not read(path).manifest.is_complete


def test_an_incomplete_or_damaged_one_gives_way(path, manager, sandbox, black):
    path.write_bytes(b"cut")
    sandbox.fail("no-access", path=f"contact-lists/{black}", times=None)
    for _ in range(2):
        with pytest.raises(CommandError, match="is incomplete"):
            backup(path)
        assert not read(path).manifest.is_complete


def test_where_nothing_can_be_read_nothing_is_written(path, manager, sandbox, black):
    sandbox.fail("401", times=None)
    with pytest.raises(CommandError, match=r"no list could be read \(Unauthenticated\)"):
        backup(path)
    assert in_folder(path) == []


@pytest.mark.parametrize("user", ["nobody", "newcomer"])
def test_who_has_no_token_reads_nothing(path, sandbox, db, user, django_user_model):
    django_user_model.objects.create_user("newcomer")
    with pytest.raises(CommandError, match="nobody with a usable token"):
        backup(path, user=user)


def test_a_folder_that_is_not_there_is_named(path, manager, sandbox, black):
    with pytest.raises(CommandError, match=r"missing/x\.zip cannot be written"):
        backup(path.parent / "missing" / "x.zip")
    path.mkdir()
    with pytest.raises(CommandError, match="cannot be written"):
        backup(path)
    assert in_folder(path) == [path.name]


def test_one_that_is_too_large_to_be_restored_is_written_and_said_to_be(
    path, manager, sandbox, black, monkeypatch
):
    monkeypatch.setattr(backup_file, "MOST_UNPACKED", 10)
    with pytest.raises(CommandError, match="complete, but too large to be restored here"):
        backup(path)
    assert in_folder(path) == [path.name]
    before = path.read_bytes()
    sandbox.fail("no-access", path=f"contact-lists/{black}", times=None)
    with pytest.raises(CommandError, match="stays as it was, complete"):
        backup(path)
    assert path.read_bytes() == before
    with pytest.raises(CommandError, match="is incomplete, and too large to be restored here"):
        backup(path, "--allow-incomplete")
    sandbox.clear_faults()
    sandbox.fail("no-access", path=f"contact-lists/{black}", times=None)
    with pytest.raises(CommandError, match="is incomplete"):  # it takes the place of another such
        backup(path)

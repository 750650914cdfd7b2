import json

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError
from django.utils import timezone

from lists import encryption
from lists.connection import CredentialUnreadable
from lists.models import Credential
from lists.plusofon.errors import Unauthenticated
from lists.services import credentials
from lists.services.credentials import Rotated

from ..trouble import failing, just_before


def test_what_is_sealed_opens_for_its_owner_only():
    sealed = encryption.seal("secret", user_id=7)
    assert "secret" not in sealed
    assert encryption.unseal(sealed, user_id=7) == "secret"
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(sealed, user_id=8)


@pytest.mark.parametrize("payload", [b"no json", b"[1, 2, 3]", b"[7, null]", b"7"])
def test_what_is_not_ours_is_unreadable(payload, settings):
    sealed = Fernet(settings.CREDENTIAL_KEYS[0]).encrypt(payload).decode()
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(sealed, user_id=7)


def test_a_fingerprint_tells_tokens_apart_and_nothing_else():
    assert encryption.fingerprint("a") == encryption.fingerprint("a")
    assert encryption.fingerprint("a") != encryption.fingerprint("b")
    assert "token-in-clear" not in encryption.fingerprint("token-in-clear")


def test_rotation_encrypts_with_the_first_key_so_that_the_old_one_can_go(
    manager, support, settings, capsys
):
    old, new = settings.CREDENTIAL_KEYS[0], Fernet.generate_key().decode()
    Credential.objects.filter(user=support).update(sealed_token="nonsense")
    settings.CREDENTIAL_KEYS = [new, old]
    with pytest.raises(
        CommandError, match=r"1 cannot be read .*: support\. Put back a key"
    ) as left:
        call_command("rotate_credentials")
    settings.CREDENTIAL_KEYS = [new]
    assert credentials.stored_token(Credential.objects.get(user=manager)) == "manager-token"
    with pytest.raises(CredentialUnreadable):
        credentials.stored_token(Credential.objects.get(user=support))
    said = capsys.readouterr().out
    assert said == "1 rotated\n"
    assert "manager-token" not in f"{said}{left.value}"


def test_a_row_that_was_copied_to_somebody_else_is_not_rotated(manager, support):
    copied = Credential.objects.get(user=manager).sealed_token
    Credential.objects.filter(user=support).update(sealed_token=copied)
    assert credentials.rotate() == Rotated(1, ["support"])


class TestRotatingWhilePeopleWork:
    """What happens just before the new row would be written."""

    @pytest.fixture
    def keys(self, settings):
        old, new = settings.CREDENTIAL_KEYS[0], Fernet.generate_key().decode()
        settings.CREDENTIAL_KEYS = [new, old]
        return old, new

    def test_keeps_a_token_that_was_entered_meanwhile_and_encrypts_it_too(
        self, manager, settings, keys
    ):
        """By a process of the server that was not restarted yet: with the old key."""
        old, new = keys
        by_old = Fernet(old).encrypt(json.dumps([manager.pk, "entered-now"]).encode()).decode()
        with just_before("UPDATE", lambda: Credential.objects.update(sealed_token=by_old)):
            assert credentials.rotate() == Rotated(1, [])
        settings.CREDENTIAL_KEYS = [new]
        assert credentials.stored_token(Credential.objects.get()) == "entered-now"

    def test_passes_over_one_that_was_erased(self, manager, support, keys):
        with just_before("UPDATE", lambda: Credential.objects.filter(user=manager).delete()):
            assert credentials.rotate() == Rotated(1, [])
        assert Credential.objects.get().user == support

    def test_and_in_the_middle_of_another_rotation_opens_with_the_new_key_alone(
        self, manager, support, settings, keys
    ):
        with just_before("UPDATE", credentials.rotate):
            assert credentials.rotate() == Rotated(2, [])
        settings.CREDENTIAL_KEYS = [keys[1]]
        assert all(map(credentials.is_readable, Credential.objects.all()))


@pytest.mark.parametrize(
    "command", ["rotate_credentials", "settle_journal", "prune_journal", "prune_sign_ins"]
)
def test_a_database_that_fails_ends_a_command_with_a_sentence(db, command):
    with (
        failing("SELECT|DELETE|UPDATE"),
        pytest.raises(
            CommandError, match=r"own database does not work just now \(OperationalError\)"
        ),
    ):
        call_command(command)


def test_a_defect_of_ours_is_not_called_the_databases(db):
    with failing("SELECT|DELETE", ProgrammingError("ours")), pytest.raises(ProgrammingError):
        call_command("prune_journal")


def test_a_credential_never_prints_its_token(manager):
    assert str(manager.credential) == f"credential of user {manager.pk}"
    assert "manager-token" not in repr(vars(manager.credential))


def test_what_the_api_made_of_the_old_token_is_not_said_of_the_new_one(manager, sandbox):
    """A request that began with the old token ends after the new one was stored."""
    beginning = User.objects.get(pk=manager.pk)
    old = credentials.connection_of(beginning).api
    sandbox.fail("401")
    with pytest.raises(Unauthenticated):
        old.get_lists()
    connected = credentials.connect(by=manager, token="support-token", client_id="10553")
    credentials.note(old, beginning)
    connected.refresh_from_db()
    assert connected.refused_at is None


def test_that_the_old_token_still_worked_does_not_clear_what_is_known_of_the_new_one(
    manager, sandbox
):
    Credential.objects.update(refused_at=timezone.now())
    beginning = User.objects.get(pk=manager.pk)
    old = credentials.connection_of(beginning).api
    old.get_lists()
    refused = timezone.now()
    new = encryption.seal("support-token", user_id=manager.pk)
    Credential.objects.update(sealed_token=new, refused_at=refused)
    credentials.note(old, beginning)
    assert Credential.objects.get().refused_at == refused

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from lists import encryption
from lists.connection import CredentialUnreadable
from lists.models import Credential
from lists.plusofon.errors import Unauthenticated
from lists.services import credentials


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
    call_command("rotate_credentials")
    settings.CREDENTIAL_KEYS = [new]
    assert credentials.stored_token(Credential.objects.get(user=manager)) == "manager-token"
    with pytest.raises(CredentialUnreadable):
        credentials.stored_token(Credential.objects.get(user=support))
    said = capsys.readouterr()
    assert "1 rotated" in said.out
    assert "1 cannot be read" in said.err
    assert "manager-token" not in said.out + said.err


def test_rotation_with_nothing_unreadable_says_only_how_many(manager, capsys):
    call_command("rotate_credentials")
    assert capsys.readouterr().err == ""


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

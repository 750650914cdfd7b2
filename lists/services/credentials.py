"""Each person's own key to the API (docs/architecture.md#accounts-and-credentials)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.utils import timezone

from .. import encryption
from ..connection import Connection, CredentialMissing, CredentialUnreadable, open_api
from ..database import once_more
from ..models import Credential
from ..plusofon.client import Plusofon
from ..telemetry import events
from . import accounts

WORKED_AT_PRECISION = timedelta(minutes=1)


def credential_of(user: User) -> Credential | None:
    try:
        return user.credential
    except Credential.DoesNotExist:
        return None


def account_of(user: User) -> str:
    """Whose lists this person works with. Raises `CredentialMissing`."""
    credential = credential_of(user)
    if credential is None:
        raise CredentialMissing
    return credential.account


def connection_of(user: User) -> Connection:
    """This person with the API as their own token sees it. Raises `NotConnected`.

    Nobody's who was deactivated, even if it was not erased yet (see `erase_of_deactivated`)."""
    credential = credential_of(user)
    if credential is None or not user.is_active:
        raise CredentialMissing
    try:
        token = stored_token(credential)
    except CredentialUnreadable:
        events.warn(events.TOKEN_UNREADABLE, user=user.pk)
        raise
    api = open_api(token=token, client_id=credential.client_id, account=credential.account)
    return Connection(api, user, credential.account)


def stored_token(credential: Credential) -> str:
    """Raises `CredentialUnreadable`."""
    try:
        return encryption.unseal(credential.sealed_token, user_id=credential.user_id)
    except encryption.Unreadable as error:
        raise CredentialUnreadable from error


def is_readable(credential: Credential) -> bool:
    try:
        stored_token(credential)
    except CredentialUnreadable:
        return False
    return True


def connect(*, by: User, token: str, client_id: str) -> Credential:
    """Try a token, then store it. Raises `PlusofonError`, and then nothing is stored or changed."""
    told_before = _account_of_token(token, by=by)
    account = told_before or encryption.fingerprint(token)
    api = open_api(token=token, client_id=client_id, account=account)
    api = api.ending_in(settings.PLUSOFON_TIMEOUT)
    owner = accounts.owner_of(api)
    api.get_lists()
    now = timezone.now()
    fields = {
        "sealed_token": encryption.seal(token, user_id=by.pk),
        "client_id": client_id,
        "set_at": now,
        "worked_at": now,
        "refused_at": None,
    }
    if owner:
        fields |= {"account": str(owner.id), **accounts.names_of(owner)}
    elif not told_before:
        fields |= {"account": account, "owner_name": "", "owner_email": ""}
    accounts.note_asked(account)
    credential, _ = once_more(Credential.objects.update_or_create)(user=by, defaults=fields)
    if owner:
        accounts.adopt(owner, of={account, encryption.fingerprint(token)})
    return credential


def _account_of_token(token: str, *, by: User) -> str:
    """Under which account this person has this very token already, or ""."""
    credential = credential_of(by)
    if credential is None or not is_readable(credential) or stored_token(credential) != token:
        return ""
    return credential.account


def note(api: Plusofon, user: User) -> None:
    """What the API made of this person's token, as far as it said: worked, at most once a minute; or
    refused, since the first time. Nothing is deleted.

    Said of the token that `user` came with: of one that was entered meanwhile nothing is known."""
    with suppress(DatabaseTrouble):  # what the answer says of a write counts for more
        _note(api, user.credential)


def _note(api: Plusofon, credential: Credential) -> None:
    now = timezone.now()
    stored = Credential.objects.filter(pk=credential.pk, sealed_token=credential.sealed_token)
    is_refused = api.accepted is False and credential.refused_at is None
    if is_refused and stored.filter(refused_at=None).update(refused_at=now):
        events.warn(events.TOKEN_REFUSED, user=credential.user_id)
    is_news = credential.refused_at or now - credential.worked_at > WORKED_AT_PRECISION
    if api.accepted and is_news:
        stored.update(worked_at=now, refused_at=None)
    if api.accepted:
        accounts.learn_owner_now_and_then(credential, api=api)


def learn_owner(user: User) -> None:
    """Whose account it is, where Plusofon did not say yet. Raises `NotConnected`."""
    if not accounts.is_owner_id(account_of(user)):
        accounts.learn_owner(user.credential, api=connection_of(user).api)


def erase(*, user: User) -> None:
    Credential.objects.filter(user=user).delete()


def erase_of_deactivated() -> int:
    """Where a deactivation told nobody (`QuerySet.update`); how many were left."""
    left: int = Credential.objects.filter(user__is_active=False).delete()[0]
    return left


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many tokens the first key opens now; and whose no key opens, by username."""

    rotated: int
    unreadable: Sequence[str]


def rotate() -> Rotated:
    """Encrypt every token with the first key, while people go on entering others."""
    rotated, unreadable = 0, []
    for credential in Credential.objects.select_related("user").iterator():
        # Erased meanwhile: its person was deactivated.
        with suppress(Credential.DoesNotExist):
            try:
                _seal_anew(credential)
            except CredentialUnreadable:
                unreadable.append(credential.user.get_username())
            else:
                rotated += 1
    return Rotated(rotated, unreadable)


def _seal_anew(credential: Credential) -> None:
    """Compare-and-swap: one that was entered meanwhile is never replaced by the one before it, but sealed anew in
    its turn. Raises `CredentialUnreadable`, `Credential.DoesNotExist`."""
    while True:
        sealed = encryption.seal(stored_token(credential), user_id=credential.user_id)
        stored = Credential.objects.filter(pk=credential.pk, sealed_token=credential.sealed_token)
        if stored.update(sealed_token=sealed):
            return
        credential.refresh_from_db()

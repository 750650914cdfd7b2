"""Whose lists a person works with: the account, to which locks, journal and requests belong
(docs/architecture.md#accounts-and-credentials).

It is the owner's id, which the API tells (`GET authuser`). Where the API says that it tells none, it is
the token's fingerprint: colleagues with other tokens of the same owner do not share it. It becomes the
owner's id, with all its rows, as soon as the API tells it.
"""

import re
from collections.abc import Collection
from contextlib import suppress
from uuid import uuid4

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ..models import BlockRequest, Credential, JournalEntry
from ..plusofon.client import Plusofon
from ..plusofon.errors import NoAccess, NotFound, PlusofonError, Unauthenticated
from ..plusofon.values import ID, Owner

ASKED_AGAIN_AFTER = 60 * 60  # seconds, while a person works
PATIENCE = 3.0  # seconds that a page may take longer for asking again


class OwnerUnknown(PlusofonError):
    """The API did not say just now whose account a token opens, and may another time.

    With it stored all the same, colleagues would be taken for strangers: two locks for one list.
    """

    def __init__(self, cause: PlusofonError) -> None:
        super().__init__(cause.message, status=cause.status, detail=cause.detail)
        self.cause = cause


def is_owner_id(account: str) -> bool:
    """Whether it is the owner's id and no fingerprint, which is longer than any id."""
    return re.fullmatch(ID, account) is not None


def owner_of(api: Plusofon) -> Owner | None:
    """None where the API says for certain that it tells none, with a 404, a 403 or the vendor's "no
    access": such a token can work with lists too.

    Raises `Unauthenticated`, and `OwnerUnknown` where it merely does not say just now.
    """
    try:
        return api.get_owner()
    except (NotFound, NoAccess):
        return None
    except Unauthenticated:
        raise
    except PlusofonError as error:
        raise OwnerUnknown(error) from error


def learn_owner(credential: Credential, *, api: Plusofon) -> None:
    """Ask again for an owner that was not told. Raises nothing and takes a few seconds at most."""
    note_asked(credential.account)
    # It may be erased meanwhile: its person was deactivated.
    with suppress(PlusofonError, Credential.DoesNotExist):
        if owner := owner_of(api.hurried(PATIENCE)):
            adopt(owner, of={credential.account})
            credential.refresh_from_db()


def learn_owner_now_and_then(credential: Credential, *, api: Plusofon) -> None:
    """The same, once an hour and process."""
    if not is_owner_id(credential.account) and not cache.get(_asked(credential.account)):
        learn_owner(credential, api=api)


def note_asked(account: str) -> None:
    cache.set(_asked(account), True, ASKED_AGAIN_AFTER)


def adopt(owner: Owner, *, of: Collection[str]) -> None:
    """The rows of these accounts become the owner's.

    All of them or none: where somebody just writes under both, or saves the same list, another time.
    """
    account = str(owner.id)
    of = {left for left in of if not is_owner_id(left)}
    with suppress(IntegrityError), transaction.atomic():
        Credential.objects.filter(account__in=of).update(account=account, **names_of(owner))
        entries = JournalEntry.objects.filter(account__in=of)
        requests = BlockRequest.objects.filter(account__in=of)
        _free_form_tokens(entries, requests, account)
        entries.update(account=account)
        requests.update(account=account)


def _free_form_tokens(
    entries: QuerySet[JournalEntry], requests: QuerySet[BlockRequest], account: str
) -> None:
    """A form may have been sent under both accounts: its token keeps one from being sent twice."""
    sent = JournalEntry.objects.filter(account=account).exclude(form_token=None)
    entries.filter(form_token__in=sent.values("form_token")).update(form_token=None)
    asked = BlockRequest.objects.filter(account=account)
    for request in requests.filter(form_token__in=asked.values("form_token")):
        requests.filter(pk=request.pk).update(form_token=str(uuid4()))


def names_of(owner: Owner) -> dict[str, str]:
    """As a credential keeps them."""
    return {"owner_name": owner.name[:200], "owner_email": owner.email[:200]}


def _asked(account: str) -> str:
    return f"owner-asked:{account}"

"""Requests to block: asked by who may not block, decided by who may.

All of it belongs to an account; each function raises `NotConnected` for who has none, unless it says
otherwise.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..models import Action, BlockRequest
from ..phones import normalise
from ..plusofon.client import Plusofon
from ..plusofon.values import Contact, ListEntry
from . import blocking, journal
from .blocking import Done
from .credentials import account_of, credential_of

State = BlockRequest.State
CLAIM_LASTS = timedelta(minutes=5)  # more than blocking takes, lists that are being saved included


class Taken(Exception):
    """Somebody else has decided this request, or is about to. Nothing was sent."""

    def __init__(self, asked: BlockRequest) -> None:
        super().__init__(asked.pk)
        self.asked = asked


def ask(
    numbers: Iterable[str], entry: ListEntry, reason: str, *, form_token: str, by: User
) -> BlockRequest:
    """However often a form is sent, it asks once."""
    with transaction.atomic():
        asked, is_new = BlockRequest.objects.get_or_create(
            account=account_of(by),
            form_token=form_token,
            defaults={
                "user": by,
                "username": by.get_username(),
                "asked_at": timezone.now(),
                "numbers": "\n".join(numbers),
                "list_id": entry.id,
                "list_name": journal.storable(entry.name),
                "reason": reason,
            },
        )
        if is_new:
            journal.note_request(asked, Action.ASK, by=by)
    return asked


def queue(*, by: User) -> QuerySet[BlockRequest]:
    """What nobody has decided yet, the oldest first."""
    return _of_account(by).filter(state=State.OPEN).order_by("id")


def decided(*, by: User) -> QuerySet[BlockRequest]:
    """The newest first."""
    return _of_account(by).exclude(state=State.OPEN).order_by("-id")


def request_of(request_id: int, *, by: User) -> BlockRequest | None:
    return _of_account(by).filter(pk=request_id).first()


def is_claimed(asked: BlockRequest) -> bool:
    """Whether somebody is deciding it just now."""
    return asked.claimed_at is not None and timezone.now() - asked.claimed_at < CLAIM_LASTS


def open_about(number: str, *, by: User) -> list[BlockRequest]:
    """The undecided requests to block this number."""
    wanted = normalise(number)
    return [asked for asked in queue(by=by) if wanted in map(normalise, asked.numbers.splitlines())]


def waiting(*, by: User) -> int:
    """How many want this person's eye: for who decides, the queue; else decisions not seen yet.

    0 for who is not connected.
    """
    if credential_of(by) is None:
        return 0
    if by.has_perm("lists.change_lists"):
        return queue(by=by).count()
    return _unseen(by).count()


def see(*, by: User) -> set[int]:
    """This person has looked: the ids of their own requests whose decision is news to them."""
    news = set(_unseen(by).values_list("pk", flat=True))
    if news:
        BlockRequest.objects.filter(pk__in=news).update(is_seen=True)
    return news


def accept(
    asked: BlockRequest,
    contact: Contact,
    lists: Collection[ListEntry],
    *,
    api: Plusofon,
    by: User,
) -> list[Done]:
    """Block the contact's numbers in the lists. Raises `Taken`.

    The request counts as accepted once all of that is confirmed; until then it stays in the queue.
    """
    _claim(asked, by=by)
    try:
        done = list(blocking.block(contact, lists, api=api, by=by))
        if all(one.is_confirmed for one in done):
            accepted = set(map(normalise, contact.phones))
            left_out = [n for n in asked.numbers.splitlines() if normalise(n) not in accepted]
            _close(
                asked,
                State.ACCEPTED,
                Action.ACCEPT,
                by=by,
                answer=journal.storable(", ".join(entry.name for entry in lists)),
                left_out="\n".join(left_out),
            )
    finally:
        _mine(asked, by).update(claimed_by="", claimed_at=None)
    return done


def decline(asked: BlockRequest, why: str, *, by: User) -> None:
    """Raises `Taken`."""
    _claim(asked, by=by)
    _close(asked, State.DECLINED, Action.DECLINE, by=by, answer=why)


def _claim(asked: BlockRequest, *, by: User) -> None:
    """One update decides between two people, in any database."""
    now = timezone.now()
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
    claimed = BlockRequest.objects.filter(is_free, pk=asked.pk, state=State.OPEN).update(
        claimed_by=by.get_username(), claimed_at=now
    )
    asked.refresh_from_db()
    if not claimed:
        raise Taken(asked)


def _close(
    asked: BlockRequest, state: str, action: Action, *, by: User, answer: str, left_out: str = ""
) -> None:
    with transaction.atomic():
        closed = _mine(asked, by).update(
            state=state,
            decided_by=by.get_username(),
            decided_at=timezone.now(),
            answer=answer,
            left_out=left_out,
            is_seen=asked.user_id == by.pk,
        )
        if closed:
            journal.note_request(asked, action, by=by)


def _mine(asked: BlockRequest, by: User) -> QuerySet[BlockRequest]:
    """The request while this claim of it lasts."""
    return BlockRequest.objects.filter(
        pk=asked.pk,
        state=State.OPEN,
        claimed_by=by.get_username(),
        claimed_at=asked.claimed_at,
    )


def _of_account(by: User) -> QuerySet[BlockRequest]:
    return BlockRequest.objects.filter(account=account_of(by))


def _unseen(by: User) -> QuerySet[BlockRequest]:
    return _of_account(by).filter(user=by, is_seen=False).exclude(state=State.OPEN)

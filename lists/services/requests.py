"""Requests to block: asked by who may not block, decided by who may.

All of it belongs to an account; each function raises `NotConnected` for who has none, unless it says
otherwise.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..conflicts import Overtaken
from ..connection import Connection
from ..database import once_more
from ..intents import Planned
from ..models import Action, BlockRequest
from ..names import short
from ..phones import normalise
from ..plusofon.values import UNUSED_TYPE, Contact, ListEntry
from ..writing import journal
from . import blocking
from .blocking import Done
from .credentials import account_of, credential_of

State = BlockRequest.State
# Of one person: a manager decides each by hand, and a thousand numbers fit into one.
MOST_OPEN = 100
CLAIM_LASTS = timedelta(minutes=5)  # a lease, renewed before each list: more than writing one takes


class Taken(Exception):
    """Somebody else has decided this request, or is about to. Nothing was sent."""

    def __init__(self, asked: BlockRequest) -> None:
        super().__init__(asked.pk)
        self.asked = asked


class TooManyOpen(Exception):
    """This person waits for so many decisions already. Nothing was asked for."""


@once_more
def ask(
    numbers: Iterable[str], entry: ListEntry, reason: str, *, form_token: str, by: User
) -> BlockRequest:
    """However often a form is sent, it asks once. Raises `TooManyOpen`."""
    with transaction.atomic():
        is_there = _of_account(by).filter(form_token=form_token).exists()
        if not is_there and queue(by=by).filter(user=by).count() >= MOST_OPEN:
            raise TooManyOpen
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
    # The database leaves few of them: a number is asked for as it would be stored.
    may_be = queue(by=by).filter(numbers__contains=wanted)
    return [asked for asked in may_be if wanted in asked.numbers.splitlines()]


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
        once_more(BlockRequest.objects.filter(pk__in=news).update)(is_seen=True)
    return news


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of each list. `is_noted`: False where all of it is blocked, and our database failed
    before the request could be closed."""

    done: list[Done]
    is_noted: bool = True


def accept(
    asked: BlockRequest, contact: Contact, plans: Sequence[Planned], *, by: Connection
) -> Acceptance:
    """Block the contact's numbers in the lists. Raises `Taken` and `DatabaseTrouble` only while nothing
    was written.

    The request counts as accepted once all of that is confirmed; until then it stays in the queue.
    """
    _claim(asked, by=by.user, may_go_on=True)
    done: list[Done] = []
    is_noted, renewing = True, threading.Lock()
    try:
        done = blocking.side_by_side(
            [
                (planned.list, partial(_blocked, asked, contact, planned, renewing, by=by))
                for planned in plans
            ]
        )
        if done and all(isinstance(one.error, Overtaken) for one in done):
            raise Taken(asked)
        if all(one.is_confirmed for one in done):
            try:
                _accepted(asked, contact, done, by=by.user)
            except DatabaseTrouble:
                is_noted = False
    finally:
        # While something of it may land nobody else decides; the lease lasts longer than that.
        if not any(one.may_land for one in done):
            with suppress(DatabaseTrouble):  # the lease lapses by itself
                _release(asked, by=by.user)
    return Acceptance(done, is_noted)


def _blocked(
    asked: BlockRequest,
    contact: Contact,
    planned: Planned,
    renewing: threading.Lock,
    *,
    by: Connection,
) -> Done:
    """What became of one list, if the claim still was ours as it began. `renewing`: one at a time, since
    each renewal compares with the one before. Raises `DatabaseTrouble` (nothing was sent)."""
    with renewing:
        is_ours = _renew(asked, by=by.user)
    if not is_ours:
        return Done(planned.list, None, Overtaken())
    (done,) = blocking.block(contact, [planned], by=by)
    return done


def decline(asked: BlockRequest, why: str, *, by: User) -> None:
    """Raises `Taken`."""
    _claim(asked, by=by)
    _close(asked, State.DECLINED, Action.DECLINE, by=by, answer=why)


def _accepted(asked: BlockRequest, contact: Contact, done: list[Done], *, by: User) -> None:
    accepted = set(map(normalise, contact.phones))
    left_out = [n for n in asked.numbers.splitlines() if normalise(n) not in accepted]
    _close(
        asked,
        State.ACCEPTED,
        Action.ACCEPT,
        by=by,
        answer=_named(one.list for one in done if one.list.type != UNUSED_TYPE),
        white_lists=_named(one.list for one in done if one.list.type == UNUSED_TYPE),
        left_out="\n".join(left_out),
    )


def _named(lists: Iterable[ListEntry]) -> str:
    return journal.storable(", ".join(short(entry.name) for entry in lists))


@once_more
def _release(asked: BlockRequest, *, by: User) -> None:
    _mine(asked, by).update(claimed_by="", claimed_at=None)


def _claim(asked: BlockRequest, *, by: User, may_go_on: bool = False) -> None:
    """Compare-and-swap; the lease expires after `CLAIM_LASTS`. `may_go_on`: over one's own claim too,
    as of a block of which something is in doubt."""
    now = timezone.now()
    me = by.get_username()
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
    if may_go_on:
        is_free |= Q(claimed_by=me)
    free = BlockRequest.objects.filter(is_free, pk=asked.pk, state=State.OPEN)
    once_more(free.update)(claimed_by=me, claimed_at=now)
    asked.refresh_from_db()
    if (asked.state, asked.claimed_by, asked.claimed_at) != (State.OPEN, me, now):
        raise Taken(asked)


def _renew(asked: BlockRequest, *, by: User) -> bool:
    """Whether the claim still was ours; if so it lasts anew."""
    now = timezone.now()
    renewed = once_more(_mine(asked, by).update)(claimed_at=now)
    before, asked.claimed_at = asked.claimed_at, now
    if renewed or _mine(asked, by).exists():
        return True
    asked.claimed_at = before
    return False


@once_more
def _close(
    asked: BlockRequest, state: str, action: Action, *, by: User, answer: str, **fields: str
) -> None:
    with transaction.atomic():
        closed = _mine(asked, by).update(
            state=state,
            decided_by=by.get_username(),
            decided_at=timezone.now(),
            answer=answer,
            **fields,
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

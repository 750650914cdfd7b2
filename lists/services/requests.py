"""Requests to block or unblock, asked by who may not: the queue, until `deciding` ends it.

All of it belongs to an account; each function raises `NotConnected` for who has none, unless it says
otherwise.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..database import once_more
from ..models import Action, BlockRequest, JournalEntry
from ..phones import normalise
from ..plusofon.values import ListEntry
from ..writing import journal
from ..writing.search_terms import storable
from .credentials import account_of, credential_of

Kind = BlockRequest.Kind
State = BlockRequest.State
# Of one person: a manager decides each by hand, and a thousand numbers fit into one.
MOST_OPEN = 100
CLAIM_LASTS = timedelta(minutes=5)  # a lease, renewed before each list: more than writing one takes
FEW = 20  # numbers that the database looks for; more are compared here


class Taken(Exception):
    """Somebody else has decided this request, or is about to. Nothing was sent."""

    def __init__(self, asked: BlockRequest) -> None:
        super().__init__(asked.pk)
        self.asked = asked


class TooManyOpen(Exception):
    """This person waits for so many decisions already. Nothing was asked for."""


@once_more
def ask(
    numbers: Iterable[str],
    entry: ListEntry | None,
    reason: str,
    *,
    form_token: str,
    by: User,
    kind: Kind = Kind.BLOCK,
) -> BlockRequest:
    """However often a form is sent, it asks once. `entry`: None leaves the list to the manager.

    Raises `TooManyOpen`.
    """
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
                "kind": kind,
                "numbers": "\n".join(numbers),
                "list_id": entry.id if entry else None,
                "list_name": storable(entry.name) if entry else "",
                "reason": reason,
            },
        )
        if is_new:
            journal.note_request(asked, Action.ASK, by=by)
    return asked


@once_more
def withdraw(asked: BlockRequest, *, by: User) -> None:
    """Take back what one has asked for; twice is as good as once. Raises `Taken` where a manager is
    deciding it, or has."""
    now = timezone.now()
    with transaction.atomic():
        mine = BlockRequest.objects.filter(unclaimed(now), pk=asked.pk, user=by, state=State.OPEN)
        withdrawn = mine.update(
            state=State.WITHDRAWN, decided_by=by.get_username(), decided_at=now, is_seen=True
        )
        if withdrawn:
            journal.note_request(asked, Action.WITHDRAW, by=by)
    asked.refresh_from_db()
    if asked.state != State.WITHDRAWN:
        raise Taken(asked)


def queue(*, by: User) -> QuerySet[BlockRequest]:
    """What nobody has decided yet, the oldest first."""
    return _of_account(by).filter(state=State.OPEN).order_by("id")


def decided(*, by: User) -> QuerySet[BlockRequest]:
    """The newest first."""
    return _of_account(by).exclude(state=State.OPEN).order_by("-id")


def mine(*, by: User) -> QuerySet[BlockRequest]:
    """What this person has asked for, the newest first."""
    return _of_account(by).filter(user=by).order_by("-id")


def request_of(request_id: int, *, by: User) -> BlockRequest | None:
    return _of_account(by).filter(pk=request_id).first()


def is_claimed(asked: BlockRequest) -> bool:
    """Whether somebody is deciding it just now."""
    return asked.claimed_at is not None and timezone.now() - asked.claimed_at < CLAIM_LASTS


def open_about(*numbers: str, by: User) -> list[BlockRequest]:
    """The undecided requests about any of these numbers."""
    wanted = set(map(normalise, numbers))
    may_be = queue(by=by)
    if len(wanted) <= FEW:  # the database leaves few: a number is asked for as it would be stored
        may_be = may_be.filter(reduce(or_, (Q(numbers__contains=n) for n in wanted), Q()))
    return [asked for asked in may_be if not wanted.isdisjoint(asked.numbers.splitlines())]


def decided_about(number: str, *, by: User) -> QuerySet[BlockRequest]:
    """The decided requests about this number, in any spelling; the newest first. The journal tells of each as long
    as it is kept, and is indexed by number."""
    told = JournalEntry.objects.filter(account=account_of(by), numbers__number=normalise(number))
    return decided(by=by).filter(pk__in=set(told.values_list("request", flat=True)) - {None})


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


def unclaimed(now: datetime) -> Q:
    """Whether nobody is deciding a request; see `is_claimed`."""
    return Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)


def _of_account(by: User) -> QuerySet[BlockRequest]:
    return BlockRequest.objects.filter(account=account_of(by))


def _unseen(by: User) -> QuerySet[BlockRequest]:
    return _of_account(by).filter(user=by, is_seen=False).exclude(state=State.OPEN)

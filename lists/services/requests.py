"""Requests to block or unblock: asked by who may not, decided by who may.

All of it belongs to an account; each function raises `NotConnected` for who has none, unless it says
otherwise.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from time import monotonic

from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..bulkhead import BulkheadFull
from ..conflicts import Overtaken
from ..connection import Connection
from ..database import once_more
from ..intents import Planned, UnblockNumber
from ..models import Action, BlockRequest
from ..names import short
from ..phones import normalise
from ..plusofon.errors import PlusofonError
from ..plusofon.values import UNUSED_TYPE, Contact, ListEntry
from ..writing import journal
from . import blocking, lookup
from .blocking import Done
from .credentials import account_of, credential_of
from .lookup import Hit, Result

Kind = BlockRequest.Kind
State = BlockRequest.State
# Of one person: a manager decides each by hand, and a thousand numbers fit into one.
MOST_OPEN = 100
CLAIM_LASTS = timedelta(minutes=5)  # a lease, renewed before each list: more than writing one takes
FEW = 20  # numbers that the database looks for; more are compared here
PATIENCE = 10.0  # seconds for a warning: who asks has a caller on the line


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
                "list_name": journal.storable(entry.name) if entry else "",
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
        mine = BlockRequest.objects.filter(_is_free(now), pk=asked.pk, user=by, state=State.OPEN)
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


@dataclass(frozen=True, slots=True)
class Standing:
    """Which lists block each of some numbers (normalised). `possible`: lists that block, with an entry
    that may mean the number. `is_complete`: of the others it is known that none does."""

    lists: dict[str, list[ListEntry]]
    possible: dict[str, list[ListEntry]]
    is_complete: bool


def standing_of(numbers: Iterable[str], *, by: Connection) -> Standing:
    """What of it can be read within `PATIENCE`. A failure is no reason not to ask: it only leaves the
    answer incomplete."""
    numbers, began = list(numbers), monotonic()
    wanted = set(map(normalise, numbers))
    hits: list[Hit] = []
    possible: tuple[Hit, ...] = ()
    is_complete = False
    with (
        suppress(PlusofonError, BulkheadFull),
        closing(lookup.scan(lookup.for_numbers(*numbers), by=by)) as steps,
    ):
        for step in steps:
            if isinstance(step, Result):
                hits, possible, is_complete = list(step.hits), step.possible, step.is_complete
                break
            hits += step.hits
            if monotonic() - began > PATIENCE:
                break
    lists = _blocking(lookup.by_number(hits))
    perhaps = _blocking(lookup.possible_by_number(numbers, possible))
    return Standing({n: lists[n] for n in wanted & lists.keys()}, perhaps, is_complete)


def _blocking(found: Mapping[str, Iterable[Hit]]) -> dict[str, list[ListEntry]]:
    """The lists that block, each once; without the numbers that have none."""
    lists = {
        number: list(dict.fromkeys(hit.list for hit in hits if hit.list.type != UNUSED_TYPE))
        for number, hits in found.items()
    }
    return {number: of for number, of in lists.items() if of}


def places_of(number: str, *, by: Connection) -> Result:
    """Every list, read for a number to unblock, and for entries that may mean it (`Result.possible`).

    Raises `PlusofonError` if not even the first page answers.
    """
    return lookup.result_of(lookup.scan(lookup.for_numbers(number), by=by))


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
    """What became of each list. `is_noted`: False where all of it is done, and our database failed
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

    def block(planned: Planned) -> Done:
        (done,) = blocking.block(contact, [planned], by=by)
        return done

    acts = ((planned.list, partial(block, planned)) for planned in plans)
    return _carry_out(asked, acts, partial(_blocked, asked, contact), by=by.user)


def accept_unblock(
    asked: BlockRequest,
    intents: Mapping[ListEntry, UnblockNumber],
    spared: Sequence[ListEntry],
    *,
    by: Connection,
) -> Acceptance:
    """Take the number from the chosen contacts of each list; without any it was in none any more.

    `spared`: lists with contacts that the person saw, and left alone. Raises, and closes, as `accept`.
    """

    def unblock(entry: ListEntry, intent: UnblockNumber) -> Done:
        (done,) = blocking.unblock({entry: intent}, by=by)
        return done

    acts = ((entry, partial(unblock, entry, intent)) for entry, intent in intents.items())
    return _carry_out(asked, acts, partial(_unblocked, spared), by=by.user)


Act = tuple[ListEntry, Callable[[], Done]]


def _carry_out(
    asked: BlockRequest,
    acts: Iterable[Act],
    fields_of: Callable[[list[Done]], dict[str, str]],
    *,
    by: User,
) -> Acceptance:
    """Each act while the claim is ours; then the request is closed, with what `fields_of` says of it."""
    _claim(asked, by=by, may_go_on=True)
    done: list[Done] = []
    is_noted, renewing = True, threading.Lock()
    try:
        done = blocking.side_by_side(
            [(entry, partial(_act, asked, entry, act, renewing, by=by)) for entry, act in acts]
        )
        if all(one.is_confirmed for one in done):
            try:
                _close(asked, State.ACCEPTED, Action.ACCEPT, by=by, **fields_of(done))
            except DatabaseTrouble:
                if not done:
                    raise
                is_noted = False
    finally:
        # While something of it may land nobody else decides; the lease lasts longer than that.
        if not any(one.may_land for one in done):
            with suppress(DatabaseTrouble):  # the lease lapses by itself
                _release(asked, by=by)
    if done and all(isinstance(one.error, Overtaken) for one in done):
        asked.refresh_from_db()  # only now: to release means the claim that was ours
        raise Taken(asked)
    return Acceptance(done, is_noted)


def _act(
    asked: BlockRequest,
    entry: ListEntry,
    act: Callable[[], Done],
    renewing: threading.Lock,
    *,
    by: User,
) -> Done:
    """What became of one list, if the claim still was ours as it began. `renewing`: one at a time, since
    each renewal compares with the one before. Raises `DatabaseTrouble` (nothing was sent)."""
    with renewing:
        is_ours = _renew(asked, by=by)
    return act() if is_ours else Done(entry, None, Overtaken())


def decline(asked: BlockRequest, why: str, *, by: User) -> None:
    """Raises `Taken`."""
    _claim(asked, by=by)
    _close(asked, State.DECLINED, Action.DECLINE, by=by, answer=why)


def _blocked(asked: BlockRequest, contact: Contact, done: list[Done]) -> dict[str, str]:
    """What the request says of it."""
    accepted = set(map(normalise, contact.phones))
    left_out = [n for n in asked.numbers.splitlines() if normalise(n) not in accepted]
    return {
        "answer": _named(one.list for one in done if one.list.type != UNUSED_TYPE),
        "white_lists": _named(one.list for one in done if one.list.type == UNUSED_TYPE),
        "left_out": "\n".join(left_out),
    }


def _unblocked(spared: Sequence[ListEntry], done: list[Done]) -> dict[str, str]:
    """The same. A list that keeps the number in another contact is one that it was left in."""
    left_in = {entry.id: entry for entry in spared}
    left_in |= {one.list.id: one.list for one in done if one.left}
    return {
        "answer": _named(one.list for one in done if one.list.id not in left_in),
        "left_in": _named(left_in.values()),
    }


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
    is_free = _is_free(now)
    if may_go_on:
        is_free |= Q(claimed_by=me)
    free = BlockRequest.objects.filter(is_free, pk=asked.pk, state=State.OPEN)
    once_more(free.update)(claimed_by=me, claimed_at=now)
    asked.refresh_from_db()
    if (asked.state, asked.claimed_by, asked.claimed_at) != (State.OPEN, me, now):
        raise Taken(asked)


def _is_free(now: datetime) -> Q:
    """Whether nobody is deciding a request; see `is_claimed`."""
    return Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)


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
def _close(asked: BlockRequest, state: State, action: Action, *, by: User, **fields: str) -> None:
    with transaction.atomic():
        closed = _mine(asked, by).update(
            state=state,
            decided_by=by.get_username(),
            decided_at=timezone.now(),
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

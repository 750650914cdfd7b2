"""Deciding requests: each is claimed by one person, carried out, and closed with what became of it.

Every function raises `Taken` where somebody else has decided the request, or is about to: nothing was sent then.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import User
from django.db import Error as DatabaseTrouble
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..conflicts import Overtaken
from ..connection import Connection
from ..database import once_more
from ..intents import Planned, UnblockNumber
from ..models import Action, BlockRequest
from ..names import short
from ..phones import normalise
from ..plusofon.values import UNUSED_TYPE, Contact, ListEntry
from ..writing import journal
from ..writing.search_terms import storable
from . import blocking, lookup
from .lookup import Result
from .requests import State, Taken, unclaimed
from .side_by_side import Done


def places_of(number: str, *, by: Connection) -> Result:
    """Every list, read for a number to unblock, and for entries that may mean it (`Result.possible`).

    Raises `PlusofonError` if not even the first page answers.
    """
    return lookup.result_of(lookup.scan(lookup.for_numbers(number), by=by))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What became of each list. `is_noted`: False where all of it is done, and our database failed
    before the request could be closed."""

    done: list[Done]
    is_noted: bool = True


def accept(
    asked: BlockRequest, contact: Contact, plans: Sequence[Planned], *, by: Connection
) -> Acceptance:
    """Block the contact's numbers in the lists. Raises `DatabaseTrouble` only while nothing was written.

    The request counts as accepted once all of that is confirmed; until then it stays in the queue.
    """

    act = partial(blocking.block, contact, plans, by=by)
    return _carry_out(asked, act, partial(_what_was_blocked, asked, contact), by=by.user)


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

    act = partial(blocking.unblock, intents, by=by)
    return _carry_out(asked, act, partial(_what_was_unblocked, spared), by=by.user)


def _carry_out(
    asked: BlockRequest,
    act: Callable[..., list[Done]],
    fields_of: Callable[[list[Done]], dict[str, str]],
    *,
    by: User,
) -> Acceptance:
    """The act, each list while the claim is ours; then the request is closed, with what `fields_of` says of it."""
    _claim(asked, by=by, may_go_on=True)
    done: list[Done] = []
    is_noted = True
    try:
        done = act(is_ours=partial(_renew, asked, by=by))
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


def decline(asked: BlockRequest, why: str, *, by: User) -> None:
    """Close it with the reason, as it stands; nothing is written to any list."""
    _claim(asked, by=by)
    _close(asked, State.DECLINED, Action.DECLINE, by=by, answer=why)


def _what_was_blocked(asked: BlockRequest, contact: Contact, done: list[Done]) -> dict[str, str]:
    """What an accepted request to block says: which lists hold the numbers now, which numbers it left out."""
    accepted = set(map(normalise, contact.phones))
    left_out = [n for n in asked.numbers.splitlines() if normalise(n) not in accepted]
    return {
        "answer": _named(one.list for one in done if one.list.type != UNUSED_TYPE),
        "white_lists": _named(one.list for one in done if one.list.type == UNUSED_TYPE),
        "left_out": "\n".join(left_out),
    }


def _what_was_unblocked(spared: Sequence[ListEntry], done: list[Done]) -> dict[str, str]:
    """What an accepted request to unblock says: which lists the number is out of, and which it was left in: a list
    that keeps it in another contact is one of these."""
    left_in = {entry.id: entry for entry in spared}
    left_in |= {one.list.id: one.list for one in done if one.left}
    return {
        "answer": _named(one.list for one in done if one.list.id not in left_in),
        "left_in": _named(left_in.values()),
    }


def _named(lists: Iterable[ListEntry]) -> str:
    return storable(", ".join(short(entry.name) for entry in lists))


@once_more
def _release(asked: BlockRequest, *, by: User) -> None:
    _mine(asked, by).update(claimed_by="", claimed_at=None)


def _claim(asked: BlockRequest, *, by: User, may_go_on: bool = False) -> None:
    """Compare-and-swap; the lease expires after `CLAIM_LASTS`. `may_go_on`: over one's own claim too,
    as of a block of which something is in doubt."""
    now = timezone.now()
    me = by.get_username()
    is_free = unclaimed(now)
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

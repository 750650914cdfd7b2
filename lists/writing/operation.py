"""An act over several lists as the journal keeps it: an entry of its own, with its plan, and its writes as parts.

The act itself sends nothing. Its entry is confirmed once each part is; until then it is *partly* done.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from ..changes import ContactChange, ListChange
from ..connection import Connection
from ..database import once_more
from ..models import Action, JournalEntry, Operation, Outcome
from ..plusofon.values import Contact
from .plans import Plan, read_plan, write_plan
from .records import write_change
from .search_terms import storable

# A lease, renewed before each step: more than writing one list takes.
CLAIM_LASTS = timedelta(minutes=5)
MOST_TOLD = 5  # contacts that the entry names by itself
MOST_NAMED = 20  # lists that it names by itself


class Claimed(Exception):
    """Somebody is at it just now."""


@once_more
def begin(
    action: Action,
    plan: Plan,
    *,
    by: Connection,
    contacts: Sequence[Contact] = (),
    names: Sequence[str] = (),
    form_token: str | None = None,
    undoes: JournalEntry | None = None,
) -> Operation:
    """Note an act, before anything is sent. `contacts`: those that it is about; `names`: of its lists, where those
    of the plan do not tell. A form that is sent again finds its own act: nothing is noted twice."""
    plan = tuple(sorted(plan, key=lambda step: step.stage))
    # Two lists may have one name; a list that is to be created has no id yet.
    lists = {step.list.id or number: step.list.name for number, step in enumerate(plan, -len(plan))}
    named = [" ".join(name.split()) for name in names or lists.values()]
    try:
        return _begin(
            action, plan, named, by=by, contacts=contacts, token=form_token, undoes=undoes
        )
    except IntegrityError:
        # Sent twice at the same moment.
        if form_token and (earlier := of_form(form_token, by=by)):
            return earlier
        raise


def _begin(
    action: Action,
    plan: Plan,
    named: Sequence[str],
    *,
    by: Connection,
    contacts: Sequence[Contact],
    token: str | None,
    undoes: JournalEntry | None,
) -> Operation:
    with transaction.atomic():
        if token and (earlier := of_form(token, by=by)):
            return earlier
        entry = JournalEntry.objects.create(
            account=by.account,
            user=by.user,
            username=by.user.get_username(),
            started_at=timezone.now(),
            outcome=Outcome.PARTLY,
            action=action,
            list_name=storable("\n".join(named[:MOST_NAMED])),
            change=write_change(
                ListChange(contacts=tuple(ContactChange(None, one) for one in contacts[:MOST_TOLD]))
            ),
            contacts_count=len(contacts),
            form_token=token,
            undoes=undoes,
        )
        return Operation.objects.create(entry=entry, plan=write_plan(plan), lists_count=len(named))


def of_form(form_token: str, *, by: Connection) -> Operation | None:
    """The act that a form with this one-time token has begun."""
    return Operation.objects.filter(entry__account=by.account, entry__form_token=form_token).first()


def plan_of(operation: Operation) -> Plan:
    return read_plan(operation.plan)


def claim(operation: Operation) -> None:
    """Compare-and-swap; the lease lapses after `CLAIM_LASTS`. Raises `Claimed`."""
    now = timezone.now()
    is_free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_LASTS)
    free = Operation.objects.filter(is_free, pk=operation.pk)
    once_more(free.update)(claimed_at=now)
    operation.refresh_from_db()
    if operation.claimed_at != now:
        raise Claimed


def renew(operation: Operation) -> bool:
    """Whether the claim still was ours; if so it lasts anew."""
    now = timezone.now()
    mine = Operation.objects.filter(pk=operation.pk, claimed_at=operation.claimed_at)
    if not once_more(mine.update)(claimed_at=now):
        return False
    operation.claimed_at = now
    return True


def is_claimed(operation: Operation) -> bool:
    """Whether somebody is at it just now."""
    at = operation.claimed_at
    return at is not None and timezone.now() - at < CLAIM_LASTS


@once_more
def release(
    operation: Operation, *, is_whole: bool | None = None, needless: Iterable[int] = ()
) -> None:
    """Leave it. `is_whole`: how far it has come, `needless`: which steps had nothing to do this time; noted if the
    claim still is ours, for else somebody else notes that."""
    with transaction.atomic():
        mine = Operation.objects.filter(pk=operation.pk, claimed_at=operation.claimed_at)
        if mine.update(claimed_at=None) and is_whole is not None:
            _note(operation, is_whole=is_whole, needless=needless)
    operation.claimed_at = None


def _note(operation: Operation, *, is_whole: bool, needless: Iterable[int]) -> None:
    entry = operation.entry
    entry.outcome = Outcome.CONFIRMED if is_whole else Outcome.PARTLY
    entry.ended_at = timezone.now()
    entry.save(update_fields=["outcome", "ended_at"])
    operation.needless = " ".join(map(str, sorted(needless)))
    operation.save(update_fields=["needless"])


def needless_of(operation: Operation) -> set[int]:
    """The numbers of the steps that had nothing to do when it was last gone on with."""
    return set(map(int, operation.needless.split()))


def undo_of(entry: JournalEntry) -> Operation | None:
    """The act that takes this one back, once it has begun."""
    undo = Operation.objects.filter(entry__undoes=entry).order_by("-pk")
    return undo.first()


def has_stages(operation: Operation) -> bool:
    """Whether what it brings into lists is only right together with what it takes out of others."""
    return len({step.stage for step in plan_of(operation)}) > 1


def parts_of(operation: Operation) -> dict[int, JournalEntry]:
    """The last write of each step that was begun, without what it changed."""
    parts = operation.entry.parts.exclude(outcome=Outcome.LOCKED).order_by("pk")
    return {
        part.step: part for part in parts.defer("change", "whole_list") if part.step is not None
    }

"""Who put a number where it is: back from a list, as it is, through the journal's writes to it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth.models import User

from ..models import Action, BlockRequest, JournalEntry, Outcome
from ..names import short
from ..phones import normalise
from ..plusofon.values import Contact
from ..sameness import Meaning, meaning
from ..writing.entries import change_of, whole_list_of
from .history import telling

MOST_LOOKED_THROUGH = 200  # entries about one number
ACCEPTING_TAKES = timedelta(minutes=5)  # as long as a claim lasts (see `services.requests`)


class Origin(NamedTuple):
    """Who put a number where it is, and when; `request`: the request that it was done for, if it was."""

    entry: JournalEntry
    request: BlockRequest | None


def origins(
    number: str, places: Iterable[tuple[int, Contact]], *, by: User
) -> dict[tuple[int, Contact], Origin]:
    """How this number (in any spelling) came to these contacts, each with its list's id.

    A contact that is missing got it elsewhere, or before what the journal keeps: only a way without a gap, from
    write to write of this very contact, is told.
    """
    wanted, asked_for = normalise(number), defaultdict[int, set[Contact]](set)
    for list_id, contact in places:
        asked_for[list_id].add(contact)
    about = JournalEntry.objects.filter(pk__in=telling(number, by=by), outcome=Outcome.CONFIRMED)
    writes = list(
        about.filter(list_id__in=asked_for, request=None, overwritten_by=None)
        .exclude(action=Action.DELETE)
        .order_by("-id")[:MOST_LOOKED_THROUGH]
    )
    given = {
        (list_id, contact): entry
        for list_id, contacts in asked_for.items()
        for contact, entry in _givers(contacts, wanted, [e for e in writes if e.list_id == list_id])
    }
    if not given:
        return {}
    accepted = list(about.filter(action=Action.ACCEPT).select_related("request").order_by("id"))
    return {
        place: Origin(entry, _request_behind(entry, accepted)) for place, entry in given.items()
    }


def _givers(
    contacts: Iterable[Contact], number: str, writes: Iterable[JournalEntry]
) -> Iterator[tuple[Contact, JournalEntry]]:
    """Back from the contacts of a list, as they are, to the writes that gave them the number. `writes`: those of
    the list, the newest first; each is looked through once, however many contacts it is asked about."""
    followed = defaultdict[Meaning, set[Contact]](set)
    for contact in contacts:
        followed[meaning(contact)].add(contact)
    for entry in writes:
        if entry.action == Action.CREATE:
            created = followed.keys() & set(map(meaning, whole_list_of(entry).contacts))
            yield from ((contact, entry) for now in created for contact in followed[now])
            return
        earlier = []
        for change in change_of(entry).contacts if followed else ():
            became = followed.pop(meaning(change.after), None) if change.after else None
            if became is None:
                continue
            if change.before is None or number not in map(normalise, change.before.phones):
                yield from ((contact, entry) for contact in became)
            else:
                earlier.append((meaning(change.before), became))
        for was, became in earlier:
            followed[was] |= became


def _request_behind(entry: JournalEntry, accepted: Iterable[JournalEntry]) -> BlockRequest | None:
    """A request to block is closed by who wrote, soon after its lists were written, and names them."""
    for later in accepted:
        asked = later.request
        if (
            asked
            and asked.kind == BlockRequest.Kind.BLOCK
            and later.pk > entry.pk
            and later.username == entry.username
            and later.started_at - entry.started_at < ACCEPTING_TAKES
            and short(entry.list_name) in f"{asked.answer}, {asked.white_lists}"
        ):
            return asked
    return None

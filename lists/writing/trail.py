"""What became of a contact that is no longer as the person saw it, as far as the journal knows."""

from dataclasses import dataclass

from ..conflicts import ContactChanged, ContactGone, Trace
from ..models import JournalEntry, Outcome
from ..phones import normalise
from ..plusofon.values import Contact, ContactList
from ..sameness import alike, meaning
from .entries import change_of
from .search_terms import storable

MOST_STEPS = 20
MOST_NUMBERS = (
    500  # of a contact that its entries are found by: a database takes so many values at once
)


@dataclass(frozen=True, slots=True)
class _Step:
    """An entry that changed the contact: what it is since then, None where it was removed."""

    entry: JournalEntry
    after: Contact | None


def told(
    conflict: ContactChanged | ContactGone, found: ContactList
) -> ContactChanged | ContactGone:
    """The same conflict, with who and when. The way that the journal shows from the contact that was
    seen to another one counts for more than the numbers that two contacts share."""
    if conflict.seen is None or (last := _followed(conflict.seen, found.id)) is None:
        return conflict
    trace = Trace(last.entry.username, last.entry.ended_at or last.entry.started_at)
    if last.after is None:
        return ContactGone(conflict.seen, trace)
    if theirs := alike(found.contacts, last.after):
        return ContactChanged(conflict.seen, theirs, trace)
    return conflict


def _followed(seen: Contact, list_id: int) -> _Step | None:
    """From the last entry that changed the contact as it was seen, on to what it is now."""
    step = _step_from(seen, list_id, newest=True)
    for _ in range(MOST_STEPS):
        if step is None or step.after is None:
            break
        following = _step_from(step.after, list_id, later_than=step.entry.pk)
        if following is None:
            break
        step = following
    return step


def _step_from(
    contact: Contact, list_id: int, *, newest: bool = False, later_than: int = 0
) -> _Step | None:
    """The entry that took this contact away or made another of it."""
    entries = JournalEntry.objects.filter(
        list_id=list_id, outcome=Outcome.CONFIRMED, overwritten_by=None, pk__gt=later_than
    ).exclude(change="")
    if contact.phones:
        numbers = [storable(normalise(phone)) for phone in contact.phones[:MOST_NUMBERS]]
        entries = entries.filter(numbers__number__in=numbers).distinct()
    means = meaning(contact)
    for entry in entries.order_by("-pk" if newest else "pk")[:MOST_STEPS]:
        for change in change_of(entry).contacts:
            if change.is_respelling:
                continue
            if change.before and meaning(change.before) == means:
                return _Step(entry, change.after)
            if newest and change.after and meaning(change.after) == means:
                return None  # it came back, and nothing here has changed it since
    return None

"""Whether a list that was read shows a change. Pure: the one place that judges it."""

from dataclasses import dataclass

from ..changes import ListChange
from ..plusofon.values import ContactList


@dataclass(frozen=True, slots=True)
class Reading:
    """A list that was read after a change had been sent. `is_before`: whether it is exactly as it was read
    before, or as another write left it; `is_after`: as it was sent."""

    found: ContactList
    is_before: bool
    is_after: bool


def shows(change: ListChange, reading: Reading, *, may_land: bool) -> bool:
    """Whether the change is there.

    While it may still land, a contact that is not there any more proves nothing: somebody else may
    have taken it out, and ours would come later and wipe out what was written meanwhile.
    """
    if reading.is_before:
        return False
    if reading.is_after:
        return True
    if not (change.is_visible_in(reading.found) and _is_spelled_in(change, reading.found)):
        return False
    return change.adds or not may_land


def _is_spelled_in(change: ListChange, found: ContactList) -> bool:
    """A change of spelling alone is visible by meaning before and after: only the texts tell."""
    respelled = {c.after for c in change.contacts if c.after and c.is_respelling}
    return not respelled or respelled <= set(found.contacts)

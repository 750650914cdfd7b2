"""How a write ended, in a word or two; and what became of each of several lists."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ..conflicts import Conflict, ListChanged, Overtaken, PlanChanged
from ..models import JournalEntry, Outcome
from ..plusofon.values import UNUSED_TYPE
from ..writing.outcomes import (
    AlreadyCreated,
    AlreadyDone,
    Confirmed,
    Created,
    Deleted,
    DoneBefore,
    InDoubt,
    MadeAndGone,
    NotNoted,
    StepOutcome,
    Unknown,
    Waits,
)
from ..writing.undoing import NotConfirmed
from .errors import failure_of
from .times import clock

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OUTCOMES: "dict[str, StrOrPromise]" = {
    Outcome.LOCKED: _("being saved"),
    Outcome.PENDING: _("being saved"),
    Outcome.IN_DOUBT: _("in doubt"),
    Outcome.CONFIRMED: _("confirmed"),
    Outcome.REFUSED: _("not saved"),
    Outcome.UNKNOWN: _("not known"),
    Outcome.PARTLY: _("not in all lists"),
}

CREATED_SHORT = _("created, but not with all of its contacts")
OVERWRITTEN = "overwritten"
# What the journal can be searched for.
ENDS = {
    outcome: OUTCOMES[outcome]
    for outcome in (
        *(Outcome.CONFIRMED, Outcome.REFUSED, Outcome.IN_DOUBT, Outcome.UNKNOWN, Outcome.PARTLY),
    )
} | {OVERWRITTEN: _("overwritten")}


def outcome_name(entry: JournalEntry) -> str:
    return str(ENDS[OVERWRITTEN] if entry.overwritten_by_id else OUTCOMES[entry.outcome])


@dataclass(frozen=True, slots=True)
class Words:
    """For a list where there was nothing to do, and for one that was written; without the latter, the
    type of the list says what that means."""

    nothing: str
    confirmed: str = ""


class Tone(StrEnum):
    """How a word about one list looks."""

    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    REFUSED = "refused"


# Where the error of one list says more than its row in `errors.ROWS`.
ERRORS: "dict[type[Exception], tuple[Tone, StrOrPromise]]" = {
    PlanChanged: (Tone.REFUSED, _("not saved: the list has changed since you looked")),
    Conflict: (Tone.REFUSED, _("not saved: somebody has changed this contact")),
    Overtaken: (Tone.REFUSED, _("not sent: somebody else is at it by now")),
    ListChanged: (Tone.REFUSED, _("left as it is: the list has changed since you looked")),
    Waits: (Tone.REFUSED, _("not tried: it waits for the other lists")),
    NotConfirmed: (Tone.REFUSED, _("not undone: it has changed since")),
    MadeAndGone: (Tone.REFUSED, _("not created: the list that was made is gone")),
    NotNoted: (Tone.UNKNOWN, _("not known: check the journal in a minute")),
}


def ended(outcome: StepOutcome, *, list_type: str, words: Words) -> tuple[Tone, str]:
    """What became of one list."""
    match outcome:
        case AlreadyDone():
            return Tone.CONFIRMED, words.nothing
        case Confirmed() if words.confirmed:
            return Tone.CONFIRMED, words.confirmed
        case Confirmed() if list_type == UNUSED_TYPE:
            return Tone.CONFIRMED, str(_("added; Plusofon does not use white lists yet"))
        case Confirmed():
            return Tone.CONFIRMED, str(_("blocked"))
        case InDoubt(until=until):
            in_doubt = _("in doubt until %(time)s: it may still arrive")
            return Tone.UNKNOWN, in_doubt % {"time": clock(until)}
        case Unknown():
            return Tone.UNKNOWN, str(OUTCOMES[Outcome.UNKNOWN])
        case Created() if outcome.is_short:
            return Tone.REFUSED, str(CREATED_SHORT)
        case Created() | AlreadyCreated():
            return Tone.CONFIRMED, str(_("created"))
        case Deleted():
            return Tone.CONFIRMED, str(_("deleted"))
        case DoneBefore():
            return Tone.CONFIRMED, str(_("done before"))


def failed(error: Exception) -> tuple[Tone, str]:
    """Why one list was not written."""
    for class_ in type(error).__mro__:
        if class_ in ERRORS:
            kind, words = ERRORS[class_]
            return kind, str(words)
    failure = failure_of(error)
    return Tone.REFUSED, ": ".join(filter(None, [str(failure.title), failure.words]))

"""What happened, in the person's language. Words of the API are quoted, and escaped by the templates."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django import forms
from django.contrib import messages
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..bulkhead import BulkheadFull
from ..conflicts import Trace
from ..models import JournalEntry, Outcome
from ..names import short
from ..phones import normalise, spell
from ..plusofon import errors
from ..plusofon.values import Contact, ContactList
from ..sameness import Difference
from ..writing import journal, outcomes


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is not what was asked for. `words`: the API's own; `was_sent`: something may have
    been changed all the same; `is_of_token`: the page of the connection may mend it."""

    status: int
    title: str
    advice: str
    words: str = ""
    may_retry: bool = True
    was_sent: bool = False
    is_of_token: bool = False


def failure_of(error: Exception) -> Failure:
    """What to say of an error that no view acted on (design §9)."""
    words = error.message if isinstance(error, errors.PlusofonError) else ""
    match error:
        case outcomes.NotDeleted():
            return Failure(
                503,
                _("The list was not deleted"),
                _("Plusofon did not delete it: the list was read again and is still there."),
                words,
            )
        case outcomes.NotApplied():
            return Failure(
                503,
                _("This was not saved"),
                _(
                    "Plusofon did not take the change: the list was read again and is as it was before."
                ),
                words,
            )
        case outcomes.HeldInDoubt():
            return _in_doubt(error)
        case outcomes.Busy():
            return _busy(error)
        case outcomes.NotNoted():
            return Failure(
                503,
                _("It is in doubt whether this was saved"),
                _(
                    "It was sent to Plusofon, but the dashboard's own database failed before the end"
                    " could be noted. Do not send it again: look in the journal in a minute."
                ),
                may_retry=False,
                was_sent=True,
            )
        case DatabaseTrouble():
            return Failure(
                503,
                _("The dashboard's own database does not work just now"),
                _("Nothing was sent to Plusofon. Try again in a moment."),
            )
        case outcomes.LockLost():
            return Failure(
                503,
                _("Plusofon is taking too long"),
                _("Reading the list took so long that nothing was sent."),
            )
        case errors.NotFound():
            return Failure(
                404,
                _("This list is gone"),
                _("It was deleted, or this address is wrong."),
                words,
                may_retry=False,
            )
        case errors.Unauthenticated():
            return Failure(
                403,
                _("Plusofon does not accept your token."),
                _("Nothing was sent. Enter your token under “Connection”, then try again."),
                is_of_token=True,
            )
        case errors.NoAccess():
            return Failure(
                403,
                _("Plusofon does not allow this"),
                _("Check in your Plusofon account which rights your token has."),
                words,
                is_of_token=True,
            )
        case errors.RateLimited():
            return Failure(
                503,
                _("Too many calls to Plusofon"),
                _("Plusofon asks to wait a little before the next try."),
                words,
            )
        case errors.TimedOut():
            return Failure(
                503,
                _("Plusofon is taking too long"),
                _("No whole answer came within the time that we wait."),
                words,
            )
        case errors.NotSent():
            return Failure(
                503,
                _("Plusofon cannot be reached"),
                _("No connection could be made. Nothing was sent."),
                words,
            )
        case BulkheadFull():
            return Failure(
                503,
                _("Too many pages are waiting for Plusofon"),
                _("Nothing was sent. Try again in a moment; what needs no Plusofon works."),
            )
        case errors.CircuitOpen():
            return Failure(
                503,
                _("Plusofon does not answer just now"),
                _(
                    "Nothing was sent: its last answers never came. It is tried again by itself every few"
                    " seconds."
                ),
            )
        case errors.OutOfTime():
            return Failure(
                503,
                _("Plusofon is taking too long"),
                _("The time that we wait was over, so this was not begun."),
            )
        case errors.NoPermit():
            return Failure(
                503,
                _("Too many calls are waiting for Plusofon"),
                _(
                    "Nothing was sent: other people's searches and changes come first. Try again in a moment."
                ),
            )
        case errors.NoAnswer():
            return Failure(
                503,
                _("The connection to Plusofon broke"),
                _("The answer did not arrive whole."),
                words,
            )
        case errors.Unavailable():
            return Failure(
                503,
                _("Plusofon is not working just now"),
                _("The trouble is on Plusofon's side."),
                words,
            )
        case outcomes.ListInvalid(problems=problems) if problems:
            words = " ".join(map(_about_another, problems))
            return Failure(422, _("Plusofon refused this"), _("Nothing was changed."), words)
        case errors.Invalid():
            return Failure(422, _("Plusofon refused this"), _("Nothing was changed."), words)
        case errors.Refused():
            return Failure(502, _("Plusofon refused this"), _("Nothing was changed."), words)
    return Failure(
        502,
        _("Plusofon's answer could not be understood"),
        _("What came back is not what Plusofon promises, so nothing of it is shown."),
    )


def _busy(error: outcomes.Busy) -> Failure:
    advice = _("Nothing was sent. Wait a moment and try again.")
    if not error.username or not error.since:
        return Failure(503, _("Somebody else is saving this list"), advice)
    words = {"who": error.username, "time": clock(error.since)}
    if error.until:
        advice = _(
            "Nothing was sent. If nothing is heard of it, the list is free again at %(time)s."
        )
        advice %= {"time": clock(error.until)}
    return Failure(503, _("%(who)s is saving this list since %(time)s") % words, advice)


def _in_doubt(error: outcomes.HeldInDoubt) -> Failure:
    until = clock(error.until) if error.until else ""
    if error.is_creation:
        title = _("It is in doubt whether the last new list was created")
        advice = _(
            "Plusofon has not confirmed a list that %(who)s creates; it may still arrive. Nothing was sent."
            " New lists can be created again at %(time)s at the latest."
        )
        return Failure(503, title, advice % {"who": error.username, "time": until})
    title = _("It is in doubt whether the last change of this list was saved")
    if error.username:
        advice = _(
            "Plusofon has not confirmed a change by %(who)s; it may still arrive and would overwrite"
            " yours. Nothing was sent. The list is free again at %(time)s at the latest."
        ) % {"who": error.username, "time": until}
    else:
        advice = _(
            "Plusofon has not confirmed somebody's change; it may still arrive and would overwrite"
            " yours. Nothing was sent. The list is free again at %(time)s at the latest."
        ) % {"time": until}
    return Failure(503, title, advice)


def show_problems(
    error: outcomes.ListInvalid, form: forms.Form, mine: Contact | None = None
) -> None:
    """The API's words beside their field. An old contact that nobody touched is named."""
    for problem in error.problems:
        about_mine = problem.contact is None or problem.contact == mine
        field = problem.field if about_mine and problem.field in form.fields else None
        form.add_error(field, problem.words if about_mine else _about_another(problem))
    if not error.problems:
        form.add_error(None, error.message or _("Plusofon refused this and did not say why."))


def _about_another(problem: outcomes.Problem) -> str:
    contact = problem.contact
    if contact is None:
        return problem.words
    return _(
        "Plusofon refuses the whole list because of another contact, “%(name)s” (%(phones)s): %(words)s"
    ) % {
        "name": short(contact.name),
        "phones": some_numbers(contact.phones, 10),
        "words": problem.words,
    }


def clock(moment: datetime) -> str:
    """ "14:03:12" """
    return time_format(timezone.localtime(moment), "H:i:s")


def tell_confirmed(request: HttpRequest, sentence: str, entry: JournalEntry) -> None:
    """A success that was read back, with the time; its toast offers to undo it."""
    read_back = _("Read back at %(time)s.") % {"time": clock(entry.ended_at or timezone.now())}
    messages.success(request, f"{sentence} {read_back}", extra_tags=undo_tag(entry))


def outcome_name(entry: JournalEntry) -> str:
    """How a write ended, in a word or two."""
    if entry.overwritten_by_id:
        return _("overwritten")
    match entry.outcome:
        case Outcome.CONFIRMED:
            return _("confirmed")
        case Outcome.REFUSED:
            return _("not saved")
        case Outcome.PENDING:
            return _("being saved")
        case Outcome.IN_DOUBT:
            return _("in doubt")
    return _("not known")


def undo_tag(entry: JournalEntry) -> str:
    """How a message names the entry that its toast undoes, the state that was told, and what was done."""
    return f"undo-{entry.pk}-{journal.state_digest(entry)}-{entry.action}"


def undone_by(tag: str) -> dict[str, str]:
    """The `id`, `state` and `action` in a tag that `undo_tag` made; empty for any other."""
    match tag.split("-"):
        case ["undo", entry_id, state, action]:
            return {"id": entry_id, "state": state, "action": action}
    return {}


def tell_gone(request: HttpRequest, trace: Trace | None) -> None:
    """A contact that should be removed was not there any more."""
    if trace is None:
        messages.info(request, _("This contact is not in the list any more."))
        return
    words = {"who": trace.username, "time": clock(trace.at)}
    gone = _("This contact is not in the list any more: removed by %(who)s at %(time)s.")
    messages.info(request, gone % words)


def tell_still_there(request: HttpRequest, numbers: Iterable[str], found: ContactList) -> None:
    """Numbers that one contact has lost and another contact of the list still has."""
    lost = {normalise(number): number for number in numbers}
    having = {contact: lost.keys() & map(normalise, contact.phones) for contact in found.contacts}
    there = set().union(*having.values())
    left = [number for normal, number in lost.items() if normal in there]
    if left:
        still = ngettext(
            "%(numbers)s is still in this list: %(names)s.",
            "%(numbers)s are still in this list: %(names)s.",
            min(len(left), 2),  # a list of them, however many: not “21 number”
        )
        contacts = tuple(contact for contact, numbers in having.items() if numbers)
        words = {"numbers": some_numbers(left), "names": names(contacts)}
        messages.warning(request, still % words)


def tell_repeated(request: HttpRequest, numbers: Iterable[str]) -> None:
    """Numbers that were typed more than once."""
    repeated = dict.fromkeys(numbers)
    if repeated:
        once = ngettext(
            "%(numbers)s was there twice and is stored once.",
            "%(numbers)s were there twice and are stored once.",
            min(len(repeated), 2),
        )
        messages.info(request, once % {"numbers": some_numbers(repeated)})


def tell_differences(request: HttpRequest, outcome: outcomes.Confirmed) -> None:
    """What a person should know of a change that is there, but not only that."""
    if len(outcome.stored) > 1:
        others = _("Plusofon stored these contacts otherwise than they were sent: %(names)s.")
        messages.info(request, others % {"names": names(outcome.stored)})
    for contact in outcome.stored if len(outcome.stored) == 1 else ():
        stored = {"name": short(contact.name), "phones": few(contact.phones)}
        messages.info(request, _("Plusofon stored it as: %(name)s, %(phones)s.") % stored)
    if outcome.differs:
        messages.warning(request, _difference(outcome.differs))


def _difference(differs: Difference) -> str:
    """What somebody outside changed at the same moment, by name."""
    parts = [_("At the same moment somebody else changed this list.")]
    if differs.surplus:
        parts.append(_("Came in: %(names)s.") % {"names": names(differs.surplus)})
    if differs.missing:
        parts.append(_("Went: %(names)s.") % {"names": names(differs.missing)})
    return " ".join([*parts, _("Look through the list.")])


def names(contacts: tuple[Contact, ...], most: int = 5) -> str:
    """ "“Иван”, “Анна” and 3 more" """
    first = [_("“%(name)s”") % {"name": short(contact.name)} for contact in contacts[:most]]
    return _and_more(first, len(contacts))


def some_numbers(numbers: Collection[str], most: int = 3) -> str:
    """ "+7 999 888-77-66, 101 and 3 more" """
    return _and_more([short(spell(number)) for number in islice(numbers, most)], len(numbers))


def few(stored: Collection[str], most: int = 10) -> str:
    """The first of a contact's numbers, as they are stored."""
    return _and_more([short(number) for number in islice(stored, most)], len(stored))


def _and_more(first: list[str], total: int) -> str:
    shown, more = ", ".join(first), total - len(first)
    return shown if more <= 0 else _("%(names)s and %(more)s more") % {"names": shown, "more": more}

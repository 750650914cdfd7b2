"""What happened, in the person's language. Words of the API are quoted, and escaped by the templates."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from ..changes import Difference
from ..models import JournalEntry, Outcome
from ..phones import spell
from ..plusofon import errors
from ..plusofon.values import Contact
from ..services import journal, lock, outcomes


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is not what was asked for. `words`: the API's own."""

    status: int
    title: str
    advice: str
    words: str = ""
    may_retry: bool = True


def failure_of(error: Exception) -> Failure:
    """What to say of an error that no view acted on (design §9)."""
    words = error.message if isinstance(error, errors.PlusofonError) else ""
    match error:
        case outcomes.NotApplied():
            return Failure(
                503,
                _("This was not saved"),
                _(
                    "Plusofon did not take the change: the list was read again and is as it was before."
                ),
                words,
            )
        case lock.Busy(username=who, since=since):
            advice = _("Nothing was sent. Wait a moment and try again.")
            if not who or not since:
                return Failure(503, _("Somebody else is saving this list"), advice)
            title = _("%(who)s is saving this list since %(time)s") % {
                "who": who,
                "time": clock(since),
            }
            return Failure(503, title, advice)
        case journal.LockLost():
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
            )
        case errors.NoAccess():
            return Failure(
                403,
                _("Plusofon does not allow this"),
                _("Check in your Plusofon account which rights your token has."),
                words,
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
        "name": contact.name,
        "phones": ", ".join(map(spell, contact.phones)),
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
    match entry.outcome:
        case Outcome.CONFIRMED:
            return _("confirmed")
        case Outcome.REFUSED:
            return _("not saved")
        case Outcome.PENDING:
            return _("being saved")
    return _("not known")


def undo_tag(entry: JournalEntry) -> str:
    """How a message names the entry that its toast undoes."""
    return f"undo-{entry.pk}"


def undone_by(tag: str) -> str:
    """The entry's id in a tag that `undo_tag` made, else ""."""
    return tag.removeprefix("undo-") if tag.startswith("undo-") else ""


def tell_differences(request: HttpRequest, outcome: outcomes.Confirmed) -> None:
    """What a person should know of a change that is there, but not only that."""
    for contact in outcome.stored:
        messages.info(
            request,
            _("Plusofon stored it as: %(name)s, %(phones)s.")
            % {"name": contact.name, "phones": ", ".join(contact.phones)},
        )
    if outcome.differs:
        messages.warning(request, _difference(outcome.differs))


def _difference(differs: Difference) -> str:
    """What somebody outside changed at the same moment, by name."""
    parts = [_("At the same moment somebody else changed this list.")]
    if differs.surplus:
        parts.append(_("Came in: %(names)s.") % {"names": _names(differs.surplus)})
    if differs.missing:
        parts.append(_("Went: %(names)s.") % {"names": _names(differs.missing)})
    return " ".join([*parts, _("Look through the list.")])


def _names(contacts: tuple[Contact, ...], most: int = 5) -> str:
    names = ", ".join(_("“%(name)s”") % {"name": contact.name} for contact in contacts[:most])
    more = len(contacts) - most
    return names if more <= 0 else _("%(names)s and %(more)s more") % {"names": names, "more": more}

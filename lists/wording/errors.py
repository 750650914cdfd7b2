"""What to say of an error, and with which status. Words of the API are quoted, and escaped by the templates."""

from dataclasses import dataclass

from django.db import Error as DatabaseTrouble
from django.utils.translation import gettext as _

from ..bulkhead import BulkheadFull
from ..names import short
from ..plusofon import errors
from ..writing import outcomes
from .contacts import some_numbers
from .times import clock


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
            words = " ".join(map(about_another, problems))
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


def about_another(problem: outcomes.Problem) -> str:
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

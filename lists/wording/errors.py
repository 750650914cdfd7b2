"""What to say of an error, and with which status (docs/architecture.md#errors-who-sees-what).

The API's words are quoted, and escaped by the templates.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseTrouble
from django.utils.translation import gettext_lazy as _

from ..bulkhead import BulkheadFull
from ..names import isolated
from ..plusofon import errors
from ..writing import outcomes
from .contacts import some_numbers
from .times import clock

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is not what was asked for. `words`: the API's own; `was_sent`: something may have
    been changed all the same; `is_of_token`: the page of the connection may mend it."""

    status: int
    title: "StrOrPromise"
    advice: "StrOrPromise"
    words: str = ""
    may_retry: bool = True
    was_sent: bool = False
    is_of_token: bool = False


def failure_of(error: Exception) -> Failure:
    """What to say of an error that no view acted on: the row of its class, or of the next one above."""
    row = next(ROWS[kind] for kind in type(error).__mro__ if kind in ROWS)
    if not isinstance(row, Failure):
        return row(error)
    return replace(row, words=error.message) if isinstance(error, errors.PlusofonError) else row


def about_another(problem: outcomes.Problem) -> str:
    """What the API does not like of a contact that nobody touched: which one it is, and the API's words."""
    contact = problem.contact
    if contact is None:
        return problem.words
    return _(
        "Plusofon refuses the whole list because of another contact, “%(name)s” (%(phones)s):"
        " %(words)s"
    ) % {
        "name": isolated(contact.name),
        "phones": some_numbers(contact.phones, 10),
        "words": problem.words,
    }


def _busy(error: outcomes.Busy) -> Failure:
    wait = _("Nothing was sent. Wait a moment and try again.")
    if not error.username or not error.since:
        return Failure(503, _("Somebody else is saving this list"), wait)
    title = _("%(who)s has been saving this list since %(time)s")
    title_words = {"who": error.username, "time": clock(error.since)}
    if not error.until:
        return Failure(503, title % title_words, wait)
    free = _("Nothing was sent. The list is free again at %(time)s at the latest.")
    return Failure(503, title % title_words, free % {"time": clock(error.until)})


def _held_in_doubt(error: outcomes.HeldInDoubt) -> Failure:
    words = {"who": error.username, "time": clock(error.until) if error.until else ""}
    if error.is_creation:
        title = _("It is in doubt whether the last new list was created")
        advice = _(
            "Plusofon has not confirmed a new list by %(who)s yet; it may still appear. Nothing"
            " was sent. Lists can be created again at %(time)s at the latest."
        )
        return Failure(503, title, advice % words)
    title = _("It is in doubt whether the last change of this list was saved")
    if error.username:
        advice = _(
            "Plusofon has not confirmed a change by %(who)s yet; it may still arrive and overwrite"
            " yours. Nothing was sent. The list is free again at %(time)s at the latest."
        )
    else:
        advice = _(
            "Plusofon has not confirmed somebody's change yet; it may still arrive and overwrite"
            " yours. Nothing was sent. The list is free again at %(time)s at the latest."
        )
    return Failure(503, title, advice % words)


def _token_refused(error: errors.Unauthenticated) -> Failure:
    """Without the API's words, which say no more than that."""
    return Failure(
        403,
        _("Plusofon does not accept your token."),
        _("Nothing was sent. Enter your token under “Connection”, then try again."),
        is_of_token=True,
    )


def _list_invalid(error: outcomes.ListInvalid) -> Failure:
    """Each problem says which contact it is about; the API's summary is for where it named none."""
    words = " ".join(map(about_another, error.problems))
    return replace(_REFUSED, status=422, words=words or error.message)


_REFUSED = Failure(502, _("Plusofon refused this"), _("Nothing was changed."))
_DOWN = Failure(
    503, _("Plusofon is not working right now"), _("The problem is on Plusofon's side.")
)
_NOT_UNDERSTOOD = Failure(
    502,
    _("Plusofon's answer could not be understood"),
    _("The answer is not what Plusofon's documentation describes, so it is not shown."),
)

# What has no row is told by the one of the class above.
ROWS: dict[type[Exception], Failure | Callable[[Any], Failure]] = {
    # We did not even try.
    errors.NoPermit: Failure(
        503,
        _("Too many calls are waiting for Plusofon"),
        _(
            "Nothing was sent: searches and changes by your colleagues come first. Try again in a"
            " minute."
        ),
    ),
    errors.CircuitOpen: Failure(
        503,
        _("Plusofon is not answering right now"),
        _(
            "Nothing was sent: the last calls got no answer. The connection is checked"
            " automatically every few seconds."
        ),
    ),
    errors.TooLarge: Failure(
        422,
        _("This list would be too large"),
        _("Nothing was sent: Plusofon could not show us so large a list any more. Divide it."),
    ),
    errors.OutOfTime: Failure(
        503,
        _("Plusofon is taking too long"),
        _("The time ran out before we could start."),
    ),
    BulkheadFull: Failure(
        503,
        _("Too many pages are waiting for Plusofon"),
        _("Nothing was sent. Try again in a few seconds; the journal and the requests still open."),
    ),
    # No answer, or none that counts.
    errors.NotSent: Failure(
        503,
        _("Plusofon cannot be reached"),
        _("We could not connect. Nothing was sent."),
    ),
    errors.TimedOut: Failure(
        503,
        _("Plusofon is taking too long"),
        _("No complete answer came in time."),
    ),
    errors.ConnectionCut: Failure(
        503,
        _("The connection to Plusofon was lost"),
        _("The answer did not arrive in full."),
    ),
    errors.NotUnderstood: _NOT_UNDERSTOOD,
    errors.Unavailable: _DOWN,
    errors.ServerError: _DOWN,
    # The API said no.
    errors.Refused: _REFUSED,
    errors.Unauthenticated: _token_refused,
    errors.NoAccess: Failure(
        403,
        _("Plusofon does not allow this"),
        _("Check in your Plusofon account which rights your token has."),
        is_of_token=True,
    ),
    errors.NotFound: Failure(
        404,
        _("List not found"),
        _("It was deleted, or the address is wrong."),
        may_retry=False,
    ),
    errors.Invalid: replace(_REFUSED, status=422),
    errors.RateLimited: Failure(
        503,
        _("Too many calls to Plusofon"),
        _("Plusofon asks us to wait a little before trying again."),
    ),
    # A write of ours.
    outcomes.ListInvalid: _list_invalid,
    outcomes.NotApplied: Failure(
        503,
        _("This was not saved"),
        _("Plusofon did not make the change: we read the list again, and it is as it was before."),
    ),
    outcomes.NotDeleted: Failure(
        503,
        _("The list was not deleted"),
        _("Plusofon did not delete it: we read the list again, and it is still there."),
    ),
    outcomes.Busy: _busy,
    outcomes.HeldInDoubt: _held_in_doubt,
    outcomes.LockLost: Failure(
        503,
        _("Plusofon is taking too long"),
        _("Reading the list took too long. Nothing was sent."),
    ),
    outcomes.NotNoted: Failure(
        503,
        _("It is in doubt whether this was saved"),
        _(
            "It was sent to Plusofon, but our own database failed before the result was recorded."
            " Do not send it again: check the journal in a minute."
        ),
        may_retry=False,
        was_sent=True,
    ),
    DatabaseTrouble: Failure(
        503,
        _("Our own database is not working right now"),
        _("Nothing was sent to Plusofon. Try again in a minute."),
    ),
    errors.PlusofonError: _NOT_UNDERSTOOD,
}

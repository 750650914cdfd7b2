"""What to say of what Django refuses, mostly before any view."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import (
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.utils.translation import gettext_lazy as _

from .errors import Failure

FORBIDDEN = Failure(
    403,
    _("This is for managers"),
    _("You may look at lists. To change them, ask whoever looks after Plusofon Admin."),
    may_retry=False,
)
NOT_FOUND = Failure(
    404,
    _("There is no such page"),
    _("The address may be mistyped or out of date."),
    may_retry=False,
)
NOT_ALLOWED = Failure(
    405,
    _("This page does not work like that"),
    _("Nothing was done. Go back, or start from the lists."),
    may_retry=False,
)
FROM_ELSEWHERE = Failure(
    403,
    _("This page was open too long"),
    _("Nothing was sent. Load the page again, then repeat what you did."),
    may_retry=False,
)
STALE = Failure(
    403,
    _("This page was open too long"),
    _("Nothing was sent, and what you typed is not lost. Press “Try again”."),
)
UNREADABLE = Failure(
    400,
    _("This could not be read"),
    _("Nothing was done: what arrived is damaged. Load the page again, then repeat what you did."),
    may_retry=False,
)
TOO_MANY = Failure(
    400,
    _("This is too much at once"),
    _("Nothing was done. Go back to your form and choose fewer at once."),
    may_retry=False,
)
ROWS: dict[type[Exception], Failure] = {
    DisallowedHost: Failure(
        400,
        _("There is nothing at this address"),
        _("Ask whoever looks after Plusofon Admin for the right one."),
        may_retry=False,
    ),
    RequestDataTooBig: Failure(
        413,
        _("This is too much at once"),
        _("Nothing was done. Go back to your form and send it in parts."),
        may_retry=False,
    ),
    TooManyFieldsSent: TOO_MANY,
    TooManyFilesSent: TOO_MANY,
    SessionInterrupted: Failure(
        400,
        _("You were signed out meanwhile"),
        _("Sign in again, then look in the journal whether anything was changed."),
        may_retry=False,
    ),
}


def refusal_of(exception: Exception) -> Failure:
    """The row of its class; whatever else Django refuses could not be read."""
    return ROWS.get(type(exception), UNREADABLE)

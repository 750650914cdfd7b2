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
    _("Managers only"),
    _("You can view lists. To be able to change them, ask the administrator of Plusofon Admin."),
    may_retry=False,
)
STAFF_ONLY = Failure(
    403,
    _("Administrators only"),
    _("You are signed in, but may not look after people and groups."),
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
    _("This page cannot be opened like this"),
    _("Nothing was done. Go back, or start from the lists."),
    may_retry=False,
)
FROM_ELSEWHERE = Failure(
    403,
    _("This page was open too long"),
    _("Nothing was sent. Reload the page, then repeat what you did."),
    may_retry=False,
)
STALE = Failure(
    403,
    _("This page was open too long"),
    _("Nothing was sent, and what you typed is not lost. Press “Try again”."),
)
UNREADABLE = Failure(
    400,
    _("The request could not be read"),
    _("Nothing was done: the data arrived damaged. Reload the page, then repeat what you did."),
    may_retry=False,
)
TOO_MANY = Failure(
    400,
    _("Too much at once"),
    _("Nothing was done. Go back to your form and choose fewer at once."),
    may_retry=False,
)
ROWS: dict[type[Exception], Failure] = {
    DisallowedHost: Failure(
        400,
        _("There is nothing at this address"),
        _("Ask the administrator of Plusofon Admin for the right address."),
        may_retry=False,
    ),
    RequestDataTooBig: Failure(
        413,
        _("Too much at once"),
        _("Nothing was done. Go back to your form and send it in parts."),
        may_retry=False,
    ),
    TooManyFieldsSent: TOO_MANY,
    TooManyFilesSent: TOO_MANY,
    SessionInterrupted: Failure(
        400,
        _("You have been signed out"),
        _("Sign in again, then check the journal to see whether anything was changed."),
        may_retry=False,
    ),
}


def refusal_of(exception: Exception) -> Failure:
    """The row of its class; whatever else Django refuses could not be read."""
    return ROWS.get(type(exception), UNREADABLE)

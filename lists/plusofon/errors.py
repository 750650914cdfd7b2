"""What can go wrong between us and the API, by what a caller can do about it.

PlusofonError
├── NotTried           we did not even try, for a reason of our own
│   ├── NoPermit       … too many of our own calls are under way
│   ├── CircuitOpen    … the API has answered nothing for a while (see `breaker`)
│   ├── OutOfTime      … the page has used up the time for all of its calls
│   └── TooLarge       … what would be written could not be read back
├── NotSent            no connection could be made: nothing was read or written
├── NoAnswer           it left, and no whole answer came back                       may still land
│   ├── TimedOut       … within the call's time budget
│   └── ConnectionCut  … before the connection ended
├── NotUnderstood      an answer that the API does not promise: HTML (a proxy's
│                      401 or 404 too), cut JSON, another shape, too large          may still land
├── Unavailable        502, 503, 504, or a 500 that is not the API's own            may still land
│   └── ServerError    the API's own 500, in JSON, for no reason that it names
└── Refused            the API said no, in its own words
    ├── Unauthenticated  401: the token is wrong
    ├── NoAccess         403, or the vendor's 500 with a message: the token may not do this
    ├── NotFound         404
    ├── Invalid          400 or 422, with the fields it points at
    └── RateLimited      429, a proxy's too

"May still land": a write that ended so may have been applied, or be applied later, after the list
was read back without it. After all others nothing lands any more: what is read back then holds.

The API's own words come from outside: escape them.
"""

from collections.abc import Mapping


class PlusofonError(Exception):
    """Anything that kept a call from succeeding.

    `message`: the API's own words, or "". `detail`: ours, in English, for the log.
    `may_still_land`: whether a write that ended so may yet be applied. `timed_out`: whether no whole
    answer came for as long as we waited. `retry_after`: seconds until another try makes sense, where
    that is known.
    """

    may_still_land = False
    timed_out = False
    retry_after: float | None = None

    def __init__(self, message: str = "", *, status: int | None = None, detail: str = "") -> None:
        super().__init__(message or detail)
        self.message = message
        self.status = status
        self.detail = detail


class NotTried(PlusofonError):
    """Nothing was sent, for a reason of our own."""


class NoPermit(NotTried):
    """No permit came free in time (see `permits`)."""

    retry_after = 2.0


class CircuitOpen(NotTried):
    """The API has answered nothing lately: this call would only wait (see `breaker`)."""

    def __init__(self, *, retry_after: float) -> None:
        super().__init__(detail="the circuit is open")
        self.retry_after = retry_after


class OutOfTime(NotTried):
    """The time for all calls of a page was over."""


class TooLarge(NotTried):
    """The list would be larger than an answer of which we read the whole (see `body`)."""


class NotSent(PlusofonError):
    """No connection could be made, within the time for it if it `timed_out`. A write was certainly not
    applied."""

    def __init__(self, message: str = "", *, timed_out: bool = False, detail: str = "") -> None:
        super().__init__(message, detail=detail)
        self.timed_out = timed_out


class NoAnswer(PlusofonError):
    """The call left, but no whole answer came back."""

    may_still_land = True


class TimedOut(NoAnswer):
    """The time budget ended first."""

    timed_out = True


class ConnectionCut(NoAnswer):
    """The connection ended first."""


class NotUnderstood(PlusofonError):
    """The answer is not one that the API promises. `detail` says what was odd."""

    may_still_land = True


class Unavailable(PlusofonError):
    """The API, or a proxy in front of it, is broken or down for the moment."""

    may_still_land = True


class ServerError(Unavailable):
    """The API itself crashed over the call, and said so: it works on it no longer."""

    may_still_land = False


class Refused(PlusofonError):
    """The API answered, and said no."""


class Unauthenticated(Refused):
    """The API does not know the token."""


class NoAccess(Refused):
    """The token is known and may not do this."""


class NotFound(Refused):
    """There is no such list."""


class Invalid(Refused):
    """The API did not like what was sent.

    `fields` maps Laravel's dotted path into the body ("contacts.0.phones.0") to its sentences.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        fields: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(message, status=status)
        self.fields = dict(fields or {})


class RateLimited(Refused):
    """Too many calls."""

    def __init__(
        self, message: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, status=status)
        self.retry_after = retry_after

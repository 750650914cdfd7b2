"""How long somebody stays signed in: so many hours in all, so many minutes without doing anything, and until
they, or whoever deactivates them, sign them out everywhere."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from .models import SignOut
from .session_store import stored_key

BEGAN = "signed_in_at"
PRECISION = timedelta(minutes=1)  # a session is written no more often, unless its minutes are few


def begin(session: SessionBase) -> None:
    """Somebody has signed in. What was typed before that stays in the session."""
    session[BEGAN] = timezone.now().isoformat()
    session.set_expiry(_end(session))


def keep_alive(session: SessionBase) -> None:
    """Whoever is signed in has done something: the minutes begin anew, the hours do not."""
    if SESSION_KEY not in session:
        return
    if BEGAN not in session:
        begin(session)
    elif abs(_end(session) - session.get_expiry_date()) >= min(PRECISION, _idle() / 10):
        session.set_expiry(_end(session))


def is_over(session: SessionBase) -> bool:
    """Whether its person has signed out everywhere since. Ends by time are the session store's."""
    outs = SignOut.objects.filter(user_id=session[SESSION_KEY])
    if BEGAN in session:
        outs = outs.filter(at__gte=_began(session))
    return outs.exists()


def owner_of_ended(key: str | None) -> str | None:
    """The id of the person whose session this was, as long as its row is there: what it had does not open any
    more, but who comes next may be another."""
    row = Session.objects.filter(pk=stored_key(key)).first() if key else None
    owner: str | None = row.get_decoded().get(SESSION_KEY) if row else None
    return owner


def end_everywhere(user: User) -> None:
    """At once, on every device and in every process."""
    SignOut.objects.update_or_create(user=user, defaults={"at": timezone.now()})


def prune() -> None:
    """Forget what no session is old enough for any more."""
    longest = timedelta(hours=settings.SESSION_HOURS)
    SignOut.objects.filter(at__lt=timezone.now() - longest).delete()


def _began(session: SessionBase) -> datetime:
    return datetime.fromisoformat(session[BEGAN])


def _end(session: SessionBase) -> datetime:
    return min(
        _began(session) + timedelta(hours=settings.SESSION_HOURS),
        timezone.now() + _idle(),
    )


def _idle() -> timedelta:
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)

"""What follows from what Django itself does: its admin, and signing in."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.core.signals import request_finished, request_started
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import translation

from . import sessions
from .database import reading_once_more
from .services import credentials
from .telemetry import context
from .writing import sent


@receiver(post_save, sender=User)
def forget_deactivated_user(instance: User, **kwargs: Any) -> None:
    """Whoever may no longer sign in leaves no token behind, and no session for when they may again.
    (Deleting a user deletes both. Of `update(is_active=False)` nobody hears: `prune_sign_ins`.)"""
    if not instance.is_active:
        credentials.erase(user=instance)
        sessions.end_everywhere(instance)


@receiver(user_logged_in)
def begin_session(request: HttpRequest, **kwargs: Any) -> None:
    sessions.begin(request.session)


@receiver(connection_created)
def read_once_more_where_it_is_dropped(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if reading_once_more not in connection.execute_wrappers:
        connection.execute_wrappers.append(reading_once_more)


@receiver(request_started)
def begin_request(environ: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Nothing was sent yet; and all that is logged is of this request, whose server may have begun it."""
    sent.begin()
    begun = (environ or {}).get(context.ENVIRON)
    context.begin(begun or context.RequestContext(context.new_id()))


@receiver(request_finished)
def speak_the_default_language_again(**kwargs: Any) -> None:
    """`LocaleMiddleware` leaves the thread in the language of whoever asked last."""
    translation.deactivate()

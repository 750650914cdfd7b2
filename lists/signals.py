"""What follows from what Django itself does: its admin, and signing in."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from . import sessions
from .services import credentials


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

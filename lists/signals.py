"""What follows from what Django itself does: its admin, and signing in."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest

from .services import credentials


@receiver(post_save, sender=User)
def erase_credential_of_deactivated_user(instance: User, **kwargs: Any) -> None:
    """Whoever may no longer sign in leaves no token behind. (Deleting a user deletes it by cascade.)"""
    if not instance.is_active:
        credentials.erase(user=instance)


@receiver(user_logged_in)
def let_session_last(request: HttpRequest, **kwargs: Any) -> None:
    """One that kept what a signed-out person had typed was short-lived until now."""
    request.session.set_expiry(None)

"""What follows from changes that are made in Django's own admin."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models.signals import post_save
from django.dispatch import receiver

from .services import credentials


@receiver(post_save, sender=User)
def erase_credential_of_deactivated_user(instance: User, **kwargs: Any) -> None:
    """Whoever may no longer sign in leaves no token behind. (Deleting a user deletes it by cascade.)"""
    if not instance.is_active:
        credentials.erase(user=instance)

"""The rows that are ours. Never a copy of a list: those live at Plusofon."""

from django.conf import settings
from django.db import models


class Credential(models.Model):
    """One person's key to the API: encrypted, tried before it was saved, never shown."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credential"
    )
    sealed_token = models.TextField(editable=False)
    client_id = models.CharField(max_length=20)
    # The owner's id that `authuser` tells, or a fingerprint of the token: who shares lists with whom.
    account = models.CharField(max_length=64, db_index=True)
    owner_name = models.CharField(max_length=200, blank=True)
    owner_email = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField()
    worked_at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        permissions = [("change_lists", "May change contact lists")]

    def __str__(self) -> str:
        return f"credential of user {self.user_id}"

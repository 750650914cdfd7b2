"""The rows that are ours. Never a copy of a list: those live at Plusofon."""

from django.conf import settings
from django.db import models
from django.db.models import Q


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


class Outcome(models.TextChoices):
    """How a write ended."""

    PENDING = "pending"  # it holds the list's lock
    CONFIRMED = "confirmed"  # read back
    REFUSED = "refused"  # the list is as it was
    UNKNOWN = "unknown"  # sent, and not to be seen


class Action(models.TextChoices):
    """What a write does, in a word."""

    CREATE = "create"
    DELETE = "delete"
    RENAME = "rename"
    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"


class JournalEntry(models.Model):
    """One write: who wanted what of which list, when, and how it ended (design §6).

    While it is pending it is the lock of its list: the database allows one such row for each account
    and list. List 0 is the one that is being created.
    """

    account = models.CharField(max_length=64)
    list_id = models.BigIntegerField()
    list_name = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    username = models.CharField(max_length=150)  # at that time: people leave, their names stay
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    action = models.CharField(max_length=10, choices=Action, blank=True)
    # What was sent, as `records` writes it; both empty until then. A whole list has a column of its
    # own: a page of entries must not read ten thousand contacts. Text, because PostgreSQL's JSON
    # does not take every character that an API may send.
    change = models.TextField(blank=True)
    whole_list = models.TextField(blank=True)
    contacts_count = models.PositiveIntegerField(default=0)
    # `list_digest` of the list as it was read and as it was sent: what settles a row left by a crash.
    digest_before = models.CharField(max_length=16, blank=True)
    digest_after = models.CharField(max_length=16, blank=True)
    cause = models.CharField(
        max_length=30, blank=True
    )  # the error's name where it is not confirmed
    words = models.TextField(blank=True)  # the API's own
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="undone_by"
    )
    # Of the form that asked for a new list: pressing twice makes one list.
    form_token = models.CharField(max_length=36, null=True)  # noqa: DJ001 - only null is unique often

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account", "list_id"],
                condition=Q(outcome="pending"),
                name="one_pending_write_per_list",
            ),
            models.UniqueConstraint(fields=["account", "form_token"], name="one_write_per_form"),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="journal_newest"),
            models.Index(fields=["account", "list_id", "-id"], name="journal_of_list"),
            models.Index(fields=["account", "username", "-id"], name="journal_of_person"),
            models.Index(fields=["account", "action", "-id"], name="journal_of_action"),
            models.Index(fields=["account", "started_at"], name="journal_of_day"),
        ]

    def __str__(self) -> str:
        return f"write {self.pk}"


class JournalNumber(models.Model):
    """A number that a write was about, normalised: how the journal finds it."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["number", "entry"], name="number_of_entry")]

    def __str__(self) -> str:
        return f"number of write {self.entry_id}"

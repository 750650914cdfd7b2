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


class SignOut(models.Model):
    """When somebody was last signed out everywhere: sessions that began before are over."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"sign-out of user {self.user_id}"


class OpenIDSubject(models.Model):
    """Whom the OpenID provider knows as this user: a name is given to somebody else one day, this is not."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    issuer = models.TextField()
    subject = models.TextField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_user_per_subject"),
        ]

    def __str__(self) -> str:
        return f"subject of user {self.user_id}"


class Outcome(models.TextChoices):
    """How far a write is, and how it ended. The first three hold their list's lock."""

    LOCKED = "locked"  # the list is being read: nothing was sent
    PENDING = "pending"  # it is being sent
    IN_DOUBT = "in_doubt"  # sent, not to be seen, and may still land (see `writing.lease`)
    CONFIRMED = "confirmed"  # read back
    REFUSED = "refused"  # the list is as it was
    UNKNOWN = "unknown"  # sent, and nobody can tell
    PARTLY = "partly"  # an act over several lists of which not every part is confirmed


HOLDING = (Outcome.LOCKED, Outcome.PENDING, Outcome.IN_DOUBT)


class Action(models.TextChoices):
    """What a write does, in a word."""

    CREATE = "create"
    DELETE = "delete"
    RENAME = "rename"
    ADD = "add"
    EDIT = "edit"
    REMOVE = "remove"
    # What becomes of a request: said in the journal, and nothing is sent.
    ASK = "ask"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    # What is done to several lists in one act: its writes are entries of their own.
    BLOCK = "block"
    UNBLOCK = "unblock"
    MOVE = "move"
    COPY = "copy"
    MERGE = "merge"
    RESTORE = "restore"
    CLEAN_UP = "clean_up"
    UNDO = "undo"


class BlockRequest(models.Model):
    """Somebody who may not block or unblock asks those who may."""

    class Kind(models.TextChoices):
        BLOCK = "block"
        UNBLOCK = "unblock"

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"  # all that was accepted is done, and read back
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"  # by who asked

    account = models.CharField(max_length=64)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    username = models.CharField(max_length=150)  # at that time
    asked_at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BLOCK)
    numbers = models.TextField()  # as they will be stored, one a line; to unblock: one
    # None where the manager chooses it, and to unblock, wherever the number is by then.
    list_id = models.BigIntegerField(null=True)
    list_name = models.TextField(blank=True)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # Who is deciding just now. A claim that its owner left behind lapses.
    claimed_by = models.CharField(max_length=150, blank=True)
    claimed_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    # Why it was declined; or the lists that block it now, or from which it was removed.
    answer = models.TextField(blank=True)
    white_lists = models.TextField(blank=True)  # lists that have it now, and block nobody
    left_out = models.TextField(blank=True)  # numbers that were not accepted, one a line
    left_in = models.TextField(blank=True)  # lists that the number was not removed from
    is_seen = models.BooleanField(default=False)  # the decision, by who asked
    form_token = models.CharField(max_length=36)  # pressing twice asks once

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["account", "form_token"], name="one_request_per_form"),
        ]
        indexes = [
            models.Index(fields=["account", "state", "-id"], name="requests_by_state"),
            models.Index(fields=["user", "is_seen"], name="requests_of_person"),
            models.Index(fields=["account", "asked_at"], name="requests_of_days"),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class JournalEntry(models.Model):
    """One write: who wanted what of which list, when, and how it ended (docs/architecture.md#writing).

    Until it has ended it is the lock of its list: the database allows one such row for each list, by
    the list's id alone, so that two names for one account cannot make two locks.
    """

    account = models.CharField(max_length=64)
    list_id = models.BigIntegerField(null=True)  # None while the list is being created
    list_name = models.TextField(blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    username = models.CharField(max_length=150)  # at that time: people leave, their names stay
    # Of whoever took the lock: known again where the database's answer to that was lost.
    lock_token = models.UUIDField(null=True, editable=False)
    started_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # just before it left
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.LOCKED)
    action = models.CharField(max_length=10, choices=Action, blank=True)
    # What was sent, as `writing.records` writes it; both empty until then. A whole list has a column of its
    # own: a page of entries must not read ten thousand contacts. Text, because PostgreSQL's JSON
    # does not take every character that an API may send.
    change = models.TextField(blank=True)
    whole_list = models.TextField(blank=True)
    contacts_count = models.PositiveIntegerField(default=0)
    # `list_digest` of the list as it was read, and as it was sent (or stored, once that was read back).
    digest_before = models.CharField(max_length=16, blank=True)
    digest_after = models.CharField(max_length=16, blank=True)
    # Of a creation: every list with a higher id certainly was not there before it was sent.
    newest_before = models.BigIntegerField(null=True)
    cause = models.CharField(
        max_length=30, blank=True
    )  # the error's name where it is not confirmed
    words = models.TextField(blank=True)  # the API's own
    undoes = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="undone_by"
    )
    # A write that landed so late that it wiped this one out; and the entry that was done again by this.
    overwritten_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="overwrote"
    )
    repeats = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="repeated_by"
    )
    # The act over several lists that it is a step of, and which one of its plan.
    part_of = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="parts")
    step = models.PositiveIntegerField(null=True)
    # The request that it is about. It stays as long as an entry tells of it.
    request = models.ForeignKey(
        BlockRequest, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    # Of the form that asked for a new list: pressing twice makes one list.
    form_token = models.CharField(max_length=36, null=True)  # noqa: DJ001 - only null is unique often

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["list_id"],
                condition=Q(outcome__in=["locked", "pending", "in_doubt"]),
                name="one_unended_write_per_list",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(outcome__in=["locked", "pending", "in_doubt"], list_id=None),
                name="one_unended_creation",
            ),
            models.UniqueConstraint(fields=["account", "form_token"], name="one_write_per_form"),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="journal_newest"),
            models.Index(fields=["account", "list_id", "-id"], name="journal_of_list"),
            models.Index(fields=["list_id", "-id"], name="journal_of_lock"),
            models.Index(fields=["account", "username", "-id"], name="journal_of_person"),
            models.Index(fields=["account", "action", "-id"], name="journal_of_action"),
            # With all that is asked of a day: thousands are counted by it alone (see `services.activity`).
            models.Index(
                fields=[
                    *("account", "started_at", "outcome", "action", "username"),
                    *("part_of", "overwritten_by", "id"),
                ],
                name="journal_of_days",
            ),
            models.Index(fields=["account", "outcome", "-id"], name="journal_of_outcome"),
            models.Index(fields=["account", "part_of", "-id"], name="journal_of_acts"),
        ]

    def __str__(self) -> str:
        return f"write {self.pk}"


class Operation(models.Model):
    """One act over several lists: what each shall become, noted before anything is sent.

    Whoever comes after a crash sees by it how far the act came, and can do the rest.
    """

    entry = models.OneToOneField(
        JournalEntry, on_delete=models.CASCADE, primary_key=True, related_name="operation"
    )
    plan = models.TextField()  # as `writing.plans` writes it
    lists_count = models.PositiveIntegerField(default=0)
    # The numbers of the steps that had nothing to do, and so have no entry, with spaces between them.
    needless = models.TextField(blank=True)
    # Renewed before each step: nobody else goes on with it meanwhile.
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"operation {self.entry_id}"


class JournalNumber(models.Model):
    """A number that a write was about, normalised: how the journal finds it."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=100)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["number", "entry"], name="number_of_entry")]

    def __str__(self) -> str:
        return f"number of write {self.entry_id}"


class JournalName(models.Model):
    """A name that a write was about, a contact's or its list's, folded: how the journal finds it."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=200)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["name", "entry"], name="name_of_entry")]

    def __str__(self) -> str:
        return f"name of write {self.entry_id}"

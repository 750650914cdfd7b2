"""The month, done as the demo starts, and moved back to when it is said to have been."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from ...models import BlockRequest, JournalEntry, Outcome
from ...plusofon.errors import Unavailable
from ...plusofon.values import Contact
from .person import Person
from .story import ELSEWHERE, UNSEEN, month, today
from .times import moments


def live(users: Mapping[str, User]) -> None:
    """`users`: the people of the story by their usernames, connected to the demo's account, as yet untouched."""
    people = {username: Person(user) for username, user in users.items()}
    past, recent = month(people), today(people)
    times = moments(len(past), len(recent), now=timezone.localtime())
    for act, at in zip([*past, *recent], times, strict=True):
        began = timezone.now()
        act()
        _move_back(began, at)
    _leave_unseen(UNSEEN)
    _change_elsewhere(people["manager"], ELSEWHERE)


def _move_back(began: datetime, at: datetime) -> None:
    """What was done since `began` was done since `at`."""
    ago = began - at
    JournalEntry.objects.filter(started_at__gte=began).update(
        started_at=F("started_at") - ago, sent_at=F("sent_at") - ago, ended_at=F("ended_at") - ago
    )
    BlockRequest.objects.filter(asked_at__gte=began).update(asked_at=F("asked_at") - ago)
    BlockRequest.objects.filter(decided_at__gte=began).update(
        decided_at=F("decided_at") - ago, claimed_at=F("claimed_at") - ago
    )


def _leave_unseen(number: str) -> None:
    """Nobody could read back the last write about this number: checking again finds it confirmed."""
    entry = JournalEntry.objects.filter(numbers__number=number).latest("pk")
    entry.outcome, entry.cause = Outcome.UNKNOWN, Unavailable.__name__
    entry.save(update_fields=["outcome", "cause"])


def _change_elsewhere(somebody: Person, name: str) -> None:
    """In the operator's own cabinet, of which the journal knows nothing: one contact more, one less."""
    found = somebody.by.api.get_list(somebody.lists[name].id)
    added = Contact("Звонят в приёмную, требуют директора", ("78435550171",))
    somebody.by.api.replace_list(replace(found, contacts=(*found.contacts[1:], added)))

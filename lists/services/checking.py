"""Does a person's token work, and what may it: found out by reading alone, for whoever runs the dashboard."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..connection import Connection
from ..models import Credential, JournalEntry, Outcome
from ..plusofon.errors import NoAnswer, NotSent, NotTried, PlusofonError, Unauthenticated
from ..plusofon.values import ContactList, ListType, Owner, Page

MOST_CALLS = 4  # where an answer does not come, each is tried again twice
LAST_ANSWERS = (
    Unauthenticated,
    NotSent,
    NoAnswer,
    NotTried,
)  # after these no other call fares better


class Part(StrEnum):
    """What the token was tried for."""

    ACCOUNT = "Account"
    LISTS = "Lists"
    CONTACTS = "Contacts"
    TYPES = "List types"


Answer = Owner | Page | ContactList | tuple[ListType, ...] | PlusofonError


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one call, and after how many milliseconds."""

    part: Part
    answer: Answer
    ms: int


def try_token(by: Connection) -> Iterator[Tried]:
    """Try it for one part after the other. Nothing is written, neither at Plusofon nor here."""
    yield (account := _tried(Part.ACCOUNT, by.api.get_owner))
    if isinstance(account.answer, LAST_ANSWERS):
        return
    yield (lists := _tried(Part.LISTS, by.api.get_lists))
    if isinstance(lists.answer, LAST_ANSWERS):
        return
    if isinstance(lists.answer, Page) and lists.answer.entries:
        first = lists.answer.entries[0]
        yield (contacts := _tried(Part.CONTACTS, lambda: by.api.get_list(first.id)))
        if isinstance(contacts.answer, LAST_ANSWERS):
            return
    yield _tried(Part.TYPES, by.api.get_list_types)


def _tried(part: Part, ask: Callable[[], Answer]) -> Tried:
    began = time.monotonic()
    answer: Answer
    try:
        answer = ask()
    except PlusofonError as error:
        answer = error
    return Tried(part, answer, round((time.monotonic() - began) * 1000))


def last_save(credential: Credential) -> datetime | None:
    """When Plusofon last made a change with this very token, as the journal knows it: the only proof, without
    writing, that it may write."""
    saves = JournalEntry.objects.filter(
        user=credential.user_id,
        account=credential.account,
        outcome=Outcome.CONFIRMED,
        cause="",
        sent_at__gt=credential.set_at,
    )
    return saves.order_by("-id").values_list("sent_at", flat=True).first()

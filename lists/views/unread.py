"""What a scan could not read, as the pages of lookups tell it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from ..plusofon.values import ListEntry
from ..services.lookup import Result, Unread
from ..wording.errors import Failure, failure_of


def reasons_of(unread: Iterable[Unread]) -> list[tuple[ListEntry, Failure]]:
    return [(one.list, failure_of(one.error)) for one in unread]


def unread_in(result: Result) -> dict[str, Any]:
    return {
        "scan": result,
        "unread": reasons_of(result.unread),
        "trouble": failure_of(result.trouble) if result.trouble else None,
        "read_at": timezone.localtime(),
    }

"""What a scan could not read, as the pages of lookups tell it."""

from typing import Any

from django.utils import timezone

from ..services.lookup import Result
from ..wording.errors import failure_of


def unread_in(result: Result) -> dict[str, Any]:
    return {
        "scan": result,
        "unread": [(one.list, failure_of(one.error)) for one in result.unread],
        "trouble": failure_of(result.trouble) if result.trouble else None,
        "read_at": timezone.localtime(),
    }

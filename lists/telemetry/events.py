"""Warnings that an alert can watch: each is one line with a name that stays.

docs/operations.md#events has the table of them; a test compares.
"""

import logging

logger = logging.getLogger("lists.events")

WRITE_IN_DOUBT = "write.in_doubt"
WRITE_UNKNOWN = "write.unknown"
WRITE_NOT_NOTED = "write.not_noted"
WRITE_LANDED_LATE = "write.landed_late"
OPERATION_PARTIAL = "operation.partial"
SIGN_IN_FAILED = "sign_in.failed"
SIGN_IN_LOCKED = "sign_in.locked"
SIGN_IN_REFUSED = "sign_in.refused"
TOKEN_REFUSED = "token.refused"  # noqa: S105
TOKEN_UNREADABLE = "token.unreadable"  # noqa: S105
UPSTREAM_FAILED = "upstream.failed"
DATABASE_FAILED = "database.failed"
REQUEST_REFUSED = "request.refused"
DEFECT = "defect"


def warn(event: str, **fields: int | str | None) -> None:
    """One line. `fields`: ids, counts, names of errors; never a number, a name or the API's words."""
    told = " ".join(f"{name}={value}" for name, value in fields.items())
    logger.warning("%s", told, extra={"event": event, "fields": fields})

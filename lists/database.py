"""Our own database, where it fails: what counts as its trouble, and a connection that was dropped."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.db import Error as DatabaseTrouble
from django.db.backends.base.base import BaseDatabaseWrapper

# How the codes begin with which PostgreSQL ends a connection: 08… connection exceptions, 57P… it is shut
# down, idled too long (https://www.postgresql.org/docs/current/errcodes-appendix.html).
ENDED = {"080", "08P", "57P"}

P = ParamSpec("P")
R = TypeVar("R")


def is_trouble(error: BaseException | None) -> bool:
    """Whether the database itself fails (locked, full, read-only, gone), and not what we asked of it."""
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        return True
    # A file that is none any more; Django's own errors of this class come from no driver.
    return type(error) is DatabaseError and error.__cause__ is not None


def name_of(error: BaseException) -> str:
    """What the driver calls it, for the log: SQLITE_FULL, AdminShutdown. Never its words: they may quote."""
    cause = error.__cause__ or error
    return getattr(cause, "sqlite_errorname", type(cause).__name__)


# What the drivers say, and what that means; `name_of` why nothing else of it is told.
WHYS = {
    "password": "it refuses the name or the password of DATABASE_URL",
    "does not exist": "it has no database or no user of that name",
    "unable to open": "its file cannot be opened: the folder is missing, or belongs to somebody else",
    "refused": "nothing listens at that address",
    "resolve": "its host is not known",
    "timeout": "its host does not answer",
}


def why_unreachable(error: BaseException) -> str:
    """Why there is no connection, as far as that is known, in a few words."""
    said = str(error.__cause__ or "").lower()
    return next((why for word, why in WHYS.items() if word in said), name_of(error))


def once_more(work: Callable[P, R]) -> Callable[P, R]:
    """Do `work` again, on a new connection, where the one it had was dropped.

    It may have been done all the same and only its answer been lost: so `work` has to be a transaction (or
    nothing but reads) of which twice is as good as once. Within another transaction nothing is done again.
    """

    @wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except DatabaseTrouble as error:
            if _is_in_transaction(connection) or not was_dropped(error):
                raise
            connection.close_if_unusable_or_obsolete()
        return work(*args, **kwargs)

    return wrapper


def was_dropped(error: DatabaseTrouble) -> bool:
    """Whether a new connection may help: PostgreSQL ended this one, or was not heard at all."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return cause.sqlstate is None or cause.sqlstate[:3] in ENDED


def _is_in_transaction(database: BaseDatabaseWrapper) -> bool:
    """Then what was done before in it is lost with the connection: one statement again would not do."""
    return database.in_atomic_block


def reading_once_more(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Around every statement (`connection.execute_wrappers`): what only reads is done again, so that no
    page fails because of a dropped connection.

    https://docs.djangoproject.com/en/5.2/topics/db/instrumentation/
    """
    try:
        return execute(sql, params, many, context)
    except DatabaseTrouble as error:
        database = context["connection"]
        if _is_in_transaction(database) or not was_dropped(error):
            raise
        database.close_if_unusable_or_obsolete()  # whatever comes next makes a new one
        if not str(sql).lstrip().startswith(("SELECT", "WITH")):
            raise
    database.ensure_connection()
    context["cursor"].cursor = database.create_cursor()
    return execute(sql, params, many, context)

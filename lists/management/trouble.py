"""What a command says where our own database fails, instead of a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.management.base import CommandError
from django.db import Error as DatabaseTrouble

from lists.database import is_trouble, name_of

P = ParamSpec("P")
R = TypeVar("R")


def database_trouble_told(handle: Callable[P, R]) -> Callable[P, R]:
    """Of `Command.handle`: a database that is locked, full or gone ends it with 1 and a sentence."""

    @wraps(handle)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handle(*args, **kwargs)
        except DatabaseTrouble as error:
            if not is_trouble(error):
                raise
            raise CommandError(
                f"The dashboard's own database does not work just now ({name_of(error)}). Run the command"
                " again; python manage.py check --database default tells more."
            ) from error

    return told

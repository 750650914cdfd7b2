"""Variables of the environment, read strictly: "15s" is no number, and "ture" is not False.

What cannot be read has its default for the moment and a sentence in `unreadable`, so that all of it is
named at once, by a system check (`lists.checks`) that stops the start.
"""

import logging
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

SCHEMES = {"sqlite", "postgres", "postgresql", "pgsql", "psql"}
TRUE, FALSE = {"true", "on", "yes", "y", "1"}, {"false", "off", "no", "n", "0"}


def time_zone(text: str) -> str:
    """a time zone, as Europe/Moscow"""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: the name of a directory
        raise ValueError from error


def log_level(text: str) -> str:
    """DEBUG, INFO, WARNING, ERROR or CRITICAL"""
    if text.upper() not in logging.getLevelNamesMapping():
        raise ValueError
    return text.upper()


def log_format(text: str) -> str:
    """text or json"""
    if text.lower() not in {"text", "json"}:
        raise ValueError
    return text.lower()


def yes_or_no(text: str) -> bool:
    """True or False"""
    if text.lower() not in TRUE | FALSE:
        raise ValueError
    return text.lower() in TRUE


def whole_number(text: str) -> int:
    """a whole number"""
    return int(text)


def number(text: str) -> float:
    """a number"""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError
    return value


class Environment(environ.Env):  # type: ignore[misc]
    """`environ`'s, which would read "1e3" as 13. An empty number, switch, zone or level counts as unset."""

    STRICT = {
        bool: yes_or_no,
        int: whole_number,
        float: number,
        time_zone: time_zone,
        log_level: log_level,
        log_format: log_format,
    }

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: list[str] = []
        self.secret_files: list[Path] = []

    def get_value(
        self, var: str, cast: Callable[[str], Any] | None = None, default: Any = "", **kwargs: Any
    ) -> Any:
        read = self.STRICT.get(cast)
        if read is None:
            return super().get_value(var, cast=cast, default=default, **kwargs)
        text = super().get_value(var, default="").strip()
        try:
            return read(text) if text else default
        except ValueError:
            self.unreadable.append(f"{var} is “{text[:50]}”, which is not {read.__doc__}.")
            return default

    def secret(self, var: str) -> str:
        """The secret, or what stands in the file that NAME_FILE names; "" where neither is set.

        Raises `ImproperlyConfigured` where both are set, or the file has no secret to give. The sentence does
        not say what NAME_FILE is: somebody may have put the secret itself there.
        """
        text: str = super().get_value(var, default="").strip()
        path = super().get_value(f"{var}_FILE", default="").strip()
        if not path:
            return text
        if text:
            raise ImproperlyConfigured(f"{var} and {var}_FILE are both set: keep one of them.")
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "it is not text"
            raise ImproperlyConfigured(
                f"The file that {var}_FILE names cannot be read: {why}."
            ) from None
        if not text:
            raise ImproperlyConfigured(f"The file that {var}_FILE names is empty.")
        self.secret_files.append(Path(path))
        return text

    def database(self, var: str) -> dict[str, Any]:
        """The database that an address names. Empty where there is no address; one that cannot be used
        where it is wrong, so that no command takes another database for it."""
        address = self.secret(var)
        if not address:
            return {}
        # Before it is parsed: `environ` would warn of an unknown scheme with the password in the warning.
        if address.partition("://")[0] in SCHEMES:
            try:
                config: dict[str, Any] = self.db_url_config(address)
            except ValueError:
                config = {}
            if config.get("NAME"):
                return config
        self.unreadable.append(
            f"{var} is not the address of a database: sqlite:////srv/db.sqlite3 or"
            " postgres://user:password@host/name."
        )
        return {"ENGINE": "django.db.backends.dummy"}

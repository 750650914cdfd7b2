"""What a release still lacks before it can serve: files that are collected, folders, migrations.

`migrate` and `collectstatic` come after the settings (`checks`) and before these. Hence they answer only where a
database is named, `python manage.py check --database default`, as Django's own checks of databases do.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import Error as DatabaseTrouble
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from .database import why_unreachable


@register(Tags.database)
def static_files_are_collected(
    *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Without, each page is a defect: their names have a hash that stands in a manifest."""
    if databases is None or not isinstance(staticfiles_storage, ManifestFilesMixin):
        return []
    collected = staticfiles_storage.hashed_files
    if all(path in collected for finder in get_finders() for path, _ in finder.list([])):
        return []
    missing = "The static files of this release are not collected."
    hint = "Run: python manage.py collectstatic"
    return [Error(missing, hint=hint, id="lists.E008")]


@register(Tags.database)
def folders_can_be_written(
    *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """By whoever starts it: what is sent, and SQLite, whose journal stands beside its file."""
    if databases is None:
        return []
    hint = "It has to belong to the user that serves."
    folders = {"UPLOADS_DIR": Path(settings.UPLOADS_DIR)}
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and ":memory:" not in str(database["NAME"]):
        folders["DATABASE_URL"] = Path(database["NAME"]).parent
        if not folders["DATABASE_URL"].exists():
            missing = f"DATABASE_URL is in {folders['DATABASE_URL']}, which is not there."
            return [Error(missing, hint="Make that folder.", id="lists.E011")]
    return [
        Error(f"{name}: {folder} cannot be written to.", hint=hint, id="lists.E011")
        for name, folder in folders.items()
        if not _can_be_written(folder)
    ]


def _can_be_written(folder: Path) -> bool:
    """Or be made, where it is not there yet."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


@register(Tags.database)
def migrations_are_applied(
    *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A database that does not answer is no fault of the release: pages say so until it does."""
    return [fault for alias in databases or () if (fault := _fault_of_migrations(alias))]


@register(Tags.database)
def database_file_is_private(
    *, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A SQLite file as a copy may leave it, or an earlier release: made here, it is its owner's alone."""
    return [
        Caution(
            f"Others than its owner may read the database {name}: tokens, names and numbers are in it.",
            hint=f"Run: chmod 600 {name}*",
            id="lists.W004",
        )
        for alias in databases or ()
        if connections[alias].vendor == "sqlite"
        and _may_be_read_by_others(name := str(connections[alias].settings_dict["NAME"]))
    ]


def _may_be_read_by_others(name: str) -> bool:
    try:
        return bool(Path(name).stat().st_mode & 0o077)
    except OSError:
        return False


def _fault_of_migrations(alias: str) -> CheckMessage | None:
    try:
        executor = MigrationExecutor(connections[alias])
    except DatabaseTrouble as error:
        return Caution(
            f"The database does not answer: {why_unreachable(error)}. Whether all migrations are applied"
            " is not known.",
            hint="Pages will say that the database does not work until it does.",
            id="lists.W002",
        )
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return None
    names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:3])
    rest = f" and {len(plan) - 3} more" if plan[3:] else ""
    return Error(
        f"Migrations are not applied: {names}{rest}.",
        hint="Run: python manage.py migrate",
        id="lists.E009",
    )

"""Django's `migrate`, which would check first whether all migrations are applied."""

from typing import Any

from django.core.checks import Tags
from django.core.checks.registry import registry
from django.core.management.commands import migrate

from lists.management.trouble import database_trouble_told


class Command(migrate.Command):
    handle = database_trouble_told(migrate.Command.handle)

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str | None, Any]:
        """All of the settings, and nothing that asks the database for what is just to be done."""
        return {"tags": registry.tags_available() - {Tags.database}}

"""`manage.py backup_database FILE`: every night, from cron, while the dashboard serves
(docs/operations.md#backup-and-restoring)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lists import database_backup, private_file
from lists.management.trouble import database_trouble_told


class Command(BaseCommand):
    help = (
        "Write the dashboard's own database (people, tokens, journal, requests) into FILE, all or nothing,"
        " and verify it. Nobody has to stop working for it. Ends with 1 and a sentence where there is no"
        " new backup."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="where the backup goes")
        parser.add_argument(
            "--replace", action="store_true", help="replace the file once the new one is complete"
        )

    @database_trouble_told
    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            if not replace:
                _refuse_existing(file)
            with private_file.replacing(file) as new:
                held = database_backup.write(new)
                if not replace:
                    _refuse_existing(file)  # somebody may have been quicker
        except database_backup.Unfinished as error:
            raise CommandError(f"Backup failed: {error}.") from error
        except OSError as error:
            raise CommandError(
                f"Backup failed: {file} cannot be written: {error.strerror or error}."
            ) from error
        self.stdout.write(
            f"{held.people} people, {held.tokens} tokens ({held.opened} of them open with today's"
            f" CREDENTIAL_KEYS), {held.entries} journal entries, {held.requests} requests in {file}"
        )


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise CommandError(
            f"Backup failed: {file} is there already. Choose another name, or add --replace."
        )

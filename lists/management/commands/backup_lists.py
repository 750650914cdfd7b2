"""`manage.py backup_lists USER FILE`: every night, from cron."""

from pathlib import Path
from typing import IO, Any, NoReturn

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from lists import backup_reading, private_file
from lists.backup_file import Manifest, TooLarge, Unusable
from lists.bulkhead import BulkheadFull
from lists.connection import Connection, NotConnected
from lists.management.trouble import database_trouble_told
from lists.plusofon.errors import PlusofonError
from lists.services import backup, credentials

LONGEST = 60.0 * 60  # seconds


class Command(BaseCommand):
    help = (
        "Write every list of the account that USER is connected to into FILE, all or nothing: it is replaced"
        " once the new one is complete. Ends with 1 and a sentence where it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="whose token reads the lists")
        parser.add_argument("file", type=Path, help="where the backup goes, a .zip")
        parser.add_argument(
            "--allow-incomplete",
            action="store_true",
            help="replace even a complete file by one that lacks what could not be read",
        )

    @database_trouble_told
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        by = _connection_of(options["user"])
        try:
            with private_file.replacing(path) as file:
                manifest = _write(file, by=by)
                keeps_older = not (manifest.is_complete or options["allow_incomplete"])
                if keeps_older and _is_complete(path):
                    _fail(f"{_lacks(manifest)}; {path} stays as it was, complete")
        except OSError as error:
            _fail(f"{path} cannot be written: {error.strerror or error}")
        large = ", and too large to be restored here" if manifest.is_too_large else ""
        if not manifest.is_complete:
            _fail(f"{_lacks(manifest)}; {path} is incomplete{large}")
        if manifest.is_too_large:
            raise CommandError(
                f"The backup is complete, but too large to be restored here: {path}."
            )
        self.stdout.write(f"{manifest.lists} lists, {manifest.contacts} contacts in {path}")


def _connection_of(username: str) -> Connection:
    try:
        return credentials.connection_of(User.objects.get(username=username))
    except (User.DoesNotExist, NotConnected) as error:
        _fail(f"{username} is nobody with a usable token ({type(error).__name__})")


def _write(file: IO[bytes], *, by: Connection) -> Manifest:
    try:
        return backup.write_backup(file, by=by, within=LONGEST)
    except (PlusofonError, BulkheadFull) as error:
        _fail(f"no list could be read ({type(error).__name__})")


def _is_complete(path: Path) -> bool:
    """One that is too large to be restored here is not worth less for that: what it says of itself counts."""
    try:
        with path.open("rb") as file:
            try:
                return backup_reading.read(file.read()).manifest.is_complete
            except TooLarge:
                file.seek(0)
                return backup_reading.read_manifest(file).is_complete
    except (FileNotFoundError, Unusable):
        return False


def _lacks(manifest: Manifest) -> str:
    """Ids and errors: names stay out of logs."""
    named = ", ".join(
        f"{'which lists there are' if one.id is None else f'list {one.id}'} ({one.reason})"
        for one in manifest.missing[:20]
    )
    more = len(manifest.missing) - 20
    return f"could not read {named}" + (f" and {more} more" if more > 0 else "")


def _fail(sentence: str) -> NoReturn:
    raise CommandError(f"Backup failed: {sentence}.")

"""`manage.py rotate_credentials`: after a new key was put first in CREDENTIAL_KEYS (docs/operations.md#keys)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lists.management.trouble import database_trouble_told
from lists.services import credentials


class Command(BaseCommand):
    help = (
        "Encrypt every stored token with the first of CREDENTIAL_KEYS, so that the others can go. Ends with"
        " 1 and a sentence where some cannot be read."
    )

    @database_trouble_told
    def handle(self, *args: Any, **options: Any) -> None:
        done = credentials.rotate()
        self.stdout.write(f"{done.rotated} rotated")
        if done.unreadable:
            raise CommandError(
                f"{len(done.unreadable)} cannot be read with any of CREDENTIAL_KEYS, and stay as they are:"
                f" {', '.join(done.unreadable)}. Put back a key that is missing and run this again; or they"
                " enter their tokens again, as the pages ask them to."
            )

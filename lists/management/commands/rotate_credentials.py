"""`manage.py rotate_credentials`: after a new key was put first in CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from lists.services import credentials


class Command(BaseCommand):
    help = (
        "Encrypt every stored token with the first of CREDENTIAL_KEYS, so that the others can go."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        rotated, unreadable = credentials.rotate()
        self.stdout.write(f"{rotated} rotated")
        if unreadable:
            self.stderr.write(
                f"{unreadable} cannot be read with any key: their owners will be asked to enter"
                " the token again"
            )

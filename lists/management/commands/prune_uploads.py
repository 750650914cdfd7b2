"""`manage.py prune_uploads`: once an hour, from cron."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from lists import uploads


class Command(BaseCommand):
    help = "Delete files that people sent more than an hour ago, and neither applied nor cancelled."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            deleted, left = uploads.prune()
        except OSError as error:
            raise CommandError(
                f"{settings.UPLOADS_DIR} cannot be read: {error.strerror or error}. Run this as the server's"
                " user."
            ) from error
        self.stdout.write(f"{deleted} deleted")
        if left:
            raise CommandError(
                f"{left} could not be deleted in {settings.UPLOADS_DIR}: is it the server's user's own?"
            )

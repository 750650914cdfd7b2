"""`manage.py prune_uploads`: once an hour, from cron."""

from typing import Any

from django.core.management.base import BaseCommand

from lists import uploads


class Command(BaseCommand):
    help = "Delete files that people sent more than an hour ago, and neither applied nor cancelled."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{uploads.prune()} deleted")

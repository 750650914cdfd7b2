"""`manage.py prune_journal`: once a day, from cron."""

from typing import Any

from django.core.management.base import BaseCommand

from lists.management.trouble import database_trouble_told
from lists.writing import retention


class Command(BaseCommand):
    help = (
        "Delete entries of the journal older than JOURNAL_KEEP_DAYS. They can no longer be undone."
    )

    @database_trouble_told
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{retention.prune()} deleted")

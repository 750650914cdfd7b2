"""`manage.py settle_journal`: after a crash, or from cron. The next writer of a list does the same."""

from typing import Any

from django.core.management.base import BaseCommand

from lists.services import settling


class Command(BaseCommand):
    help = "Find out by reading what became of writes that a crash or a lost answer left open."

    def handle(self, *args: Any, **options: Any) -> None:
        settled, left = settling.settle_all()
        self.stdout.write(f"{settled} settled")
        if left:
            self.stderr.write(f"{left} left open: nobody's token could read them just now")

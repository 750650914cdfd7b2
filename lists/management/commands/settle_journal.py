"""`manage.py settle_journal`: after a crash, or from cron. The next writer of a list does the same."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lists.management.trouble import database_trouble_told
from lists.services import settling


class Command(BaseCommand):
    help = (
        "Find out by reading what became of writes that a crash or a lost answer left open. Ends with 1 and"
        " a sentence where some are still open."
    )

    @database_trouble_told
    def handle(self, *args: Any, **options: Any) -> None:
        found = settling.settle_all()
        undecided = (
            f", {found.undecided} unknown for more than a day: managers decide them in the journal"
            if found.undecided
            else ""
        )
        self.stdout.write(f"{found.settled} settled{undecided}")
        if found.left:
            reasons = ", ".join(f"{count} {reason}" for reason, count in found.left.items())
            raise CommandError(
                f"{found.left.total()} left open ({reasons}). Each is read with the token of whoever wrote"
                " it: check_plusofon tells whether that works. Managers can also check them in the journal."
            )

"""`manage.py prune_sign_ins`: once a day, from cron."""

from typing import Any

from django.core.management.base import BaseCommand

from lists import sessions, throttle
from lists.management.trouble import database_trouble_told
from lists.services import credentials


class Command(BaseCommand):
    help = (
        "Erase the tokens of people who were deactivated, and forget wrong passwords and sign-outs that"
        " no longer count."
    )

    @database_trouble_told
    def handle(self, *args: Any, **options: Any) -> None:
        erased = credentials.erase_of_deactivated()
        sessions.prune()
        self.stdout.write(f"{throttle.prune()} forgotten, {erased} tokens erased")

"""`make bench`: the overview's own time over a year of the journal, 100,000 entries by five people.

As while people work: the past days are known for ten minutes, today is counted each time. Beside it the first one
of those ten minutes, and a page with nothing but its frame, as any page has it: machines are noisy.
"""

import os
import statistics
import time
from datetime import timedelta
from itertools import cycle

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lists.models import Action, JournalEntry
from tests.factories import (
    BlockRequestFactory,
    CredentialFactory,
    JournalEntryFactory,
    UserFactory,
)

RUNS = 100
BOUND = 15  # ms
ENTRIES = 100_000
YEAR = timedelta(days=365)
PEOPLE = ["anna", "boris", "vera", "gleb", "manager"]
ACTIONS = [*[Action.ADD] * 5, *[Action.REMOVE] * 3, *[Action.EDIT] * 3]
REASONS = ["Спам", "Угрожает", "Мошенники", "Звонит ночью", "Продаёт окна", "Молчит"]


def fill():
    now, people, actions = timezone.now(), cycle(PEOPLE), cycle(ACTIONS)
    for first in range(0, ENTRIES, 10_000):
        JournalEntry.objects.bulk_create(
            (
                JournalEntryFactory.build(
                    username=next(people),
                    action=next(actions),
                    list_id=1 + n % 40,
                    started_at=now - YEAR * (ENTRIES - n) / ENTRIES,
                )
                for n in range(first, first + 10_000)
            ),
            batch_size=1000,
        )
    for n in range(300):
        BlockRequestFactory(
            asked_at=now - timedelta(hours=2 * n),
            reason=REASONS[n % len(REASONS)],
            state="open" if n < 12 else "declined",
        )


def measure(client, path="/overview/", *, forgets=False):
    """Milliseconds of each run."""
    own = []
    for _ in range(RUNS):
        if forgets:
            cache.clear()
        started = time.perf_counter()
        answer = client.get(path)
        own.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200
    return own[5:]


def main():
    call_command("migrate", verbosity=0)
    fill()
    print(f"{'overview, own ms':32}{'best':>7}{'median':>8}{'bound':>7}")
    for name, group in (("manager", "Managers"), ("support", "Support")):
        user = UserFactory(username=name, group=group)
        CredentialFactory(user=user)
        client = Client()
        client.force_login(user)
        tell(name, measure(client), BOUND)
        tell("… the first one", measure(client, forgets=True))
        tell("… the frame of a page", measure(client, "/lookup/"))


def tell(what, own, bound=""):
    print(f"{what:32}{min(own):7.1f}{statistics.median(own):8.1f}{bound:>7}")


if __name__ == "__main__":
    main()

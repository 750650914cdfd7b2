"""What our own database answers, over a year of 100,000 entries: the journal and the overview."""

from datetime import timedelta
from itertools import cycle

from django.contrib import admin
from django.core.cache import cache
from django.utils import timezone

from lists.models import Action, JournalEntry, JournalNumber
from tests.factories import BlockRequestFactory, JournalEntryFactory

from .dashboard import asking, in_process
from .rows import Result, Row, alternating, promised, timed

ENTRIES, YEAR = 100_000, timedelta(days=365)
PEOPLE = ["anna", "boris", "vera", "gleb", "manager"]
ACTIONS = [*[Action.ADD] * 5, *[Action.REMOVE] * 3, *[Action.EDIT] * 3]
REASONS = ["Спам", "Угрожает", "Мошенники", "Звонит ночью", "Продаёт окна", "Молчит"]
RUNS = 15
OVERVIEW, PAGE = 0.015, 0.050  # seconds that we promise

TITLE = f"A journal of {ENTRIES:,} entries"
ABOUT = """\
A year's work of five people in SQLite, and no call to the API; all in one process. Django admin's change list shows fifty of the
same rows, five columns of them. The frame of a page is one with nothing in it but what all pages have. Past days are counted once in
ten minutes; the overview that does it is a row of its own."""

JOURNAL = {
    "the journal's first page": "/journal/",
    "a number in the journal": "/journal/?number=8+999+000-50-00",
    "a person and a list in the journal": "/journal/?person=anna&list=12",
    "the journal's last page": "/journal/?page=2000",
}
COUNTED = (
    "By a profile a quarter counts the entries, a fifth words fifty of them, the rest is markup."
)
PROMISED = [
    Row(what, f"{PAGE * 1000:.0f} ms", bound=1.0, reason=reason)
    for what, reason in zip(JOURNAL, (COUNTED, "", ""), strict=False)
]
MANAGER, SUPPORT = (
    Row(
        f"the overview of {whom}",
        f"{OVERVIEW * 1000:.0f} ms",
        bound=1.0,
    )
    for whom in ("a manager", "support")
)
FRAMED, FIRST = (
    Row(what, "the frame of a page")
    for what in ("the overview of a manager", "… the first one in ten minutes")
)
ROWS = [
    *(Row(what, "Django admin's change list of the same rows") for what in JOURNAL),
    *PROMISED,
    MANAGER,
    SUPPORT,
    FRAMED,
    FIRST,
]


def fill():
    """Two numbers an entry."""
    now, people, actions = timezone.now(), cycle(PEOPLE), cycle(ACTIONS)
    entries = JournalEntry.objects.bulk_create(
        (
            JournalEntryFactory.build(
                username=next(people),
                action=next(actions),
                list_id=1 + n % 40,
                list_name=f"Список {1 + n % 40}",
                started_at=now - YEAR * (ENTRIES - n) / ENTRIES,
            )
            for n in range(ENTRIES)
        ),
        batch_size=1000,
    )
    JournalNumber.objects.bulk_create(
        (
            JournalNumber(entry=entry, number=f"7{head}{n % 9973:07}")
            for n, entry in enumerate(entries)
            for head in ("999", "812")
        ),
        batch_size=1000,
    )
    for n in range(300):
        BlockRequestFactory(
            asked_at=now - timedelta(hours=2 * n),
            reason=REASONS[n % len(REASONS)],
            state="open" if n < 12 else "declined",
        )


def change_list():
    columns = ("started_at", "username", "action", "list_name", "outcome")
    shown = type("Entries", (admin.ModelAdmin,), {"list_display": columns, "list_per_page": 50})
    admin.site.register(JournalEntry, shown)
    return "/admin/lists/journalentry/"


def measure():
    fill()
    nowhere = "http://127.0.0.1:9"
    _, manager = in_process(nowhere, username="manager", is_staff=True, is_superuser=True)
    _, support = in_process(nowhere, username="support", group="Support")
    runs = alternating(
        *(timed(asking(manager, path)) for path in JOURNAL.values()),
        timed(asking(manager, change_list())),
        runs=RUNS,
    )
    for place, row in enumerate(ROWS[: len(JOURNAL)]):
        yield Result(row, [(run[place], run[-1]) for run in runs])
    for place, row in enumerate(PROMISED):
        yield promised(row, PAGE, [run[place] for run in runs])

    def the_first():
        cache.clear()
        return timed(asking(manager, "/overview/"))()

    runs = alternating(
        the_first,
        timed(asking(manager, "/overview/")),
        timed(asking(support, "/overview/")),
        timed(asking(manager, "/lookup/")),
        runs=RUNS,
    )
    yield promised(MANAGER, OVERVIEW, [run[1] for run in runs])
    yield promised(SUPPORT, OVERVIEW, [run[2] for run in runs])
    yield Result(FRAMED, [(run[1], run[3]) for run in runs])
    yield Result(FIRST, [(run[0], run[3]) for run in runs])

"""The processor time of a list of 50 ÷ that of Django admin's change list of as many rows."""

import time
from functools import partial

from django.contrib import admin

from lists.models import JournalNumber
from tests.factories import JournalEntryFactory

from .dashboard import asking, in_process
from .rows import Result, Row, alternating, timed
from .stand_in import contacts, stand_in

CONTACTS = 50
RUNS = 40

TITLE = "Processor time of a page"
ABOUT = f"""\
Of the thread that makes the page, in one process for both: call to the API, parsing and markup on our side; on the other
Django admin's change list of {CONTACTS} rows with two columns, as plain as it can be, from a local database."""
ROWS = [
    Row(
        f"a list of {CONTACTS}",
        f"Django admin's change list of {CONTACTS} rows",
        bound=0.35,
        reason="By a profile half of it is templates, the rows being a tenth of that, and a sixth our seven queries.",
    ),
]


def fill_change_list():
    columns = type("Columns", (admin.ModelAdmin,), {"list_display": ("number", "entry_id")})
    admin.site.register(JournalNumber, columns)
    entry = JournalEntryFactory()
    numbers = [JournalNumber(entry=entry, number=f"7999{n:07}") for n in range(CONTACTS)]
    JournalNumber.objects.bulk_create(numbers)


def measure():
    with stand_in(contacts(CONTACTS)) as api:
        _, client = in_process(api.url, is_staff=True, is_superuser=True)
        fill_change_list()
        ((list_id,),) = api.ids.values()
        of_thread = partial(timed, clock=time.thread_time)
        ours = of_thread(asking(client, f"/lists/{list_id}/"))
        theirs = of_thread(asking(client, "/admin/lists/journalnumber/"))
        yield Result(ROWS[0], alternating(ours, theirs, runs=RUNS, warm_up=10))

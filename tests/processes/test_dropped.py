"""The database drops every connection, again and again, while people save: nobody is told a defect, and
nobody a lie."""

import itertools
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.words import says

from ..soak.trouble import every
from .conftest import ACCOUNT, PEOPLE

SECONDS = float(os.environ.get("DROPPING_SECONDS", "12"))
EVERY = float(os.environ.get("DROPPING_EVERY", "2"))
AT_ONCE = 8
IN_DOUBT = says(
    "It was sent to Plusofon, but no clear answer came, and the list does not show it yet. Do not send it again."
)
DROP = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Dropping:
    """Ends every connection to a database."""

    def __init__(self, url):
        self.url, self.dropped = url, 0

    def __call__(self):
        with psycopg.connect(self.url, autocommit=True) as own:
            self.dropped += own.execute(DROP).fetchone()[0]


def save_for(seconds, stage, list_id, person, names):
    """One contact after the other, as fast as they are answered: (name, answer)."""
    ends, answers = time.monotonic() + seconds, []
    with stage.client(person) as client:
        while time.monotonic() < ends:
            name = next(names)
            fields = {"name": name, "phones": f"7{name.split()[1]}"}
            answers.append((name, client.post(f"/lists/{list_id}/contacts/new/", data=fields)))
    return answers


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_saves_survive_a_database_that_drops_every_connection(stage):
    lists = [stage.sandbox.add_list(ACCOUNT, name=f"Обрыв {n}") for n in range(AT_ONCE)]
    counter = itertools.count(9_990_000_000)
    names = map("Контакт {}".format, counter)
    drop = Dropping(stage.env["DATABASE_URL"])
    people = itertools.cycle(PEOPLE)
    with every(EVERY, drop), ThreadPoolExecutor(AT_ONCE) as pool:
        work = [
            pool.submit(save_for, SECONDS, stage, one, person, names)
            for one, person in zip(lists, people, strict=False)
        ]
        answers = [answer for one in work for answer in one.result()]
    there = {contact["name"] for one in lists for contact in stage.contacts(one)}
    statuses = Counter(answer.status_code for _, answer in answers)
    confirmed = {name for name, answer in answers if answer.status_code == 302}
    in_doubt = {name for name, answer in answers if IN_DOUBT in answer.text}
    lies = (confirmed - there) | (there - confirmed - in_doubt)
    print(f"{len(answers)} saves, {drop.dropped} connections dropped: {dict(statuses)},", end=" ")
    print(f"{len(in_doubt)} in doubt, {len(lies)} lies")
    assert drop.dropped > 10
    assert lies == set()
    assert statuses[500] == 0
    # A connection that is dropped twice in a row is told.
    assert len(confirmed) >= 0.99 * len(answers)

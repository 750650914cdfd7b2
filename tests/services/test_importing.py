"""What a table would make of a list, how fast, in how much memory; and that an export comes back as it went."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from lists.intents import AddContacts, EqualContacts
from lists.plusofon.values import Contact, ContactList
from lists.resolving import resolve
from lists.services import importing
from lists.services.importing import Mode
from lists.tables.columns import guess
from lists.tables.contacts import understand
from lists.tables.read import read_table
from lists.views.spreadsheet import csv_answer, write_workbook
from lists.wording.tables import of_contacts
from tests.growth import seconds_of

ROOT = Path(__file__).parent.parent.parent
ODD = [
    *(
        "7999*",
        "8 (812) 333-44-55",
        "101",
        "79998887766",
        "+7 999 888-77-66",
        "нет",
        "8 800 доб. 5",
    ),
    *("101, 102", "1.0", "01.02.2024", "7.9E+10", "49301234567"),
]


def understood(content, known=()):
    table = read_table(content)
    return understand(table, guess(table), known=known)


def compare(text, found=(), mode=Mode.ADD):
    return importing.compare(understood(text.encode(), found), found, mode)


def as_csv(contacts, language):
    with translation.override(language):
        return b"".join(csv_answer(of_contacts(contacts), filename="list.csv"))


def as_xlsx(contacts, _language):
    file = io.BytesIO()
    with translation.override("ru"):
        write_workbook(of_contacts(contacts), file)
    return file.getvalue()


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20
)
names = st.one_of(st.sampled_from(["Спам", "Иван", "=1+1", "a;b", '"x"', "👩‍👧"]), texts)
# Names that differ only in what nobody sees are one name in a table.
stored = st.lists(
    st.builds(
        Contact,
        names.filter(str.strip),
        st.lists(st.sampled_from(ODD), min_size=1, max_size=3).map(tuple),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda contact: "".join(filter(str.isalnum, contact.name)) or contact.name,
)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("write", "language"),
    [(as_csv, "ru"), (as_csv, "en"), (as_xlsx, "ru")],
    ids=["ru", "en", "xlsx"],
)
@settings(deadline=None, max_examples=20)  # a workbook is read by a process of its own
@given(contacts=stored)
def test_an_export_that_is_imported_changes_nothing(write, language, mode, contacts):
    found = ContactList(1, "Спам", "black", tuple(contacts))
    read = understood(write(contacts, language), contacts)
    assert read.refused == ()
    difference = importing.compare(read, contacts, mode)
    assert not difference.changes_anything
    intent = (
        AddContacts(read.contacts, joins_by_name=True)
        if mode is Mode.ADD
        else EqualContacts(read.contacts, difference.agreed)
    )
    assert resolve(intent, found).is_empty


def test_contacts_of_one_name_come_back_as_they_went():
    spam = (Contact("Спам", ("101",)), Contact("Спам", ("102", "103")), Contact("Спам", ("101",)))
    for mode in Mode:
        read = understood(as_csv(spam, "ru"), spam)
        assert not importing.compare(read, spam, mode).changes_anything


@pytest.mark.parametrize("mode", Mode)
def test_contacts_without_a_name_come_back_as_they_went(mode):
    found = (Contact("", ("79160000002", "7999*")), Contact(" ", ("101",)), Contact("Ян", ("102",)))
    for content in (as_csv(found, "ru"), as_xlsx(found, "ru")):
        assert not importing.compare(understood(content, found), found, mode).changes_anything


def test_numbers_are_looked_for_in_the_other_lists_by_one_scan(sandbox, account, by, black):
    anna = [{"name": "Аня", "phones": ["8 916 000-00-02"]}]
    white = sandbox.add_list(account, name="Белый", type="white", contacts=anna)
    other = sandbox.add_list(account, name="Другой", contacts=anna)
    found = importing.elsewhere(compare("Анна;79160000002"), black, by=by)
    assert [hit.list.id for hit in found.white] == [white]
    assert [hit.list.id for hit in found.black] == [other]
    assert found.is_complete


def test_all_contacts_of_other_lists_are_counted(sandbox, account, by, black):
    many = [{"name": f"Аня {n}", "phones": ["79160000002"]} for n in range(1500)]
    sandbox.add_list(account, name="Другой", contacts=many)
    assert len(importing.elsewhere(compare("Анна;79160000002"), black, by=by).black) == 1500


def test_a_look_into_the_other_lists_is_short_and_says_what_is_missing(
    sandbox, account, by, black, monkeypatch
):
    for n in range(40):
        sandbox.add_list(account, name=f"Список {n}")
    sandbox.latency = 0.1
    monkeypatch.setattr(importing, "LONGEST_LOOK", 0.3)
    began = time.monotonic()
    assert not importing.elsewhere(compare("Анна;79160000002"), black, by=by).is_complete
    assert time.monotonic() - began < 1.5


def test_the_list_itself_is_no_other_list(sandbox, account, by, black):
    found = importing.elsewhere(compare("Иван И.;79998887766"), black, by=by)
    assert (found.black, found.white) == ((), ())


def test_where_nothing_comes_nothing_is_looked_for(sandbox, by):
    ivan = (Contact("Иван", ("101",)),)
    assert importing.elsewhere(compare("Иван;101", ivan), 1, by=by).is_complete
    assert sandbox.calls == []


def test_twenty_thousand_numbers_are_looked_for_as_well(sandbox, account, by, black):
    sandbox.add_list(account, name="Другой", contacts=[{"name": "Аня", "phones": ["79160019999"]}])
    many = compare("".join(f"Имя {n};7916{n:07}\n" for n in range(20_000)))
    began = time.monotonic()
    assert len(importing.elsewhere(many, black, by=by).black) == 1
    assert time.monotonic() - began < 1.5


def test_lists_that_cannot_be_read_are_said_not_to_be(sandbox, by, black):
    sandbox.fail("500", times=None)
    assert not importing.elsewhere(compare("Анна;79160000002"), 1, by=by).is_complete


def workbook(rows):
    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for n in range(rows):
            sheet.write_string(n, 0, f"Контакт {n}")
            sheet.write_number(n, 1, 79160000000 + n)
    return file.getvalue()


def test_twenty_thousand_rows_are_compared_with_as_many_contacts_in_three_seconds():
    content = workbook(20_000)
    found = [Contact(f"Контакт {n}", (str(79160000000 + n),)) for n in range(10_000, 30_000)]

    def preview():
        return importing.compare(understood(content, found), found, Mode.EQUAL)

    seconds, difference = seconds_of(preview)
    assert (len(difference.new), len(difference.there)) == (10_000, 10_000)
    assert seconds < 3


MEASURED = """
import json, resource, sys
import django
django.setup()
from lists.intents import AddContacts
from lists.resolving import resolve
from lists.plusofon.values import Contact, ContactList
from lists.services import importing
from lists.tables.columns import guess
from lists.tables.contacts import understand
from lists.tables.read import read_table
import lists.urls
found = ContactList(1, "", "black", tuple(Contact(f"Имя {n}", (str(79990000000 + n),)) for n in range(1000)))
def most():
    # Of this program alone: `ru_maxrss` begins with that of whoever has started it.
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line[:6] == "VmHWM:")
before = most()
table = read_table(sys.stdin.buffer.read())
read = understand(table, guess(table), known=found.contacts)
importing.compare(read, found.contacts, importing.Mode.ADD)
resolve(AddContacts(read.contacts, joins_by_name=True), found).apply_to(found)
print(json.dumps([before, most(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def test_an_import_of_twenty_thousand_rows_takes_less_than_150_megabytes():
    env = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT), "PATH": ""}
    measured = subprocess.run(
        [sys.executable, "-c", MEASURED],
        input=workbook(20_000),
        env=env,
        capture_output=True,
        check=True,
    )
    before, after, reading = json.loads(measured.stdout)
    assert (after - before) / 1024 < 150
    assert reading / 1024 < 150

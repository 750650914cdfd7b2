"""The fault drill: whatever breaks in whichever step, the list is the old one or the changed one, the
journal's word is true, and nobody else's contact has moved.

The tables that it prints are kept in docs/drill.md.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lists.conflicts import Conflict
from lists.connection import Connection, open_api
from lists.models import JournalEntry
from lists.plusofon.errors import PlusofonError
from lists.sandbox import Sandbox, serve
from lists.writing import reconciling
from lists.writing.write import create_list, delete_list, write
from tests.people import ANNA, IVAN, SPAM, put
from tests.serving import ROOT, environment, manage, prepare

KEPT = ROOT / "docs" / "drill.md"
FAULTS = {
    "refuse": "connection refused",
    "cut": "cut before applying",
    "cut-after": "cut after applying",
    "hang": "time-out, not applied",
    "hang-after": "time-out, applied",
    "late": "time-out, applied later",
    "504-late": "504, applied later",
    "500": "500",
    "502": "502",
    "422": "422",
    "429:60": "429",
    "html": "HTML",
    "html-after": "HTML, applied",
    "truncated-json": "half an answer",
}
CHANGE = put(IVAN, ANNA)


def change(list_id, by):
    return write(CHANGE, list_id, by=by)


def create(list_id, by):
    return create_list(SPAM, newest_before=list_id, by=by)


def delete(list_id, by):
    return delete_list(list_id, by=by)


# operation -> its steps: the method, and how many calls of it come before
OPERATIONS = {
    change: {"read": ("GET", 0), "replace": ("PUT", 0), "read back": ("GET", 1)},
    create: {"create": ("POST", 0), "read back": ("GET", 0)},
    delete: {"read": ("GET", 0), "delete": ("DELETE", 0), "read back": ("GET", 1)},
}


def kept_table(title):
    """The lines of the table under a heading of docs/drill.md."""
    after = KEPT.read_text().split(f"## {title}\n\n")[1]
    return after.split("\n\n")[0].splitlines()


def as_table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


def drill(operation, step, fault, *, sandbox, account, manager, settings):
    """Run one operation with one fault: what became of the lists, what the journal says, what it says
    when somebody looks again at once, and what once nothing can land any more."""
    sandbox.clear_faults()
    settings.PLUSOFON_LATE_WRITE = 60.0
    for list_id in list(sandbox.lists(account)):
        sandbox.drop(account, list_id)
    JournalEntry.objects.all().delete()
    others = [{"name": "Пётр", "phones": ["8 (812) 333-44-55"], "note": "vip"}]
    list_id = sandbox.add_list(
        account,
        name="Чёрный список 1",
        contacts=[{"name": IVAN.name, "phones": list(IVAN.phones)}, *others],
    )
    method, skip = OPERATIONS[operation][step]
    sandbox.fail(fault, method=method, skip=skip, times=None)
    api = open_api(token="manager-token", client_id="10553", account=str(account))
    by = Connection(api, manager, str(account))
    error = outcome = None
    try:
        outcome = operation(list_id, by)
    except (PlusofonError, Conflict) as refused:
        error = refused
    sandbox.clear_faults()
    entry = JournalEntry.objects.first()
    word = word_of(entry)
    assert (word in ("refused", "nothing sent")) == (error is not None), (error, outcome)
    looked = looked_again(entry, by)
    assert looked not in ("refused", "unknown") or word != "in doubt"
    sandbox.land()
    state = state_of(operation, list_id, sandbox.lists(account), others)
    settings.PLUSOFON_LATE_WRITE = -60.0
    settled = looked_again(entry, by)
    assert (settled, state) in TRUE, (operation.__name__, step, fault, word, settled, state)
    return [operation.__name__, step, FAULTS[fault], state, word, looked, settled]


def looked_again(entry, by):
    if word_of(entry) in ("unknown", "in doubt"):
        reconciling.settle(entry, by=by)
    return word_of(entry)


def word_of(entry):
    return entry.outcome.replace("_", " ") if entry else "nothing sent"


TRUE = {("nothing sent", "old"), ("refused", "old"), ("confirmed", "new")}


def state_of(operation, list_id, lists, others):
    """old or new, exactly; anything else fails here."""
    old = [{"name": IVAN.name, "phones": list(IVAN.phones)}, *others]
    if operation is delete:
        return "new" if lists == {} else same(lists[list_id]["contacts"], old, "old")
    if operation is create:
        assert lists.pop(list_id)["contacts"] == old
        assert [(found["name"], found["contacts"]) for found in lists.values()] in (
            [],
            [(SPAM.name, [])],
        )
        return "new" if lists else "old"
    new = [{"name": ANNA.name, "phones": list(ANNA.phones)}, *others]
    found = lists[list_id]["contacts"]
    return "new" if found == new else same(found, old, "old")


def same(found, expected, name):
    assert found == expected
    return name


def test_each_fault_in_each_step_leaves_the_truth(sandbox, account, manager, settings):
    settings.PLUSOFON_TIMEOUT = settings.PLUSOFON_WRITE_TIMEOUT = 0.4
    sandbox.hang_seconds = 5
    rows = [
        drill(
            operation,
            step,
            fault,
            sandbox=sandbox,
            account=account,
            manager=manager,
            settings=settings,
        )
        for operation, steps in OPERATIONS.items()
        for step, (method, _) in steps.items()
        for fault in FAULTS
        if method != "GET" or not fault.endswith(("-after", "late"))  # a read applies nothing
    ]
    head = ["write", "step", "fault", "in the end the list is"]
    head += ["the journal says", "… looked at again", "… when its time is over"]
    table = as_table(head, rows)
    print("\n".join(table))
    assert table == kept_table("Faults of the API")


# Where the process dies -> how the child arranges it
DEATHS = {
    "after taking the lock": "Plusofon.get_list = die",
    "after reading": "journal.sending_change = die",
    "before sending": "Plusofon.replace_list = die",
    "after sending": "Plusofon.replace_list = then_die(Plusofon.replace_list)",
    "after reading back": "journal.confirm = die",
}
SETUP = """
from django.contrib.auth.models import Group, User
from lists.services import credentials
user = User.objects.create_user("manager")
user.groups.add(Group.objects.get(name="Managers"))
credentials.connect(by=user, token="manager-token", client_id="10553")
"""
WRITE_AND_DIE = """
import os, signal
from django.contrib.auth.models import User
from lists.changes import ContactChange, ListChange
from lists.plusofon.client import Plusofon
from lists.plusofon.values import Contact
from lists.services import credentials
from lists.writing import journal
from lists.writing.write import write
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
def then_die(function):
    return lambda *args: (function(*args), die())
{death}
user = User.objects.get()
change = ListChange(contacts=(ContactChange(
    Contact("Иван Иванов", ("79998887766", "79992223300")), Contact("Анна Ким", ("79991112233",))
),))
write(change, {list_id}, by=credentials.connection_of(user))
"""
# Time passes; then somebody else adds a contact to the same list.
NEXT_WRITER = """
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.db.models import F
from lists.changes import ContactChange, ListChange
from lists.models import JournalEntry
from lists.plusofon.values import Contact
from lists.services import credentials
from lists.writing.write import write
left = list(JournalEntry.objects.values_list("outcome", flat=True))
an_hour = timedelta(hours=1)
JournalEntry.objects.update(started_at=F("started_at") - an_hour, sent_at=F("sent_at") - an_hour)
user = User.objects.get()
change = ListChange(contacts=(ContactChange(None, Contact("Вера", ("102",))),))
write(change, {list_id}, by=credentials.connection_of(user))
settled = [e.outcome for e in JournalEntry.objects.filter(action="edit")]
print(json.dumps([left, settled]))
JournalEntry.objects.all().delete()
"""


def test_a_killed_process_leaves_the_truth_to_the_next_writer(tmp_path, account):
    sandbox = Sandbox()
    sandbox.add_account(token="manager-token", owner={"id": account, "email": "o@example.ru"})
    old = [{"name": IVAN.name, "phones": list(IVAN.phones)}, {"name": "Пётр", "phones": ["7999*"]}]
    new = [{"name": ANNA.name, "phones": list(ANNA.phones)}, old[1]]
    rows = []
    with serve(sandbox) as server:
        env = environment(tmp_path, server.url)
        prepare(env)
        manage(env, "shell", "-v0", "-c", SETUP)
        for where, death in DEATHS.items():
            list_id = sandbox.add_list(account, name="Чёрный список 1", contacts=old)
            script = WRITE_AND_DIE.format(death=death, list_id=list_id)
            command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
            assert subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == -9
            found = sandbox.lists(account)[list_id]["contacts"]
            state = "new" if found == new else same(found, old, "old")
            script = NEXT_WRITER.format(list_id=list_id)
            left, settled = json.loads(manage(env, "shell", "-v0", "-c", script))
            assert left in (["locked"], ["pending"])
            word = settled[0] if settled else "nothing sent"
            assert (word, state) in TRUE
            now = sandbox.lists(account)[list_id]["contacts"]
            assert now == [*found, {"name": "Вера", "phones": ["102"]}]
            rows.append([where, state, left[0], word])
    head = ["killed", "the list is", "the journal says", "… after the next writer"]
    table = as_table(head, rows)
    print("\n".join(table))
    assert table == kept_table("The process is killed (SIGKILL)")


def test_the_drill_is_kept():
    assert Path(KEPT).read_text().startswith("# The fault drill\n")


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_one_that_the_stand_in_knows(sandbox, fault):
    sandbox.fail(fault)

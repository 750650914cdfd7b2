"""What the soak suffers: faults of the API, killed workers, and somebody else's hand in the lists."""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

DAWDLING = 0.1  # seconds that a call takes, at most: as long as a call over the internet
LATEST = 8.0  # seconds after which the latest write lands
# Kinds of faults of a write (see `sandbox.faults`) by how often each comes. The doubt ends after
# `LATE_WRITE` seconds: nearly all that is late lands before that.
LATE_WRITE = 4.0
OF_WRITES = {
    "cut": 4,
    "cut-after": 4,
    "500": 3,
    "502": 2,
    "504": 2,
    "html-after": 2,
    "hang": 2,
    "hang-after": 2,
    "late:1": 2,
    "late:3": 3,
    "504-late:1": 2,
    "504-late:2.5": 3,
    f"504-late:{LATEST:g}": 2,
}
# A list on which somebody outside writes after a late write has landed is no more as that write made it,
# and nobody could see what it has wiped out. So what lands after its doubt has ended does so in other lists
# than those that the writer outside is at: they are told apart by their ids.
OF_OUTSIDE = re.compile("contact-lists/[0-9]*[13579]$")
OF_LATEST = re.compile("contact-lists/[0-9]*[02468]$")
# A creation that lands after its doubt has ended is a list of nobody: no later writer of it could find
# whose it is, as they do for a change and a deletion. So creations are late only within it.
OF_CREATIONS = {kind: often for kind, often in OF_WRITES.items() if f":{LATEST:g}" not in kind}
OF_READS = {"500": 2, "502": 1, "html": 1, "hang": 1, "truncated-json": 1, "cut": 1}
READS_SPARED = 4  # a write reads twice: as many faults as of writes would leave few writes to fail
OUTSIDE = "Снаружи"  # how every contact of the writer outside is called


class Faults:
    """Rolls the dice for every call, `share` of the writes and fewer of the reads fail."""

    def __init__(self, sandbox, share):
        self.sandbox, self.share = sandbox, share
        self.log, self.is_over = [], False
        lists, one = re.compile("contact-lists$"), re.compile("contact-lists/[0-9]+$")
        for method, path, kinds, odds in [
            ("PUT", one, OF_WRITES, share),
            ("DELETE", one, OF_WRITES, share),
            ("POST", lists, OF_CREATIONS, share),
            ("GET", one, OF_READS, share / READS_SPARED),
        ]:
            sandbox.before(method, path, self._dice(method, path, kinds, odds), times=None)

    def _dice(self, method, path, kinds, odds):
        def roll():
            if self.is_over:
                return
            time.sleep(random.uniform(0, DAWDLING))
            if random.random() < odds:
                (kind,) = random.choices(list(kinds), list(kinds.values()))
                # The next call of this sort: nearly always the one that is just coming in.
                is_latest = kind.endswith(f":{LATEST:g}")
                self.sandbox.fail(kind, method=method, path=OF_LATEST if is_latest else path)
                self.log.append((time.time(), f"{method} {kind}"))

        return roll

    @property
    def counts(self):
        return Counter(what for _, what in self.log)

    def end(self):
        """From here on the API works. What is late still lands."""
        self.is_over = True
        self.sandbox.clear_faults()


class Killer:
    """Kills a worker of the server every so many seconds. `pid_file`: of the process that keeps them."""

    def __init__(self, pid_file):
        self.pid_file, self.kills = pid_file, 0

    def __call__(self):
        workers = children_of(int(self.pid_file.read_text()))
        if len(workers) > 1:  # else the last one is only just coming up again
            os.kill(random.choice(workers), signal.SIGKILL)
            self.kills += 1


def children_of(parent):
    """The ids of a process's children, as Linux tells them."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except OSError:  # it has just ended
            continue
        if int(rest.split()[1]) == parent:
            children.append(int(stat.parent.name))
    return children


class Outside:
    """Somebody in the vendor's cabinet: adds and removes contacts of their own, and loses no race. A
    write of ours that was read before may wipe theirs out: nothing can prevent that."""

    def __init__(self, sandbox, account, lists):
        self.sandbox, self.account = sandbox, account
        self.lists = [one for one in lists if OF_OUTSIDE.search(f"contact-lists/{one}")]
        self.log = []

    def __call__(self):
        list_id = random.choice(self.lists)
        self.log.append((time.time(), list_id))
        self.sandbox.edit(self.account, list_id, self._change)

    @property
    def writes(self):
        return len(self.log)

    def _change(self, found):
        theirs = [contact for contact in found["contacts"] if is_outside(contact["name"])]
        if len(theirs) > 3:
            found["contacts"].remove(random.choice(theirs))
        else:
            phones = [f"7812{self.writes:07}"]
            found["contacts"].append({"name": f"{OUTSIDE} {self.writes}", "phones": phones})
        return found


def is_outside(name):
    return name.startswith(OUTSIDE)


@contextmanager
def every(seconds, act):
    """Let `act` happen every so many seconds for as long as the block lasts."""
    ended = threading.Event()

    def run():
        while not ended.wait(seconds):
            act()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()

"""The API in a process of its own, so that its work is not taken for ours; and bare calls to it.

Imports nothing of Django: the process that it starts has none.
"""

import multiprocessing
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import httpx

from lists.sandbox import Sandbox, serve

TOKEN, ACCOUNT = "bench-token", 4821


@dataclass(frozen=True)
class StandIn:
    """`ids`: of each account's lists, in the order in which they were given."""

    url: str
    ids: dict[int, list[int]]
    _pipe: object = field(repr=False)

    def calls(self):
        """How many it was made since it was last asked, or told, anything."""
        self._pipe.send(None)
        return self._pipe.recv()

    def move_to(self, latency):
        """Each answer takes so many seconds from now on."""
        self._pipe.send(latency)
        self._pipe.recv()


def contacts(count, first=0):
    """Each second one has two numbers."""
    return [
        {"name": f"Контакт {n}", "phones": [f"7999{n:07}", f"7812{n:07}"][: 1 + n % 2]}
        for n in range(first, first + count)
    ]


@contextmanager
def stand_in(*lists, owners=None, latency=0.0):
    """It runs for as long as the block lasts. `lists`: the contacts of each list, of which every account has its
    own; `owners`: the account of each token."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    owners = owners or {TOKEN: ACCOUNT}
    process = spawn.Process(target=_serve, args=(theirs, lists, owners, latency), daemon=True)
    process.start()
    theirs.close()
    try:
        yield StandIn(*ours.recv(), ours)
    finally:
        ours.close()
        process.join()


def _serve(pipe, lists, owners, latency):
    sandbox = Sandbox()
    for token, account in owners.items():
        sandbox.add_account(token=token, owner={"id": account, "email": "a@example.ru"})
    ids = {
        account: [
            sandbox.add_list(account, name=f"Список {n + 1}", contacts=found)
            for n, found in enumerate(lists)
        ]
        for account in set(owners.values())
    }
    sandbox.latency = latency
    with serve(sandbox) as server, suppress(EOFError):
        pipe.send((server.url, ids))
        while True:  # until the other end is closed
            if (wanted := pipe.recv()) is not None:
                sandbox.latency = wanted
            pipe.send(len(sandbox.calls))
            sandbox.clear_calls()


def bare(url, token=TOKEN):
    """A client that keeps its connections open, as ours does."""
    headers = {"Client": "10553", "Authorization": f"Bearer {token}", "Accept": "application/json"}
    return httpx.Client(base_url=f"{url}/api/v1/", headers=headers, timeout=60, trust_env=False)


def call(client, path, **sent):
    """One call and what it says, read but not understood. `sent`: a list that replaces the one there."""
    answer = client.put(path, json=sent) if sent else client.get(path)
    found = answer.json()
    assert found["success"], path
    return found

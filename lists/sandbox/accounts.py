"""Who may call, and what they own: tokens open accounts, accounts hold lists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from .answers import Json
from .people import owner_of

FIRST_ACCOUNT = 5000


@dataclass(slots=True)
class Account:
    """The owner as `GET authuser` tells it, and the lists by id."""

    owner: Json
    lists: dict[int, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Access:
    """What one token opens."""

    account: Account
    may_read_lists: bool
    may_write: bool


class Accounts:
    """All accounts. Ids of lists are unique among all of them and never used again."""

    def __init__(self) -> None:
        self._by_id: dict[int, Account] = {}
        self._by_token: dict[str, Access] = {}
        self._last_list_id = 0

    def open(
        self, token: str, owner: Mapping[str, object], *, may_read_lists: bool, may_write: bool
    ) -> int:
        """Make `token` open the account of `owner["id"]`, which may exist already. Returns the id."""
        account_id = owner.get("id", max(self._by_id, default=FIRST_ACCOUNT) + 1)
        if not isinstance(account_id, int):
            raise TypeError("an owner's id is a whole number")
        if account_id not in self._by_id:
            self._by_id[account_id] = Account({**owner_of(account_id), **owner})
        self._by_token[token] = Access(self._by_id[account_id], may_read_lists, may_write)
        return account_id

    def access(self, token: str) -> Access | None:
        return self._by_token.get(token)

    def lists(self, account_id: int) -> dict[int, Json]:
        """The stored lists themselves. KeyError for an account that nobody opened."""
        return self._by_id[account_id].lists

    def create(self, lists: dict[int, Json], payload: Json, list_id: int | None = None) -> int:
        """Add a list to `lists`. An id of one's own choice must be free."""
        if list_id is None:
            list_id = self._last_list_id + 1
        if any(list_id in account.lists for account in self._by_id.values()):
            raise ValueError(f"list {list_id} exists")
        self._last_list_id = max(self._last_list_id, list_id)
        lists[list_id] = stored(list_id, payload)
        return list_id


def replace(lists: dict[int, Json], list_id: int, payload: Json) -> None:
    """`PUT contact-lists/{id}`: nothing of the old list survives, absent contacts least of all.

    Only a name or type that is not sent stays, so that there is always one.
    """
    kept = {key: lists[list_id][key] for key in ("name", "type")}
    lists[list_id] = stored(list_id, {**kept, **payload})


def stored(list_id: int, payload: Json) -> Json:
    """A list in the order of the vendor's example, with the fields that nobody knows at its end."""
    known = {
        "id": list_id,
        "name": payload.get("name"),
        "type": payload.get("type"),
        "contacts": [_stored_contact(contact) for contact in payload.get("contacts") or []],
    }
    return {**known, **_rest(payload, *known, "success")}


def copied(payload: Mapping[str, object]) -> Json:
    """Nothing in common with the original; TypeError for what JSON cannot say."""
    copy: Json = json.loads(json.dumps(payload))
    return copy


def _stored_contact(contact: Json) -> Json:
    known = {"name": contact.get("name"), "phones": contact.get("phones") or []}
    return {**known, **_rest(contact, *known)}


def _rest(payload: Json, *known: str) -> Json:
    return {key: value for key, value in payload.items() if key not in known}

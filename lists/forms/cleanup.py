"""Which findings shall be put in order."""

import re
from collections.abc import Iterable, Iterator
from uuid import UUID, uuid5

from django.http import QueryDict

from ..findings import Finding, Kind
from ..plusofon.values import ID

# A finding or a kind, and the lists that have to be read for it: "1f…@11,46".
_CHOICE = re.compile(rf"([0-9a-z-]{{1,20}})@({ID}(?:,{ID})*)")


class Chosen:
    """What a page of ours has sent. `fix`: findings, `all`: kinds, each with its lists; `shown`: of the preview,
    what it said; `once`: the form's one-time token. What is none of these counts for nothing."""

    def __init__(self, sent: QueryDict) -> None:
        self.fields = [
            (name, value)
            for name in ("fix", "all")
            for value in sent.getlist(name)
            if _CHOICE.fullmatch(value)
        ]
        self.shown = sent.get("shown", "")
        self._once = sent.get("once", "")

    @property
    def ids(self) -> set[str]:
        return set(self._named("fix"))

    @property
    def kinds(self) -> set[str]:
        return set(self._named("all"))

    @property
    def list_ids(self) -> tuple[int, ...]:
        lists = (value.partition("@")[2] for _name, value in self.fields)
        return tuple(dict.fromkeys(int(one) for ids in lists for one in ids.split(",")))

    @property
    def token(self) -> str | None:
        """An idempotency key: another one for another preview. None where no page of ours has sent it."""
        try:
            return str(uuid5(UUID(self._once), self.shown))
        except ValueError:
            return None

    def _named(self, field: str) -> Iterator[str]:
        return (value.partition("@")[0] for name, value in self.fields if name == field)


def choice_of(finding: Finding) -> str:
    return _choice(finding.id, finding.list_ids)


def choice_of_all(kind: Kind, findings: Iterable[Finding]) -> str:
    """All that are mendable of a kind."""
    ids = (list_id for one in findings if one.is_mendable for list_id in one.list_ids)
    return _choice(kind, dict.fromkeys(ids))


def _choice(name: str, list_ids: Iterable[int]) -> str:
    return f"{name}@{','.join(map(str, list_ids))}"

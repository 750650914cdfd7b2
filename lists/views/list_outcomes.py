"""The page that tells what became of each of several lists that were written in one act."""

from dataclasses import dataclass

from django.http import HttpResponse

from ..access import PageRequest
from ..conflicts import Conflict, Overtaken, PlanChanged
from ..plusofon.values import Contact, ListEntry
from ..services.side_by_side import Done
from ..wording.outcomes import Tone, Words, ended, failed
from ..writing.outcomes import StepOutcome
from .page import render_page


@dataclass(frozen=True, slots=True)
class Line:
    """One list, and what became of it. `left`: contacts that have the unblocked number all the same."""

    list: ListEntry
    outcome: StepOutcome | None
    left: tuple[Contact, ...]
    kind: Tone
    words: str


def outcomes_of(
    request: PageRequest,
    done: list[Done],
    words: Words,
    *,
    again: list[tuple[str, str]],
    back: str,
    number: str = "",
) -> HttpResponse:
    """What became of each list. `again`: the fields that ask for exactly the rest, looked at first."""
    is_whole = all(one.is_confirmed for one in done)
    rest = len(failed_in(done))
    context = {
        "done": [line_of_list(one, words) for one in done],
        "number": number,
        "is_whole": is_whole,
        "rest": rest,
        "again": again if rest else [],
        "back": back,
        "act": _act_of(done),
    }
    return render_page(request, "block_done.html", context, status=200 if is_whole else 207)


def _act_of(done: list[Done]) -> int | None:
    """The number of the act that wrote several of these lists."""
    entries = (getattr(one.outcome, "entry", None) for one in done)
    return next((entry.part_of_id for entry in entries if entry and entry.part_of_id), None)


def failed_in(done: list[Done]) -> list[ListEntry]:
    """Lists that are worth another try; after a conflict the same would meet the same."""
    return [one.list for one in done if one.error and _is_worth_another_try(one)]


def _is_worth_another_try(done: Done) -> bool:
    if isinstance(done.error, PlanChanged):
        return True
    return not done.may_land and not isinstance(done.error, Conflict | Overtaken)


def line_of_list(done: Done, words: Words) -> Line:
    if done.outcome:
        kind, text = ended(done.outcome, list_type=done.list.type, words=words)
    else:
        assert done.error
        kind, text = failed(done.error)
    return Line(done.list, done.outcome, done.left, kind, text)

"""What became of each of several lists that were written in one act."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from ..access import PageRequest
from ..conflicts import Conflict, PlanChanged
from ..plusofon.values import UNUSED_TYPE, ListEntry
from ..services.blocking import Done, Overtaken
from ..wording.errors import failure_of
from ..wording.times import clock
from ..writing.outcomes import AlreadyDone, Confirmed, InDoubt, NotNoted, Unknown
from .page import render_page


@dataclass(frozen=True, slots=True)
class Words:
    """For a list where there was nothing to do, and for one that was written; without the latter, the
    type of the list says what that means."""

    nothing: str
    confirmed: str = ""


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
        "done": [_line(one, words) for one in done],
        "number": number,
        "is_whole": is_whole,
        "rest": rest,
        "again": again if rest else [],
        "back": back,
    }
    return render_page(request, "block_done.html", context, status=200 if is_whole else 207)


def failed_in(done: list[Done]) -> list[ListEntry]:
    """Lists that are worth another try; after a conflict the same would meet the same."""
    return [one.list for one in done if one.error and _is_worth_another_try(one)]


def _is_worth_another_try(done: Done) -> bool:
    if isinstance(done.error, PlanChanged):
        return True
    return not done.may_land and not isinstance(done.error, Conflict | Overtaken)


def _line(done: Done, words: Words) -> dict[str, Any]:
    """What became of one list, in words."""
    line = {"list": done.list, "outcome": done.outcome, "left": done.left}
    match done.outcome, done.error:
        case AlreadyDone(), _:
            return {**line, "words": words.nothing, "kind": "confirmed"}
        case Confirmed(), _:
            is_white = done.list.type == UNUSED_TYPE
            added = _("added; Plusofon does not use white lists yet") if is_white else _("blocked")
            return {**line, "words": words.confirmed or added, "kind": "confirmed"}
        case InDoubt(until=until), _:
            words_of_it = _("in doubt until %(time)s: it may still arrive") % {"time": clock(until)}
            return {**line, "words": words_of_it, "kind": "unknown"}
        case Unknown(), _:
            return {**line, "words": _("not known"), "kind": "unknown"}
        case _, PlanChanged():
            changed = _("not saved: the list has changed since you looked")
            return {**line, "words": changed, "kind": "refused"}
        case _, Overtaken():
            overtaken = _("not tried: another manager is deciding this request")
            return {**line, "words": overtaken, "kind": "refused"}
        case _, NotNoted():
            noted = _("not known: look in the journal in a minute")
            return {**line, "words": noted, "kind": "unknown"}
        case _, Conflict():
            changed = _("not saved: somebody has changed this contact meanwhile")
            return {**line, "words": changed, "kind": "refused"}
    assert done.error
    failure = failure_of(done.error)
    why = ": ".join(filter(None, [failure.title, failure.words]))
    return {**line, "words": why, "kind": "refused"}

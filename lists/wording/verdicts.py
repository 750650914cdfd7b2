"""The answer about a number: a heading of its own, or a word beside each of many."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from ..verdict import Verdict

ONLY_WHITE, NO_NUMBER = "white", "wrong"  # of one among many


@dataclass(frozen=True, slots=True)
class Heading:
    """`number`: with which the words end, where they name one."""

    words: str
    number: str = ""


def of_blocked(number: str) -> Heading:
    return Heading(_("Blocked"), number)


def of_number(verdict: Verdict, number: str, *, is_found: bool, total: int) -> Heading:
    """`is_found`: it is in some list, be it one that blocks nobody; `total`: of the lists."""
    names = {"stored": number, "total": total}
    match verdict:
        case Verdict.BLOCKED:
            return of_blocked(number)
        case Verdict.POSSIBLE:
            return Heading(_("Perhaps blocked: no exact match, but an entry may cover it"))
        case Verdict.INCOMPLETE:
            return Heading(_("Not known: not all lists could be read"))
        case Verdict.NONE if is_found:
            return Heading(_("Not blocked: only in a white list"), number)
        case _ if is_found:
            return Heading(_("Only in a white list"), number)
    return Heading(_in_none(verdict, total) % names)


def _in_none(verdict: Verdict, total: int) -> str:
    match verdict:
        case Verdict.NONE:
            return ngettext(
                "Not blocked: it is not in the only list",
                "Not blocked: it is in none of the %(total)s lists",
                total,
            )
        case Verdict.ABSENT:
            return ngettext(
                "The short number %(stored)s is not in the only list",
                "The short number %(stored)s is in none of the %(total)s lists",
                total,
            )
    return ngettext(
        "Incomplete number? Exactly this one is not in the only list",
        "Incomplete number? Exactly this one is in none of the %(total)s lists",
        total,
    )


def of_name(verdict: Verdict, *, contacts: int, lists: int, total: int) -> Heading:
    """`contacts` and `lists`: how many have the name."""
    if contacts:
        found = ngettext("%(found)s contact found", "%(found)s contacts found", contacts)
        return Heading(found % {"found": contacts})
    if lists:
        return Heading(
            ngettext("%(found)s list found", "%(found)s lists found", lists) % {"found": lists}
        )
    if verdict == Verdict.NONE:
        nobody = ngettext(
            "No such name in the only list", "No such name in any of the %(total)s lists", total
        )
        return Heading(nobody % {"total": total})
    return Heading(_("Not known: not all lists could be read"))


def word(kind: str) -> str:
    """Of a number among many: a `Verdict`, `ONLY_WHITE` or `NO_NUMBER`."""
    return {
        Verdict.BLOCKED: pgettext("of a number", "blocked"),
        Verdict.POSSIBLE: pgettext("of a number", "perhaps blocked"),
        Verdict.NONE: pgettext("of a number", "not blocked"),
        Verdict.ABSENT: pgettext("of a number", "not in the lists"),
        Verdict.DOUBTFUL: pgettext("of a number", "incomplete number?"),
        Verdict.INCOMPLETE: pgettext("of a number", "not known"),
        ONLY_WHITE: pgettext("of a number", "only in a white list"),
        NO_NUMBER: pgettext("of a number", "not a number"),
    }[kind]

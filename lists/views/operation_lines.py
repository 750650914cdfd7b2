"""What became of each list of an act, and the answer to who has done, taken back or gone on with one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ..access import PageRequest
from ..connection import Connection
from ..models import JournalEntry, Operation, Outcome
from ..names import isolated
from ..plusofon.values import Contact, ListEntry
from ..services import operations
from ..services.side_by_side import Done
from ..wording.contacts import names
from ..wording.journal import sentence
from ..wording.operations import done_in_words
from ..wording.outcomes import CREATED_SHORT, OUTCOMES, Tone, Words, ended, failed
from ..writing import lease, operation
from ..writing.entries import is_short
from ..writing.operation import Claimed
from ..writing.outcomes import AlreadyDone, Created
from ..writing.plans import Step
from .page import render_page
from .redirects import local_url
from .telling import tell_confirmed

MOST_TOLD = 10  # new ids of lists; the page of the act tells all


@dataclass(frozen=True, slots=True)
class Line:
    """One step. `left`: contacts that were to go, and are still there as another."""

    list: ListEntry
    tone: Tone
    words: str
    part: JournalEntry | None
    left: tuple[Contact, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether reading can find out what became of it."""
        part = self.part
        return part is not None and (part.outcome == Outcome.UNKNOWN or lease.is_in_doubt(part))


def undo_whole(request: PageRequest, entry: JournalEntry, *, by: Connection) -> HttpResponse:
    """Take back what is confirmed of an act: as an act of its own."""
    try:
        whole = operations.begin_undo(entry, by=by)
    except Claimed:
        messages.warning(request, _("This is being saved just now."))
        return redirect("operation", entry.pk)
    except operations.StillOpen:
        still_open = _(
            "Nothing was undone: of one list it is not known yet how the change ended. "
            "First check it again, or do the rest."
        )
        messages.warning(request, still_open)
        return redirect("operation", entry.pk)
    except operations.GoneElsewhere:
        elsewhere = _(
            "Nothing was undone: somebody else has deleted one of the lists, and its contacts would be in none."
        )
        messages.warning(request, elsewhere)
        return redirect("operation", entry.pk)
    if whole is None:
        messages.info(request, _("Nothing to undo: everything is already as it was."))
        return redirect("journal")
    return carried_out(request, whole, told=_("Change undone."), by=by)


def carried_out(
    request: PageRequest, whole: Operation, *, told: str, by: Connection, back: str = ""
) -> HttpResponse:
    """Do what is left of an act. Done whole it leads back, to the journal unless said, with a toast that says
    `told` and undoes it; else the page of the act says what became of each list."""
    try:
        done = operations.carry_out(whole, by=by)
    except Claimed:
        messages.warning(request, _("This is being saved just now."))
        return redirect("operation", whole.pk)
    except operations.Ended:
        messages.info(request, _("This has been done before, or undone: nothing was sent."))
        return redirect("operation", whole.pk)
    if not all(one.is_confirmed for one in done):
        status = 202 if any(one.may_land for one in done) else 207
        return page_of(request, whole, done, status=status)
    if all(isinstance(one.outcome, AlreadyDone) for one in done):
        messages.info(request, _("Nothing to change: everything is there already."))
    else:
        tell_confirmed(request, told, whole.entry)
    _tell_created(request, done)
    _tell_left(request, whole, done)
    return redirect(local_url(request, request.POST.get("next", ""), back or reverse("journal")))


def _tell_left(request: PageRequest, whole: Operation, done: Sequence[Done]) -> None:
    """Contacts that are not as the act would have them."""
    if refused := operations.refused_by_the_api(whole):
        lacking = _(
            "Not as it was before, since Plusofon takes no contact without a name or numbers: %(names)s."
        )
        messages.warning(request, lacking % {"names": names(refused)})
    for one in done:
        if one.left:
            left = _("Changed meanwhile, and left in “%(list)s”: %(names)s.")
            words = {"list": isolated(one.list.name), "names": names(one.left)}
            messages.warning(request, left % words)


def _tell_created(request: PageRequest, done: Sequence[Done]) -> None:
    """A list that was gone has another id now: links to the old one lead nowhere."""
    created = [one.list for one in done if isinstance(one.outcome, Created)]
    for entry in created[:MOST_TOLD]:
        anew = _("“%(name)s” was created anew. Its new number: %(id)s.")
        messages.info(request, anew % {"name": isolated(entry.name), "id": entry.id})


def page_of(
    request: PageRequest,
    whole: Operation,
    done: Sequence[Done] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of an act. `done`: what has just become of it; else the journal tells."""
    entry, undo = whole.entry, operation.undo_of(whole.entry)
    is_claimed = operation.is_claimed(whole)
    context = {
        "undo": undo,
        "entry": entry,
        "sentence": sentence(entry),
        "lines": list(_lines(whole, done)),
        "is_whole": entry.outcome == Outcome.CONFIRMED,
        "is_claimed": is_claimed,
        "may_go_on": not (undo or is_claimed) and entry.outcome != Outcome.CONFIRMED,
        "may_undo": not (undo or is_claimed) and _may_be_undone(whole),
    }
    return render_page(request, "operation.html", context, status=status)


def _may_be_undone(whole: Operation) -> bool:
    confirmed = whole.entry.parts.filter(outcome=Outcome.CONFIRMED, overwritten_by=None)
    return confirmed.exists() and not operations.is_open(whole)


def _lines(whole: Operation, done: Sequence[Done] | None) -> Iterable[Line]:
    parts, needless = operation.parts_of(whole), operation.needless_of(whole)
    for number, step in enumerate(operation.plan_of(whole)):
        part = parts.get(number)
        if done:
            yield _just_done(step, part, done[number])
        else:
            yield _noted(step, part, is_needless=number in needless)


def _just_done(step: Step, part: JournalEntry | None, done: Done) -> Line:
    if done.is_confirmed:
        return Line(done.list, Tone.CONFIRMED, done_in_words(step.act, part), part, done.left)
    if done.outcome:
        tone, words = ended(done.outcome, list_type=done.list.type, words=Words(""))
    else:
        assert done.error
        tone, words = failed(done.error)
    return Line(done.list, tone, words, part, done.left)


def _noted(step: Step, part: JournalEntry | None, *, is_needless: bool) -> Line:
    entry = step.list
    if part and part.list_id:
        entry = ListEntry(part.list_id, part.list_name, entry.type)
    if part and is_short(part):
        return Line(entry, Tone.REFUSED, str(CREATED_SHORT), part)
    if part and part.outcome == Outcome.CONFIRMED and not part.overwritten_by_id:
        return Line(entry, Tone.CONFIRMED, done_in_words(step.act, part), part)
    if is_needless:
        return Line(entry, Tone.CONFIRMED, done_in_words(step.act, None), None)
    if part is None:
        return Line(entry, Tone.REFUSED, _("not done"), None)
    tone = Tone.REFUSED if part.outcome == Outcome.REFUSED else Tone.UNKNOWN
    return Line(entry, tone, str(OUTCOMES[part.outcome]), part)

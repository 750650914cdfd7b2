"""What must hold after the soak: what people were told, what the journal says, and what is there."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain

from lists.changes import ListChange
from lists.conflicts import Conflict
from lists.draft import Draft
from lists.models import Action, Outcome
from lists.plusofon.values import ContactList
from lists.sameness import meaning
from lists.writing import records
from tests.serving import manage

from .people import NOTHING_SENT, Told, Write
from .trouble import is_outside

JOURNAL = """
import json
from lists.models import JournalEntry
fields = ["id", "username", "action", "outcome", "list_id", "list_name", "change", "whole_list", "cause"]
fields += ["started_at", "overwritten_by_id", "undoes_id", "digest_before", "digest_after"]
fields += ["part_of_id", "step"]
rows = list(JournalEntry.objects.order_by("id").values(*fields))
for row in rows:
    row["started_at"] = row["started_at"].timestamp()
print(json.dumps(rows))
"""
OPEN = {Outcome.LOCKED, Outcome.PENDING, Outcome.IN_DOUBT}
MOVING = {Action.MOVE, Action.MERGE}
MOST_TOLD = 12  # entries of a list beside a violation


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the journal. `change`: empty for a list that was created or deleted; `whole`: that."""

    id: int
    username: str
    action: str
    outcome: str
    list_id: int | None
    list_name: str
    cause: str
    started_at: float
    overwritten_by: int | None
    undoes: int | None
    part_of: int | None
    step: int | None
    digests: tuple[str, str]
    change: ListChange
    whole: ContactList | None

    @property
    def stands(self):
        """Confirmed, and not wiped out by a late write."""
        return self.outcome == Outcome.CONFIRMED and self.overwritten_by is None

    def __str__(self):
        what = ", ".join(
            f"{c.before.name if c.before else '∅'} → {c.after.name if c.after else '∅'}"
            for c in self.change.contacts
        )
        if self.change.name:
            what += f" “{self.change.name.before}” → “{self.change.name.after}”"
        late = f", overwritten by {self.overwritten_by}" if self.overwritten_by else ""
        undoes = f", undoes {self.undoes}" if self.undoes else ""
        digests = "→".join(digest[:4] for digest in self.digests)
        return (
            f"{self.id} {self.started_at:.2f} {self.username} list {self.list_id} {self.action}"
            f" [{what}] {self.outcome} {self.cause}{late}{undoes} {digests}"
        )


def read_journal(env):
    rows = json.loads(manage(env, "shell", "-v0", "-c", JOURNAL))
    return [
        Entry(
            id=row["id"],
            username=row["username"],
            action=row["action"],
            outcome=row["outcome"],
            list_id=row["list_id"],
            list_name=row["list_name"],
            cause=row["cause"],
            started_at=row["started_at"],
            overwritten_by=row["overwritten_by_id"],
            undoes=row["undoes_id"],
            part_of=row["part_of_id"],
            step=row["step"],
            digests=(row["digest_before"], row["digest_after"]),
            change=records.read_change(row["change"] or "{}"),
            whole=records.read_list(row["whole_list"]) if row["whole_list"] else None,
        )
        for row in rows
    ]


@dataclass
class Replay:
    """A list as the journal makes it. `uncertain`: meanings of contacts of which no entry can tell whether
    they are there; `whole`: whether the list is there, its name or type cannot be told either."""

    now: ContactList | None
    uncertain: set = field(default_factory=set)
    is_uncertain: bool = False
    name_is_uncertain: bool = False
    troubles: list = field(default_factory=list)

    def take(self, entry):
        if entry.outcome == Outcome.UNKNOWN:
            self._take_unknown(entry)
        elif not entry.stands:
            return
        elif entry.action == Action.CREATE:
            self.now = entry.whole
        elif entry.action == Action.DELETE:
            self.now = None
        elif self.now is None:
            if not self.is_uncertain:
                self.troubles.append(f"a list that is not there was changed: {entry}")
        else:
            self._take_change(entry)

    def _take_unknown(self, entry):
        self.is_uncertain |= entry.whole is not None
        self.name_is_uncertain |= bool(entry.change.name or entry.change.type)
        for change in entry.change.contacts:
            self.uncertain |= {meaning(c) for c in (change.before, change.after) if c}

    def _take_change(self, entry):
        """As it was applied; what was uncertain about its contacts is told by it."""
        for change in entry.change.contacts:
            before = change.before and meaning(change.before)
            try:
                draft = Draft(self.now.contacts)
                change.apply_to(draft)
                contacts = draft.contacts
            except Conflict as conflict:
                contacts = self.now.contacts + ((change.after,) if change.after else ())
                if before not in self.uncertain:
                    self.troubles.append(f"does not apply ({type(conflict).__name__}): {entry}")
            self.now = with_contacts(self.now, contacts)
            self.uncertain.discard(before)
        name, kind = entry.change.name, entry.change.type
        self.now = ContactList(
            self.now.id,
            name.after if name else self.now.name,
            kind.after if kind else self.now.type,
            self.now.contacts,
        )

    def differences(self, found):
        """Where the list that is there is another, in words."""
        if self.is_uncertain:
            return
        if (self.now is None) != (found is None):
            yield "is there and should not be" if found else "is not there"
            return
        if found is None:
            return
        names = (self.now.name, self.now.type), (found.name, found.type)
        if names[0] != names[1] and not self.name_is_uncertain:
            yield f"is called {names[1]}, the journal says {names[0]}"
        should, there = self._counted(self.now), self._counted(found)
        for name, numbers in should - there:
            yield f"has lost “{name}” {sorted(numbers)}"
        for name, numbers in there - should:
            yield f"has “{name}” {sorted(numbers)} of which no entry tells"

    def _counted(self, one):
        means = (meaning(contact) for contact in one.contacts if not is_outside(contact.name))
        return Counter(means_ for means_ in means if means_ not in self.uncertain)


def is_done_part(entry):
    return entry.part_of is not None and entry.outcome == Outcome.CONFIRMED


def with_contacts(one, contacts):
    return ContactList(one.id, one.name, one.type, contacts)


class Checks:
    """`first`, `last`: the lists before and after. `violations`: sentences, each with what is known of it."""

    def __init__(self, log, entries, first, last):
        self.log, self.entries, self.first, self.last = log, entries, first, last
        self.by_id = {entry.id: entry for entry in entries}
        self.of_list = defaultdict(list)
        for entry in entries:
            if entry.list_id is not None:
                self.of_list[entry.list_id].append(entry)
        self.violations = []
        self.matched = Counter()  # how (told, outcome) went together
        self._nothing_is_open()
        self._moves_bring_in_first()
        self.replays = {
            list_id: self._replayed(list_id) for list_id in {*first, *last, *self.of_list}
        }
        for write, meanwhile in self._writes_and_entries():
            own = [one for one in meanwhile if write.list_id in (None, one.list_id)]
            self._check(write, own, in_an_act=any(map(is_done_part, meanwhile)))

    def _nothing_is_open(self):
        for entry in self.entries:
            if entry.outcome in OPEN:
                self._violated(f"is still {entry.outcome}", entry.list_id, entry)
            by = entry.overwritten_by
            if by and (by > entry.id or self.by_id[by].outcome != Outcome.CONFIRMED):
                self._violated("is overwritten by what never landed", entry.list_id, entry)

    def _moves_bring_in_first(self):
        """A contact is in both lists for a while, and never in none; so with lists that are merged."""
        parts = defaultdict(dict)
        for entry in self.entries:
            if entry.part_of and self.by_id[entry.part_of].action in MOVING:
                parts[entry.part_of].setdefault(entry.step, []).append(entry)
        for of_move in parts.values():
            came = [entry.id for entry in of_move.pop(0, []) if entry.outcome == Outcome.CONFIRMED]
            for went in chain.from_iterable(of_move.values()):
                if not came or went.id < came[0]:
                    self._violated("was taken out before it had come in", went.list_id, went)

    def _replayed(self, list_id):
        replay, found = Replay(self.first.get(list_id)), self.last.get(list_id)
        is_made = any(entry.action == Action.CREATE for entry in self.of_list[list_id])
        if list_id not in self.first and not is_made:
            names = self._names_of(list_id) & self._names_of_unknown()
            replay.is_uncertain = bool(names)
        for entry in self.of_list[list_id]:
            replay.take(entry)
        for trouble in replay.troubles:
            self._violated(trouble, list_id)
        for difference in replay.differences(found):
            self._violated(f"list {list_id} {difference}", list_id)
        return replay

    def _names_of(self, list_id):
        """What a list is called, and was, as far as is known."""
        names = {entry.list_name for entry in self.of_list[list_id]}
        names |= {e.change.name.before for e in self.of_list[list_id] if e.change.name}
        return names | {found.name for found in [self.last.get(list_id)] if found}

    def _names_of_unknown(self):
        """Of lists that may have been made."""
        return {
            entry.whole.name
            for entry in self.entries
            if entry.action == Action.CREATE and entry.outcome == Outcome.UNKNOWN
        }

    def _writes_and_entries(self):
        """A person does one thing at a time: what they wrote began before they began the next."""
        by_person = defaultdict(list)
        for entry in self.entries:
            by_person[entry.username].append(entry)
        writes = defaultdict(list)
        for write in self.log:
            writes[write.person].append(write)
        for person, theirs in writes.items():
            starts = sorted({write.began for write in theirs})
            ends = dict(zip(starts, [*starts[1:], float("inf")], strict=True))
            for write in theirs:
                ended = ends[write.began]
                yield (
                    write,
                    [one for one in by_person[person] if write.began <= one.started_at < ended],
                )

    def _check(self, write: Write, own, *, in_an_act):
        """`in_an_act`: whether other lists were written by it. What was moved may have been in the one list
        before, or have gone from the other."""
        told, outcomes = write.word.told, [entry.outcome for entry in own]
        ended = "nothing sent" if not own else outcomes[0]
        self.matched[told, ended] += 1
        if len(own) > 1:
            self._said_wrong(write, own, "wrote more than once")
        if write.word.entry and [entry.id for entry in own] != [write.word.entry]:
            self._said_wrong(write, own, "names another entry")
        if told == Told.DEFECT:
            self._said_wrong(write, own, "met our own error")
        elif told == Told.SAVED and not own and in_an_act:
            pass
        elif told == Told.SAVED and outcomes != [Outcome.CONFIRMED]:
            self._said_wrong(write, own, "was told “saved”")
        elif told == Told.NOT_SAVED and outcomes not in ([], [Outcome.REFUSED]):
            self._said_wrong(write, own, "was told “not saved”")
        elif told in NOTHING_SENT and own:
            self._said_wrong(write, own, f"was told “{told}”")
        elif told in (Told.IN_DOUBT, Told.UNKNOWN) and not own:
            self._said_wrong(write, own, f"was told “{told}”, and the journal has nothing")
        for entry in own:
            if entry.stands:
                self._is_there(write, entry)
        if not own or outcomes == [Outcome.REFUSED]:
            self._is_nowhere(write, own)

    def _is_there(self, write, entry):
        """What it brought is in the list, and what it took is not, or a later confirmed one changed that."""
        found = self.last.get(entry.list_id)
        replay = self.replays[entry.list_id]
        later = [
            other for other in self.of_list[entry.list_id] if other.id > entry.id and other.stands
        ]
        if replay.is_uncertain or any(other.action == Action.DELETE for other in later):
            return
        if entry.action == Action.DELETE:
            if found is not None:
                self._said_wrong(write, [entry], "was saved, and the list is there")
            return
        if found is None:
            self._said_wrong(write, [entry], "was saved, and the list is gone")
            return
        there = set(map(meaning, found.contacts))
        taken = {meaning(c.before) for other in later for c in other.change.contacts if c.before}
        added = {meaning(c.after) for other in later for c in other.change.contacts if c.after}
        for change in entry.change.contacts:
            before, after = (c and meaning(c) for c in (change.before, change.after))
            if after and after not in there | taken | replay.uncertain:
                self._said_wrong(
                    write, [entry], f"was saved, and “{change.after.name}” is not there"
                )
            if before and before != after and before in there - added - replay.uncertain:
                self._said_wrong(write, [entry], f"was saved, and “{change.before.name}” is there")

    def _is_nowhere(self, write, own):
        if not write.adds:
            return
        for list_id, found in self.last.items():
            if write.list_id not in (None, list_id):
                continue
            names = {contact.name for contact in found.contacts} | {found.name}
            if write.adds in names and list_id in self.of_list:
                self._said_wrong(write, own, f"was not saved, and “{write.adds}” is there")
            elif write.adds in names:
                self._said_wrong(write, own, f"was not saved, and made list {list_id}")

    def _said_wrong(self, write, own, sentence):
        word = write.word
        entries = "".join(f"\n    {entry}" for entry in own) or "\n    no entry"
        self._violated(
            f"{write.person}, {write.began:.2f} + {write.seconds:.2f} s, {write.kind} list"
            f" {write.list_id} “{write.adds}” {sentence}; told “{word.told}” {word.entry or ''}"
            f" {word.title}{entries}",
            write.list_id or (own[0].list_id if own else None),
            own[0] if own else None,
        )

    def _violated(self, sentence, list_id, entry=None):
        """With the list's entries around the one that it is about."""
        around = self.of_list[list_id] if list_id is not None else []
        if entry in around:
            place = around.index(entry)
            around = around[max(0, place - MOST_TOLD // 2) : place + MOST_TOLD]
        else:
            around = [e for e in around if e.outcome != Outcome.CONFIRMED or e.overwritten_by]
        lines = "".join(f"\n      {other}" for other in around[-2 * MOST_TOLD :])
        about = f"\n    {entry}" if entry and str(entry) not in sentence else ""
        self.violations.append(f"{sentence}{about}\n    of the list:{lines}")

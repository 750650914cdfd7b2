"""The people of the soak: each writes through a browser of their own, and keeps what they were told."""

import itertools
import json
import random
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

import httpx
from bs4 import BeautifulSoup

from lists.forms.unblock import place_of, places_as
from lists.plusofon.values import Contact, ContactList, ListEntry
from lists.sameness import contact_key, list_digest
from tests.signed_in import browser

from .trouble import is_outside

AT_ONE_LIST = 3  # people; a list whose writer was killed holds up whoever waits for it
MOST_TEMPORARY = 8  # lists that the people make
_serial = itertools.count(1)


class Told(StrEnum):
    """What a person reads after a write."""

    SAVED = "saved"
    NOTHING = "nothing to do"
    NOT_SAVED = "not saved"
    CONFLICT = "conflict"
    GONE = "gone"
    BUSY = "busy"
    HELD = "held in doubt"
    IN_DOUBT = "in doubt"
    UNKNOWN = "not known"
    NO_ANSWER = "no answer"
    DEFECT = "our own error"


CROWDED = {"Too many pages are waiting for Plusofon", "Plusofon is not answering right now"}
DONE_IN_AN_ACT = re.compile("came in|removed|undone|created|deleted")  # its page undoes all as one
LEFT_THERE = "Changed meanwhile"
TURNED_AWAY = {Told.BUSY, Told.HELD}  # no write yet: the person tries something else
NOTHING_SENT = {*TURNED_AWAY, Told.NOTHING, Told.CONFLICT, Told.GONE}


@dataclass(frozen=True, slots=True)
class Word:
    """One answer. `entry`, `state`: of the journal's entry that it names, where it names one."""

    told: Told
    entry: int | None = None
    state: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """What somebody did to one list, and what they were told. `list_id`: None where it was not known
    before. `adds`: the name of the contact that it should bring."""

    person: str
    kind: str
    list_id: int | None
    adds: str
    began: float
    seconds: float
    word: Word


class Desk:
    """The lists that there are, and who is at which: what the people of an office know anyway."""

    def __init__(self, sandbox, account, *, writes, until, settled, pause=0.0):
        """`settled`: a list that nobody writes to. `pause`: seconds, more or less, from act to act; who has
        none does nothing but write."""
        self.sandbox, self.account, self.settled = sandbox, account, settled
        self.shared = [key for key in sandbox.lists(account) if key != settled]
        self.writes, self.until, self.pause = writes, until, pause
        self.log, self.reads, self.untrue = [], Counter(), []
        self._lock = threading.Lock()
        self._at = {}

    @property
    def is_open(self):
        return self.writes > 0 and time.time() < self.until

    def lists(self):
        """Those that somebody may write to."""
        lists = self.sandbox.lists(self.account)
        return {key: as_list(found) for key, found in lists.items() if key != self.settled}

    def note_read(self, what, answer, *, is_true):
        """`is_true`: of a page that was shown, whether it says what is so."""
        with self._lock:
            self.reads[f"{what} {answer.status_code}"] += 1
            shown = answer.status_code == 200
            if answer.status_code not in (200, 502, 503) or (shown and not is_true):
                self.untrue.append(f"{what}: {answer.status_code} {title_of(answer.text)}")

    def temporary(self, lists):
        return [key for key in lists if key not in self.shared]

    def note(self, write):
        with self._lock:
            self.log.append(write)
            self.writes -= write.word.told not in TURNED_AWAY

    def report(self):
        """So that whoever waits sees it move."""
        print(f"  {max(0, self.writes)} writes to go", flush=True)

    @contextmanager
    def seat(self, *places):
        """Raises `Taken` where too many are at one of these lists (None: at making one)."""
        with self._lock:
            if any(self._at.get(place, 0) >= AT_ONE_LIST for place in places):
                raise Taken
            for place in places:
                self._at[place] = self._at.get(place, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                for place in places:
                    self._at[place] -= 1


class Taken(Exception):
    """Somebody else sits there."""


class Person:
    """One who writes until the office closes."""

    def __init__(self, name, session, url, desk):
        self.name, self.desk = name, desk
        english = {"Accept-Language": "en"}
        self.browser = browser(url, session, headers=english, timeout=120)
        self.mine = []  # (word, list) of what was saved, for undoing
        self.moves = []  # (word, lists) of what was moved

    def work(self):
        acts = {
            self.add: 26,
            self.edit: 26,
            self.remove: 15,
            self.rename: 5,
            self.block: 8,
            self.unblock: 6,
            self.move: 8,
            self.undo: 8,
            self.undo_move: 3,
            self.import_table: 5,
            self.merge: 2,
            self.create: 4,
            self.delete: 3,
        }
        if self.desk.pause:
            acts |= {self.look: 90, self.look_up: 40, self.read_journal: 20}
        with self.browser:
            while self.desk.is_open:
                (act,) = random.choices(list(acts), list(acts.values()))
                lists = self.desk.lists()
                try:
                    act(lists)
                except Taken:
                    time.sleep(0.05)
                else:
                    time.sleep(self.desk.pause * random.uniform(0.5, 1.5))

    # What they read: it has to be so, or be said to be unknown

    def look(self, lists):
        found = self.desk.sandbox.lists(self.desk.account)[self.desk.settled]
        answer = self.browser.get(f"/lists/{self.desk.settled}/")
        is_true = all(contact["name"] in answer.text for contact in found["contacts"])
        self.desk.note_read("list", answer, is_true=is_true)

    def look_up(self, lists):
        settled = self.desk.sandbox.lists(self.desk.account)[self.desk.settled]
        blocked = random.choice(settled["contacts"])["phones"][0]
        number, verdict = random.choice([(blocked, "blocked"), ("73012000000", "none")])
        answer = self.browser.get("/lookup/", params={"number": number})
        told = re.search(r"verdict-([a-z]+)", answer.text)
        is_true = told is not None and told[1] in (verdict, "incomplete")
        self.desk.note_read(f"lookup, {told[1] if told else 'no verdict'}", answer, is_true=is_true)

    def read_journal(self, lists):
        answer = self.browser.get("/journal/")
        self.desk.note_read("journal", answer, is_true=answer.status_code == 200)

    # What they do: look, think, press

    def add(self, lists, list_id=None):
        list_id = list_id or random.choice(list(lists))
        contact = new_contact(self.name)
        with self.desk.seat(list_id):
            path, fields = f"/lists/{list_id}/contacts/new/", form_of(contact)
            self._press("add", path, fields, list_id=list_id, adds=contact.name, htmx=None)

    def edit(self, lists):
        list_id, seen = some_contact(lists)
        after = new_contact(self.name)
        if random.random() < 0.3:  # the name alone
            after = Contact(after.name, seen.phones)
        with self.desk.seat(list_id):
            think()
            path = f"/lists/{list_id}/contacts/{contact_key(seen)}/edit/"
            fields = {**form_of(after), "seen": seen_as(seen)}
            self._press("edit", path, fields, list_id=list_id, adds=after.name, htmx=None)

    def remove(self, lists):
        list_id, seen = some_contact(lists)
        if len(lists[list_id].contacts) < 10 and list_id in self.desk.shared:
            raise Taken
        with self.desk.seat(list_id):
            think()
            path = f"/lists/{list_id}/contacts/{contact_key(seen)}/delete/"
            self._press("remove", path, {"seen": seen_as(seen)}, list_id=list_id, htmx=None)

    def rename(self, lists):
        list_id, found = random.choice(list(lists.items()))
        with self.desk.seat(list_id):
            think()
            kind = random.choice(["black", "black", "white"])
            fields = {"name": f"Список {next(_serial)}", "type": kind}
            fields["seen"] = json.dumps([found.name, found.type])
            self._press("rename", f"/lists/{list_id}/edit/", fields, list_id=list_id)

    def block(self, lists):
        chosen = random.sample(list(lists), k=random.choice([1, 1, 2, 3]))
        numbers = [new_number() for _ in range(random.choice([2, 3]))]
        name = f"{self.name} {next(_serial)}"
        fields = {"numbers": "\n".join(numbers), "name": name, "list": chosen, "confirm": "1"}
        with self.desk.seat(*chosen):
            self._press_for_several("block", "/block/", fields, chosen, adds=name)

    def unblock(self, lists):
        _, seen = some_contact(lists)
        number = seen.phones[0]
        places = [
            place_of(ListEntry(key, found.name, found.type), contact, number)
            for key, found in lists.items()
            for contact in found.contacts
            if number in contact.phones
        ]
        values = [place.value for place in places]
        fields = {"number": number, "offered": places_as(places), "contact": values}
        chosen = list(dict.fromkeys(place.list.id for place in places))
        with self.desk.seat(*chosen):
            think()
            self._press_for_several("unblock", "/unblock/", {**fields, "confirm": "1"}, chosen)

    def undo(self, lists):
        if not self.mine:
            raise Taken
        word, list_id = self.mine[-random.randint(1, min(6, len(self.mine)))]
        with self.desk.seat(list_id):
            self.mine.remove((word, list_id))
            self._press("undo", f"/journal/{word.entry}/undo/", {"seen": word.state})

    def move(self, lists):
        source, seen = some_contact(lists)
        if len(lists[source].contacts) < 10 and source in self.desk.shared:
            raise Taken
        target = random.choice([list_id for list_id in lists if list_id != source])
        chosen = {"action": "move", "contact": contact_key(seen), "once": str(uuid4())}
        with self.desk.seat(source, target):
            think()
            path, fields = f"/lists/{source}/contacts/", {**chosen, "target": target}
            self._press_act("move", path, {**fields, "confirm": "1"}, (source, target))

    def undo_move(self, lists):
        if not self.moves:
            raise Taken
        word, chosen = self.moves[-1]
        with self.desk.seat(*chosen):
            self.moves.pop()
            path = f"/journal/{word.entry}/undo/"
            self._press_act("undo move", path, {"seen": word.state}, chosen)

    def import_table(self, lists):
        """Three rows, looked at before they are confirmed."""
        list_id = random.choice(list(lists))
        rows = [new_contact(self.name) for _ in range(3)]
        path = f"/lists/{list_id}/import/"
        text = "\n".join(f"{one.name};{one.phones[0]}" for one in rows)
        with self.desk.seat(list_id):
            form = self._preview(path, {"text": text, "mode": "add"})
            think()
            self._press("import", path, form, list_id=list_id, adds=rows[0].name)

    def merge(self, lists):
        """A list that people have made, into any other; then it is deleted."""
        if not (temporary := self.desk.temporary(lists)):
            raise Taken
        source = random.choice(temporary)
        target = random.choice([list_id for list_id in lists if list_id != source])
        with self.desk.seat(source, target):
            chosen = {"list": source, "target": target, "emptied": "delete"}
            form = self._preview("/lists/merge/", {**chosen, "once": str(uuid4())})
            think()
            self._press_act("merge", "/lists/merge/", {**form, **chosen}, (source, target))

    def create(self, lists):
        if len(self.desk.temporary(lists)) >= MOST_TEMPORARY:
            raise Taken
        with self.desk.seat(None):
            form = self.browser_get("/lists/new/")
            once = value_of("once", form) or str(uuid4())
            name = f"{self.name} {next(_serial)}"
            fields = {"name": name, "type": "black", "once": once}
            fields["newest"] = value_of("newest", form)
            self._press("create", "/lists/new/", fields, adds=name)

    def delete(self, lists):
        temporary = self.desk.temporary(lists)
        if not temporary:
            raise Taken
        list_id = random.choice(temporary)
        with self.desk.seat(list_id):
            think()
            fields = {"seen": list_digest(lists[list_id])}
            self._press("delete", f"/lists/{list_id}/delete/", fields, list_id=list_id)

    def _preview(self, path, fields):
        """What the page would send that is to be confirmed. Raises `Taken` where there is none."""
        answer = self._post(path, fields)
        form = soup_of(answer.text).select_one("main form:has([name=confirm])") if answer else None
        if form is None:
            raise Taken
        named = form.select("input[type=hidden][name], select[name]")
        sent = {one["name"]: one.get("value") or chosen_in(one) for one in named}
        return {**fields, "text": "", **sent, "confirm": "1"}

    # What they are told

    def _press(self, kind, path, fields, *, list_id=None, adds="", htmx=False):
        """`htmx`: None for now and then."""
        began = time.time()
        answer = self._post(path, fields, htmx=random.random() < 0.5 if htmx is None else htmx)
        seconds = time.time() - began
        word = self._word(answer)
        self._note(kind, began, seconds, word, list_id, adds)

    def _press_for_several(self, kind, path, fields, chosen, *, adds=""):
        began = time.time()
        answer = self._post(path, fields)
        seconds = time.time() - began
        words = words_by_list(answer.text) if answer is not None else {}
        if answer is not None and answer.is_redirect:
            words = dict(zip(chosen, self._words_after(answer), strict=False))
        elif not words:
            words = dict.fromkeys(chosen, self._word(answer))
        for list_id in chosen:
            word = words.get(list_id, Word(Told.NO_ANSWER, title="no word about this list"))
            self._note(kind, began, seconds, word, list_id, adds)

    def _press_act(self, kind, path, fields, chosen):
        """An act over several lists, which is told as one where all of it is done."""
        began = time.time()
        answer = self._post(path, fields)
        seconds = time.time() - began
        words = words_by_list(answer.text) if answer is not None else {}
        if answer is not None and answer.is_redirect:
            page = self._page_after()
            whole = (words_of_toasts(page) or [Word(Told.NO_ANSWER, title="no word")])[0]
            if whole.told == Told.SAVED and kind == "move":
                self.moves.append((whole, chosen))
            of_each = Word(whole.told, title=whole.title)
            if LEFT_THERE in page:  # in one of them somebody was first
                of_each = Word(Told.NO_ANSWER, title=LEFT_THERE)
            words = dict.fromkeys(chosen, of_each)
        elif not words:
            words = dict.fromkeys(chosen, self._word(answer))
        for list_id in chosen:
            word = words.get(list_id, Word(Told.NO_ANSWER, title="no word about this list"))
            self.desk.note(Write(self.name, kind, list_id, "", began, seconds, word))

    def _note(self, kind, began, seconds, word, list_id, adds):
        self.desk.note(Write(self.name, kind, list_id, adds, began, seconds, word))
        if word.told == Told.SAVED and word.entry:
            self.mine.append((word, list_id))

    def _post(self, path, fields, *, htmx=False):
        """None where no answer came."""
        headers = {"HX-Request": "true"} if htmx else {}
        try:
            return self.browser.post(path, data=fields, headers=headers)
        except httpx.TransportError:
            return None

    def browser_get(self, path):
        """A page's text; a worker that was killed is tried again."""
        for _ in range(5):
            try:
                return self.browser.get(path).text
            except httpx.TransportError:
                time.sleep(0.2)
        return ""

    def _word(self, answer):
        if answer is None:
            return Word(Told.NO_ANSWER, title="the connection ended")
        if answer.is_redirect or "HX-Redirect" in answer.headers:
            words = self._words_after(answer)
            return words[0] if words else Word(Told.NO_ANSWER, title="sent on, and no word")
        return word_of(answer.status_code, answer.text)

    def _words_after(self, answer):
        return words_of_toasts(self._page_after())

    def _page_after(self):
        """The toasts come on the next page, whichever that is: this one asks nothing of the API."""
        return self.browser_get("/connection/")


def word_of(status, text):
    """What a page or piece says of the write that it answers."""
    words = words_of_toasts(text)
    title = title_of(text)
    if status == 200 and words:
        return words[0]
    if status == 202:
        is_in_doubt = "It is in doubt whether this was saved" in text or "still in doubt" in text
        told = Told.IN_DOUBT if is_in_doubt else Told.UNKNOWN
        return Word(told, entry_in(text, "check"))
    if status == 409:
        return Word(Told.CONFLICT, title=title)
    if status == 404:
        return Word(Told.GONE, title=title)
    if status in (422, 502, 503):
        return Word(told_by(title), title=re.sub("^client[0-9]+ |[0-9:]{8}$", "", title))
    return Word(Told.DEFECT, title=f"{status} {title}")


def told_by(title):
    if "whether the last change of this list" in title or "whether the last new list" in title:
        return Told.HELD
    if "saving this list" in title or title in CROWDED:
        return Told.BUSY
    if "in doubt whether this was saved" in title:
        return Told.IN_DOUBT
    if "List not found" in title:
        return Told.GONE
    return Told.NOT_SAVED


def words_of_toasts(text):
    """One for each write that a page tells of."""
    words = []
    for toast in soup_of(text).select(".toast"):
        title = words_in(toast.p)
        if "success" in toast["class"]:
            seen = toast.select_one("[name=seen]")
            state = seen["value"] if seen else ""
            words.append(Word(Told.SAVED, entry_in(str(toast), "undo"), state, title))
        elif "info" in toast["class"]:
            words.append(Word(Told.NOTHING, title=title))
        elif title.startswith("It is not known whether"):
            words.append(Word(Told.UNKNOWN, title=title))
    return words


def words_by_list(text):
    """What the page about several lists says of each."""
    words = {}
    for outcome in soup_of(text).select("td .outcome"):
        row = outcome.find_parent("tr")
        if not (link := row.select_one("th a")):
            continue  # the journal's, or of a list that is nowhere
        list_id = int(re.search(r"\d+", link["href"])[0])
        title = words_in(outcome)
        if "confirmed" in outcome["class"]:
            entry, seen = entry_in(str(row), "undo"), row.select_one("[name=seen]")
            told = Told.SAVED if entry or DONE_IN_AN_ACT.search(title) else Told.NOTHING
            word = Word(told, entry, seen["value"] if seen else "", title)
        elif "unknown" in outcome["class"]:
            told = Told.IN_DOUBT if title.startswith("in doubt") else Told.UNKNOWN
            word = Word(told, entry_in(str(row), "check"), title=title)
        elif "meanwhile" in title or "since you looked" in title:
            word = Word(Told.CONFLICT, title=title)
        else:
            word = Word(told_by(title), title=title.partition(":")[0])
        words[list_id] = word
    return words


def title_of(text):
    page = soup_of(text)
    found = page.select_one(".notice.error h2") or page.h1
    return words_in(found) if found else ""


def entry_in(text, action):
    found = re.search(rf"/journal/(\d+)/{action}/", text)
    return int(found[1]) if found else None


def chosen_in(select):
    option = select.select_one("option[selected]")
    return option["value"] if option else ""


def value_of(name, text):
    """Of a hidden field."""
    field = soup_of(text).select_one(f"input[name={name}]")
    return field.get("value", "") if field else ""


def soup_of(text):
    return BeautifulSoup(text, "html.parser")


def words_in(element):
    return " ".join(element.get_text().split())


# What they see and type


def as_list(found):
    contacts = (Contact(contact["name"], tuple(contact["phones"])) for contact in found["contacts"])
    return ContactList(found["id"], found["name"], found["type"], tuple(contacts))


def some_contact(lists):
    """Of any list, and never one of the writer outside."""
    list_id, found = random.choice(list(lists.items()))
    ours = [contact for contact in found.contacts if not is_outside(contact.name)]
    if not ours:
        raise Taken
    return list_id, random.choice(ours)


def new_contact(person):
    """Nobody else's name or number, so that each write can be told from all others by its contact."""
    return Contact(f"{person} {next(_serial)}", (new_number(),))


def new_number():
    return f"7999{next(_serial):07}"


def form_of(contact):
    return {"name": contact.name, "phones": "\n".join(contact.phones)}


def seen_as(contact):
    return json.dumps([contact.name, *contact.phones])


def think():
    time.sleep(random.uniform(0, 0.1))

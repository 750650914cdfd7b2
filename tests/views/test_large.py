"""What people have a thousand of: a page stays a page, and costs what it shows."""

from functools import partial

import pytest
from django.http import QueryDict

from lists.forms.unblock import Place, UnblockForm, places_as
from lists.numbers import read_numbers
from lists.plusofon.values import Contact, ListEntry
from lists.sameness import contact_key
from lists.wording.journal import sentence
from tests.client import fields, text
from tests.factories import JournalEntryFactory
from tests.growth import assert_linear
from tests.people import put
from tests.words import saying, says, says_many

NUMBER = "79998887766"


def many(count, head="7999"):
    return [f"{head}{n:07}" for n in range(count)]


@pytest.fixture
def contact_of(sandbox, account):
    """Makes a list of one contact with these numbers; gives the list's id and the contact's address."""

    def contact_of(phones, name="Колл-центр"):
        contacts = [{"name": name, "phones": phones, "note": "vip"}]
        list_id = sandbox.add_list(account, name="Большой", contacts=contacts)
        key = contact_key(Contact(name, tuple(phones)))
        return list_id, f"/lists/{list_id}/contacts/{key}/"

    return contact_of


def toasts(page):
    return [toast.text for toast in page.soup.select(".toast p")]


class TestAContactOfThousandsOfNumbers:
    def test_is_renamed_and_its_numbers_stay_byte_for_byte(
        self, as_manager, sandbox, account, contact_of
    ):
        phones = [*many(4998), "8 (812) 333-44-55", "79991112233, 79994445566"]
        list_id, path = contact_of(phones)
        form = as_manager.get(f"{path}edit/")
        assert len(form.soup.select_one("main textarea")["rows"]) == 2  # digits: it scrolls
        answer = as_manager.post(f"{path}edit/", fields(form, name="Колл-центр 2"))
        assert answer.status_code == 302
        (stored,) = sandbox.lists(account)[list_id]["contacts"]
        assert stored == {"name": "Колл-центр 2", "phones": phones, "note": "vip"}

    def test_gets_another_number_and_the_preview_names_what_is_new(
        self, as_manager, sandbox, account, contact_of
    ):
        phones = many(1500)
        list_id, path = contact_of(phones)
        form = as_manager.get(f"{path}edit/")
        typed = fields(form)
        typed["phones"] += "\n8 912 345-67-89"
        preview = as_manager.piece(f"{path}edit/", {**typed, "preview": "1"}, post=True)
        lines = [" ".join(line.text.split()) for line in preview.soup.select("li")]
        assert (
            lines[0]
            == f"+7 912 345-67-89 {says('will be stored as %(stored)s', stored='79123456789')}"
        )
        assert (len(lines), lines[-1]) == (101, says("and %(more)s more", more=1401))
        assert as_manager.post(f"{path}edit/", typed).status_code == 302
        (stored,) = sandbox.lists(account)[list_id]["contacts"]
        assert stored["phones"] == [*phones, "79123456789"]

    def test_is_said_to_be_still_there_in_one_sentence(self, as_manager, sandbox, account):
        contacts = [{"name": name, "phones": many(800)} for name in ("Один", "Другой")]
        list_id = sandbox.add_list(account, name="Дважды", contacts=contacts)
        row = as_manager.get(f"/lists/{list_id}/").soup.select_one("#rows tr a.danger")["href"]
        answer = as_manager.post(row, fields(as_manager.get(row)), follow=True)
        _removed, still = toasts(answer)
        assert still == (
            says_many(
                "%(numbers)s is still in this list: %(names)s.",
                "%(numbers)s are still in this list: %(names)s.",
                800,
                numbers=says(
                    "%(names)s and %(more)s more",
                    names="+7 999 000-00-00, +7 999 000-00-01, +7 999 000-00-02",
                    more=797,
                ),
                names="«Другой»",
            )
        )

    def test_is_told_in_the_journal_by_its_first_numbers(self):
        def told(size):
            before, after = Contact("А", tuple(many(size))), Contact("Б", tuple(many(size, "7912")))
            return partial(sentence, JournalEntryFactory.build(list_change=put(before, after)))

        assert_linear(told, 3000, within=5)
        assert says("and %(more)s more", more=90) in told(100)()

    def test_shows_the_number_that_was_looked_for_among_the_first(self, as_support, contact_of):
        contact_of(many(1500))
        answer = as_support.get("/lookup/?number=79990001499")
        shown = answer.soup.select(".answer table.hits .number")
        assert [number.text for number in shown][:2] == ["+7 999 000-14-99", "+7 999 000-00-00"]
        assert len(shown) == 20
        assert says("and %(more)s more", more=1480) in text(answer)


def test_thousands_of_repeated_numbers_are_one_sentence(as_manager, sandbox, account, black):
    typed = "\n".join([*many(2200)] * 3)
    path = f"/lists/{black}/contacts/new/"
    answer = as_manager.post(path, {"name": "Анна", "phones": typed}, follow=True)
    told = [
        toast
        for toast in toasts(answer)
        if saying(
            "%(numbers)s was entered twice and is saved once.",
            "%(numbers)s were entered twice and are saved once each.",
        ).search(toast)
    ]
    assert told == [
        says_many(
            "%(numbers)s was entered twice and is saved once.",
            "%(numbers)s were entered twice and are saved once each.",
            2200,
            numbers=says(
                "%(names)s and %(more)s more",
                names="+7 999 000-00-00, +7 999 000-00-01, +7 999 000-00-02",
                more=2197,
            ),
        )
    ]
    assert len(sandbox.lists(account)[black]["contacts"][-1]["phones"]) == 2200


def test_thousands_of_faults_are_told_in_part(as_manager, black):
    data = {"name": "Анна", "phones": "\n".join(["abc"] * 5000)}
    answer = as_manager.post(f"/lists/{black}/contacts/new/", data)
    assert answer.status_code == 422
    assert answer.soup.select_one("main textarea").text.split() == ["abc"] * 5000
    assert len(answer.soup.select(".errorlist li")) == 20


def test_what_is_stored_otherwise_is_one_sentence_for_many_contacts(as_manager, sandbox, account):
    sandbox.quirks = {"normalise"}
    contacts = [{"name": f"Спам {n}", "phones": [NUMBER, f"8912{n:07}"]} for n in range(20)]
    sandbox.add_list(account, name="Спам", contacts=contacts)
    page = as_manager.post("/unblock/", fields(as_manager.get(f"/lookup/?number={NUMBER}")))
    boxes = [box["value"] for box in page.soup.select("[name=contact]")]
    sent = fields(page) | {"contact": boxes, "confirm": "1"}
    told = toasts(as_manager.post("/unblock/", sent, follow=True))
    assert len(told) == 2
    assert told[1].endswith(
        says("%(names)s and %(more)s more", names="«Спам 3», «Спам 4»", more=15) + "."
    )


def test_a_preview_of_numbers_that_stand_everywhere_shows_some_places(as_manager, sandbox, account):
    contacts = [{"name": "Спам", "phones": [NUMBER]}] * 1000
    list_id = sandbox.add_list(account, name="Спам", contacts=contacts)
    typed = "\n".join([NUMBER] * 999 + ["101"])
    answer = as_manager.post("/block/", {"numbers": typed, "name": "Спам", "list": list_id})
    assert answer.status_code == 200
    assert len(answer.content) < 500_000
    assert says("and %(more)s more", more=995) in text(answer)
    block = "Block %(new)s number in “%(list)s”", "Block %(new)s numbers in “%(list)s”"
    assert says_many(*block, 1, list="Спам") in text(answer)


def chosen(size):
    """All of as many places as a form offers."""
    places = [Place(ListEntry(1, "Л", ""), f"{n:016x}", "Спам", ()) for n in range(size)]
    sent = QueryDict(mutable=True)
    sent.update({"number": NUMBER, "offered": places_as(places)})
    sent.setlist("contact", [place.value for place in places])

    def understood():
        form = UnblockForm(sent)
        assert form.is_valid()
        (intent,) = form.intents.values()
        assert len(intent.keys) == size

    return understood


def test_choosing_all_of_thousands_costs_each_once():
    assert_linear(chosen, 2500, within=5)


def unchanged(size):
    """As many numbers as stored, and one that is new: none may be taken for untouched as a whole."""
    phones = tuple(many(size))
    return partial(read_numbers, "\n".join([*phones, "101"]), Contact("А", phones))


def equal(size):
    phones = (NUMBER,) * size
    return partial(read_numbers, "\n".join([*phones, "101"]), Contact("А", phones))


def in_lines(size):
    """Stored texts of one line, of two, of three …, each of which may stand anywhere."""
    phones = tuple("x\n" * n + "y" for n in range(1, 200))
    return partial(read_numbers, "\n".join(["x"] * size), Contact("А", phones))


@pytest.mark.parametrize("typed", [unchanged, equal, in_lines])
def test_a_pause_in_typing_costs_what_was_typed(typed):
    assert_linear(typed, 2500, within=5)


def test_a_stored_text_of_a_few_lines_is_known_again_and_one_of_very_many_is_not():
    few, many_lines = "\n".join(many(20)), "\n".join(many(21, "7912"))
    read = read_numbers(f"101\n{few}\n{many_lines}", Contact("А", (few, many_lines)))
    assert [number.stored for number in read if number.untouched] == [few]
    assert len(read) == 1 + 1 + 21

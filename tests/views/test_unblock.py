"""Unblocking a number that a lookup found: from the contacts chosen, in one replacement a list."""

import time

import pytest

from lists.forms.unblock import places_as, read_places
from lists.models import JournalEntry
from tests.calls import methods
from tests.client import text
from tests.words import saying, says

NUMBER, KEY = "79998887766", "0" * 16


@pytest.fixture
def second(sandbox, account):
    """One contact that has no other number."""
    contacts = [{"name": "Спам", "phones": ["8 999 888-77-66"]}]
    return sandbox.add_list(account, name="Второй", contacts=contacts)


def contacts(sandbox, account, list_id):
    return [(c["name"], c["phones"]) for c in sandbox.lists(account)[list_id]["contacts"]]


@pytest.fixture
def offered(as_manager):
    """The field with which a lookup leads to the page."""

    def offered():
        answer = as_manager.get(f"/lookup/?number={NUMBER}")
        form = answer.soup.select_one("form[action='/unblock/']")
        return form.select_one("[name=offered]")["value"]

    return offered


def values(offered):
    """What the boxes of the page send."""
    return [place.value for place in read_places(offered)]


def sent(offered, *chosen):
    return {"number": NUMBER, "offered": offered, "contact": chosen, "confirm": "1"}


def test_the_page_says_before_what_each_contact_will_lose(
    as_manager, sandbox, black, second, offered
):
    calls = len(sandbox.calls)
    fields = offered()
    read = len(sandbox.calls)
    answer = as_manager.post("/unblock/", {"number": NUMBER, "offered": fields})
    assert answer.status_code == 200
    choices = [" ".join(choice.text.split()) for choice in answer.soup.select(".choices li")]
    assert choices == [
        f"Чёрный список 1: Иван Иванов {says('stays with:')} +7 999 222-33-00",
        f"Второй: Спам {says('this is its only number: the contact will be removed')}",
    ]
    assert len(answer.soup.select(".choices input[checked]")) == 2
    assert len(sandbox.calls) == read > calls


def test_the_number_leaves_the_chosen_contacts_and_the_lookup_says_so(
    as_manager, sandbox, account, black, second, offered
):
    found = sandbox.lists(account)[black]
    sandbox.put(account, black, found | {"contacts": found["contacts"][:2]})  # without a mask
    before = contacts(sandbox, account, black)
    fields = offered()
    answer = as_manager.post("/unblock/", sent(fields, *values(fields)))
    assert (answer.status_code, answer.url) == (302, f"/lookup/?number={NUMBER}")
    assert contacts(sandbox, account, second) == []
    assert contacts(sandbox, account, black) == [("Иван Иванов", ["79992223300"]), *before[1:]]
    assert methods(sandbox).count("PUT") == 2
    page = as_manager.get(answer.url)
    assert saying(
        "Not blocked: it is not in the only list",
        "Not blocked: it is in none of the %(total)s lists",
    ).search(page.soup.select_one(".answer h2").text)
    toasts = [toast.text for toast in page.soup.select(".toast p")]
    assert toasts[0].startswith(
        says(
            "%(number)s is removed from “%(list)s”.",
            number="+7 999 888-77-66",
            list="Чёрный список 1",
        )
    )
    assert saying("Saved, checked at %(time)s.").search(toasts[0])
    assert len(page.soup.select(".toast form[action$='/undo/']")) == 2
    assert not as_manager.get("/lists/").soup.select(".toast")  # told once


def test_what_is_not_chosen_stays(as_manager, sandbox, account, black, second, offered):
    before = contacts(sandbox, account, black)
    fields = offered()
    as_manager.post("/unblock/", sent(fields, values(fields)[1]))
    assert contacts(sandbox, account, black) == before
    assert contacts(sandbox, account, second) == []


def test_two_contacts_of_one_list_are_one_replacement_and_one_undo(
    as_manager, sandbox, account, offered
):
    people = [{"name": name, "phones": [NUMBER, "101"]} for name in ("Анна", "Вера")]
    both = sandbox.add_list(account, name="Оба", contacts=people)
    fields = offered()
    as_manager.post("/unblock/", sent(fields, *values(fields)))
    assert contacts(sandbox, account, both) == [("Анна", ["101"]), ("Вера", ["101"])]
    as_manager.post(f"/journal/{JournalEntry.objects.get().pk}/undo/")
    assert contacts(sandbox, account, both) == [
        ("Анна", [NUMBER, "101"]),
        ("Вера", [NUMBER, "101"]),
    ]


def test_without_a_choice_nothing_happens(as_manager, sandbox, black, second, offered):
    fields = offered()
    answer = as_manager.post("/unblock/", sent(fields))
    assert answer.status_code == 422
    assert says("Choose at least one contact.") in text(answer)
    assert not answer.soup.select(".choices input[checked]")
    assert "PUT" not in methods(sandbox)


def test_pressed_twice_it_is_gone_already(as_manager, second, offered):
    fields = offered()
    as_manager.post("/unblock/", sent(fields, *values(fields)))
    again = as_manager.post("/unblock/", sent(fields, *values(fields)))
    assert again.status_code == 302
    assert saying("%(number)s is no longer in “%(list)s”.", list="Второй").search(
        text(as_manager.get(again.url))
    )
    assert JournalEntry.objects.count() == 1


def test_a_contact_that_somebody_changed_meanwhile_is_left_alone(
    as_manager, sandbox, account, black, second, offered
):
    fields = offered()
    found = sandbox.lists(account)[second]
    found["contacts"][0]["name"] = "Не спам"
    sandbox.put(account, second, found)
    answer = as_manager.post("/unblock/", sent(fields, *values(fields)))
    assert answer.status_code == 207
    outcomes = [cell.text for cell in answer.soup.select("td .outcome")]
    assert outcomes == [
        says("removed"),
        says("not saved: somebody has changed this contact"),
    ]
    assert contacts(sandbox, account, second) == [("Не спам", ["8 999 888-77-66"])]
    assert not answer.soup.select("[name=confirm]")
    assert answer.soup.select_one("main a.primary")["href"] == f"/lookup/?number={NUMBER}"


def test_partial_trouble_offers_exactly_the_rest(
    as_manager, sandbox, account, black, second, offered
):
    fields = offered()
    sandbox.fail("422", method="PUT", path=f"contact-lists/{second}")
    answer = as_manager.post("/unblock/", sent(fields, *values(fields)))
    assert answer.status_code == 207
    form = answer.soup.select_one("main form[action='/unblock/']")
    again = [(field["name"], field["value"]) for field in form.select("input")][1:]
    (left,) = (place for place in read_places(fields) if place.list.id == second)
    rest = places_as([left])
    assert again == [("number", NUMBER), ("offered", rest), ("contact", left.value)]
    assert as_manager.post("/unblock/", sent(rest, left.value)).status_code == 302
    assert contacts(sandbox, account, second) == []


def test_more_outcomes_than_toasts_get_a_page(as_manager, sandbox, account, offered):
    for n in range(5):
        people = [{"name": "Спам", "phones": [NUMBER]}]
        sandbox.add_list(account, name=f"Список {n}", contacts=people)
    fields = offered()
    answer = as_manager.post("/unblock/", sent(fields, *values(fields)))
    assert answer.status_code == 200
    assert [cell.text for cell in answer.soup.select("td .outcome")] == [says("removed")] * 5


@pytest.mark.parametrize(
    "offered",
    [
        *("", "x", "null", "7", '["a", "b", "c"]', "[1, 2]", "[]", '["123"]', "{}", "[" * 5000),
        *('[["x", "а", []]]', '[[1, "а", [["zz", "б", 0]]]]', '[["9" , 1, [[]]]]'),
        *(f'[[1, "\\ud800", [["{KEY}", "б", 0]]]]', f'[[1, "а", [["{KEY}", "б", "1"]]]]'),
        *(f'[[1, "а", [["{KEY}", 7, 0]]]]', f'[[1, "а", [["{KEY}", "б", 0, null]]]]'),
    ],
)
def test_what_no_page_sent_leads_to_the_lookup(as_manager, sandbox, offered):
    answer = as_manager.post("/unblock/", sent(offered, f"1-{KEY}"))
    assert (answer.status_code, answer.url) == (302, f"/lookup/?number={NUMBER}")
    assert sandbox.calls == []


def test_what_is_no_number_is_told_by_the_lookup(as_manager, black, offered):
    answer = as_manager.post("/unblock/", {**sent(offered()), "number": "abc"})
    assert (answer.status_code, answer.url) == (302, "/lookup/?number=abc")


def test_thousands_of_places_are_unblocked_in_one_go(as_manager, sandbox, account, black, offered):
    """Each is named once on the way, and chosen by a few signs."""
    people = [{"name": f"Спам номер {n}", "phones": [NUMBER, "101"]} for n in range(1200)]
    many = sandbox.add_list(account, name="Много", contacts=people)
    started = time.process_time()
    fields = offered()
    page = as_manager.post("/unblock/", {"number": NUMBER, "offered": fields})
    form = page.soup.select_one("main form")
    boxes = [box["value"] for box in form.select("[name=contact][checked]")]
    assert len(boxes) == 1201
    assert len(form.select("[name=offered]")) == 1
    answer = as_manager.post("/unblock/", sent(form.select_one("[name=offered]")["value"], *boxes))
    assert answer.status_code == 302
    assert time.process_time() - started < 30  # mostly of reading the page here
    assert {tuple(phones) for _, phones in contacts(sandbox, account, many)} == {("101",)}
    entry = JournalEntry.objects.get(list_id=many)
    as_manager.post(f"/journal/{entry.pk}/undo/")
    assert contacts(sandbox, account, many) == [(p["name"], p["phones"]) for p in people]


def test_what_a_contact_keeps_is_named_in_part(as_manager, sandbox, account, offered):
    sandbox.validate = False
    people = [{"name": "И" * 5000, "phones": [NUMBER, *map(str, range(200, 300))]}]
    sandbox.add_list(account, name="Л" * 5000, contacts=people)
    fields = offered()
    assert len(fields) < 700
    page = as_manager.post("/unblock/", {"number": NUMBER, "offered": fields})
    assert (
        f"{says('stays with:')} 200, 201, 202, 203, 204 {says('and %(more)s more', more=95)}"
        in text(page)
    )
    assert as_manager.post("/unblock/", sent(fields, *values(fields))).status_code == 302


def test_support_sees_no_way_to_unblock(as_support, black):
    answer = as_support.get(f"/lookup/?number={NUMBER}")
    assert not answer.soup.select("[action='/unblock/'], [href^='/block/']")


def test_a_white_list_is_left_by_the_same_way(as_manager, sandbox, account):
    people = [{"name": "Друг", "phones": [NUMBER]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=people)
    answer = as_manager.get(f"/lookup/?number={NUMBER}")
    assert answer.soup.select_one("form[action='/unblock/'] button").text.strip() == says(
        "Remove from the list…"
    )


def test_very_many_who_keep_the_number_are_named_in_part(as_manager, sandbox, account, offered):
    for n in range(4):
        people = [{"name": f"Спам {m}", "phones": [NUMBER]} for m in range(50)]
        sandbox.add_list(account, name=f"Список {n}", contacts=people)
    fields = offered()
    answer = as_manager.post("/unblock/", sent(fields, *values(fields)[::50]))
    kept = answer.soup.select_one("td .note")
    assert len(kept.select("bdi")) == 5
    assert kept.text.strip().endswith("…")

"""Blocking numbers: nothing is written before the person saw what will happen."""

from datetime import timedelta

import pytest

from lists.conflicts import Conflict
from lists.models import JournalEntry
from lists.services import steps
from tests.calls import methods
from tests.client import text, words
from tests.words import saying, says, says_many

NEW = "8 999 111-22-33"


@pytest.fixture
def second(sandbox, account):
    return sandbox.add_list(account, name="Второй", contacts=[{"name": "Вера", "phones": ["102"]}])


def form(numbers, *lists, **more):
    return {"numbers": numbers, "name": "Спам", "list": lists, **more}


def contacts(sandbox, account, list_id):
    return sandbox.lists(account)[list_id]["contacts"]


def statuses(answer):
    return [
        " ".join(row.select_one(".status").text.split())
        for row in answer.soup.select("table.hits tbody tr")
    ]


def test_the_number_of_the_link_is_filled_in(as_manager, black):
    answer = as_manager.get("/block/?number=8+999+111-22-33")
    assert answer.soup.select_one("#id_numbers").text.strip() == NEW
    assert [box["value"] for box in answer.soup.select("[name=list]")] == [str(black)]


def test_a_lookup_leads_here(as_manager, as_support, black):
    link = "a[href='/block/?number=79990000000']"
    assert as_manager.get("/lookup/?number=79990000000").soup.select(link)
    assert not as_support.get("/lookup/?number=79990000000").soup.select(link)


def test_a_preview_says_what_happens_to_each_number_and_writes_nothing(
    as_manager, sandbox, account, black, second
):
    before = sandbox.lists(account)
    numbers = f"{NEW}\n79998887766; +7 999 111 22 33\nabc\t102"
    answer = as_manager.post("/block/", form(numbers, black))
    assert answer.status_code == 200
    assert statuses(answer) == [
        says("will be blocked"),
        says("already there"),
        says("twice in your text"),
        says("will be blocked"),
        says("not a number:"),
    ]
    assert "Чёрный список 1: Иван Иванов" in text(answer)
    assert "Второй: Вера" in text(answer)
    block = "Block %(new)s number in “%(list)s”", "Block %(new)s numbers in “%(list)s”"
    assert says_many(*block, 2, list="Чёрный список 1") in text(answer)
    assert sandbox.lists(account) == before
    assert "PUT" not in methods(sandbox)


def test_a_preview_shows_other_entries_that_may_mean_a_number(
    as_manager, sandbox, account, black, second
):
    contacts = [{"name": "Борис", "phones": ["79991112233", "7999111****"]}]
    sandbox.add_list(account, name="Третий", contacts=contacts)
    answer = as_manager.post("/block/", form(f"{NEW}\n8 495 111-22-33", second))
    covered, free = answer.soup.select("table.hits tbody tr")
    may = f"Третий: Борис {says('may mean it:')} Чёрный список 1: 7999*, 101"
    assert words(covered).endswith(may)
    assert words(free) == f"+7 495 111-22-33 8 495 111-22-33 {says('will be blocked')}"


def test_a_preview_of_unread_lists_says_so(as_manager, sandbox, black, second):
    sandbox.fail("500", path=f"contact-lists/{second}", times=None)
    assert says("Not all lists could be read.") in text(
        as_manager.post("/block/", form(NEW, black))
    )


def test_a_confirmed_block_is_one_replacement_and_can_be_undone(
    as_manager, sandbox, account, black
):
    answer = as_manager.post("/block/", form(f"{NEW}\n101\n103", black, confirm="1"))
    assert (answer.status_code, answer.url) == (302, f"/lists/{black}/")
    added = contacts(sandbox, account, black)[-1]
    assert added == {"name": "Спам", "phones": ["79991112233", "103"]}
    assert methods(sandbox).count("PUT") == 1
    entry = JournalEntry.objects.get()
    page = as_manager.get(answer.url)
    assert saying("%(numbers)s is blocked.", "%(numbers)s are blocked.", 2).search(text(page))
    assert saying("Saved, checked at %(time)s.").search(text(page))
    assert page.soup.select_one(f".toast form[action='/journal/{entry.pk}/undo/']")


def test_blocked_already_is_a_success_with_another_sentence(as_manager, sandbox, black):
    preview = as_manager.post("/block/", form("79998887766", black))
    assert says("All of the numbers are already in these lists.") in text(preview)
    assert not preview.soup.select("[name=confirm]")
    answer = as_manager.post("/block/", form("79998887766", black, confirm="1"))
    assert says_many(
        "%(numbers)s is already blocked here.",
        "%(numbers)s are already blocked here.",
        1,
        numbers="+7 999 888-77-66",
    ) in text(as_manager.get(answer.url))
    assert "PUT" not in methods(sandbox)


def test_several_lists_are_written_one_by_one(as_manager, sandbox, account, black, second):
    answer = as_manager.post("/block/", form("102", black, second, confirm="1"))
    assert answer.status_code == 200
    words = [cell.text for cell in answer.soup.select("td .outcome")]
    assert words == [says("blocked"), says("already in the list")]
    assert contacts(sandbox, account, black)[-1]["phones"] == ["102"]
    assert len(answer.soup.select("form[action$='/undo/']")) == 1


def test_partial_trouble_says_what_is_done_and_offers_exactly_the_rest(
    as_manager, sandbox, account, black, second
):
    third = sandbox.add_list(account, name="Третий")
    sandbox.fail("422", method="PUT", path=f"contact-lists/{second}")
    answer = as_manager.post("/block/", form(f"{NEW}\n103", black, second, third, confirm="1"))
    assert answer.status_code == 207
    assert says("Not done in all lists") in text(answer)
    retry = answer.soup.select_one("main form[action='/block/']")
    sent = [(field["name"], field["value"]) for field in retry.select("input[type=hidden]")][1:]
    assert sent == [("numbers", f"{NEW}\n103"), ("name", "Спам"), ("list", str(second))]
    again = as_manager.post("/block/", form(f"{NEW}\n103", second, confirm="1"))
    assert again.status_code == 302
    for list_id in (black, second, third):
        phones = [c["phones"] for c in contacts(sandbox, account, list_id)]
        assert phones.count(["79991112233", "103"]) == 1


def test_a_token_that_is_refused_in_the_middle_is_said_and_noted(
    as_manager, manager, sandbox, black, second
):
    manager.credential.worked_at -= timedelta(hours=1)
    manager.credential.save()
    sandbox.fail("401", path="contact-lists/", times=None)
    answer = as_manager.post("/block/", form(NEW, black, second, confirm="1"))
    assert answer.status_code == 207
    assert says("Plusofon does not accept your token.") in text(answer)
    manager.credential.refresh_from_db()
    assert manager.credential.refused_at


def test_an_unknown_end_can_be_checked(as_manager, sandbox, black, second):
    sandbox.fail("500", method="GET", path=f"contact-lists/{black}", times=None, skip=1)
    answer = as_manager.post("/block/", form(NEW, black, second, confirm="1"))
    assert answer.status_code == 207
    assert answer.soup.select("td.actions form[action$='/check/']")
    assert not answer.soup.select("main [name=confirm]")


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"numbers": ""}, "numbers", says("Enter at least one number.")),
        ({"numbers": " ,;"}, "numbers", says("Enter at least one number.")),
        (
            {"numbers": "abc"},
            "numbers",
            says(
                "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.",
                text="abc",
            ),
        ),
        (
            {"numbers": "\n".join(map(str, range(1000, 2001)))},
            "numbers",
            says("More than %(most)s numbers. Split them into parts.", most=1000),
        ),
        ({"name": ""}, "name", says("Enter a name.")),
        ({"list": []}, "list", says("Choose at least one list.")),
        ({"list": ["999"]}, "list", says("This list no longer exists. Choose another.")),
        ({"list": ["x"]}, "list", says("This list no longer exists. Choose another.")),
    ],
)
@pytest.mark.parametrize("confirm", [True, False])
def test_what_is_wrong_is_said_beside_its_field_and_kept(
    as_manager, sandbox, black, changed, field, words, confirm
):
    sent = form(NEW, black) | changed | ({"confirm": "1"} if confirm else {})
    answer = as_manager.post("/block/", sent)
    assert answer.status_code == 422
    assert words in answer.soup.select_one(f"#id_{field}_error").text
    assert answer.soup.select_one("#id_numbers").text.strip() == sent["numbers"].strip()
    assert "PUT" not in methods(sandbox)


def test_the_last_choice_of_lists_is_offered_first(as_manager, sandbox, account, black, second):
    white = sandbox.add_list(account, name="Белый", type="white")
    later = sandbox.add_list(account, name="Последний")
    as_manager.post("/block/", form(NEW, later, confirm="1"))
    boxes = as_manager.get("/block/").soup.select("[name=list]")
    assert [int(box["value"]) for box in boxes] == [later, black, second, white]
    assert [box.has_attr("checked") for box in boxes] == [True, False, False, False]


def test_without_lists_there_is_nothing_to_block_in(as_manager, sandbox):
    answer = as_manager.get("/block/")
    (step,) = answer.soup.select("main .empty a")
    assert step["href"] == "/lists/new/"
    assert not answer.soup.select("main form")


def test_lists_that_cannot_be_read_are_a_failure_that_keeps_what_was_typed(
    as_manager, sandbox, black
):
    sandbox.fail("500", times=None)
    answer = as_manager.post("/block/", form(NEW, black, confirm="1"))
    assert answer.status_code == 503
    assert NEW in text(answer)


def test_a_conflict_of_one_list_does_not_stop_the_others(as_manager, sandbox, black, monkeypatch):
    def conflict(*args, **kwargs):
        raise Conflict

    monkeypatch.setattr(steps, "write", conflict)
    answer = as_manager.post("/block/", form(NEW, black, confirm="1"))
    assert answer.status_code == 207
    assert says("not saved: somebody has changed this contact") in text(answer)

"""What pages say of a write is what became of it."""

import pytest
from django.db import InterfaceError, OperationalError

from lists.forms.unblock import read_places
from lists.models import BlockRequest, JournalEntry
from lists.services import requests
from lists.writing import journal
from tests.client import fields, text
from tests.factories import BlockRequestFactory, ContactPayloadFactory
from tests.trouble import failing
from tests.words import saying, saying_one_of, says, says_many

NUMBER, NEW = "79998887766", "79991112233"
IN_WHITE_NOW = (
    "%(numbers)s is in the white list “%(list)s” now; Plusofon does not use it yet.",
    "%(numbers)s are in the white list “%(list)s” now; Plusofon does not use it yet.",
)
IN_WHITE_ALREADY = (
    "%(numbers)s is already in the white list “%(list)s”; Plusofon does not use it yet.",
    "%(numbers)s are already in the white list “%(list)s”; Plusofon does not use it yet.",
)
NOTHING_CHANGED = saying_one_of(
    "Nothing was changed.",
    "Nothing was changed. What you typed is still here.",
    "Nothing was changed, and nothing you typed is lost:",
)
SENT_BUT_NOT_NOTED = says(
    "It was sent to Plusofon, but our own database failed before the result was recorded. Do not"
    " send it again: check the journal in a minute."
)


@pytest.fixture
def white(sandbox, account):
    return sandbox.add_list(account, name="Белый список", type="white")


def block(client, *lists, path="/block/"):
    typed = {"numbers": NEW, "name": "Спам", "list": lists, "confirm": "1"}
    return client.post(path, typed, follow=True)


class TestWhiteLists:
    """Plusofon does not use them: nobody is blocked by one."""

    def test_a_toast_does_not_call_it_blocked(self, as_manager, white):
        for sentences in (IN_WHITE_NOW, IN_WHITE_ALREADY):
            words = text(block(as_manager, white))
            assert says("blocked", context="of a number") not in words
            assert (
                says_many(*sentences, 1, numbers="+7 999 111-22-33", list="Белый список") in words
            )

    def test_the_page_of_outcomes_does_not(self, as_manager, white, black):
        page = block(as_manager, white, black)
        lines = [cell.text for cell in page.soup.select("td .outcome")]
        assert sorted(lines) == [
            says("added; Plusofon does not use white lists yet"),
            says("blocked"),
        ]

    def test_a_list_that_became_white_meanwhile_is_believed(
        self, as_manager, sandbox, account, black
    ):
        def whiten():
            if sandbox.calls:
                found = sandbox.lists(account)[black]
                sandbox.put(account, black, {**found, "type": "white"})

        sandbox.before("GET", f"contact-lists/{black}", whiten)
        assert saying(*IN_WHITE_NOW, 1).search(text(block(as_manager, black)))

    @pytest.mark.parametrize("with_black", [True, False])
    def test_the_answer_to_a_request_does_not(
        self, as_manager, as_support, support, white, black, with_black
    ):
        asked = BlockRequestFactory(user=support, list_id=white, numbers=NEW)
        lists = [white, black] if with_black else [white]
        block(as_manager, *lists, path=f"/requests/{asked.pk}/accept/")
        assert BlockRequest.objects.get().state == "accepted"
        row = as_support.get("/requests/").soup.select_one(f"#request-{asked.pk} td:last-child")
        words = " ".join(row.text.split())
        assert f"{says('in the white list')} Белый список" in words
        assert (says("blocked") in words) is with_black
        assert ("Чёрный список 1" in words) is with_black


class TestWhoStillHasTheNumber:
    @pytest.fixture
    def twin(self, sandbox, account, black):
        found = sandbox.lists(account)[black]
        twin = ContactPayloadFactory(name="Бухгалтерия", phones=["8 999 888 77 66"])
        found["contacts"].append(twin)
        sandbox.put(account, black, found)

    def rows(self, page):
        return page.soup.select("table.contacts #rows tr")

    def test_is_said_when_a_contact_is_removed(self, as_manager, black, twin):
        row = self.rows(as_manager.get(f"/lists/{black}/"))[0]
        delete = row.select_one("a.danger")["href"]
        answer = as_manager.post(delete, fields(as_manager.get(delete)), follow=True)
        assert says_many(
            "%(numbers)s is still in this list: %(names)s.",
            "%(numbers)s are still in this list: %(names)s.",
            1,
            numbers="+7 999 888-77-66",
            names="«Бухгалтерия»",
        ) in text(answer)
        assert "+7 999 222-33-00" not in text(answer).split(says("Close"))[-2]

    def test_is_said_when_a_contact_loses_it(self, as_manager, black, twin):
        row = self.rows(as_manager.get(f"/lists/{black}/"))[0]
        edit = row.select_one("a.icon")["href"]
        form = fields(as_manager.get(edit), phones="79992223300")
        answer = as_manager.post(edit, form, follow=True)
        assert saying(
            "%(numbers)s is still in this list: %(names)s.",
            "%(numbers)s are still in this list: %(names)s.",
            1,
            names="«Бухгалтерия»",
        ).search(text(answer))

    def test_is_said_when_one_of_two_is_unblocked(self, as_manager, black, twin):
        page = as_manager.get(f"/lookup/?number={NUMBER}")
        offered = page.soup.select_one("[name=offered]")["value"]
        one, _other = read_places(offered)
        form = {"number": NUMBER, "offered": offered, "contact": one.value, "confirm": "1"}
        answer = as_manager.post("/unblock/", form, follow=True)
        assert saying(
            "%(number)s is removed from the chosen contacts of “%(list)s”.", list="Чёрный список 1"
        ).search(text(answer))
        assert says(
            "%(number)s is still in “%(list)s”: %(names)s.",
            number="+7 999 888-77-66",
            list="Чёрный список 1",
            names="«Бухгалтерия»",
        ) in text(answer)


def test_a_list_that_came_back_without_its_contacts_is_not_said_to_have_them(
    as_manager, sandbox, black
):
    as_manager.post(f"/lists/{black}/delete/", fields(as_manager.get(f"/lists/{black}/delete/")))
    entry = JournalEntry.objects.get()
    sandbox.quirks = {"no-contacts"}
    answer = as_manager.post(f"/journal/{entry.pk}/undo/", follow=True)
    assert saying(
        "The list is back, but not with all of its contacts. Its new number: %(id)s."
    ).search(text(answer))
    assert says(
        "Plusofon did not save: %(names)s.", names="«Иван Иванов», «Пётр Петров», «АТС»"
    ) in text(answer)


def test_our_own_database_failing_after_sending_says_that_something_was_sent(
    as_manager, black, monkeypatch
):
    def fail(*args, **kwargs):
        raise OperationalError("disk full")

    monkeypatch.setattr(journal, "confirm", fail)
    path = f"/lists/{black}/contacts/new/"
    answer = as_manager.post(path, {"name": "Вера", "phones": "102"})
    assert answer.status_code == 503
    assert SENT_BUT_NOT_NOTED in text(answer)
    assert not NOTHING_CHANGED.search(text(answer))
    assert "Вера" in text(answer)
    assert not answer.soup.select("main button.primary")
    JournalEntry.objects.all().delete()
    piece = as_manager.piece(path, {"name": "Вера", "phones": "102"}, post=True)
    assert not NOTHING_CHANGED.search(text(piece))


def test_a_form_whose_list_is_gone_since_says_so_and_makes_it_once_more(
    as_manager, sandbox, account
):
    form = fields(as_manager.get("/lists/new/"), name="Спам", type="black")
    as_manager.post("/lists/new/", form)
    (made,) = sandbox.lists(account)
    sandbox.drop(account, made)
    answer = as_manager.post("/lists/new/", form)
    assert answer.status_code == 409
    assert says(
        "This form created the list “%(name)s”, but it no longer exists.", name="Спам"
    ) in text(answer)
    assert sandbox.lists(account) == {}
    assert as_manager.post("/lists/new/", fields(answer)).status_code == 302
    assert len(sandbox.lists(account)) == 1


def test_a_deletion_that_the_api_refused_says_that_the_list_is_there(as_manager, sandbox, black):
    sandbox.fail("500", method="DELETE")
    answer = as_manager.post(f"/lists/{black}/delete/")
    assert answer.status_code == 503
    assert says("The list was not deleted") in text(answer)


def test_who_creates_beside_a_creation_in_doubt_is_told_so(as_manager, sandbox):
    sandbox.fail("504", method="POST")
    assert as_manager.post("/lists/new/", {"name": "Спам", "type": "black"}).status_code == 202
    answer = as_manager.post("/lists/new/", {"name": "Спам", "type": "black"})
    assert answer.status_code == 503
    assert says("It is in doubt whether the last new list was created") in text(answer)
    assert saying(
        "Plusofon has not confirmed a new list by %(who)s yet; it may still appear. Nothing was"
        " sent. Lists can be created again at %(time)s at the latest.",
        who="manager",
    ).search(text(answer))


def test_a_database_that_is_gone_altogether_does_not_hide_that_something_was_sent(
    as_manager, black, monkeypatch
):
    """What else the page wants to know of it is left out."""

    def fail(*args, **kwargs):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(journal, "confirm", fail)
    monkeypatch.setattr(requests, "waiting", fail)
    with failing('UPDATE "lists_credential"', InterfaceError("connection already closed")):
        answer = as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Вера", "phones": "102"})
    assert answer.status_code == 503
    assert SENT_BUT_NOT_NOTED in text(answer)


def test_a_list_that_came_back_otherwise_is_said_to_have(as_manager, sandbox):
    sandbox.quirks = {"trim"}
    words = text(as_manager.post("/lists/new/", {"name": "Спам", "type": "black"}, follow=True))
    assert not saying_one_of(
        "Plusofon saved this list differently from what we sent.",
        "Plusofon saved these contacts differently from what we sent: %(names)s.",
    ).search(words)

    def whiten():
        (made,) = sandbox.lists(4821).values()
        if made["name"] == "Робо":
            sandbox.put(4821, made["id"], {**made, "type": "white"})

    sandbox.drop(4821, *sandbox.lists(4821))
    sandbox.before("GET", "contact-lists/2", whiten)
    words = text(as_manager.post("/lists/new/", {"name": "Робо", "type": "black"}, follow=True))
    assert saying_one_of(
        "Plusofon saved this list differently from what we sent.",
        "Plusofon saved these contacts differently from what we sent: %(names)s.",
    ).search(words)


def test_a_deleted_list_can_be_brought_back_again_from_the_journal(
    as_manager, sandbox, account, black
):
    as_manager.post(f"/lists/{black}/delete/")
    entry = JournalEntry.objects.get()
    for _ in range(2):
        page = as_manager.get("/journal/")
        assert page.soup.select(f"form[action='/journal/{entry.pk}/undo/']")
        assert saying("The list is back with its contacts. Its new number: %(id)s.").search(
            text(as_manager.post(f"/journal/{entry.pk}/undo/", follow=True))
        )
        (back,) = sandbox.lists(account)
        sandbox.drop(account, back)


def test_a_list_found_by_looking_offers_no_undoing(as_manager, sandbox, account):
    as_manager.get("/lists/")
    sandbox.fail("cut-after", method="POST")
    answer = as_manager.post("/lists/new/", {"name": "Спам", "type": "black"})
    assert answer.status_code == 302
    entry = JournalEntry.objects.get()
    as_manager.get(answer.url)  # takes its toast away
    assert not as_manager.get("/journal/").soup.select(f"form[action='/journal/{entry.pk}/undo/']")
    assert as_manager.post(f"/journal/{entry.pk}/undo/").status_code == 409
    assert len(sandbox.lists(account)) == 1


def test_an_undoing_in_doubt_is_looked_at_again_by_itself(as_manager, sandbox, black):
    as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Вера", "phones": "102"})
    entry = JournalEntry.objects.get()
    sandbox.fail("504-late", method="PUT")
    answer = as_manager.post(f"/journal/{entry.pk}/undo/")
    assert answer.status_code == 202
    assert says("It is still in doubt.") in text(answer)
    assert "load delay:5s" in answer.soup.select_one("#unknown button")["hx-trigger"]


def test_a_block_in_doubt_says_until_when(as_manager, sandbox, black):
    sandbox.fail("504-late", method="PUT")
    answer = block(as_manager, black)
    assert answer.status_code == 207
    assert saying("in doubt until %(time)s: it may still arrive").search(text(answer))
    assert answer.soup.select("main form[action$='/check/']")


def test_a_preview_for_white_lists_alone_promises_no_block(as_manager, white, black):
    typed = {"numbers": NEW, "name": "Спам", "list": [white]}
    only = as_manager.post("/block/", typed)
    assert says("Plusofon does not use white lists yet: this blocks nobody.") in text(only)
    assert says_many(
        "Add %(new)s number to “%(list)s”",
        "Add %(new)s numbers to “%(list)s”",
        1,
        list="Белый список",
    ) in text(only)
    assert says("will be added") in text(only)
    both = text(as_manager.post("/block/", typed | {"list": [white, black]}))
    assert (
        says_many(
            "Block %(new)s number %(lists)s",
            "Block %(new)s numbers %(lists)s",
            1,
            lists=says_many("in %(total)s list", "in %(total)s lists", 2),
        )
        in both
    )
    assert says("Plusofon does not use white lists yet: this blocks nobody.") not in both


def test_a_repeated_removal_says_who_still_has_the_number(as_manager, sandbox, account, black):
    row = as_manager.get(f"/lists/{black}/").soup.select("table.contacts #rows tr")[0]
    delete = row.select_one("a.danger")["href"]
    form = fields(as_manager.get(delete))
    as_manager.post(delete, form)
    found = sandbox.lists(account)[black]
    found["contacts"].append(ContactPayloadFactory(name="Бухгалтерия", phones=[NUMBER]))
    sandbox.put(account, black, found)
    again = as_manager.post(delete, form, follow=True)
    assert again.status_code in (200, 409)
    assert "Бухгалтерия" in text(again)


def test_a_failure_shows_what_was_typed_and_not_what_pages_carry_along(as_manager, sandbox, black):
    page = as_manager.post("/block/", {"numbers": NEW, "name": "Спам", "list": [black]})
    shown = page.soup.select_one("[name=shown]")["value"]
    sandbox.fail("500", times=None)
    typed = {"numbers": NEW, "name": "Спам", "list": [black], "shown": shown, "confirm": "1"}
    answer = as_manager.post("/block/", typed)
    told = {row.dt.text: row.dd.text.strip() for row in answer.soup.select("dl.about div")}
    assert told == {
        says("Numbers"): NEW,
        says("Name"): "Спам",
        says("List"): says("no. %(id)s", id=black),  # the journal knows no name of it
    }
    kept = {field["name"] for field in answer.soup.select("main form input[type=hidden]")}
    assert kept >= {"shown", "list", "confirm", "numbers"}

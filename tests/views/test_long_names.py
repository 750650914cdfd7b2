"""Names of 100,000 characters: a page shows their beginning, and the whole once, where it is edited."""

import pytest

from lists.models import Action
from lists.plusofon.values import Contact
from lists.sameness import contact_key
from tests.client import fields, text
from tests.factories import BlockRequestFactory, JournalEntryFactory
from tests.words import saying

LIST, NAME = "Л" * 100_000, "К" * 100_000
NUMBER = "79998887766"
KEY = contact_key(Contact(NAME, (NUMBER, "8 (812) 333-44-55")))


@pytest.fixture
def long(sandbox, account):
    """A list with such a name, of three contacts with such names."""
    sandbox.validate = False
    contacts = [
        {"name": NAME, "phones": [NUMBER, "8 (812) 333-44-55"]},
        {"name": NAME, "phones": ["7999*"]},
        {"name": NAME, "phones": [NUMBER]},
    ]
    return sandbox.add_list(account, name=LIST, contacts=contacts)


@pytest.fixture
def trail(long, support):
    """What tells of the list: entries of the journal, requests."""
    for action in (Action.CREATE, Action.DELETE):
        JournalEntryFactory(list_id=long, list_name=LIST, action=action, change="")
    JournalEntryFactory(list_id=long, list_name=LIST)
    BlockRequestFactory(list_id=long, list_name=LIST, numbers="79991112233")
    decided = {"state": "accepted", "decided_by": "manager", "answer": LIST, "white_lists": LIST}
    asked = BlockRequestFactory(list_id=long, list_name=LIST, user=support, **decided)
    asked.decided_at = asked.asked_at
    asked.save()
    return asked


SHOWN = [
    *("/lists/", "/lists/{long}/", "/lists/{long}/?q=К", "/lists/{long}/delete/"),
    *("/lists/{long}/contacts/new/", "/lists/{long}/contacts/{key}/delete/"),
    *("/lists/{long}/contacts/0000000000000000/edit/", "/lookup/?number={number}"),
    *("/lookup/?number=79990000000", "/lookup/?number=КККК", "/lookup/many/?numbers={number}"),
    *("/journal/", "/journal/?list={long}", "/journal/journal.csv", "/requests/"),
    *("/requests/new/", "/block/", "/requests/{asked}/decline/", "/requests/{asked}/accept/"),
]


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_shows_their_beginning(as_manager, sandbox, long, trail, path):
    asked = BlockRequestFactory(list_id=long, list_name=LIST).pk
    answer = as_manager.get(path.format(long=long, key=KEY, number=NUMBER, asked=asked))
    assert answer.status_code in (200, 404)
    is_file = path.endswith(".csv")
    body = b"".join(answer).decode() if is_file else str(answer.soup)
    assert len(body.encode()) < 60_000
    assert "Л" * 200 + "…" in body or "К" * 200 + "…" in body


@pytest.mark.parametrize("path", ["/lists/{long}/edit/", "/lists/{long}/contacts/{key}/edit/"])
def test_where_it_is_edited_the_whole_is_there_once(as_manager, sandbox, long, path):
    page = as_manager.get(path.format(long=long, key=KEY)).content.decode()
    assert page.count(LIST) + page.count(NAME) == 1
    assert len(page.encode()) < 2 * 100_000 + 60_000


def test_a_preview_of_a_block_and_what_became_of_it_show_their_beginning(
    as_manager, sandbox, long, account
):
    other = sandbox.add_list(account, name="Второй", contacts=[])
    typed = {"numbers": f"{NUMBER}, 101", "name": "Спам", "list": [long, other]}
    preview = as_manager.post("/block/", typed)
    done = as_manager.post("/block/", {**typed, "confirm": "1"})
    for page in (preview, done):
        assert "Л" * 200 + "…" in text(page)
        assert len(page.content) < 60_000


class TestEditing:
    """What was seen is known again though the name does not come along twice."""

    def path(self, long):
        return f"/lists/{long}/contacts/{KEY}/edit/"

    def stored(self, sandbox, account, long):
        return [(c["name"], c["phones"]) for c in sandbox.lists(account)[long]["contacts"]]

    @pytest.mark.parametrize("name", [NAME, "Короткое"])
    def test_the_numbers_that_nobody_touched_stay_as_they_are(
        self, as_manager, sandbox, account, long, name
    ):
        form = fields(as_manager.get(self.path(long)), name=name)
        form["phones"] += "\n101"
        answer = as_manager.post(self.path(long), form, follow=True)
        assert len(answer.content) < 60_000
        assert saying("“%(name)s” is changed.").search(text(answer))
        assert self.stored(sandbox, account, long)[0] == (
            name,
            [NUMBER, "8 (812) 333-44-55", "101"],
        )

    @pytest.mark.parametrize("name", [NAME, "Короткое"])
    def test_what_somebody_changed_meanwhile_is_a_conflict(
        self, as_manager, sandbox, account, long, name
    ):
        form = fields(as_manager.get(self.path(long)), name=name)
        found = sandbox.lists(account)[long]
        found["contacts"][0]["phones"] = [NUMBER, "8 (812) 333-44-55", "102"]
        sandbox.put(account, long, found)
        answer = as_manager.post(self.path(long), form)
        assert answer.status_code == 409
        assert self.stored(sandbox, account, long)[0][1][-1] == "102"
        again = as_manager.post(answer.soup.select_one("tr form")["action"], fields(answer))
        assert again.status_code == 302
        assert self.stored(sandbox, account, long)[0] == (name, [NUMBER, "8 (812) 333-44-55"])

    def test_a_new_name_may_not_be_as_long(self, as_manager, sandbox, account, long):
        form = fields(as_manager.get(self.path(long)), name=NAME + "К")
        answer = as_manager.post(self.path(long), form)
        assert answer.status_code == 422
        assert answer.soup.select_one("[name=name]")["value"] == NAME + "К"
        assert self.stored(sandbox, account, long)[0][0] == NAME

    def test_a_contact_is_removed(self, as_manager, sandbox, account, long):
        path = self.path(long).replace("edit", "delete")
        answer = as_manager.post(path, fields(as_manager.get(path)))
        assert answer.status_code == 302
        assert len(self.stored(sandbox, account, long)) == 2


class TestAList:
    def test_is_renamed(self, as_manager, sandbox, account, long):
        path = f"/lists/{long}/edit/"
        form = fields(as_manager.get(path), name="Короткое")
        assert as_manager.post(path, form).status_code == 302
        assert sandbox.lists(account)[long]["name"] == "Короткое"

    def test_keeps_its_name_where_only_the_type_is_changed(
        self, as_manager, sandbox, account, long
    ):
        path = f"/lists/{long}/edit/"
        form = fields(as_manager.get(path), type="white")
        assert as_manager.post(path, form).status_code == 302
        found = sandbox.lists(account)[long]
        assert (found["name"], found["type"]) == (LIST, "white")

    def test_that_somebody_renamed_meanwhile_is_a_conflict(
        self, as_manager, sandbox, account, long
    ):
        path = f"/lists/{long}/edit/"
        form = fields(as_manager.get(path), name="Короткое")
        sandbox.put(account, long, sandbox.lists(account)[long] | {"name": LIST + "!"})
        answer = as_manager.post(path, form)
        assert answer.status_code == 409
        assert sandbox.lists(account)[long]["name"] == LIST + "!"
        assert as_manager.post(path, fields(answer, name="Короткое")).status_code == 302
        assert sandbox.lists(account)[long]["name"] == "Короткое"

    def test_that_somebody_renamed_so_already_needs_nothing(
        self, as_manager, sandbox, account, long
    ):
        path = f"/lists/{long}/edit/"
        form = fields(as_manager.get(path), name="Короткое")
        sandbox.put(account, long, sandbox.lists(account)[long] | {"name": "Короткое"})
        assert as_manager.post(path, form).status_code == 302

    @pytest.mark.parametrize("path", ["/lists/{long}/edit/", "/lists/new/"])
    def test_is_given_no_new_name_as_long(self, as_manager, sandbox, long, path):
        path = path.format(long=long)
        answer = as_manager.post(path, fields(as_manager.get(path), name="я" * 1001))
        assert answer.status_code == 422
        assert answer.soup.select_one("[name=name]")["value"] == "я" * 1001

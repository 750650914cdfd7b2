"""What a button writes is what was shown before it: else it is shown again, and nothing is written."""

import pytest

from lists.models import JournalEntry
from tests.calls import writes
from tests.client import fields, text
from tests.factories import BlockRequestFactory, ContactPayloadFactory, JournalEntryFactory
from tests.words import says, says_many

NEW, OTHER = "79991112233", "79994445566"


@pytest.fixture
def second(sandbox, account):
    return sandbox.add_list(account, name="Второй")


@pytest.fixture
def preview(as_manager, black):
    def preview(numbers=NEW, lists=(), path="/block/"):
        typed = {"numbers": numbers, "name": "Спам", "list": [black, *lists]}
        page = as_manager.post(path, typed)
        assert page.status_code == 200
        return {**typed, "shown": page.soup.select_one("[name=shown]")["value"], "confirm": "1"}

    return preview


def is_shown_again(answer):
    return answer.status_code == 409 and says("Something has changed.") in text(answer)


class TestBlocking:
    def test_what_was_shown_is_written(self, as_manager, sandbox, preview, second):
        shown = preview(f"{NEW}\n79998887766", [second])
        answer = as_manager.post("/block/", shown)
        assert answer.status_code == 200
        assert len(writes(sandbox)) == 2

    def test_it_does_not_matter_in_which_order_the_lists_are_sent(
        self, as_manager, sandbox, preview, second
    ):
        shown = preview(NEW, [second])
        shown["list"].reverse()
        as_manager.post("/block/", shown)
        assert len(writes(sandbox)) == 2

    @pytest.mark.parametrize(
        "changed", [{"numbers": f"{NEW}, {OTHER}"}, {"numbers": OTHER}, {"name": "Другое"}]
    )
    def test_something_else_that_was_typed_is_shown_first(
        self, as_manager, sandbox, preview, changed
    ):
        answer = as_manager.post("/block/", preview() | changed)
        assert is_shown_again(answer)
        assert writes(sandbox) == []
        assert answer.soup.select_one("[name=shown]")["value"]

    def test_a_second_list_that_was_ticked_since_is_shown_first(
        self, as_manager, sandbox, preview, black, second
    ):
        assert is_shown_again(as_manager.post("/block/", preview() | {"list": [black, second]}))
        assert writes(sandbox) == []

    @pytest.mark.parametrize(
        "odd", ["x", "[]", '["x", "zz"]', "[1, 2]", '["' + "0" * 16 + '", "1"]']
    )
    def test_what_no_page_has_shown_is_shown_first(self, as_manager, sandbox, preview, odd):
        assert is_shown_again(as_manager.post("/block/", preview() | {"shown": odd}))
        assert writes(sandbox) == []

    def test_a_list_that_has_changed_is_shown_again(
        self, as_manager, sandbox, account, preview, black
    ):
        """One of two numbers is there by now: the button said two."""
        shown = preview(f"{NEW}, {OTHER}")
        found = sandbox.lists(account)[black]
        found["contacts"].append(ContactPayloadFactory(phones=[OTHER]))
        sandbox.put(account, black, found)
        sandbox.clear_calls()
        assert is_shown_again(as_manager.post("/block/", shown))
        assert writes(sandbox) == []

    def test_one_of_several_lists_that_has_changed_is_left_and_offered_again(
        self, as_manager, sandbox, account, preview, black, second
    ):
        shown = preview(f"{NEW}, {OTHER}", [second])
        found = sandbox.lists(account)[black]
        found["contacts"].append(ContactPayloadFactory(phones=[OTHER]))
        sandbox.put(account, black, found)
        sandbox.clear_calls()
        answer = as_manager.post("/block/", shown)
        assert answer.status_code == 207
        assert says("not saved: the list has changed since you looked") in text(answer)
        assert writes(sandbox) == [("PUT", f"/api/v1/contact-lists/{second}")]
        again = answer.soup.select_one("form[action='/block/']")
        assert [box["value"] for box in again.select("[name=list]")] == [str(black)]
        assert not again.select("[name=confirm]")

    @pytest.mark.parametrize("changed", [{"name": "Другой"}, {"type": "white"}])
    def test_a_list_of_another_name_or_type_by_now_is_shown_first(
        self, as_manager, sandbox, account, preview, black, changed
    ):
        shown = preview()
        sandbox.put(account, black, {**sandbox.lists(account)[black], **changed})
        assert is_shown_again(as_manager.post("/block/", shown))
        assert writes(sandbox) == []

    def test_the_button_names_numbers_and_lists(self, as_manager, preview, black, second):
        one = as_manager.post("/block/", {"numbers": NEW, "name": "Спам", "list": black})
        assert says_many(
            "Block %(new)s number in “%(list)s”",
            "Block %(new)s numbers in “%(list)s”",
            1,
            list="Чёрный список 1",
        ) in text(one)
        two = as_manager.post(
            "/block/", {"numbers": f"{NEW} , {OTHER}", "name": "Спам", "list": [black, second]}
        )
        assert says_many(
            "Block %(new)s number %(lists)s",
            "Block %(new)s numbers %(lists)s",
            2,
            lists=says_many("in %(total)s list", "in %(total)s lists", 2),
        ) in text(two)


def test_a_request_is_accepted_as_it_was_shown(as_manager, support, sandbox, black, preview):
    asked = BlockRequestFactory(user=support, list_id=black, numbers=NEW)
    path = f"/requests/{asked.pk}/accept/"
    shown = preview(path=path)
    assert is_shown_again(as_manager.post(path, shown | {"numbers": OTHER}))
    asked.refresh_from_db()
    assert asked.state == "open"
    assert writes(sandbox) == []
    assert as_manager.post(path, shown).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "accepted"


class TestUndoing:
    @pytest.fixture
    def done(self, as_manager, black):
        as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Вера", "phones": "102"})
        return JournalEntry.objects.get()

    def undo_form(self, page, entry):
        form = page.soup.select_one(f"form[action='/journal/{entry.pk}/undo/']")
        return {"seen": form.select_one("[name=seen]")["value"]}

    @pytest.mark.parametrize("where", ["/journal/", "/lists/{}/"])
    def test_an_entry_as_it_was_shown_is_undone(self, as_manager, done, black, where):
        form = self.undo_form(as_manager.get(where.format(black)), done)
        assert as_manager.post(f"/journal/{done.pk}/undo/", form).status_code == 302
        assert JournalEntry.objects.count() == 2

    def test_an_entry_of_which_more_is_known_by_now_is_shown_again(self, as_manager, done, sandbox):
        form = self.undo_form(as_manager.get("/journal/"), done)
        JournalEntry.objects.update(digest_after="another")
        answer = as_manager.post(f"/journal/{done.pk}/undo/", form)
        assert answer.status_code == 409
        assert says("Check again before you undo this change") in text(answer)
        assert JournalEntry.objects.count() == 1
        again = self.undo_form(answer, done)
        assert as_manager.post(f"/journal/{done.pk}/undo/", again).status_code == 302

    def test_what_a_late_write_overwrote_is_said_and_can_be_done_again(
        self, as_manager, done, sandbox, account, black
    ):
        as_manager.get("/journal/")  # takes the toast of the addition away
        late = JournalEntryFactory(list_id=black, username="anna")
        JournalEntry.objects.filter(pk=done.pk).update(overwritten_by=late)
        found = sandbox.lists(account)[black]
        del found["contacts"][-1]
        sandbox.put(account, black, found)
        for page in (as_manager.get("/journal/"), as_manager.get(f"/lists/{black}/")):
            assert says("overwritten") in text(page)
            assert not page.soup.select(f"form[action='/journal/{done.pk}/undo/']")
            assert page.soup.select(f"form[action='/journal/{done.pk}/repeat/']")
        assert as_manager.post(f"/journal/{done.pk}/undo/").status_code == 409
        answer = as_manager.post(f"/journal/{done.pk}/repeat/", follow=True)
        assert says("Change repeated.") in text(answer)
        assert sandbox.lists(account)[black]["contacts"][-1]["name"] == "Вера"
        assert says("repeated") in text(as_manager.get("/journal/"))
        again = as_manager.post(f"/journal/{done.pk}/repeat/", follow=True)
        assert again.status_code == 200

    def test_what_nothing_overwrote_is_not_done_again(self, as_manager, done):
        assert as_manager.post(f"/journal/{done.pk}/repeat/").status_code == 409

    def test_what_became_another_is_not_done_again(self, as_manager, done, sandbox, account, black):
        JournalEntry.objects.update(
            overwritten_by=done.pk,
            change='{"contacts": [{"before": {"name": "Нет", "phones": ["1"]},'
            ' "after": {"name": "А", "phones": ["102", "7"]}}]}',
        )
        answer = as_manager.post(f"/journal/{done.pk}/repeat/")
        assert answer.status_code == 409


def test_deleting_a_list_that_changed_since_is_asked_again(as_manager, sandbox, account, black):
    form = fields(as_manager.get(f"/lists/{black}/delete/"))
    found = sandbox.lists(account)[black]
    found["contacts"].append(ContactPayloadFactory())
    sandbox.put(account, black, found)
    assert as_manager.post(f"/lists/{black}/delete/", form).status_code == 409
    assert writes(sandbox) == []

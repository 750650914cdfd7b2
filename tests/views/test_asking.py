"""What support may ask for: a block, an unblock, a list of the manager's choice; and take back."""

import re

import pytest

from lists.models import BlockRequest, JournalEntry
from lists.services import requests
from tests.client import fields, text
from tests.conftest import signed_in
from tests.factories import BlockRequestFactory, CredentialFactory, UserFactory, claim
from tests.words import saying, says

FREE, BLOCKED = "8 999 111-22-33", "8 999 888-77-66"  # in no list, though there is 7999*
NOWHERE = "8 495 111-22-33"  # and no mask covers it
Kind, State = BlockRequest.Kind, BlockRequest.State
NOT_BLOCKED = (
    says("No list blocks this number yet."),
    says("No list blocks these numbers yet."),
    says("not blocked", context="of a number"),
)


@pytest.fixture
def form(black):
    """As a person sends it who was told that an entry may mean the number."""
    told = {"checked": "79991112233"}
    return {"numbers": FREE, "list": str(black), "reason": "Мешает", **told}


def written(sandbox):
    return [call for call in sandbox.calls if call.method != "GET"]


def reads_of_lists(sandbox, black):
    return sum(call.path.endswith(f"contact-lists/{black}") for call in sandbox.calls)


class TestAnUnblock:
    PATH = "/requests/new/unblock/"

    def test_is_asked_for_where_a_lookup_finds_the_number(self, as_support, as_manager, black):
        link = f"a[href='{self.PATH}?number=79998887766']"
        assert as_support.get("/lookup/?number=79998887766").soup.select_one(link)
        assert not as_support.get(f"/lookup/?number={FREE}").soup.select_one(link)
        assert not as_manager.get("/lookup/?number=79998887766").soup.select_one(link)

    def test_carries_the_number_and_the_reason(self, as_support, as_manager, sandbox, black):
        page = as_support.get(f"{self.PATH}?number=79998887766")
        assert "+7 999 888-77-66" in text(page)
        answer = as_support.post(self.PATH, fields(page, reason="Это клиент"))
        assert (answer.status_code, answer.url) == (302, "/requests/")
        asked = BlockRequest.objects.get()
        assert (asked.kind, asked.numbers, asked.list_id) == (Kind.UNBLOCK, "79998887766", None)
        queue = as_manager.get("/requests/")
        unblock = says("Unblock", context="asked for")
        assert f"{unblock} +7 999 888-77-66 Это клиент support" in text(queue)
        assert written(sandbox) == []
        assert JournalEntry.objects.get().action == "ask"
        assert "+7 999 888-77-66" in text(as_manager.get("/journal/?action=ask"))
        assert as_manager.get("/journal/journal.csv").status_code == 200

    @pytest.mark.parametrize("query", ["", "?number=", "?number=abc"])
    def test_without_a_number_leads_to_the_lookup(self, as_support, query):
        answer = as_support.get(self.PATH + query)
        assert answer.status_code == 302
        assert answer.url.startswith("/lookup/?number=")

    def test_needs_a_reason_and_keeps_the_number(self, as_support, black):
        answer = as_support.post(self.PATH, {"number": BLOCKED, "reason": ""})
        assert answer.status_code == 422
        why = says("Give a reason: a manager decides by it.")
        assert why in answer.soup.select_one("#id_reason_error").text
        assert answer.soup.select_one("main [name=number]")["value"] == "79998887766"

    def test_of_a_foreign_number_stays_foreign(self, as_support, black):
        as_support.post(self.PATH, {"number": "+84961234567", "reason": "Клиент"})
        page = as_support.get(f"{self.PATH}?number=%2B84961234567")
        as_support.post(self.PATH, fields(page, reason="Клиент"))
        assert len({asked.numbers for asked in BlockRequest.objects.all()}) == 1

    def test_pressed_twice_is_asked_for_once(self, as_support, black):
        page = as_support.get(f"{self.PATH}?number=79998887766")
        for _ in range(2):
            sent = as_support.post(self.PATH, fields(page, reason="Клиент"))
            assert sent.status_code == 302
        assert BlockRequest.objects.count() == 1

    def test_says_who_has_asked_already(self, as_support, support, black):
        number = "79998887766"
        first = BlockRequestFactory(user=support, kind="unblock", numbers=number, list_id=None)
        page = as_support.get(f"{self.PATH}?number={number}")
        already = "%(who)s has already requested an unblock (%(time)s, no. %(id)s)"
        assert saying(already, who="support", id=first.pk).search(text(page))
        told = as_support.get(f"/lookup/?number={number}")
        has = "%(who)s has requested an unblock of this number (%(time)s): %(reason)s"
        assert saying(has, who="support", reason=first.reason).search(text(told))
        assert not told.soup.select(f"a[href^='{self.PATH}']")

    def test_counts_among_the_undecided(self, as_support, support):
        BlockRequestFactory.create_batch(requests.MOST_OPEN, user=support)
        answer = as_support.post(self.PATH, {"number": BLOCKED, "reason": "Клиент"})
        assert answer.status_code == 422
        assert says(
            "You already have %(most)s open requests. Wait for a manager to decide; this one was"
            " not sent.",
            most=100,
        ) in text(answer)


class TestTheList:
    def test_may_be_left_to_the_manager(self, as_support, as_manager, form, black):
        options = as_support.get("/requests/new/").soup.select("[name=list] option")
        assert [option["value"] for option in options] == ["manager", str(black)]
        as_support.post("/requests/new/", form | {"list": "manager"})
        assert BlockRequest.objects.get().list_id is None
        page = as_manager.get("/requests/")
        assert f"+7 999 111-22-33 {says('the manager chooses the list')}" in text(page)
        told = as_manager.get(f"/lookup/?number={FREE}")
        has = "%(who)s has requested a block of this number (%(time)s): %(reason)s"
        assert saying(has, who="support", reason="Мешает").search(text(told))
        assert as_manager.get("/journal/journal.csv").status_code == 200

    def test_of_the_last_request_comes_first_next_time(self, as_support, form, black):
        as_support.post("/requests/new/", form)
        options = as_support.get("/requests/new/").soup.select("[name=list] option")
        assert [option["value"] for option in options] == [str(black), "manager"]


class TestTakingItBack:
    @pytest.fixture
    def asked(self, support, black):
        return BlockRequestFactory(user=support, list_id=black)

    def test_is_done_by_who_asked(self, as_support, as_manager, asked):
        path = f"/requests/{asked.pk}/withdraw/"
        assert as_support.get("/requests/").soup.select_one(f"form[action='{path}']")
        answer = as_support.post(path)
        assert (answer.status_code, answer.url) == (302, "/requests/")
        page = as_support.get("/requests/")
        assert says("Request no. %(id)s is withdrawn.", id=asked.pk) in text(page)
        assert says("withdrawn") in page.soup.select_one(f"#request-{asked.pk}").text
        assert not page.soup.select("header .waiting")
        assert not as_manager.get("/requests/").soup.select("header .waiting")
        assert len(as_manager.get("/journal/?action=withdraw").soup.select("tbody tr")) == 1

    def test_twice_is_as_good_as_once(self, as_support, asked):
        for _ in range(2):
            assert as_support.post(f"/requests/{asked.pk}/withdraw/").status_code == 302
        assert JournalEntry.objects.count() == 1

    def test_opened_without_pressing_does_nothing(self, as_support, asked):
        assert as_support.get(f"/requests/{asked.pk}/withdraw/").url == "/requests/"
        assert BlockRequest.objects.get().state == State.OPEN

    def test_is_not_for_anybody_else(self, as_manager, asked):
        anna = UserFactory(username="anna", group="Support")
        CredentialFactory(user=anna)
        for client in (as_manager, signed_in(anna)):
            assert not client.get("/requests/").soup.select("form[action$='/withdraw/']")
            assert client.post(f"/requests/{asked.pk}/withdraw/").status_code == 403
        assert BlockRequest.objects.get().state == State.OPEN

    def test_is_not_for_strangers(self, as_support, asked):
        BlockRequest.objects.update(account="another")
        assert as_support.post(f"/requests/{asked.pk}/withdraw/").status_code == 404

    def test_waits_while_a_manager_decides(self, as_support, asked, claimed):
        page = as_support.get("/requests/")
        assert not page.soup.select("form[action$='/withdraw/']")
        answer = as_support.post(f"/requests/{asked.pk}/withdraw/")
        assert answer.status_code == 409
        assert says("A manager is already handling it") in text(answer)
        assert "manager" in text(answer)

    @pytest.fixture
    def claimed(self, asked, manager):
        claim(asked, by=manager)

    def test_is_told_to_who_decides_it_later(self, as_manager, support, asked):
        requests.withdraw(asked, by=support)
        for path in ("accept", "decline"):
            answer = as_manager.get(f"/requests/{asked.pk}/{path}/")
            assert answer.status_code == 409
            assert says("withdrawn") in text(answer)


class TestAWarning:
    """That a number is blocked already or asked for: while typing, and when the form is sent."""

    PATH = "/requests/new/"
    BLOCKED_IN = says("already blocked in")
    PERHAPS_IN = says("perhaps: an entry may mean it:")

    def check(self, client, what="asked", **form):
        return client.piece(self.PATH, {"check": what, **form}, post=True)

    def test_of_what_was_asked_for_needs_no_call(self, as_support, support, sandbox, black):
        asked = BlockRequestFactory(user=support, list_id=black)
        piece = self.check(as_support, numbers=f"{FREE}\n{BLOCKED}")
        already = "%(who)s has already requested a block (%(time)s, no. %(id)s)"
        known = saying(already, who="support", id=asked.pk).pattern
        assert re.search(rf"\+7 999 111-22-33: {known}", text(piece))
        assert "888-77-66" not in text(piece)
        assert sandbox.calls == []

    def test_of_what_is_blocked_is_looked_up_after_a_pause(self, as_support, sandbox, black):
        piece = self.check(as_support, numbers=BLOCKED)
        looks = piece.soup.select_one("button[hx-post]")
        assert "load delay:1s" in looks["hx-trigger"]
        piece = self.check(as_support, "lists", numbers=BLOCKED)
        assert f"+7 999 888-77-66: {self.BLOCKED_IN} Чёрный список 1" in text(piece)
        assert saying("All lists were read at %(time)s.").search(text(piece))
        assert not piece.soup.select("button")
        assert piece.soup.select_one("[name=checked]")["value"] == "79998887766"

    def test_tells_what_is_free_only_when_all_was_read(self, as_support, sandbox, account, black):
        piece = self.check(as_support, "lists", numbers=NOWHERE)
        assert says("No list blocks this number yet.") in text(piece)
        broken = sandbox.add_list(account, name="Второй")
        sandbox.fail("500", method="GET", path=f"contact-lists/{broken}", times=None)
        piece = self.check(as_support, "lists", numbers=NOWHERE)
        assert saying("Not all lists could be read at %(time)s.").search(text(piece))
        assert not any(words in text(piece) for words in NOT_BLOCKED)

    def test_of_an_entry_that_may_mean_a_number_is_never_a_plain_answer(
        self, as_support, sandbox, account, black
    ):
        contacts = [{"name": "АТС", "phones": ["7999111****"]}]
        sandbox.add_list(account, name="Второй", contacts=contacts)
        sandbox.add_list(account, name="Белый", type="white", contacts=contacts)
        for numbers in (FREE, f"{FREE}\n{NOWHERE}"):
            told = text(self.check(as_support, "lists", numbers=numbers))
            assert f"+7 999 111-22-33: {self.PERHAPS_IN} Чёрный список 1, Второй" in told
            assert "Белый" not in told
            assert not any(words in told for words in (*NOT_BLOCKED, self.BLOCKED_IN))

    def test_of_an_entry_that_may_mean_a_number_is_shown_once_when_the_form_is_sent(
        self, as_support, form, black
    ):
        answer = as_support.post(self.PATH, form | {"checked": ""})
        assert answer.status_code == 422
        assert f"+7 999 111-22-33: {self.PERHAPS_IN} Чёрный список 1" in text(answer)
        again = as_support.post(self.PATH, fields(answer, list=str(black)))
        assert again.status_code == 302

    def test_never_says_anything_false_when_plusofon_fails(self, as_support, sandbox, black):
        sandbox.fail("500", method="GET", path="contact-lists", times=None)
        piece = self.check(as_support, "lists", numbers=FREE)
        assert piece.status_code == 200
        assert not any(words in text(piece) for words in NOT_BLOCKED)

    @pytest.mark.parametrize("typed", ["", "8 999", "101", "abc", "899911122"])
    def test_says_nothing_of_what_is_no_whole_number(self, as_support, sandbox, black, typed):
        for what in ("asked", "lists"):
            assert text(self.check(as_support, what, numbers=typed)) == ""
        assert sandbox.calls == []

    def test_is_not_looked_up_again_for_the_same_numbers(self, as_support, sandbox, black):
        typed = {"numbers": f"{BLOCKED}\n8 9", "checked": "79998887766"}
        assert self.check(as_support, **typed).headers["HX-Reswap"] == "none"
        typed["numbers"] = f"{BLOCKED}\n{FREE}"
        assert self.check(as_support, **typed).soup.select("button[hx-post]")
        assert sandbox.calls == []

    def test_of_many_numbers_is_looked_up_when_it_is_pressed(self, as_support, sandbox, black):
        many = "\n".join(f"8 495 111-22-3{n}" for n in range(4))
        piece = self.check(as_support, numbers=many)
        assert piece.soup.select_one("button[hx-post]")["hx-trigger"] == "click"
        checked = self.check(as_support, "lists", numbers=many)
        assert says("No list blocks these numbers yet.") in text(checked)

    def test_is_shown_once_when_the_form_is_sent(self, as_support, support, form, black):
        asked = BlockRequestFactory(user=support, list_id=black)
        form |= {"numbers": f"{FREE}\n101\n{BLOCKED}", "checked": ""}
        answer = as_support.post(self.PATH, form)
        assert answer.status_code == 422
        already = "%(who)s has already requested a block (%(time)s, no. %(id)s)"
        assert saying(already, who="support", id=asked.pk).search(text(answer))
        assert f"101: {self.BLOCKED_IN} Чёрный список 1" in text(answer)
        assert answer.soup.select_one("#id_reason")["value"] == "Мешает"
        assert says("Send anyway") in text(answer)
        again = as_support.post(self.PATH, fields(answer, list=str(black)))
        assert again.status_code == 302
        assert BlockRequest.objects.count() == 2

    def test_that_was_seen_is_not_looked_up_again(self, as_support, sandbox, form, black):
        form |= {"numbers": BLOCKED, "checked": "79998887766"}
        assert as_support.post(self.PATH, form).status_code == 302
        assert reads_of_lists(sandbox, black) == 0

    def test_does_not_keep_from_asking_what_cannot_be_looked_up(
        self, as_support, sandbox, form, black
    ):
        sandbox.fail("500", method="GET", path=f"contact-lists/{black}", times=None)
        assert as_support.post(self.PATH, form | {"numbers": BLOCKED}).status_code == 302

    def test_is_not_about_what_the_same_form_has_asked_for(self, as_support, form, black):
        sent = fields(as_support.get(self.PATH), **form | {"numbers": NOWHERE, "checked": ""})
        for _ in range(2):
            assert as_support.post(self.PATH, sent).status_code == 302
        assert BlockRequest.objects.count() == 1

    def test_keeps_what_was_typed_when_the_session_ends(self, as_support, support, form, black):
        as_support.logout()
        piece = self.check(as_support, **form)
        assert piece.headers["HX-Redirect"] == "/login/?next=/requests/new/"
        as_support.force_login(support)
        page = as_support.get(self.PATH)
        assert page.soup.select_one("#id_reason")["value"] == "Мешает"

"""A manager decides in the queue what conflicts with nothing, and on a page what does."""

import re

import pytest
from django.contrib.sessions.models import Session

from lists.models import BlockRequest, JournalEntry
from lists.services import deciding, requests
from tests.client import fields, text, words
from tests.factories import BlockRequestFactory, UserFactory, claim
from tests.trouble import failing
from tests.words import saying, says, says_many

NOWHERE, BLOCKED = "74951112233", "79998887766"
MASKED = "79991112233"  # in no list, but there is 7999*
State = BlockRequest.State
FROM = says("from", context="a list")


@pytest.fixture
def asked(support, black):
    return BlockRequestFactory(user=support, list_id=black, numbers=NOWHERE)


@pytest.fixture
def here(asked):
    return f"/requests/{asked.pk}/accept/here/"


@pytest.fixture
def page(asked):
    return f"/requests/{asked.pk}/accept/"


@pytest.fixture
def to_unblock(support, black):
    return BlockRequestFactory(user=support, kind="unblock", numbers=BLOCKED, list_id=None)


def confirmed(piece):
    """What the row's form would send."""
    form = piece.soup.select_one("tr form")
    sent = {
        f["name"]: f["value"] for f in form.select("input") if f["name"] != "csrfmiddlewaretoken"
    }
    return sent | {"confirm": "1"}


def written(sandbox):
    return [call for call in sandbox.calls if call.method != "GET"]


def offered(page):
    """What the page's form would send, with every box that is ticked."""
    form = page.soup.select_one("main form")
    ticked = [box["value"] for box in form.select("[name=contact][checked]")]
    return {**fields(page), "contact": ticked}


class TestInItsRow:
    def test_it_is_looked_at_first(self, as_manager, sandbox, asked, here, page):
        link = as_manager.get("/requests/").soup.select_one(f"a[hx-get='{here}']")
        assert link["href"] == page
        row = as_manager.piece(here)
        assert row.soup.select_one("tr")["id"] == f"request-{asked.pk}"
        assert saying("Not in any list yet, checked at %(time)s.").search(text(row))
        assert says("Name: %(name)s", name="Мешает") in text(row)
        block = "Block %(new)s number in “%(list)s”", "Block %(new)s numbers in “%(list)s”"
        assert says_many(*block, 1, list="Чёрный список 1") in row.soup.select_one("button").text
        assert written(sandbox) == []
        assert BlockRequest.objects.get().claimed_by == ""

    def test_it_is_accepted_without_leaving_the_queue(
        self, as_manager, as_support, sandbox, account, black, asked, here
    ):
        row = as_manager.piece(here, confirmed(as_manager.piece(here)), post=True)
        assert row.status_code == 200
        blocked = f"{says('blocked')} {says('in', context='a list')} Чёрный список 1 manager"
        assert blocked in text(row)
        assert says("No request is waiting.") in row.soup.select_one("[hx-target='#queue']").text
        assert "requests-changed" in row.headers["HX-Trigger"]
        assert "+7 495 111-22-33" in row.soup.select_one(".toast.success").text
        assert sandbox.lists(account)[black]["contacts"][-1] == {
            "name": "Мешает",
            "phones": [NOWHERE],
        }
        asked.refresh_from_db()
        assert (asked.state, asked.answer) == (State.ACCEPTED, "Чёрный список 1")
        assert len(written(sandbox)) == 1

    @pytest.mark.parametrize(
        "of",
        [
            {"numbers": BLOCKED},
            {"numbers": f"{NOWHERE}\n{BLOCKED}"},
            {"numbers": MASKED},
            {"numbers": f"{NOWHERE}\n{MASKED}"},
            {"numbers": "101"},
            {"numbers": "12345678901234"},
            {"numbers": "\n".join(f"7495111223{n}" for n in range(6))},
            {"list_id": 999},
            {"list_id": None},
            {"kind": "unblock", "list_id": None},
        ],
    )
    def test_whatever_conflicts_leads_to_the_page(self, as_manager, asked, here, page, of):
        """Blocked elsewhere or here already, or perhaps; doubtful, too many to show, a list that is gone
        or missing."""
        BlockRequest.objects.update(**of)
        assert as_manager.piece(here).headers["HX-Redirect"] == page

    def test_an_entry_that_may_mean_the_number_is_shown_on_the_page(
        self, as_manager, black, asked, page
    ):
        BlockRequest.objects.update(numbers=MASKED)
        shown = as_manager.get(page)
        assert f"{says('may mean it:')} Чёрный список 1: 7999*, 101" in text(shown)

    @pytest.mark.parametrize("of", [{"kind": "unblock", "list_id": None}, {"list_id": None}])
    def test_what_the_row_never_offers_is_not_done_there_either(
        self, as_manager, sandbox, asked, here, page, of
    ):
        sent = confirmed(as_manager.piece(here))
        BlockRequest.objects.update(**of)
        assert as_manager.piece(here, sent, post=True).headers["HX-Redirect"] == page
        assert written(sandbox) == []
        assert BlockRequest.objects.get().state == State.OPEN

    def test_a_white_list_leads_to_the_page(self, as_manager, sandbox, account, asked, here, page):
        white = sandbox.add_list(account, name="Белый", type="white")
        BlockRequest.objects.update(list_id=white)
        assert as_manager.piece(here).headers["HX-Redirect"] == page

    def test_a_list_that_cannot_be_read_leads_to_the_page(
        self, as_manager, sandbox, account, asked, here, page
    ):
        broken = sandbox.add_list(account, name="Второй")
        sandbox.fail("500", method="GET", path=f"contact-lists/{broken}", times=None)
        assert as_manager.piece(here).headers["HX-Redirect"] == page

    def test_a_list_that_has_changed_since_leads_to_the_page(
        self, as_manager, sandbox, account, black, here, page
    ):
        BlockRequest.objects.update(numbers=f"{NOWHERE}\n103")
        sent = confirmed(as_manager.piece(here))
        found = sandbox.lists(account)[black]
        found["contacts"].append({"name": "Он", "phones": [NOWHERE]})
        sandbox.put(account, black, found)
        answer = as_manager.piece(here, sent, post=True)
        assert answer.headers["HX-Redirect"] == page
        changed = says("Nothing was sent: the lists have changed. Check again.")
        assert changed in text(as_manager.get(page))
        assert written(sandbox) == []
        assert BlockRequest.objects.get().claimed_by == ""

    @pytest.mark.parametrize("changed", [{"shown": "x"}, {"confirm": None}, {"name": "Другой"}])
    def test_only_what_was_seen_is_confirmed(self, as_manager, sandbox, here, page, changed):
        sent = confirmed(as_manager.piece(here)) | changed
        sent = {name: value for name, value in sent.items() if value is not None}
        assert as_manager.piece(here, sent, post=True).headers["HX-Redirect"] == page
        assert written(sandbox) == []

    def test_more_lists_than_the_row_shows_are_not_accepted(
        self, as_manager, sandbox, account, black, here, page
    ):
        second = sandbox.add_list(account, name="Второй")
        sent = {"numbers": NOWHERE, "name": "Мешает", "list": [black, second], "confirm": "1"}
        assert as_manager.piece(here, sent, post=True).headers["HX-Redirect"] == page
        assert written(sandbox) == []

    def test_who_comes_second_is_told_in_the_row(self, as_manager, sandbox, asked, here):
        sent = confirmed(as_manager.piece(here))
        anna = UserFactory(username="anna", group="Managers")
        claim(requests.request_of(asked.pk, by=asked.user), by=anna)
        answer = as_manager.piece(here, sent, post=True)
        assert answer.status_code == 409
        assert says("%(who)s is deciding it right now", who="anna") in text(answer)
        nothing = "Somebody else has already taken this request. Nothing was sent."
        assert says(nothing) in text(answer)
        BlockRequest.objects.update(claimed_by="", claimed_at=None)
        deciding.decline(requests.request_of(asked.pk, by=asked.user), "Клиент", by=anna)
        for answer in (as_manager.piece(here), as_manager.piece(here, sent, post=True)):
            assert answer.status_code == 409
            assert f"{says('declined')} Клиент anna" in text(answer)
        assert written(sandbox) == []

    def test_pressed_twice_is_accepted_once(self, as_manager, sandbox, here):
        sent = confirmed(as_manager.piece(here))
        first, second = (as_manager.piece(here, sent, post=True) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 409)
        assert says("blocked") in text(second)
        assert len(written(sandbox)) == 1

    def test_in_doubt_stays_in_the_row_and_is_nobody_elses(
        self, as_manager, support, sandbox, black, asked, here
    ):
        sent = confirmed(as_manager.piece(here))
        sandbox.fail("cut", method="PUT", path=f"contact-lists/{black}")
        row = as_manager.piece(here, sent, post=True)
        assert row.status_code == 202
        entry = JournalEntry.objects.get()
        assert row.soup.select_one(f"tr form[action='/journal/{entry.pk}/check/'] button")
        assert not row.soup.select("tr .actions a")
        told = row.soup.select_one("[role=alert] .outcome.unknown").text
        assert saying("in doubt until %(time)s: it may still arrive").search(told)
        asked.refresh_from_db()
        assert (asked.state, asked.claimed_by) == (State.OPEN, "manager")
        with pytest.raises(requests.Taken):
            requests.withdraw(asked, by=support)

    def test_what_could_not_be_noted_offers_nothing_to_press(
        self, as_manager, sandbox, here, outside_transactions
    ):
        sent = confirmed(as_manager.piece(here))
        with failing('UPDATE "lists_journalentry"', when=lambda: written(sandbox)):
            row = as_manager.piece(here, sent, post=True)
        assert row.status_code == 202
        assert says("not known: check the journal in a minute") in text(row)
        assert not row.soup.select("tr .actions a, tr form")

    def test_a_refusal_is_said_in_the_row(self, as_manager, sandbox, black, asked, here):
        sent = confirmed(as_manager.piece(here))
        sandbox.fail("422", method="PUT", path=f"contact-lists/{black}")
        row = as_manager.piece(here, sent, post=True)
        assert row.status_code == 207
        assert row.soup.select_one(".outcome.refused")
        assert row.soup.select(f"a[hx-get='{here}']")
        asked.refresh_from_db()
        assert (asked.state, asked.claimed_by) == (State.OPEN, "")

    def test_is_put_back_by_cancelling(self, as_manager, asked, here):
        preview = as_manager.piece(here)
        cancel = preview.soup.select_one("[data-cancel]")
        row = as_manager.piece(cancel["hx-get"])
        assert row.soup.select_one(f"a[hx-get='{here}']")
        assert as_manager.get(cancel["hx-get"]).url == f"/requests/#request-{asked.pk}"

    def test_opened_without_htmx_it_leads_to_the_page(self, as_manager, sandbox, here, page):
        assert as_manager.get(here).url == page
        assert as_manager.post(here, {"confirm": "1"}).url == page
        assert written(sandbox) == []


class TestAnUnblock:
    @pytest.fixture
    def path(self, to_unblock):
        return f"/requests/{to_unblock.pk}/accept/"

    def test_offers_where_the_number_is_now(self, as_manager, sandbox, account, path):
        sandbox.add_list(account, name="Второй", contacts=[{"name": "Он", "phones": [BLOCKED]}])
        page = as_manager.get(path)
        asks = saying("%(who)s (%(time)s) asks to unblock this number:", who="support").pattern
        assert re.search(rf"{asks} \+7 999 888-77-66", text(page))
        assert len(page.soup.select("[name=contact][checked]")) == 2
        assert written(sandbox) == []

    def test_closes_with_what_was_confirmed(
        self, as_manager, as_support, sandbox, account, black, path
    ):
        answer = as_manager.post(path, {**offered(as_manager.get(path)), "confirm": "1"})
        assert (answer.status_code, answer.url) == (302, "/requests/")
        assert sandbox.lists(account)[black]["contacts"][0]["phones"] == ["79992223300"]
        page = as_support.get("/requests/")
        taken = f"{says('removed')} {says('new')} {FROM} Чёрный список 1 manager"
        assert taken in text(page)
        entry = JournalEntry.objects.get(action="accept")
        assert entry.request.state == State.ACCEPTED

    def test_tells_where_the_manager_left_it(
        self, as_manager, as_support, sandbox, account, black, path
    ):
        sandbox.add_list(account, name="Второй", contacts=[{"name": "Он", "phones": [BLOCKED]}])
        sent = offered(as_manager.get(path))
        sent["contact"] = [one for one in sent["contact"] if one.startswith(f"{black}-")]
        as_manager.post(path, {**sent, "confirm": "1"})
        page = text(as_support.get("/requests/"))
        left = says("still in", context="a list")
        assert f"{FROM} Чёрный список 1 {left} Второй" in page

    def test_without_a_choice_is_not_accepted(self, as_manager, sandbox, path):
        sent = offered(as_manager.get(path)) | {"contact": [], "confirm": "1"}
        answer = as_manager.post(path, sent)
        assert answer.status_code == 422
        assert says("Choose at least one contact.") in text(answer)
        assert written(sandbox) == []

    def test_that_is_in_no_list_any_more_is_closed(self, as_manager, as_support, sandbox, path):
        BlockRequest.objects.update(numbers=NOWHERE)
        page = as_manager.get(path)
        assert says("The number is no longer in any list.") in text(page)
        answer = as_manager.post(path, {**offered(page), "confirm": "1"})
        assert (answer.status_code, answer.url) == (302, "/requests/")
        assert written(sandbox) == []
        assert says("no longer in any list") in text(as_support.get("/requests/"))

    def test_that_came_back_meanwhile_is_offered_again(self, as_manager, sandbox, account, path):
        BlockRequest.objects.update(numbers=NOWHERE)
        sent = offered(as_manager.get(path)) | {"confirm": "1"}
        sandbox.add_list(account, name="Второй", contacts=[{"name": "Он", "phones": [NOWHERE]}])
        answer = as_manager.post(path, sent)
        assert answer.status_code == 409
        assert len(answer.soup.select("[name=contact][checked]")) == 1
        assert BlockRequest.objects.get().state == State.OPEN

    def test_is_not_closed_while_a_list_cannot_be_read(self, as_manager, sandbox, account, path):
        BlockRequest.objects.update(numbers=NOWHERE)
        broken = sandbox.add_list(account, name="Второй")
        sandbox.fail("500", method="GET", path=f"contact-lists/{broken}", times=None)
        page = as_manager.get(path)
        assert says("Not all lists could be read.") in text(page)
        assert not page.soup.select("[name=confirm]")
        assert as_manager.post(path, {"confirm": "1"}).status_code == 409
        assert BlockRequest.objects.get().state == State.OPEN

    def test_tells_of_entries_that_may_mean_it(self, as_manager, path):
        BlockRequest.objects.update(numbers=MASKED)
        page = as_manager.get(path)
        may = says("These entries may mean this number too:")
        assert f"{may} Чёрный список 1: АТС, 7999*" in text(page)
        assert not page.soup.select("[name=confirm]")
        assert as_manager.post(path, {"confirm": "1"}).status_code == 409
        assert BlockRequest.objects.get().state == State.OPEN

    def test_in_doubt_stays_open(self, as_manager, sandbox, black, path, to_unblock):
        sent = offered(as_manager.get(path)) | {"confirm": "1"}
        sandbox.fail("cut", method="PUT", path=f"contact-lists/{black}")
        answer = as_manager.post(path, sent)
        assert answer.status_code == 207
        to_unblock.refresh_from_db()
        assert (to_unblock.state, to_unblock.claimed_by) == (State.OPEN, "manager")

    def test_that_was_refused_is_offered_again(self, as_manager, sandbox, black, path, to_unblock):
        sent = offered(as_manager.get(path)) | {"confirm": "1"}
        sandbox.fail("422", method="PUT", path=f"contact-lists/{black}")
        answer = as_manager.post(path, sent)
        again = {f["name"]: f["value"] for f in answer.soup.select(f"form[action='{path}'] input")}
        page = as_manager.post(path, again)
        assert page.status_code == 200
        assert as_manager.post(path, {**offered(page), "confirm": "1"}).url == "/requests/"
        to_unblock.refresh_from_db()
        assert to_unblock.state == State.ACCEPTED

    def test_that_somebody_decides_is_theirs(self, as_manager, sandbox, path, to_unblock):
        sent = offered(as_manager.get(path)) | {"confirm": "1"}
        anna = UserFactory(username="anna", group="Managers")
        claim(to_unblock, by=anna)
        answer = as_manager.post(path, sent)
        assert answer.status_code == 409
        assert says("Already being handled") in text(answer)
        assert written(sandbox) == []

    def test_is_about_its_own_number_whatever_is_sent(
        self, as_manager, sandbox, account, black, path
    ):
        sent = offered(as_manager.get(path)) | {"confirm": "1", "number": "79992223300"}
        as_manager.post(path, sent)
        assert sandbox.lists(account)[black]["contacts"][0]["phones"] == ["79992223300"]


class TestAListOfTheManagersChoice:
    def test_is_chosen_when_accepting(self, as_manager, sandbox, account, black, asked, page):
        BlockRequest.objects.update(list_id=None, list_name="")
        shown = as_manager.get(page)
        assert shown.status_code == 200
        asks = "%(who)s (%(time)s) asks to block, you choose the list: %(reason)s"
        assert saying(asks, who="support", reason="Мешает").search(text(shown))
        assert shown.soup.select_one("#id_name")["value"] == "Мешает"
        assert not shown.soup.select("[name=list][checked], .errorlist")
        sent = {"numbers": NOWHERE, "name": "Мешает", "list": black}
        preview = as_manager.post(page, sent)
        assert says("will be blocked") in text(preview)
        answer = as_manager.post(page, {**sent, "confirm": "1"})
        assert answer.url == "/requests/"
        asked.refresh_from_db()
        assert (asked.state, asked.answer) == (State.ACCEPTED, "Чёрный список 1")


class TestTheMark:
    PATH = "/requests/waiting/"

    def test_is_in_the_menu_and_the_title(self, as_manager, as_support, asked, to_unblock):
        page = as_manager.get("/requests/")
        title = f"{says('Requests')} · Plusofon Admin"
        assert words(page.soup.title) == f"(2) {title}"
        assert page.soup.select_one("[data-waiting]")["data-waiting"] == self.PATH
        assert page.soup.select_one("[data-waiting] [data-count]")["data-count"] == "2"
        assert words(as_support.get("/requests/").soup.title) == title

    def test_is_asked_for_alone(self, as_manager, as_support, asked):
        piece = as_manager.get(self.PATH)
        assert piece.soup.select_one("[data-count]")["data-count"] == "1"
        assert not piece.soup.select("html")
        assert as_support.get(self.PATH).content.strip() == b""

    def test_costs_one_count(self, as_manager, asked, sandbox, django_assert_max_num_queries):
        with django_assert_max_num_queries(8) as queries:
            as_manager.get(self.PATH)
        assert sum("lists_blockrequest" in query["sql"] for query in queries) == 1
        assert sandbox.calls == []

    def test_keeps_no_session_alive(self, as_manager, settings):
        as_manager.get("/requests/")
        before = Session.objects.get().expire_date
        settings.SESSION_IDLE_MINUTES *= 2
        as_manager.get(self.PATH, headers={"X-Poll": "1"})
        assert Session.objects.get().expire_date == before
        as_manager.get(self.PATH)
        assert Session.objects.get().expire_date > before

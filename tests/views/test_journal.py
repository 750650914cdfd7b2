"""The journal's pages: who sees what, what they say, undoing and checking again."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import IntegrityError
from django.http import QueryDict
from django.utils import timezone

from lists.changes import ListChange, TextChange
from lists.models import (
    Action,
    BlockRequest,
    JournalEntry,
    JournalNumber,
    Operation,
    Outcome,
)
from lists.plusofon.values import Contact, ContactList
from lists.sameness import contact_key
from lists.writing import journal, lock
from lists.writing.records import write_list
from tests.calls import methods
from tests.client import fields, text
from tests.client import words as read
from tests.factories import BlockRequestFactory, JournalEntryFactory, UserFactory
from tests.people import IVAN, put
from tests.words import saying, says, says_many

IVAN_PATH = f"contacts/{contact_key(IVAN)}"


def one(name, *phones):
    return Contact(name, phones)


def added(number, name, list_name):
    """The sentence of the journal about one contact with one number."""
    numbers = says_many("the number %(numbers)s", "the numbers %(numbers)s", 1, numbers=number)
    what = says("%(numbers)s (%(name)s)", numbers=numbers, name=name)
    sentence = "%(who)s added %(what)s to “%(list)s”"
    return says_many(sentence, sentence, 1, who="manager", what=what, list=list_name)


def who(line):
    """Whose act a line of the journal tells."""
    return re.match(r"\s*(\w+)", line.text)[1]


ADDED_IVAN = added("+7 999 888-77-66", "Иван Иванов", "Чёрный список 1")


def test_names_are_shown_as_text(as_support):
    JournalEntryFactory(list_change=put(None, one("<script>alert(1)</script>", "101")))
    page = as_support.get("/journal/")
    assert "<script>alert" in text(page)
    assert not page.soup.select("td script")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.CONFIRMED, ""),  # the rule goes without saying
        (Outcome.REFUSED, says("not saved")),
        (Outcome.UNKNOWN, says("not known")),
        (Outcome.PENDING, says("being saved")),
    ],
)
def test_each_outcome_has_its_word_and_what_can_be_done(as_manager, outcome, words):
    entry = JournalEntryFactory(outcome=outcome, words="Нет прав")
    page = as_manager.get("/journal/")
    assert [read(mark) for mark in page.soup.select("span.outcome")] == ([words] if words else [])
    actions = [form["action"] for form in page.soup.select("td.actions form")]
    expected = {Outcome.CONFIRMED: "undo", Outcome.UNKNOWN: "check"}.get(outcome)
    assert actions == ([f"/journal/{entry.pk}/{expected}/"] if expected else [])
    assert "Нет прав" in text(page)


def test_a_row_left_by_a_crash_can_be_checked(as_manager):
    long_ago = timezone.now() - timedelta(minutes=5)
    JournalEntryFactory(outcome=Outcome.PENDING, started_at=long_ago)
    assert as_manager.get("/journal/").soup.select("td.actions form[action$='/check/']")


def test_a_lock_of_which_nothing_was_sent_is_no_entry(as_manager):
    JournalEntryFactory(outcome=Outcome.LOCKED, action="", change="")
    assert says("No changes yet.") in text(as_manager.get("/journal/"))


class TestWhoSeesIt:
    def test_people_of_another_account_never_do(self, as_manager, client, stranger):
        entry = JournalEntryFactory()
        client.force_login(stranger)
        assert "888-77-66" not in client.get("/journal/").content.decode()
        assert "Иван" not in b"".join(client.get("/journal/journal.csv")).decode()
        assert client.post(f"/journal/{entry.pk}/undo/").status_code == 404
        assert client.post(f"/journal/{entry.pk}/check/").status_code == 404

    def test_who_is_not_connected_is_led_to_the_connection(self, client, db):
        client.force_login(UserFactory(group="Managers"))
        answer = client.get("/journal/")
        assert answer.status_code == 302
        assert answer.url.startswith("/connection/")

    def test_support_sees_it_and_undoes_nothing(self, as_support):
        JournalEntryFactory()
        page = as_support.get("/journal/")
        assert "Иван Иванов" in text(page)
        assert not page.soup.select("main form[action$='/undo/']")

    def test_it_is_not_in_the_admin(self, admin_client):
        JournalEntryFactory()
        assert "journal" not in admin_client.get("/admin/").content.decode().lower()
        assert admin_client.get("/admin/lists/journalentry/").status_code == 404

    def test_it_opens_while_the_api_is_down(self, as_manager, sandbox):
        sandbox.fail("500", times=None)
        assert as_manager.get("/journal/").status_code == 200
        assert sandbox.calls == []


class TestFinding:
    @pytest.fixture(autouse=True)
    def entries(self, manager):
        anna = JournalEntryFactory(username="anna", list_id=46, list_name="Хулиганы")
        JournalNumber.objects.create(entry=anna, number="79998887766")
        JournalEntryFactory(action=Action.DELETE, change="", list_name="Спам", list_id=7)
        JournalEntryFactory(
            undoes=anna, started_at=datetime(2026, 1, 31, 20, 59, tzinfo=UTC), username="vera"
        )

    @pytest.mark.parametrize(
        ("query", "people"),
        [
            ("", ["vera", "manager", "anna"]),
            ("person=anna", ["anna"]),
            ("list=46", ["anna"]),
            ("list=46&person=vera", []),
            ("number=8+(999)+888-77-66", ["anna"]),
            ("number=102", []),
            ("action=delete", ["manager"]),
            ("action=undo", ["vera"]),
            ("since=2026-01-31&until=2026-01-31", ["vera"]),
            ("until=31.01.2026", ["vera"]),
            ("since=2026-02-01&until=2026-02-01", []),
            ("list=999", []),
        ],
    )
    def test_finds_by_what_stands_in_the_address(self, as_manager, query, people):
        page = as_manager.get(f"/journal/?{query}")
        assert page.status_code == 200
        assert [who(cell) for cell in page.soup.select("td.what")] == people
        if not people:
            assert says("No matching entries.") in text(page)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("number=1", "number"),
            ("since=31.02.2026", "since"),
            ("until=31.02.2026", "until"),
            ("person=nobody", "person"),
            ("list=x", "list"),
            ("action=burn", "action"),
            ("outcome=burnt", "outcome"),
            ("outcome=pending", "outcome"),
            ("number=%25", "number"),
        ],
    )
    @pytest.mark.parametrize("path", ["/journal/", "/journal/journal.csv"])
    def test_says_beside_the_field_what_is_wrong(self, as_manager, path, query, field):
        page = as_manager.get(f"{path}?{query}")
        assert page.status_code == 422
        assert page.soup.select_one(f"#journal-{field}_error").text.strip()
        assert not page.soup.select("td.what")

    def test_the_filters_show_what_was_chosen(self, as_manager):
        page = as_manager.get("/journal/?person=anna&list=46&number=8+999+888-77-66")
        chosen = [option["value"] for option in page.soup.select("option[selected]")]
        assert chosen[:2] == ["anna", "46"]
        assert page.soup.select_one("#journal-number")["value"] == "8 999 888-77-66"
        assert page.soup.select_one("a[href*='journal.csv?']")["href"].count("person=anna") == 1

    def test_fifty_a_page(self, as_manager):
        JournalEntryFactory.create_batch(60)
        first, second = as_manager.get("/journal/"), as_manager.get("/journal/?page=2")
        assert [len(page.soup.select("td.what")) for page in (first, second)] == [50, 13]
        assert says_many("%(total)s entry", "%(total)s entries", 63) in text(first)
        beyond = as_manager.get("/journal/?page=9")
        none_such = "There is no page %(number)s: the last one is %(last)s."
        assert says(none_such, number=9, last=2) in text(beyond)


class TestFindingByName:
    """What stands in the field of numbers and has a letter is a name."""

    @pytest.fixture
    def found(self, as_manager):
        """The numbers of the entries that are found by this, the newest first."""

        def found(name):
            page = as_manager.get("/journal/", {"number": name})
            assert page.status_code == 200
            rows = page.soup.select("table.journal tbody tr")
            return [int(row["id"].removeprefix("entry-")) for row in rows]

        return found

    @pytest.fixture
    def changed(self, as_manager, black):
        path = f"/lists/{black}/{IVAN_PATH}/edit/"
        as_manager.post(path, {"name": "Алёна Ёжикова 2", "phones": "102"})
        return JournalEntry.objects.get().pk

    @pytest.mark.parametrize(
        "name",
        [
            "Иван Иванов",  # as it was
            "иванов ИВАН",
            "вано",
            "Алёна",  # as it became
            "алена ежикова",
            "ЁЖИКОВА",
            "ежик 2",
            "чёрный список",  # and where
            "  черный  1 ",
        ],
    )
    def test_finds_what_a_contact_was_and_became_and_its_list(self, found, changed, name):
        assert found(name) == [changed]

    @pytest.mark.parametrize("name", ["Пётр", "Иван Ёжикова", "Иван Чёрный", "Ив_н", "И%в", "ё%"])
    def test_does_not_find_what_no_single_name_has(self, found, changed, name):
        assert found(name) == []

    def test_finds_a_list_by_what_it_was_and_became(self, as_manager, found, black):
        form = fields(as_manager.get(f"/lists/{black}/edit/"))
        as_manager.post(f"/lists/{black}/edit/", form | {"name": "Мошенники"})
        renamed = JournalEntry.objects.get().pk
        assert found("чёрный") == found("мошенники") == [renamed]
        as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Вера", "phones": "103"})
        added = JournalEntry.objects.latest("pk").pk
        assert found("мошенники") == [added, renamed]
        assert found("чёрный") == [renamed]

    def test_finds_lists_that_came_and_went_and_who_stood_in_them(self, as_manager, found, black):
        as_manager.post("/lists/new/", {"name": "Новые", "type": "black"})
        created = JournalEntry.objects.get().pk
        as_manager.post(f"/lists/{black}/delete/")
        deleted = JournalEntry.objects.latest("pk").pk
        assert found("новые") == [created]
        assert found("петров") == found("чёрный") == [deleted]

    def test_finds_requests_by_their_list(self, as_manager, as_support, found, black):
        form = {"numbers": "103", "list": str(black), "reason": "Мешает", "checked": "103"}
        as_support.post("/requests/new/", form)
        asked = JournalEntry.objects.get().pk
        assert found("чёрный") == [asked]
        path = f"/requests/{BlockRequest.objects.get().pk}/decline/"
        as_manager.post(path, {"why": "Это клиент"})
        assert found("чёрный") == [JournalEntry.objects.latest("pk").pk, asked]
        assert found("мешает") == found("чёрный")

    def test_finds_what_was_tried_in_vain(self, as_manager, sandbox, found, black):
        sandbox.fail("422", method="PUT", path=f"contact-lists/{black}")
        as_manager.post(f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Алёна", "phones": "102"})
        refused = JournalEntry.objects.get()
        assert refused.outcome == Outcome.REFUSED
        assert found("алёна") == [refused.pk]

    def test_goes_with_the_other_filters_and_into_the_csv(self, as_manager, changed):
        assert len(as_manager.get("/journal/?number=иван&action=add").soup.select("td.what")) == 0
        page = as_manager.get("/journal/?number=иван&action=edit")
        assert page.soup.select_one("#journal-number")["value"] == "иван"
        assert len(page.soup.select("td.what")) == 1
        for name, rows in (("иван", 1), ("пётр", 0)):
            table = b"".join(as_manager.get("/journal/journal.csv", {"number": name}))
            assert len(table.decode().splitlines()) == 1 + rows

    def test_finds_nothing_of_another_account(self, client, stranger, changed):
        client.force_login(stranger)
        page = client.get("/journal/", {"number": "иван"}).content.decode()
        assert "entry-" not in page


class TestFindingWhatBlocked:
    @pytest.fixture(autouse=True)
    def entries(self, manager):
        for action in (Action.ADD, Action.REMOVE, Action.EDIT, Action.ACCEPT):
            JournalEntryFactory(action=action, username=action)
        for action in (Action.BLOCK, Action.UNBLOCK):
            act = JournalEntryFactory(action=action, username=action, list_id=None)
            Operation.objects.create(entry=act, plan="[]", lists_count=2)
            JournalEntryFactory(part_of=act, action=Action.EDIT, username=action)

    @pytest.mark.parametrize(
        ("action", "found"),
        [("blocked", ["block", "add"]), ("unblocked", ["unblock", "remove"])],
    )
    def test_finds_it_in_one_list_and_in_several(self, as_manager, action, found):
        page = as_manager.get(f"/journal/?action={action}&outcome=confirmed")
        assert [who(cell) for cell in page.soup.select("td.what")] == found
        assert page.soup.select_one("#journal-action option[selected]")["value"] == action


class TestFindingByOutcome:
    @pytest.fixture(autouse=True)
    def entries(self, manager):
        for outcome in (Outcome.CONFIRMED, Outcome.REFUSED, Outcome.UNKNOWN, Outcome.IN_DOUBT):
            late = JournalEntryFactory(outcome=outcome, username=outcome)
        JournalEntryFactory(username="lost", overwritten_by=late)

    @pytest.mark.parametrize(
        ("outcome", "found"),
        [
            ("confirmed", ["confirmed"]),
            ("refused", ["refused"]),
            ("in_doubt", ["in_doubt"]),
            ("unknown", ["unknown"]),
            ("overwritten", ["lost"]),
        ],
    )
    def test_finds_those_that_ended_so(self, as_manager, outcome, found):
        page = as_manager.get(f"/journal/?outcome={outcome}")
        assert [who(cell) for cell in page.soup.select("td.what")] == found
        chosen = page.soup.select_one("#journal-outcome option[selected]")
        assert chosen["value"] == outcome
        table = b"".join(as_manager.get(f"/journal/journal.csv?outcome={outcome}")).decode()
        assert read(chosen) in table.splitlines()[1]


class TestPeriods:
    WORDS = (says("Today"), says("7 days"), says("A month"))

    def links(self, page):
        return page.soup.select("nav.periods a")

    @pytest.mark.parametrize(("place", "days"), [(0, [0]), (1, [0, 6]), (2, [0, 6, 7, 30])])
    def test_lead_to_what_was_done_since_then(self, as_manager, place, days):
        for day in (31, 30, 7, 6, 0):
            started_at = timezone.now() - timedelta(days=day)
            JournalEntryFactory(username=f"d{day}", started_at=started_at)
        page = as_manager.get("/journal/")
        page = as_manager.get("/journal/" + self.links(page)[place]["href"])
        found = [who(cell) for cell in page.soup.select("td.what")]
        assert found == [f"d{day}" for day in days]
        current = [link for link in self.links(page) if link.has_attr("aria-current")]
        assert [read(link) for link in current] == [self.WORDS[place]]

    def test_keep_the_other_filters_and_begin_at_the_first_page(self, as_manager):
        JournalEntryFactory(username="anna")
        page = as_manager.get("/journal/?person=anna&until=2026-01-31&page=2")
        links = self.links(page)
        assert [read(link) for link in links] == list(self.WORDS)
        for link in links:
            asked = QueryDict(link["href"].removeprefix("?"))
            assert asked.keys() == {"person", "since"}
            assert asked["person"] == "anna"
            assert not link.has_attr("aria-current")

    def test_of_a_day_in_between_none_is_current(self, as_manager):
        since = timezone.localdate() - timedelta(days=3)
        page = as_manager.get(f"/journal/?since={since}")
        assert not page.soup.select("nav.periods [aria-current]")


class TestLinks:
    """Lists and numbers in what the journal says lead to their pages."""

    def hrefs(self, page, where="td.what"):
        return {link.text: link["href"] for link in page.soup.select(f"{where} a")}

    def test_of_a_contact_lead_to_its_numbers_and_its_list(self, as_support):
        JournalEntryFactory(list_change=put(None, one("<b>%s", "79998887766", "+84961234567")))
        page = as_support.get("/journal/")
        assert self.hrefs(page) == {
            "+7 999 888-77-66": "/lookup/?number=79998887766",
            "+84 961 234 567": "/lookup/?number=%2B84961234567",
            "Чёрный список 1": "/lists/11/",
        }
        assert "<b>%s" in text(page)

    def test_lead_where_they_say(self, as_support, as_manager, black):
        as_manager.post(f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Анна", "phones": "102"})
        for address in self.hrefs(as_support.get("/journal/")).values():
            assert as_support.get(address).status_code == 200
        assert self.hrefs(as_support.get(f"/lists/{black}/"), "#history")["102"]

    def test_do_not_lead_to_a_list_that_was_deleted(self, as_manager, black):
        as_manager.post(f"/lists/{black}/delete/")
        page = as_manager.get("/journal/")
        assert "Чёрный список 1" in page.soup.select_one("td.what").text
        assert self.hrefs(page) == {}

    def test_do_not_lead_to_a_list_that_nobody_knows_the_number_of(self, as_manager):
        JournalEntryFactory(action=Action.CREATE, change="", list_id=None, outcome=Outcome.UNKNOWN)
        assert self.hrefs(as_manager.get("/journal/")) == {}

    def test_of_a_request_lead_to_its_numbers_and_its_list(self, as_manager, support, black):
        asked = BlockRequestFactory(user=support, list_id=black, numbers="101\n79991112233")
        JournalEntryFactory(action=Action.ASK, change="", request=asked, list_id=black)
        assert self.hrefs(as_manager.get("/journal/")) == {
            "101": "/lookup/?number=101",
            "+7 999 111-22-33": "/lookup/?number=79991112233",
            "Чёрный список 1": f"/lists/{black}/",
        }


class TestCsv:
    def rows(self, answer, delimiter):
        content = b"".join(answer.streaming_content).decode()
        assert content.startswith("\ufeff")
        return list(csv.reader(io.StringIO(content[1:]), delimiter=delimiter))

    def test_has_a_row_for_each_entry_that_was_found(self, as_manager):
        JournalEntryFactory(username="anna")
        entry = JournalEntryFactory(started_at=datetime(2026, 11, 23, 9, 30, 5, tzinfo=UTC))
        answer = as_manager.get("/journal/journal.csv?person=manager")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert quote(f"{says('Journal')} ") in answer.headers["Content-Disposition"]
        titles, row = self.rows(answer, ";")
        assert titles[:4] == [says("No."), says("When"), says("Who"), says("Action")]
        assert row[:4] == [str(entry.pk), "2026-11-23 12:30:05", "manager", says("Added")]
        assert ADDED_IVAN in row[5]
        assert row[6] == says("confirmed")

    def test_speaks_the_persons_language(self, as_manager):
        JournalEntryFactory()
        answer = as_manager.get("/journal/journal.csv", headers={"Accept-Language": "en"})
        titles, row = self.rows(answer, ",")
        assert (titles[1], row[6]) == ("When", "confirmed")

    @pytest.mark.parametrize("name", ["=1+1", "+7", "-1", "@SUM(1)", "\t1", " =1", "＝1"])
    def test_no_cell_is_a_formula(self, as_manager, name):
        JournalEntryFactory(username=name, list_name=name, words=name)
        _titles, row = self.rows(as_manager.get("/journal/journal.csv"), ";")
        for cell in (row[2], row[4], row[5], row[7]):
            assert cell.startswith(f"'{name}")


class TestOnTheListPage:
    def test_a_list_shows_its_last_changes_and_who_made_them(self, as_support, black):
        JournalEntryFactory.create_batch(7, list_id=black)
        JournalEntryFactory(list_id=999, username="other")
        page = as_support.get(f"/lists/{black}/")
        lines = page.soup.select("#history li")
        assert len(lines) == 5
        assert ADDED_IVAN in lines[0].text
        assert page.soup.select_one(f".last-changes a[href='/journal/?list={black}']")
        assert not page.soup.select("#history form")

    def test_a_save_brings_them_along(self, as_manager, black):
        answer = as_manager.piece(
            f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Анна", "phones": "102"}, post=True
        )
        history = answer.soup.select_one("hx-partial[hx-target='#history']")
        replaced = "%(who)s replaced %(before)s with %(after)s in “%(list)s”"
        assert saying(replaced, replaced, 2, who="manager").search(history.text)
        assert history.select_one("form[action$='/undo/']")


class TestUndo:
    @pytest.fixture
    def done(self, as_manager, black):
        as_manager.post(f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Анна", "phones": "102"})
        return JournalEntry.objects.get()

    def names(self, sandbox, account, black):
        return [c["name"] for c in sandbox.lists(account)[black]["contacts"]]

    def test_the_toast_offers_it_and_says_when_it_was_read_back(self, as_manager, black, done):
        page = as_manager.get(f"/lists/{black}/")
        toast = page.soup.select_one(".toast.success")
        assert says("“%(name)s” is changed.", name="Анна") in toast.text
        assert saying("Saved, checked at %(time)s.").search(toast.text)
        assert toast.select_one("form")["action"] == f"/journal/{done.pk}/undo/"
        assert toast.select_one("[name=next]")["value"] == f"/lists/{black}/"

    def test_the_toast_of_a_piece_comes_back_to_the_page(self, as_manager, black):
        answer = as_manager.piece(
            f"/lists/{black}/{IVAN_PATH}/edit/",
            {"name": "Анна", "phones": "102"},
            post=True,
            **{"HX-Current-URL": f"http://testserver/lists/{black}/?q=1"},
        )
        back = answer.soup.select_one(".toast form [name=next]")["value"]
        assert back == f"/lists/{black}/?q=1"

    def test_one_press_brings_it_back(self, as_manager, sandbox, account, black, done):
        answer = as_manager.post(f"/journal/{done.pk}/undo/", {"next": f"/lists/{black}/?q=1"})
        assert (answer.status_code, answer.url) == (302, f"/lists/{black}/?q=1")
        assert self.names(sandbox, account, black)[0] == "Иван Иванов"
        page = as_manager.get("/journal/")
        rows = page.soup.select("table.journal tbody tr")
        assert says("undoes no. %(id)s", id=done.pk) in rows[0].text
        assert rows[0].select_one("form[action$='/undo/']")
        assert says("undone") in rows[1].text
        assert not rows[1].select("form")

    def test_it_leads_nowhere_else(self, as_manager, done):
        answer = as_manager.post(f"/journal/{done.pk}/undo/", {"next": "https://evil.example/"})
        assert answer.url == "/journal/"

    def test_a_second_press_finds_nothing_to_do(self, as_manager, done):
        as_manager.post(f"/journal/{done.pk}/undo/")
        as_manager.post(f"/journal/{done.pk}/undo/")
        assert says("Nothing to undo: everything is already as it was.") in text(
            as_manager.get("/journal/")
        )
        assert JournalEntry.objects.count() == 2

    def test_what_became_another_since_says_so(self, as_manager, sandbox, account, black, done):
        found = sandbox.lists(account)[black]
        found["contacts"][0] = {"name": "Анна К.", "phones": ["102"]}
        sandbox.put(account, black, found)
        answer = as_manager.post(f"/journal/{done.pk}/undo/")
        assert answer.status_code == 409
        assert says("This change cannot be undone") in text(answer)
        assert "Анна К." in text(answer)
        del found["contacts"][0]
        sandbox.put(account, black, found)
        assert says("The contact is no longer in the list. Nothing was sent.") in text(
            as_manager.post(f"/journal/{done.pk}/undo/")
        )

    def test_a_name_that_changed_again_says_so(self, as_manager, sandbox, account, black):
        entry = JournalEntryFactory(
            list_id=black,
            action=Action.RENAME,
            list_change=ListChange(name=TextChange("А", "Б")),
        )
        answer = as_manager.post(f"/journal/{entry.pk}/undo/")
        assert answer.status_code == 409
        assert says(
            "Somebody has changed it again since: it is “%(their_text)s” now. Nothing was sent.",
            their_text="Чёрный список 1",
        ) in text(answer)

    def test_a_created_list_with_contacts_is_not_deleted(self, as_manager, sandbox, black):
        entry = JournalEntryFactory(
            list_id=black, action=Action.CREATE, change="", digest_after="0" * 16
        )
        answer = as_manager.post(f"/journal/{entry.pk}/undo/")
        assert answer.status_code == 409
        assert says_many("%(total)s contact", "%(total)s contacts", 3) in text(answer)

    def test_what_was_refused_says_so(self, as_manager, black):
        entry = JournalEntryFactory(list_id=black, outcome=Outcome.REFUSED)
        answer = as_manager.post(f"/journal/{entry.pk}/undo/")
        assert answer.status_code == 409
        assert says("not saved") in text(answer)

    def test_a_list_that_is_gone_says_so(self, as_manager, sandbox, account, black, done):
        sandbox.drop(account, black)
        answer = as_manager.post(f"/journal/{done.pk}/undo/")
        assert answer.status_code == 404
        assert says("List not found") in text(answer)

    def test_an_undo_whose_end_nobody_saw_is_unknown(self, as_manager, sandbox, done):
        sandbox.fail("500", method="GET", skip=1, times=None)
        answer = as_manager.post(f"/journal/{done.pk}/undo/")
        assert answer.url == "/journal/"
        page = as_manager.get("/journal/")
        assert says(
            "We could not find out whether this was undone. Check again in the journal."
        ) in text(page)
        assert page.soup.select("form[action$='/check/']")

    def test_a_deleted_list_comes_back_under_a_new_number(
        self, as_manager, sandbox, account, black
    ):
        as_manager.post(f"/lists/{black}/delete/")
        entry = JournalEntry.objects.get()
        page = as_manager.get("/lists/")
        assert page.soup.select_one(".toast form")["action"] == f"/journal/{entry.pk}/undo/"
        answer = as_manager.post(f"/journal/{entry.pk}/undo/")
        (new,) = sandbox.lists(account)
        assert answer.url == f"/lists/{new}/"
        assert says("The list is back with its contacts. Its new number: %(id)s.", id=new) in text(
            as_manager.get(answer.url)
        )
        again = as_manager.post(f"/journal/{entry.pk}/undo/")
        assert again.url == f"/lists/{new}/"
        assert says("This list has already been brought back.") in text(as_manager.get(again.url))


class TestCheckingAgain:
    @pytest.fixture
    def form(self, as_manager, sandbox, black):
        """The form of a save that nobody saw the end of."""

        def form(kind):
            sandbox.fail(kind, method="PUT")
            sandbox.fail("500", method="GET", skip=1, times=None)
            answer = as_manager.piece(
                f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Анна", "phones": "102"}, post=True
            )
            sandbox.clear_faults()
            return answer

        return form

    def test_the_form_says_what_was_tried_and_keeps_it(self, form):
        answer = form("cut")
        assert answer.status_code == 202
        assert says("It is in doubt whether this was saved") in text(answer)
        assert saying("replace %(before)s with %(after)s in “%(list)s”").search(text(answer))
        assert fields(answer)["name"] == "Анна"

    @pytest.mark.parametrize(
        ("kind", "words"), [("cut", says("It was not saved.")), ("cut-after", says("It is saved."))]
    )
    @pytest.mark.parametrize("piece", [True, False])
    def test_reads_and_settles_it(self, as_manager, form, settings, kind, words, piece):
        settings.PLUSOFON_LATE_WRITE = -60.0
        check = form(kind).soup.select_one("button[formaction]")["formaction"]
        answer = as_manager.piece(check, post=True) if piece else as_manager.post(check)
        assert words in text(answer)
        assert bool(answer.soup.html) is not piece
        entry = JournalEntry.objects.get()
        expected = Outcome.REFUSED if kind == "cut" else Outcome.CONFIRMED
        assert entry.outcome == expected

    def test_what_cannot_be_read_stays_unknown(self, as_manager, form, sandbox):
        check = form("cut").soup.select_one("button[formaction]")["formaction"]
        sandbox.fail("500", times=None)
        assert as_manager.piece(check, post=True).status_code == 503
        assert JournalEntry.objects.get().outcome == Outcome.IN_DOUBT

    @pytest.mark.parametrize("piece", [True, False])
    def test_while_it_may_land_it_stays_in_doubt_and_is_looked_at_again(
        self, as_manager, form, piece
    ):
        check = form("cut").soup.select_one("button[formaction]")["formaction"]
        answer = as_manager.piece(check, post=True) if piece else as_manager.post(check)
        assert says("It is still in doubt.") in text(answer)
        again = answer.soup.select_one("#unknown button")
        assert again["formaction"] == check
        assert "load delay:5s" in again["hx-trigger"]
        assert JournalEntry.objects.get().outcome == Outcome.IN_DOUBT

    def test_others_are_told_who_is_in_doubt_and_until_when(self, as_manager, form, black):
        form("cut")
        answer = as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Вера", "phones": "103"})
        assert answer.status_code == 503
        until = timezone.localtime(JournalEntry.objects.get().sent_at + timedelta(seconds=60))
        assert saying(
            "Plusofon has not confirmed a change by %(who)s yet; it may still arrive and"
            " overwrite yours. Nothing was sent. The list is free again at %(time)s at the latest.",
            who="manager",
            time=until.strftime("%H:%M:%S"),
        ).search(text(answer))
        assert "Вера" in text(answer)

    def test_a_list_that_is_gone_leaves_it_unknown(self, as_manager, sandbox, black, account):
        entry = JournalEntryFactory(list_id=black, outcome=Outcome.UNKNOWN)
        sandbox.drop(account, black)
        answer = as_manager.post(f"/journal/{entry.pk}/check/")
        assert says("The result is not known and can no longer be found out.") in text(answer)

    def test_what_is_being_saved_is_left_alone(self, as_manager, black, sandbox):
        entry = JournalEntryFactory(list_id=black, outcome=Outcome.PENDING)
        assert says("It is being saved right now.") in text(
            as_manager.post(f"/journal/{entry.pk}/check/")
        )
        assert sandbox.calls == []

    def test_a_crashed_write_of_which_nothing_was_sent_is_no_entry(self, as_manager, black):
        entry = JournalEntryFactory(list_id=black, outcome=Outcome.LOCKED, action="", change="")
        assert as_manager.post(f"/journal/{entry.pk}/check/").status_code == 404


def test_who_saves_a_list_that_somebody_else_is_saving_is_told_who(as_manager, black, monkeypatch):
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.0)
    JournalEntryFactory(list_id=black, outcome=Outcome.PENDING, username="anna")
    path = f"/lists/{black}/{IVAN_PATH}/edit/"
    answer = as_manager.post(path, {"name": "Анна", "phones": "102"})
    assert answer.status_code == 503
    assert saying("%(who)s has been saving this list since %(time)s", who="anna").search(
        text(answer)
    )
    assert "Анна" in text(answer)
    JournalEntry.objects.all().delete()

    def refused(**_):
        """Another's row is there, and gone when looked for."""
        raise IntegrityError

    monkeypatch.setattr(JournalEntry.objects, "get_or_create", refused)
    assert says("Somebody else is saving this list") in text(
        as_manager.post(path, {"name": "А", "phones": "102"})
    )


def test_reading_that_took_too_long_sends_nothing_and_says_so(
    as_manager, black, sandbox, monkeypatch
):
    monkeypatch.setattr(journal, "LONGEST_NOTING", -1)
    answer = as_manager.post(f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Анна", "phones": "102"})
    assert answer.status_code == 503
    assert says("Reading the list took too long. Nothing was sent.") in text(answer)
    assert "PUT" not in methods(sandbox)


def test_what_somebody_outside_changed_is_named(as_manager, sandbox, account, black):
    def meanwhile():
        if methods(sandbox) == ["GET", "PUT"]:
            found = sandbox.lists(account)[black]
            found["contacts"] = [found["contacts"][0], found["contacts"][2]]
            found["contacts"] += [{"name": f"Чужой {n}", "phones": ["102"]} for n in range(7)]
            sandbox.put(account, black, found)

    sandbox.before("GET", "contact-lists/", meanwhile, times=None)
    as_manager.post(f"/lists/{black}/{IVAN_PATH}/edit/", {"name": "Анна", "phones": "102"})
    page = text(as_manager.get(f"/lists/{black}/"))
    assert says("Somebody else changed this list at the same moment.") in page
    came = ", ".join(f"«Чужой {n}»" for n in range(5))
    shown = says("%(names)s and %(more)s more", names=came, more=2)
    assert says("Added: %(names)s.", names=shown) in page
    assert saying("Removed: %(names)s.").search(page)


def test_a_form_pressed_twice_makes_one_list(as_manager, sandbox, account):
    form = fields(as_manager.get("/lists/new/"), name="Спам", type="black")
    assert form["once"]
    assert as_manager.post("/lists/new/", form).url == as_manager.post("/lists/new/", form).url
    assert len(sandbox.lists(account)) == 1
    assert fields(as_manager.get("/lists/new/"))["once"] != form["once"]


def test_a_form_that_was_refused_can_be_sent_again(as_manager, sandbox, account):
    form = fields(as_manager.get("/lists/new/"), name="Я" * 300, type="black")
    refused = as_manager.post("/lists/new/", form)
    assert refused.status_code == 422
    assert as_manager.post("/lists/new/", fields(refused, name="Спам")).status_code == 302


def test_a_whole_list_in_the_journal_survives(as_manager):
    whole = ContactList(id=7, name="Спам", type="black", contacts=(IVAN,))
    JournalEntryFactory(action=Action.DELETE, change="", whole_list=write_list(whole))
    assert as_manager.get("/journal/").status_code == 200

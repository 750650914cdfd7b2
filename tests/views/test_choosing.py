"""Contacts that are chosen on a list's page: looked at first, then removed, moved, copied; or exported."""

from urllib.parse import quote

import pytest

from lists.models import JournalEntry, Outcome
from lists.plusofon.values import Contact
from lists.sameness import contact_key
from tests.calls import writes
from tests.client import fields, text, words
from tests.words import says, says_many
from tests.workbooks import rows_of

NAMES = ["Анна", "Борис", "Вера", "Глеб", "Дина"]
CONTACTS = [Contact(name, (f"7999000000{n}",)) for n, name in enumerate(NAMES)]
KEYS = [contact_key(contact) for contact in CONTACTS]
REMOVED = (
    "%(count)s contact is removed from the list.",
    "%(count)s contacts are removed from the list.",
)
MOVED = (
    "%(count)s contact is moved to “%(list)s”.",
    "%(count)s contacts are moved to “%(list)s”.",
)
CHANGED = "Changed meanwhile, left alone: %(names)s."


def payload(contacts):
    return [{"name": one.name, "phones": list(one.phones)} for one in contacts]


@pytest.fixture
def source(sandbox, account):
    return sandbox.add_list(account, name="Источник", contacts=payload(CONTACTS))


@pytest.fixture
def target(sandbox, account):
    """Has the second contact, and one of the third's name and number with another number."""
    there = [CONTACTS[1], Contact("Вера", ("79990000002", "101"))]
    return sandbox.add_list(account, name="Приёмник", contacts=payload(there))


@pytest.fixture
def names_in(sandbox, account):
    return lambda list_id: [c["name"] for c in sandbox.lists(account)[list_id]["contacts"]]


@pytest.fixture
def change(sandbox, account):
    """Somebody else makes another contact of one of a list."""

    def change(list_id, place, **contact):
        found = sandbox.lists(account)[list_id]
        found["contacts"][place] = contact
        sandbox.put(account, list_id, found)

    return change


def press(client, list_id, action, keys=(), **more):
    """As from the list's page."""
    return client.post(f"/lists/{list_id}/contacts/", {"action": action, "contact": keys, **more})


def confirm(client, page, **changed):
    """The button of the preview."""
    form = page.soup.select_one("main form[method=post]")
    return client.post(form["action"], fields(page, confirm="1", **changed), follow=True)


def rows(page):
    return [words(row) for row in page.soup.select("main table tbody tr")]


def toasts(page):
    return " ".join(words(toast) for toast in page.soup.select(".toast"))


class TestTheListsPage:
    def test_has_a_box_for_each_contact_named_as_it(self, as_manager, source):
        page = as_manager.get(f"/lists/{source}/")
        boxes = page.soup.select("#rows [name=contact]")
        assert [box["value"] for box in boxes] == KEYS
        assert [box.find_parent("label").text for box in boxes] == NAMES
        assert {box["form"] for box in boxes} == {page.soup.select_one("#chooser")["id"]}

    def test_offers_support_the_export_alone(self, as_support, as_manager, source):
        def offered(client):
            page = client.get(f"/lists/{source}/")
            return [button["value"] for button in page.soup.select("#chooser button")]

        assert offered(as_support) == ["export", "export"]
        assert offered(as_manager) == ["remove", "move", "copy", "export", "export"]

    def test_offers_all_that_match_where_there_are_more_pages(self, as_manager, source, settings):
        assert not as_manager.get(f"/lists/{source}/").soup.select("#chooser [name=all]")
        settings.CONTACTS_PER_PAGE = 2
        page = as_manager.get(f"/lists/{source}/?q=а")
        assert page.soup.select_one("#chooser [name=all]")["data-total"] == "3"
        assert says("All that match: %(total)s", total=3) in text(page)

    def test_has_no_boxes_where_it_is_shown_whole(self, as_manager, source):
        page = as_manager.get(f"/lists/{source}/?page=all")
        assert not page.soup.select("main input[type=checkbox], #chooser")


class TestRemoving:
    def test_is_shown_first_and_sends_nothing(self, as_manager, sandbox, source):
        page = press(as_manager, source, "remove", KEYS[:2])
        assert [row.split()[0] for row in rows(page)] == NAMES[:2]
        assert writes(sandbox) == []

    def test_is_one_write_that_takes_out_what_was_chosen(
        self, as_manager, sandbox, source, names_in
    ):
        answer = confirm(as_manager, press(as_manager, source, "remove", KEYS[1:4]))
        assert names_in(source) == ["Анна", "Дина"]
        assert len(writes(sandbox)) == 1
        assert says_many(*REMOVED, 3) in toasts(answer)

    def test_leads_back_to_where_it_was(self, as_manager, source):
        where = f"/lists/{source}/?q=1&page=1"
        page = press(as_manager, source, "remove", KEYS[:1], next=where)
        assert confirm(as_manager, page).redirect_chain[-1][0] == where

    def test_never_leads_elsewhere(self, as_manager, source):
        page = press(as_manager, source, "remove", KEYS[:1], next="https://elsewhere.example/")
        assert confirm(as_manager, page).redirect_chain[-1][0] == f"/lists/{source}/"

    def test_is_undone_from_its_toast(self, as_manager, source, names_in):
        answer = confirm(as_manager, press(as_manager, source, "remove", KEYS[1:4]))
        undo = answer.soup.select_one(".toast form")
        assert not undo.find_parent(attrs={"data-removal": True})  # it is more than one
        sent = {field["name"]: field["value"] for field in undo.select("input")}
        as_manager.post(undo["action"], sent)
        assert sorted(names_in(source)) == NAMES

    def test_leaves_alone_what_changed_meanwhile_and_says_who_it_is(
        self, as_manager, source, names_in, change
    ):
        page = press(as_manager, source, "remove", KEYS[:3])
        change(source, 1, name="Клиент", phones=["79990000001"])
        answer = confirm(as_manager, page)
        assert names_in(source) == ["Клиент", "Глеб", "Дина"]
        assert says(CHANGED, names="«Борис»") in toasts(answer)
        assert says_many(*REMOVED, 2) in toasts(answer)

    def test_says_who_is_gone(self, as_manager, source, change):
        page = press(as_manager, source, "remove", KEYS[:3])
        change(source, 1, name="Клиент", phones=["102"])
        answer = confirm(as_manager, page)
        assert says("No longer in the list: %(names)s.", names="«Борис»") in toasts(answer)

    def test_that_changes_while_it_is_written_is_left_alone_too(
        self, as_manager, sandbox, source, names_in, change
    ):
        page = press(as_manager, source, "remove", KEYS[:2])

        def before_the_second_read():
            sandbox.before(
                "GET",
                f"contact-lists/{source}",
                lambda: change(source, 0, name="Клиент", phones=["79990000000"]),
            )

        sandbox.before("GET", f"contact-lists/{source}", before_the_second_read)
        answer = confirm(as_manager, page)
        assert names_in(source)[0] == "Клиент"
        assert says(CHANGED, names="«Анна»") in toasts(answer)

    def test_pressed_twice_finds_nothing_the_second_time(
        self, as_manager, sandbox, source, names_in
    ):
        page = press(as_manager, source, "remove", KEYS[:2])
        confirm(as_manager, page)
        answer = confirm(as_manager, page)
        assert len(writes(sandbox)) == 1
        assert says("No longer in the list: %(names)s.", names="«Анна», «Борис»") in toasts(answer)

    def test_takes_a_contact_that_stands_there_twice_as_often_as_it_was_chosen(
        self, as_manager, sandbox, account, names_in
    ):
        twice = sandbox.add_list(account, name="Дважды", contacts=payload([CONTACTS[0]] * 3))
        confirm(as_manager, press(as_manager, twice, "remove", [KEYS[0]] * 2))
        assert names_in(twice) == ["Анна"]

    def test_pressed_twice_takes_no_other_that_is_equal(
        self, as_manager, sandbox, account, names_in
    ):
        thrice = sandbox.add_list(account, name="Трижды", contacts=payload([CONTACTS[0]] * 3))
        page = press(as_manager, thrice, "remove", KEYS[:1])
        for _ in range(2):
            confirm(as_manager, page)
        assert names_in(thrice) == ["Анна", "Анна"]

    def test_that_may_still_land_says_so(self, as_manager, sandbox, source):
        page = press(as_manager, source, "remove", KEYS[:2])
        sandbox.fail("503", method="PUT")
        answer = confirm(as_manager, page)
        assert answer.status_code == 202
        assert answer.soup.select_one("#unknown")


class TestAllThatMatch:
    def test_is_what_matches_now_and_no_more(self, as_manager, source, names_in):
        page = press(as_manager, source, "remove", KEYS[4:], all="1", q="а")
        assert [row.split()[0] for row in rows(page)] == ["Анна", "Вера", "Дина"]
        confirm(as_manager, page)
        assert names_in(source) == ["Борис", "Глеб"]

    def test_is_carried_by_the_preview_as_it_was_shown(
        self, as_manager, sandbox, account, source, names_in
    ):
        page = press(as_manager, source, "remove", all="1", q="")
        found = sandbox.lists(account)[source]
        found["contacts"].append({"name": "Новый", "phones": ["103"]})
        sandbox.put(account, source, found)
        confirm(as_manager, page)
        assert names_in(source) == ["Новый"]

    def test_that_is_nobody_is_nothing_to_do(self, as_manager, source):
        answer = as_manager.post(
            f"/lists/{source}/contacts/", {"action": "remove", "all": "1", "q": "zzz"}, follow=True
        )
        assert says("No contact matches any more: there is nothing to do.") in toasts(answer)


class TestMovingAndCopying:
    @pytest.mark.parametrize("action", ["move", "copy"])
    def test_asks_for_the_list_where_none_was_named(self, as_manager, source, target, action):
        page = press(as_manager, source, action, KEYS[:3])
        offered = [option["value"] for option in page.soup.select("#target option")]
        assert offered == [str(target)]
        shown = as_manager.post(f"/lists/{source}/contacts/", fields(page, target=offered[0]))
        assert len(rows(shown)) == 3

    def test_shows_what_becomes_of_each(self, as_manager, sandbox, source, target):
        page = press(as_manager, source, "move", KEYS[:3], target=target)
        anna, boris, vera = rows(page)
        assert anna.endswith(says("new there"))
        assert says("there already") in boris
        assert says("there already") in vera  # all of its numbers are in one of its name
        assert says("new there: %(new)s", new=1) in text(page)
        assert says("there already: %(there)s", there=2) in text(page)
        assert writes(sandbox) == []

    def test_shows_which_numbers_join_a_contact_of_the_same_name(
        self, as_manager, sandbox, account, target
    ):
        more = Contact("Вера", ("79990000002", "103"))
        other = sandbox.add_list(account, name="Ещё", contacts=payload([more]))
        page = press(as_manager, other, "copy", [contact_key(more)], target=target)
        (row,) = rows(page)
        assert says("joins a contact of the same name") in row
        assert row.endswith("103")

    def test_a_move_brings_them_in_and_takes_them_out(self, as_manager, source, target, names_in):
        where = f"/lists/{source}/?q=&page=1"
        page = press(as_manager, source, "move", KEYS[:3], target=target, next=where)
        answer = confirm(as_manager, page)
        assert names_in(source) == ["Глеб", "Дина"]
        assert sorted(names_in(target)) == ["Анна", "Борис", "Вера"]
        assert says_many(*MOVED, 3, list="Приёмник") in toasts(answer)
        assert answer.redirect_chain[-1][0] == where

    def test_a_move_is_undone_from_its_toast(self, as_manager, source, target, names_in):
        answer = confirm(as_manager, press(as_manager, source, "move", KEYS[:3], target=target))
        undo = answer.soup.select_one(".toast form")
        sent = {field["name"]: field["value"] for field in undo.select("input")}
        as_manager.post(undo["action"], sent)
        assert sorted(names_in(source)) == NAMES
        assert sorted(names_in(target)) == ["Борис", "Вера"]

    def test_a_copy_leaves_the_list_alone(self, as_manager, sandbox, source, target, names_in):
        confirm(as_manager, press(as_manager, source, "copy", KEYS[:1], target=target))
        assert names_in(source) == NAMES
        assert names_in(target)[-1] == "Анна"
        assert len(writes(sandbox)) == 1

    def test_pressed_twice_writes_once(self, as_manager, sandbox, source, target):
        page = press(as_manager, source, "move", KEYS[:3], target=target)
        assert says_many(*MOVED, 3, list="Приёмник") in toasts(confirm(as_manager, page))
        again = "This has been done before, or undone: nothing was sent."
        assert says(again) in toasts(confirm(as_manager, page))
        assert len(writes(sandbox)) == 2
        assert JournalEntry.objects.filter(outcome=Outcome.CONFIRMED, part_of=None).count() == 1

    def test_a_stale_form_does_not_move_again_what_was_undone(
        self, as_manager, source, target, names_in
    ):
        page = press(as_manager, source, "move", KEYS[:3], target=target)
        confirm(as_manager, page)
        whole = JournalEntry.objects.get(part_of=None)
        as_manager.post(f"/journal/{whole.pk}/undo/")
        confirm(as_manager, page)
        assert sorted(names_in(source)) == NAMES

    @pytest.mark.parametrize("half", [0, 1])
    def test_one_half_of_a_move_is_undone_with_the_other(
        self, as_manager, source, target, names_in, half
    ):
        confirm(as_manager, press(as_manager, source, "move", KEYS[:3], target=target))
        part = JournalEntry.objects.get(step=half)
        as_manager.post(f"/journal/{part.pk}/undo/")
        assert sorted(names_in(source)) == NAMES
        assert "Анна" not in names_in(target)

    def test_support_carries_out_nobodys_move(
        self, as_manager, as_support, sandbox, source, target
    ):
        page = press(as_manager, source, "move", KEYS[:1], target=target)
        sandbox.fail("422", method="PUT", path=f"contact-lists/{target}")
        confirm(as_manager, page)
        sandbox.clear_calls()
        once = fields(page)["once"]
        sent = {"action": "export", "contact": KEYS[0], "once": once, "confirm": "1"}
        as_support.post(f"/lists/{source}/contacts/", sent).close()
        assert writes(sandbox) == []

    def test_what_changed_meanwhile_stays_and_stops_none_of_the_others(
        self, as_manager, source, target, names_in, change
    ):
        page = press(as_manager, source, "move", KEYS[:3], target=target)
        change(source, 0, name="Клиент", phones=["79990000000"])
        answer = confirm(as_manager, page)
        assert names_in(source) == ["Клиент", "Глеб", "Дина"]
        assert "Анна" not in names_in(target)
        assert says(CHANGED, names="«Анна»") in toasts(answer)

    def test_a_preview_says_how_many_are_not_as_they_were_on_the_page(
        self, as_manager, source, target, change
    ):
        change(source, 0, name="Клиент", phones=["79990000000"])
        page = press(as_manager, source, "move", KEYS[:3], target=target)
        assert len(rows(page)) == 2
        left_out = says_many(
            "%(count)s chosen contact is no longer in the list as you saw it.",
            "%(count)s chosen contacts are no longer in the list as you saw them.",
            1,
        )
        assert left_out in text(page)

    def test_where_the_target_fails_the_page_of_the_act_says_so(
        self, as_manager, sandbox, source, target, names_in
    ):
        page = press(as_manager, source, "move", KEYS[:1], target=target)
        sandbox.fail("422", method="PUT", path=f"contact-lists/{target}")
        answer = confirm(as_manager, page)
        assert answer.status_code == 207
        assert says("Do the rest") in text(answer)
        assert names_in(source) == NAMES

    def test_a_copy_of_what_is_all_there_has_nothing_to_confirm(self, as_manager, source, target):
        page = press(as_manager, source, "copy", KEYS[1:2], target=target)
        assert says("All of them are in that list already.") in text(page)
        assert not page.soup.select("[name=confirm]")

    def test_a_list_that_is_gone_is_told_and_another_is_asked_for(self, as_manager, source, target):
        for confirmed in ({}, {"confirm": "1"}):
            page = press(as_manager, source, "move", KEYS[:1], target=999999, **confirmed)
            assert page.status_code == 422
            assert says("This list no longer exists. Choose another.") in text(page)
            assert page.soup.select("#target option")

    def test_the_same_list_is_no_target(self, as_manager, sandbox, source, target):
        page = press(as_manager, source, "move", KEYS[:1], target=source, confirm="1")
        assert page.status_code == 422
        assert says("They are in this list already. Choose another.") in text(page)
        assert writes(sandbox) == []

    def test_without_another_list_there_is_nowhere_to_move_to(self, as_manager, source):
        page = press(as_manager, source, "move", KEYS[:1])
        assert says("There is no other list yet.") in text(page)
        assert not page.soup.select("main button.primary")

    def test_a_preview_shows_fifty_and_how_many_more(self, as_manager, sandbox, account, target):
        many = [Contact("Спам", (f"7912{n:07}",)) for n in range(70)]
        long = sandbox.add_list(account, name="Длинный", contacts=payload(many))
        page = press(as_manager, long, "move", target=target, all="1", q="")
        assert len(rows(page)) == 50
        assert says("and %(more)s more", more=20) in text(page)
        assert len(fields(page)["chosen"].split()) == 70


class TestExporting:
    def test_is_for_support_too(self, as_support, sandbox, source):
        answer = press(as_support, source, "export", KEYS[1:3])
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        lines = b"".join(answer).decode("utf-8-sig").split("\r\n")
        assert lines[1:] == ['"Борис";"79990000001"', '"Вера";"79990000002"', ""]
        assert writes(sandbox) == []

    def test_as_a_workbook_named_for_its_list(self, as_support, source):
        sent = {"action": "export", "contact": KEYS[1:3]}
        answer = as_support.post(f"/lists/{source}/contacts/?format=xlsx", sent)
        assert quote("Источник") in answer["Content-Disposition"]
        assert rows_of(b"".join(answer))[1:] == [["Борис", "79990000001"], ["Вера", "79990000002"]]

    def test_of_all_that_match(self, as_support, source):
        answer = press(as_support, source, "export", all="1", q="а")
        assert len(b"".join(answer).splitlines()) == 4


class TestOddRequests:
    @pytest.mark.parametrize("action", ["remove", "move", "copy", "", "other"])
    def test_support_changes_nothing(self, as_support, sandbox, source, action):
        assert press(as_support, source, action, KEYS, confirm="1").status_code == 403
        assert sandbox.calls == []

    @pytest.mark.parametrize(
        "sent",
        [
            {"action": "remove"},
            {"action": "remove", "contact": "../../"},
            {"action": "other", "contact": KEYS[0]},
            {"action": "remove", "chosen": "\x00"},
        ],
    )
    def test_without_a_choice_it_says_so(self, as_manager, sandbox, source, sent):
        answer = as_manager.post(f"/lists/{source}/contacts/", sent, follow=True)
        assert says("Choose at least one contact.") in toasts(answer)
        assert writes(sandbox) == []

    @pytest.mark.parametrize("seen", ["", "[", "{}", "[1]", '[["А"],["Б"]]', '[[["А"]]]', "[[]]"])
    def test_a_form_without_what_was_seen_still_says_how_many_changed(
        self, as_manager, source, change, seen
    ):
        change(source, 0, name="Клиент", phones=["79990000000"])
        sent = {"action": "remove", "chosen": KEYS[0], "seen": seen, "confirm": "1"}
        answer = as_manager.post(f"/lists/{source}/contacts/", sent, follow=True)
        left = says_many(
            "%(count)s chosen contact is no longer in the list as you saw it: left alone.",
            "%(count)s chosen contacts are no longer in the list as you saw them: left alone.",
            1,
        )
        assert left in toasts(answer)

    def test_a_list_that_is_gone_is_said_to_be(self, as_manager):
        assert press(as_manager, 999999, "remove", KEYS[:1]).status_code == 404


def test_ten_thousand_are_carried_in_three_fields_and_come_back(as_manager, sandbox, account):
    many = [Contact("Спам", (f"7912{n:07}",)) for n in range(10_000)]
    long = sandbox.add_list(account, name="Длинный", contacts=payload(many))
    page = press(as_manager, long, "remove", all="1", q="")
    answer = confirm(as_manager, page)
    assert says_many(*REMOVED, 10_000) in toasts(answer)
    assert sandbox.lists(account)[long]["contacts"] == []

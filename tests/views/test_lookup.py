"""The lookup page: one of three answers, in words nobody can misread."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from lists.changes import ContactChange, ListChange
from lists.intents import Planned
from lists.models import BlockRequest, JournalEntry, JournalNumber, Outcome
from lists.plusofon.values import Contact, ListEntry
from lists.services import deciding, origins
from lists.wording.times import moment
from tests.client import text, words
from tests.factories import BlockRequestFactory, JournalEntryFactory, ask
from tests.people import IVAN
from tests.trouble import failing
from tests.words import saying_one_of, says, says_many


def heading(answer):
    return " ".join(answer.soup.select_one(".answer h2").text.split())


@pytest.mark.parametrize("spelling", ["79998887766", "8 (999) 888-77-66", "+7 999 888 77 66"])
def test_a_blocked_number_is_told_with_list_name_and_way_to_the_row(as_support, black, spelling):
    answer = as_support.get("/lookup/", {"number": spelling})
    assert answer.status_code == 200
    assert heading(answer) == f"{says('Blocked')}: +7 999 888-77-66"
    link = answer.soup.select_one(".answer a[href^='/lists/']")
    assert link.text == "Чёрный список 1"
    row = as_support.get(link["href"].split("#")[0]).soup.select_one(
        f"#{link['href'].split('#')[1]}"
    )
    assert "Иван Иванов" in row.text
    assert says("Searched in any spelling: %(number)s.", number="+7 999 888-77-66") in text(answer)


def test_a_stored_spelling_that_differs_is_shown(as_support, black):
    answer = as_support.get("/lookup/?number=78123334455")
    assert answer.soup.select_one(".answer .stored").text == "8 (812) 333-44-55"


def test_a_number_in_no_list_says_in_how_many(as_support, sandbox, account, black):
    sandbox.add_list(account, name="Второй")
    answer = as_support.get("/lookup/?number=79110000000")
    assert heading(answer) == says_many(
        "Not blocked: it is not in the only list",
        "Not blocked: it is in none of the %(total)s lists",
        2,
    )


def test_a_white_list_is_no_block(as_support, sandbox, account):
    contacts = [{"name": "Друг", "phones": ["79990000000"]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=contacts)
    answer = as_support.get("/lookup/?number=79990000000")
    assert heading(answer) == f"{says('Not blocked: only in a white list')}: +7 999 000-00-00"


def test_what_could_not_be_read_is_named_and_offered_again(as_support, sandbox, account, black):
    bad = sandbox.add_list(account, name="Больной")
    sandbox.fail("no-access", path=f"contact-lists/{bad}", times=None)
    answer = as_support.get("/lookup/?number=79990000000")
    assert heading(answer) == says("Not known: not all lists could be read")
    assert says("This does not mean that it is not blocked.") in text(answer)
    assert "Больной: Нет доступа" in text(answer) or "Больной" in text(answer)
    assert not saying_one_of(
        "Not blocked: only in a white list",
        (
            "Not blocked: it is not in the only list",
            "Not blocked: it is in none of the %(total)s lists",
        ),
    ).search(text(answer))
    assert answer.soup.select_one(".answer a.primary")["href"] == "/lookup/?number=79990000000"
    found = as_support.get("/lookup/?number=79998887766")
    assert heading(found).startswith(says("Blocked"))
    assert says("There may be more: not all lists could be read.") in text(found)


def test_lists_that_cannot_all_be_known_are_said_to_be(as_support, sandbox, black):
    sandbox.fail("500", path="contact-lists?page=1", skip=1, times=None)
    answer = as_support.get("/lookup/?number=79990000000")
    assert heading(answer) == says("Not known: not all lists could be read")
    assert says("We could not find out which lists there are.") in text(answer)


def test_an_api_that_is_down_is_a_failure_and_no_answer(as_support, sandbox, black):
    sandbox.fail("502", times=None)
    answer = as_support.get("/lookup/?number=79990000000")
    assert answer.status_code == 503
    assert not saying_one_of(
        "Not blocked: only in a white list",
        (
            "Not blocked: it is not in the only list",
            "Not blocked: it is in none of the %(total)s lists",
        ),
    ).search(text(answer))


def test_a_token_that_is_refused_in_the_middle_is_no_answer(as_support, support, sandbox, black):
    sandbox.fail("401", path="contact-lists/", times=None)
    answer = as_support.get("/lookup/?number=79990000000")
    assert heading(answer) == says("Not known: not all lists could be read")
    assert says("Plusofon does not accept your token.") in text(answer)
    support.credential.refresh_from_db()
    assert support.credential.refused_at


def test_what_may_mean_the_number_is_never_called_not_blocked(as_support, black):
    answer = as_support.get("/lookup/?number=79990000000")
    assert heading(answer).startswith(
        says("Perhaps blocked: no exact match, but an entry may cover it")
    )
    assert not saying_one_of(
        "Not blocked: only in a white list",
        (
            "Not blocked: it is not in the only list",
            "Not blocked: it is in none of the %(total)s lists",
        ),
    ).search(text(answer))
    link = answer.soup.select_one(".answer .notice a")
    assert "7999*, 101" in link.find_parent("li").text
    page = as_support.get(link["href"].split("#")[0])
    assert page.soup.select_one(f"#{link['href'].split('#')[1]}")


def classes(answer):
    return answer.soup.select_one(".answer")["class"]


def link_of(answer, path):
    return answer.soup.select_one(f".answer a[href^='{path}']")["href"]


@pytest.mark.parametrize(
    "careless",
    [
        *("тел. 8 999 888 77 66", "8(999)888-77-66 Иванов", "8 999 888-77-66 доб. 12"),
        *("8 999 888-77-бб", "8 999 888-77-66, 101", "+7 999 888 77 66 в 14:05"),
    ],
)
def test_a_number_is_found_in_what_was_pasted_with_it(as_manager, black, careless):
    answer = as_manager.get("/lookup/", {"number": careless})
    assert heading(answer) == f"{says('Blocked')}: +7 999 888-77-66"
    block = as_manager.get(link_of(answer, "/block/"))
    numbers = block.soup.select_one("#id_numbers").text.strip()
    assert "".join(filter(str.isdigit, numbers)).endswith("9998887766")
    assert not any(sign.isalpha() for sign in numbers)


def test_a_number_with_a_digit_missing_is_never_called_not_blocked(as_support, black):
    answer = as_support.get("/lookup/", {"number": "8 999 888-77-6"})
    assert heading(answer) == says_many(
        "Incomplete number? Exactly this one is not in the only list",
        "Incomplete number? Exactly this one is in none of the %(total)s lists",
        1,
    )
    assert classes(answer) == ["answer", "verdict-doubtful"]
    assert says("Entries with these digits") in text(answer)
    assert [words(row) for row in answer.soup.select(".answer table td:nth-of-type(1)")] == [
        "Иван Иванов"
    ]
    assert not saying_one_of(
        "Not blocked: only in a white list",
        (
            "Not blocked: it is not in the only list",
            "Not blocked: it is in none of the %(total)s lists",
        ),
    ).search(text(answer))


def test_a_part_of_a_number_that_nobody_has_is_not_called_free_either(as_support, black):
    answer = as_support.get("/lookup/", {"number": "555-44-33 Сидоров"})
    assert heading(answer).startswith(
        says_many(
            "Incomplete number? Exactly this one is not in the only list",
            "Incomplete number? Exactly this one is in none of the %(total)s lists",
            1,
        )
    )
    assert not answer.soup.select(".answer table")


def test_a_part_of_a_number_is_blocked_where_exactly_that_is_stored(as_support, sandbox, account):
    contacts = [{"name": "Местный", "phones": ["888-77-66"]}]
    sandbox.add_list(account, name="Список", contacts=contacts)
    assert heading(as_support.get("/lookup/?number=8887766")) == f"{says('Blocked')}: 8887766"


def test_a_short_number_is_answered_calmly(as_support, sandbox, account, black):
    assert heading(as_support.get("/lookup/?number=101")) == f"{says('Blocked')}: 101"
    answer = as_support.get("/lookup/?number=112")
    assert heading(answer) == says_many(
        "The short number %(stored)s is not in the only list",
        "The short number %(stored)s is in none of the %(total)s lists",
        1,
        stored="112",
    )
    assert classes(answer) == ["answer", "verdict-absent"]
    assert not answer.soup.select(".answer table")
    similar = as_support.get("/lookup/?number=8877")
    assert "Иван Иванов" in similar.soup.select_one(".answer table").text
    sandbox.add_list(
        account, name="Белый", type="white", contacts=[{"name": "Б", "phones": ["112"]}]
    )
    answer = as_support.get("/lookup/?number=112")
    assert heading(answer) == f"{says('Only in a white list')}: 112"
    assert classes(answer) == ["answer", "verdict-absent"]


def test_only_a_whole_number_in_no_list_is_answered_in_green(as_support, black):
    for asked, is_green in [
        *(("79110000000", True), ("+84 96 123 45 67", True), ("102", False), ("8 911 000", False)),
        *(("Никто", False), ("70000000000", False), ("79990000000", False)),
    ]:
        answer = as_support.get("/lookup/", {"number": asked})
        assert ("verdict-none" in classes(answer)) is is_green, asked


def test_similar_entries_are_cut_too(as_support, sandbox, account):
    contacts = [{"name": f"Иван {n}", "phones": [f"7999{n:07}"]} for n in range(250)]
    sandbox.add_list(account, name="Иваны", contacts=contacts)
    answer = as_support.get("/lookup/?number=799900")
    assert len(answer.soup.select(".answer tbody tr")) == 200
    assert says_many(
        "And %(more)s more; more digits find fewer.",
        "And %(more)s more; more digits find fewer.",
        50,
    ) in text(answer)


def test_several_numbers_lead_to_the_table_of_many(as_support, black):
    answer = as_support.get(
        "/lookup/", {"number": "89998887766 89991112233, +84 96 123 45 67"}, follow=True
    )
    assert answer.redirect_chain == [
        ("/lookup/many/?numbers=79998887766%0A79991112233%0A%2B84961234567", 302)
    ]
    numbers = [words(cell) for cell in answer.soup.select(".answer tbody th")]
    assert numbers == ["+7 999 888-77-66", "+7 999 111-22-33", "+84 961 234 567"]


def test_a_number_of_another_country_stays_one_on_the_way_to_blocking(as_manager, black):
    answer = as_manager.get("/lookup/", {"number": "+84 96 123 45 67"})
    assert link_of(answer, "/block/") == "/block/?number=%2B84961234567"
    block = as_manager.get(link_of(answer, "/block/"))
    assert block.soup.select_one("#id_numbers").text.strip() == "+84961234567"


def test_a_text_with_two_readings_is_perhaps_the_number(as_support, sandbox, account):
    contacts = [{"name": "Ли", "phones": ["84961234567"]}]
    sandbox.add_list(account, name="Список", contacts=contacts)
    answer = as_support.get("/lookup/", {"number": "+84 96 123 45 67"})
    assert heading(answer).startswith(
        says("Perhaps blocked: no exact match, but an entry may cover it")
    )
    assert f"{says('These entries may mean this number too:')} Список: Ли, 84961234567" in text(
        answer
    )
    plain = as_support.get("/lookup/", {"number": "8 496 123-45-67"})
    assert heading(plain) == f"{says('Blocked')}: +7 496 123-45-67"


def test_a_name_is_matched_word_by_word_and_never_answered_in_green(as_support, black):
    answer = as_support.get("/lookup/", {"number": "петров ПЕТР"})
    assert heading(answer) == says_many("%(found)s contact found", "%(found)s contacts found", 1)
    nobody = as_support.get("/lookup/", {"number": "Петров Иван"})
    assert heading(nobody) == says_many(
        "No such name in the only list", "No such name in any of the %(total)s lists", 1
    )
    assert classes(nobody) == ["answer"]
    short = as_support.get("/lookup/", {"number": "Скорая 101"})
    assert "АТС" in short.soup.select_one(".answer table").text


def test_a_list_is_found_by_its_name(as_support, black):
    answer = as_support.get("/lookup/", {"number": "список черный"})
    assert heading(answer) == says_many("%(found)s list found", "%(found)s lists found", 1)
    assert link_of(answer, "/lists/") == f"/lists/{black}/"
    both = as_support.get("/lookup/", {"number": "и"})
    assert heading(both) == says_many("%(found)s contact found", "%(found)s contacts found", 1)
    assert both.soup.select_one(".answer .named a").text == "Чёрный список 1"


def test_a_name_among_lists_that_could_not_be_read_is_not_known(as_support, sandbox, black):
    sandbox.fail("500", path=f"contact-lists/{black}", times=None)
    answer = as_support.get("/lookup/?number=Никто")
    assert heading(answer) == says("Not known: not all lists could be read")
    assert classes(answer) == ["answer", "verdict-incomplete"]


def test_the_page_comes_in_pieces_with_true_progress(as_support, sandbox, account, black):
    sandbox.add_list(account, name="Второй")
    answer = as_support.get("/lookup/?number=79998887766")
    assert answer.streaming
    assert answer.headers["X-Accel-Buffering"] == "no"
    steps = [" ".join(step.text.split()) for step in answer.soup.select(".progress")]
    assert steps == [says("%(read)s of %(total)s lists read", read=n, total=2) for n in range(3)]


def test_that_it_is_blocked_is_said_once_and_before_the_rest_is_read(as_support, sandbox, account):
    contacts = [{"name": "Иван", "phones": ["79998887766"]}]
    for n in range(20):
        sandbox.add_list(account, name=f"Список {n}", contacts=contacts if n in (3, 9) else [])
    answer = as_support.get("/lookup/?number=79998887766")
    (early,) = answer.soup.select(".early")
    rest = says("The other lists are still being read.")
    assert words(early) == f"{says('Blocked')}: +7 999 888-77-66 {rest}"
    after = early.find_next_siblings(class_="step")
    assert len(after) > 1
    assert early.find_next_sibling(class_="answer")


@pytest.mark.parametrize("number", ["79990000000", "пётр", "79991110000"])
def test_nothing_is_said_early_of_what_is_not_certain(as_support, sandbox, account, black, number):
    contacts = [{"name": "Друг", "phones": ["79991110000"]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=contacts)
    assert not as_support.get("/lookup/", {"number": number}).soup.select(".early")


def test_a_name_is_found_too(as_support, black):
    answer = as_support.get("/lookup/?number=пётр")
    assert heading(answer) == says_many("%(found)s contact found", "%(found)s contacts found", 1)
    assert "+7 812 333-44-55" in text(answer)
    nobody = as_support.get("/lookup/?number=Никто")
    assert heading(nobody) == says_many(
        "No such name in the only list", "No such name in any of the %(total)s lists", 1
    )


def test_thousands_of_hits_are_cut(as_support, sandbox, account):
    contacts = [{"name": f"Иван {n}", "phones": ["101"]} for n in range(250)]
    sandbox.add_list(account, name="Иваны", contacts=contacts)
    answer = as_support.get("/lookup/?number=иван")
    assert heading(answer) == says_many("%(found)s contact found", "%(found)s contacts found", 250)
    assert len(answer.soup.select(".answer tbody tr")) == 200
    assert says_many(
        "And %(more)s more; a longer name finds fewer.",
        "And %(more)s more; a longer name finds fewer.",
        50,
    ) in text(answer)
    answer = as_support.get("/lookup/?number=101")
    assert len(answer.soup.select(".answer tbody tr")) == 200
    assert says_many("And %(more)s more contact.", "And %(more)s more contacts.", 50) in text(
        answer
    )  # no name was asked for


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", says("Enter a number or a name.")),
        (
            "1" * 40,
            says("“%(text)s” is too long for a phone number: 15 digits at most.", text="1" * 40),
        ),
        ("5", says("“%(text)s” is too short for a phone number: two digits at least.", text="5")),
    ],
)
def test_what_is_no_number_says_why_and_stays(as_support, sandbox, number, words):
    answer = as_support.get("/lookup/", {"number": number})
    assert answer.status_code == 422
    assert words in answer.soup.select_one("#lookup-number_error").text
    assert answer.soup.select_one("#lookup-number")["value"] == number
    assert sandbox.calls == []


def test_without_a_number_the_page_asks_for_one(as_support, sandbox):
    answer = as_support.get("/lookup/")
    assert answer.status_code == 200
    assert not answer.soup.select(".answer")
    assert sandbox.calls == []


def test_every_page_has_the_search_in_its_header(as_support, as_anonymous, black):
    for path in (
        "/lists/",
        f"/lists/{black}/",
        "/journal/",
        "/connection/",
        "/lookup/",
        "/nowhere/",
    ):
        form = as_support.get(path).soup.select_one("header form[action='/lookup/']")
        assert form.select_one("[name=number]")
    assert not as_anonymous.get("/login/").soup.select("header form[action='/lookup/']")


def test_it_speaks_the_persons_language_to_the_end(as_support, black):
    answer = as_support.get("/lookup/?number=79998887766", headers={"Accept-Language": "en"})
    assert heading(answer) == "Blocked: +7 999 888-77-66"


def test_names_are_shown_as_text(as_support, sandbox, account):
    contacts = [{"name": "<script>alert(1)</script>", "phones": ["101"]}]
    sandbox.add_list(account, name="<b>", contacts=contacts)
    answer = as_support.get("/lookup/?number=101")
    assert "<script>alert(1)</script>" in text(answer)
    echoed = as_support.get("/lookup/", {"number": "<!-- the pieces --><b>x</b>"})
    assert not echoed.soup.select("main b")
    assert echoed.soup.select_one("#lookup-number")["value"] == "<!-- the pieces --><b>x</b>"


class TestWhereAHitComesFrom:
    """Under each hit stands who put it there, when and why, as far as the journal knows."""

    def origins(self, client):
        answer = client.get("/lookup/?number=79998887766")
        return [words(note) for note in answer.soup.select(".answer .hits .note")]

    def test_who_blocked_it_and_for_which_request(self, as_support, manager, sandbox, account, by):
        list_id = sandbox.add_list(account, name="Спам")
        asked = BlockRequestFactory(numbers="79998887766", list_id=list_id, reason="Угрожает")
        contact = Contact("Угрожает", ("79998887766",))
        deciding.accept(asked, contact, [Planned(ListEntry(list_id, "Спам", "black"))], by=by)
        entry = JournalEntry.objects.get(action="add")
        (told,) = self.origins(as_support)
        who = f"manager, {moment(entry.started_at)}"
        assert told == says(
            "%(who)s, request no. %(id)s: %(reason)s", who=who, id=asked.pk, reason="Угрожает"
        )

    def test_what_came_from_elsewhere_is_said_to(self, as_support, black):
        assert self.origins(as_support) == [says("Entered elsewhere, or earlier")]

    def test_nothing_is_said_of_names(self, as_support, black):
        answer = as_support.get("/lookup/?number=Иванов")
        assert not answer.soup.select(".answer .hits .note")

    def test_our_own_database_that_fails_holds_up_no_answer(self, as_support, black, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError

        monkeypatch.setattr(origins, "origins", fail)
        assert self.origins(as_support) == []


NUMBER = "79998887766"
Kind, State = BlockRequest.Kind, BlockRequest.State


def written(number=NUMBER, **fields):
    entry = JournalEntryFactory(**fields)
    JournalNumber.objects.create(entry=entry, number=number)
    return entry


def page_of(client, number=NUMBER):
    return client.get(f"/lookup/?number={number}")


def section(answer, name):
    return answer.soup.select_one(f"section[aria-labelledby={name}]")


class TestHistory:
    """Below the answer stands who changed what about the number, and when."""

    def lines(self, client):
        return section(page_of(client), "history").select(".lines li")

    def test_the_newest_change_comes_first_and_leads_to_its_list(self, as_support, black):
        written()
        written(action="remove", username="anna", list_id=12, list_name="Спам")
        first, second = self.lines(as_support)
        assert words(first.select_one(".what")).startswith("anna")
        assert first.select_one("a")["href"] == "/lists/12/"
        assert first.select_one("time")
        assert second.select_one("a")["href"] == "/lists/11/"

    def test_the_answer_comes_first(self, as_support, black):
        written()
        answer = page_of(as_support)
        assert section(answer, "history").find_previous_sibling(class_="answer")
        assert not answer.soup.select(".answer section, .answer .lines")

    def test_the_number_does_not_lead_to_its_own_page_and_another_does(self, as_support, black):
        written()
        change = ListChange(contacts=(ContactChange(None, IVAN),))
        written(list_change=change)
        numbers = [
            (one.text, one.get("href")) for one in self.lines(as_support)[0].select(".number")
        ]
        assert numbers == [
            ("+7 999 888-77-66", None),
            ("+7 999 222-33-00", "/lookup/?number=79992223300"),
        ]

    def test_how_a_change_ended_is_said_where_it_is_not_confirmed(self, as_support, black):
        for outcome in (Outcome.CONFIRMED, Outcome.REFUSED, Outcome.UNKNOWN):
            written(outcome=outcome)
        told = [line.select_one(".outcome") for line in self.lines(as_support)]
        assert [one and one["class"] for one in told] == [
            ["outcome", "unknown"],
            ["outcome", "refused"],
            None,
        ]
        (check,) = [
            form["action"] for line in self.lines(as_support) for form in line.select("form")
        ]
        assert check.endswith("/check/")

    def test_who_may_undo_a_change_does_it_here_and_comes_back(self, as_manager, as_support, black):
        as_manager.post(
            "/block/",
            {"numbers": "79991112233", "name": "Спам", "list": str(black), "confirm": "1"},
        )
        address = "/lookup/?number=79991112233"
        assert not section(as_support.get(address), "history").select("form")
        form = section(as_manager.get(address), "history").select_one("form")
        sent = {field["name"]: field["value"] for field in form.select("[name][value]")}
        done = as_manager.post(form["action"], sent)
        assert (done.status_code, done.url) == (302, address)
        back = as_manager.get(address)
        assert "verdict-blocked" not in classes(back)
        undone, before = section(back, "history").select(".lines li")
        assert before.select_one(".outcome").text == says("undone")
        assert not before.select("form")
        assert undone.select("form")

    def test_an_act_over_several_lists_is_one_line_that_leads_to_its_page(
        self, as_manager, sandbox, account, black
    ):
        spam = sandbox.add_list(account, name="Спам")
        form = {"numbers": "79991112233", "name": "Спам", "list": [black, spam], "confirm": "1"}
        as_manager.post("/block/", form)
        (line,) = section(page_of(as_manager, "79991112233"), "history").select(".lines li")
        act = JournalEntry.objects.get(action="block")
        assert line.select_one("a.note")["href"] == f"/journal/{act.pk}/"
        assert as_manager.get(f"/journal/{act.pk}/").status_code == 200

    def test_of_more_than_ten_the_last_are_shown_and_the_journal_has_all(self, as_support, black):
        for _ in range(10):
            written()
        assert not section(page_of(as_support), "history").select("a[href^='/journal/?']")
        written()
        told = section(page_of(as_support), "history")
        assert len(told.select(".lines li")) == 10
        link = told.select_one("a[href='/journal/?number=79998887766']")
        assert words(link) == says("All entries in the journal: %(total)s", total=11)
        assert len(as_support.get(link["href"]).soup.select("tbody tr")) == 11

    def test_a_number_of_another_country_is_found_in_the_journal_from_here(self, as_support, black):
        for _ in range(11):
            written("+84961234567")
        told = section(page_of(as_support, "%2B84961234567"), "history")
        link = told.select_one("a[href^='/journal/']")["href"]
        assert link == "/journal/?number=%2B84961234567"
        assert len(as_support.get(link).soup.select("tbody tr")) == 11

    def test_what_the_journal_does_not_know_is_said(self, as_support, black):
        written("79992223300")
        told = section(page_of(as_support), "history")
        assert says("The journal knows no change of this number.") in words(told)
        assert not told.select("li, a")

    def test_what_another_account_did_is_never_shown(self, as_support, stranger, black):
        written(account="another")
        ask(stranger, numbers=NUMBER, state=State.DECLINED)
        answer = page_of(as_support)
        assert not answer.soup.select(".lines, #decided")

    def test_a_name_has_none(self, as_support, black):
        assert not as_support.get("/lookup/?number=Иванов").soup.select("#history")

    def test_it_does_not_wait_for_lists_that_cannot_be_read(self, as_support, sandbox, black):
        written()
        sandbox.fail("500", path=f"contact-lists/{black}", times=None)
        answer = page_of(as_support)
        assert "verdict-incomplete" in classes(answer)
        assert section(answer, "history").select(".lines li")

    @pytest.mark.parametrize(
        "sql", ["lists_journalnumber", "undoes_id.* IN ", r"lists_blockrequest.* IN \("]
    )
    def test_our_own_database_that_fails_leaves_the_answer(self, as_support, support, black, sql):
        written()
        ask(support, numbers=NUMBER, state=State.DECLINED)
        with failing(sql) as met:
            answer = page_of(as_support)
        assert met
        assert heading(answer) == f"{says('Blocked')}: +7 999 888-77-66"
        (notice,) = section(answer, "history").select(".notice")
        assert words(notice) == says(
            "The history could not be read: our own database is not working right now."
        )
        assert not answer.soup.select(".lines, #decided")
        assert answer.soup.select("body > #told")

    @pytest.mark.parametrize("spelling", ["79998887766", "8 (999) 888-77-66"])
    def test_while_the_api_is_down_the_journal_is_a_press_away(
        self, as_support, sandbox, black, spelling
    ):
        written()
        sandbox.fail("503", times=None)
        answer = as_support.get("/lookup/", {"number": spelling})
        assert answer.status_code == 503
        link = answer.soup.select_one("main a[href='/journal/?number=79998887766']")
        assert words(link) == says("What the journal knows of this number")
        assert len(as_support.get(link["href"]).soup.select("tbody tr")) == 1

    @pytest.mark.parametrize("path", ["/lookup/?number=Иванов", "/lists/", "/block/?number=101"])
    def test_no_other_page_that_fails_speaks_of_a_number(self, as_manager, sandbox, black, path):
        sandbox.fail("503", times=None)
        answer = as_manager.get(path)
        assert answer.status_code == 503
        assert not answer.soup.select("main a[href^='/journal/']")


class TestDecidedRequests:
    """What was asked for about the number, by whom and why, and what became of it."""

    def rows(self, client, number=NUMBER):
        table = section(page_of(client, number), "decided")
        return table.select("tbody tr") if table else []

    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("state", [State.ACCEPTED, State.DECLINED, State.WITHDRAWN])
    def test_each_tells_what_was_asked_why_and_how_it_ended(
        self, as_support, support, black, kind, state
    ):
        asked = ask(
            support,
            numbers=NUMBER,
            kind=kind,
            state=state,
            reason="Звонит ночью",
            answer="Спам",
            decided_by="anna",
            decided_at=timezone.now(),
        )
        (row,) = self.rows(as_support)
        told = words(row)
        outcome = {
            State.ACCEPTED: "blocked" if kind == Kind.BLOCK else "removed",
            State.DECLINED: "declined",
            State.WITHDRAWN: "withdrawn",
        }[state]
        assert words(row.select_one(".outcome")) == says(outcome)
        assert told.startswith(says(kind.capitalize(), context="asked for"))
        for word in ("Звонит ночью", "support", says("no. %(id)s", id=asked.pk), "Спам"):
            assert word in told
        assert ("anna" in told) is (state != State.WITHDRAWN)

    def test_what_waits_is_said_once_beside_the_answer(self, as_support, support, black):
        ask(support, numbers=NUMBER, reason="Звонит ночью")
        answer = page_of(as_support)
        assert not answer.soup.select("#decided")
        assert text(answer).count("Звонит ночью") == 1
        assert "Звонит ночью" in words(answer.soup.select_one(".answer .notice.good"))

    def test_the_number_itself_comes_first_among_many_and_where_it_was_left_out(
        self, as_support, support, black
    ):
        many = "\n".join([*(f"7999111000{n}" for n in range(6)), NUMBER])
        ask(support, numbers=many, left_out=many, state=State.ACCEPTED, decided_at=timezone.now())
        (row,) = self.rows(as_support)
        asked, left_out = row.select_one(".what"), row.select("td")[-1].select_one(".note")
        for place in (asked, left_out):
            first, second, *rest = place.select(".number")
            assert (first.text, first.get("href")) == ("+7 999 888-77-66", None)
            assert second["href"] == "/lookup/?number=79991110000"
            assert len(rest) == 3

    def test_of_more_than_ten_the_last_are_shown_and_the_journal_has_all(
        self, as_support, support, black
    ):
        for n in range(11):
            ask(support, numbers=NUMBER, state=State.WITHDRAWN, reason=f"№ {n}")
        told = section(page_of(as_support), "decided")
        reasons = [words(cell) for cell in told.select(".why")]
        assert reasons == [f"№ {n}" for n in range(10, 0, -1)]
        link = told.select_one("a[href='/journal/?number=79998887766']")
        assert words(link) == says("All entries in the journal")

    def test_those_of_another_number_are_not_its_own(self, as_support, support, black):
        ask(support, numbers="79992223300", state=State.DECLINED)
        assert self.rows(as_support) == []
        assert len(self.rows(as_support, "79992223300")) == 1


class TestNumbersLeadToTheirPages:
    def test_of_a_name_each_number_found_does(self, as_support, black):
        answer = as_support.get("/lookup/?number=Иванов")
        links = [link["href"] for link in answer.soup.select(".answer a.number")]
        assert links == ["/lookup/?number=79998887766", "/lookup/?number=79992223300"]

    def test_of_entries_with_these_digits_each_does(self, as_support, black):
        answer = as_support.get("/lookup/?number=8887")
        assert answer.soup.select_one(".answer h3")
        assert answer.soup.select_one(".answer a.number[href='/lookup/?number=79998887766']")

    def test_on_its_own_page_the_number_does_not_and_the_others_do(self, as_support, black):
        answer = page_of(as_support)
        assert [link["href"] for link in answer.soup.select("main a.number")] == [
            "/lookup/?number=79992223300",  # while the lists are read, and in the answer
            "/lookup/?number=79992223300",
        ]
        own = [one for one in answer.soup.select(".numbers .number") if one.name == "span"]
        assert {one.text for one in own} == {"+7 999 888-77-66"}

    def test_what_was_stored_otherwise_is_its_own_page_too(self, as_support, black):
        answer = page_of(as_support, "78123334455")
        assert not answer.soup.select("main a.number")

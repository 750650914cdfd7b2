"""The lookup page: one of three answers, in words nobody can misread."""

import pytest
from django.db import OperationalError

from lists.intents import Planned
from lists.models import JournalEntry
from lists.plusofon.values import Contact, ListEntry
from lists.services import deciding, history
from lists.wording.times import moment
from tests.client import text, words
from tests.factories import BlockRequestFactory
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
    after = [piece for piece in early.find_next_siblings() if "step" in piece["class"]]
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

    def test_the_journal_of_the_number_is_a_press_away(self, as_support, black):
        answer = as_support.get("/lookup/?number=8 999 888-77-66")
        assert answer.soup.select_one(".answer a[href='/journal/?number=79998887766']")

    def test_our_own_database_that_fails_holds_up_no_answer(self, as_support, black, monkeypatch):
        def fail(*args, **kwargs):
            raise OperationalError

        monkeypatch.setattr(history, "origins", fail)
        assert self.origins(as_support) == []

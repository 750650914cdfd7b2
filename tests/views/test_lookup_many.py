"""A thousand numbers for the calls of one, as a table and as a file."""

import csv
import io

import pytest

from lists.verdict import Verdict
from lists.views.lookup_many import TOTALS
from lists.wording.verdicts import NO_NUMBER, ONLY_WHITE
from tests.client import text, words
from tests.words import says

FREE = "79110000000"


def verdict(word):
    return says(word, context="of a number")


NOT_A_NUMBER = says(
    "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.", text="=abc"
)


def rows(answer):
    return [
        (words(row.select_one("th")), words(row.select_one(".status")))
        for row in answer.soup.select(".answer tbody tr")
    ]


def totals(answer):
    return [words(total) for total in answer.soup.select(".answer h2 .total")]


def table(answer):
    content = b"".join(answer).decode()
    assert content.startswith("\ufeff")
    return list(csv.reader(io.StringIO(content[1:]), delimiter=";"))


def test_each_number_gets_its_answer_in_the_order_in_which_it_was_typed(
    as_support, sandbox, account, black
):
    white = [{"name": "Друг", "phones": ["103"]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=white)
    typed = f"8 812 333-44-55\nabc\n103; {FREE}\n79990000000\n+7 (999) 888-77-66\t{FREE}"
    answer = as_support.post("/lookup/many/", {"numbers": typed})
    assert answer.status_code == 200
    assert rows(answer) == [
        ("+7 812 333-44-55", verdict("blocked")),
        ("abc", verdict("not a number")),
        ("103", verdict("only in a white list")),
        ("+7 911 000-00-00", verdict("not blocked")),
        ("+7 999 000-00-00", verdict("perhaps blocked")),
        ("+7 999 888-77-66", verdict("blocked")),
        ("+7 911 000-00-00", verdict("not blocked")),
    ]
    assert totals(answer) == [
        f"{verdict('blocked')}: 2",
        f"{verdict('perhaps blocked')}: 1",
        f"{verdict('only in a white list')}: 1",
        f"{verdict('not blocked')}: 2",
        f"{verdict('not a number')}: 1",
    ]
    assert "Чёрный список 1: Пётр Петров" in text(answer)
    assert f"{says('may mean it:')} Чёрный список 1, 7999*, 101" in text(answer)
    assert answer.soup.select_one("textarea").text.strip() == typed


def test_every_kind_of_answer_has_its_place_among_the_totals():
    assert sorted(TOTALS) == sorted([*Verdict, ONLY_WHITE, NO_NUMBER])


def test_the_field_folds_once_it_was_answered_and_not_where_it_is_to_be_mended(as_support, black):
    for answer in (as_support.get("/lookup/many/"), as_support.post("/lookup/many/")):
        assert not answer.soup.select("main details")
    answer = as_support.post("/lookup/many/", {"numbers": f"{FREE}\nabc"})
    (folded,) = answer.soup.select("main details")
    assert not folded.has_attr("open")
    assert says("Your numbers: %(total)s", total=2) in text(answer)
    assert folded.select_one("textarea").text.strip() == f"{FREE}\nabc"


def test_the_answer_can_be_copied_as_text(as_support, sandbox, account, black):
    contacts = [{"name": f"Спам {n}", "phones": ["104"]} for n in range(7)]
    sandbox.add_list(account, name="Много", contacts=contacts)
    typed = f"8 999 888-77-66\n=abc\n{FREE}\n79990000000\n104"
    answer = as_support.post("/lookup/many/", {"numbers": typed})
    button = answer.soup.select_one("[data-copies]")
    assert button.has_attr("hidden")  # a script shows it
    many = ", ".join(f"Много (Спам {n})" for n in range(5))
    assert button["data-copies"].split("\n") == [
        f"+7 999 888-77-66 — {verdict('blocked')}: Чёрный список 1 (Иван Иванов)",
        f"=abc — {verdict('not a number')}",
        f"+7 911 000-00-00 — {verdict('not blocked')}",
        f"+7 999 000-00-00 — {verdict('perhaps blocked')}: Чёрный список 1 (АТС)",
        f"104 — {verdict('blocked')}: {many} …",
    ]


def test_what_could_not_be_read_makes_not_blocked_impossible(as_support, sandbox, account, black):
    bad = sandbox.add_list(account, name="Больной")
    sandbox.fail("500", path=f"contact-lists/{bad}", times=None)
    answer = as_support.post("/lookup/many/", {"numbers": f"{FREE}\n79998887766"})
    assert [kind for _, kind in rows(answer)] == [verdict("not known"), verdict("blocked")]
    assert "Больной" in text(answer)
    assert f"{verdict('not blocked')}:" not in text(answer)
    assert not answer.soup.select("[name=fill]")


def test_a_thousand_numbers_cost_the_calls_of_one(as_support, sandbox, account, black):
    for n in range(20):
        sandbox.add_list(account, name=f"Список {n}")
    as_support.get(f"/lookup/?number={FREE}")
    calls = len(sandbox.calls)
    numbers = "\n".join(f"7999{n:07}" for n in range(1000))
    answer = as_support.post("/lookup/many/", {"numbers": numbers})
    assert len(rows(answer)) == 1000
    assert len(sandbox.calls) == 2 * calls


def test_the_file_says_the_same(as_support, black):
    answer = as_support.post(
        "/lookup/many/", {"numbers": f"8 812 333-44-55\n=abc\n{FREE}\n79990000000", "csv": "1"}
    )
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert table(answer) == [
        [says("Number"), says("Stored as"), says("Answer"), says("Where"), says("Perhaps in")],
        ["8 812 333-44-55", "78123334455", verdict("blocked"), "Чёрный список 1: Пётр Петров", ""],
        ["'=abc", "", NOT_A_NUMBER, "", ""],
        [FREE, FREE, verdict("not blocked"), "", ""],
        ["79990000000", "79990000000", verdict("perhaps blocked"), "", "Чёрный список 1: АТС"],
    ]


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("", says("Enter at least one number.")),
        (
            "abc",
            says(
                "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.",
                text="abc",
            ),
        ),
        (
            "\n".join(map(str, range(1000, 2001))),
            says("More than %(most)s numbers. Split them into parts.", most=1000),
        ),
    ],
)
def test_what_cannot_be_looked_up_says_why_and_stays(as_support, sandbox, numbers, words):
    answer = as_support.post("/lookup/many/", {"numbers": numbers})
    assert answer.status_code == 422
    assert words in answer.soup.select_one("#many-numbers_error").text
    assert answer.soup.select_one("textarea").text.strip() == numbers
    assert sandbox.calls == []


def test_only_whole_numbers_are_called_not_blocked(as_manager, black):
    typed = {"numbers": f"102\n8 999 888-77-6\n{FREE}\n8887766"}
    answer = as_manager.post("/lookup/many/", typed)
    assert [kind for _, kind in rows(answer)] == [
        *(
            verdict("not in the lists"),
            verdict("incomplete number?"),
            verdict("not blocked"),
            verdict("incomplete number?"),
        )
    ]
    assert answer.soup.select_one(".answer [name=fill]").text.strip().endswith("остальные: 2")


def test_two_numbers_in_one_line_are_two(as_support, black):
    typed = "89998887766 8 911 000-00-00\n101 102"
    answer = as_support.post("/lookup/many/", {"numbers": typed})
    assert rows(answer) == [
        ("+7 999 888-77-66", verdict("blocked")),
        ("+7 911 000-00-00", verdict("not blocked")),
        ("101 102", verdict("not a number")),
    ]
    assert says(
        "“%(text)s”: one number or several? Put a comma between several; write one without spaces.",
        text="101 102",
    ) in text(answer)


def test_a_number_of_another_country_stays_one_on_the_way_to_blocking(
    as_manager, sandbox, account, black
):
    typed = "+84 96 123 45 67\n+47 31 23 45 67\n+49 30 1234567"
    answer = as_manager.post("/lookup/many/", {"numbers": typed})
    links = [link["href"] for link in answer.soup.select(".answer th a")]
    assert links[0] == "/lookup/?number=%2B84961234567"
    fields = answer.soup.select_one(".answer form[action='/block/'] [name=numbers]")["value"]
    assert fields == "+84961234567, +4731234567, +49301234567"
    as_manager.post("/block/", {"numbers": fields, "name": "Спам", "list": [black], "confirm": "1"})
    stored = sandbox.lists(account)[black]["contacts"][-1]["phones"]
    assert stored == ["+84961234567", "+4731234567", "49301234567"]
    for link in links:
        assert says("Blocked") in as_manager.get(link).soup.select_one(".answer h2").text


def test_what_an_address_names_is_looked_up_like_what_was_typed(as_support, black):
    answer = as_support.get("/lookup/many/", {"numbers": f"79998887766\n{FREE}"})
    assert [kind for _, kind in rows(answer)] == [verdict("blocked"), verdict("not blocked")]
    assert as_support.get("/lookup/many/?numbers=").status_code == 422
    assert as_support.get("/lookup/many/").status_code == 200


def test_many_places_are_cut(as_support, sandbox, account):
    for n in range(7):
        contacts = [{"name": "Спам", "phones": [FREE]}]
        sandbox.add_list(account, name=f"Список {n}", contacts=contacts)
    assert says("and %(more)s more", more=2) in text(
        as_support.post("/lookup/many/", {"numbers": FREE})
    )


def test_a_number_that_stands_in_very_many_places_fits_into_a_cell(as_support, sandbox, account):
    contacts = [{"name": f"Спам {n}", "phones": [FREE]} for n in range(100)]
    sandbox.add_list(account, name="Список", contacts=contacts)
    numbers = "\n".join([FREE] * 900)
    where = table(as_support.post("/lookup/many/", {"numbers": numbers, "csv": "1"}))[900][3]
    assert where.startswith("Список: Спам 0; Список: Спам 1;")
    assert where.endswith("Список: Спам 49 …")


def test_what_is_not_blocked_can_be_blocked_from_here(as_manager, as_support, black):
    numbers = {"numbers": f"79998887766\n{FREE}\n103"}
    assert not as_support.post("/lookup/many/", numbers).soup.select("form[action='/block/']")
    form = as_manager.post("/lookup/many/", numbers).soup.select_one("form[action='/block/']")
    assert says("Block the others: %(count)s", count=2) in form.text
    sent = {"numbers": form.select_one("[name=numbers]")["value"], "fill": "1"}
    block = as_manager.post("/block/", sent)
    assert block.status_code == 200
    assert block.soup.select_one("#id_numbers").text.strip() == f"{FREE}, 103"
    assert not block.soup.select(".errorlist")


def test_an_api_that_is_down_is_a_failure_that_keeps_what_was_typed(as_support, sandbox, black):
    sandbox.fail("502", times=None)
    answer = as_support.post("/lookup/many/", {"numbers": FREE})
    assert answer.status_code == 503
    assert FREE in text(answer)

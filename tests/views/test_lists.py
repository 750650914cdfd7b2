"""The page of lists; creating, renaming and deleting one."""

import pytest

from lists.sameness import list_digest
from tests.calls import methods
from tests.words import saying, saying_one_of, says, says_many

from ..client import fields, text, words

A_CONTACT = {"name": "Анна", "phones": ["101"]}


@pytest.fixture
def many(sandbox, account):
    return [sandbox.add_list(account, name=f"Список {n}") for n in range(1, 41)]


def test_the_page_of_lists_costs_one_call_and_shows_types(as_manager, sandbox, account, black):
    sandbox.add_list(account, name="Белый список 1", type="white")
    page = as_manager.get("/lists/")
    assert methods(sandbox) == ["GET"]
    assert "Чёрный список 1" in text(page)
    assert len(page.soup.select(".badge")) == 1  # black is the rule: it goes without saying
    assert says("not used by Plusofon yet") in page.soup.select_one(".badge.white").text
    assert saying("Read from Plusofon at <time>%(time)s</time>").search(text(page))


def test_lists_are_paged_as_the_api_pages_them(as_manager, many):
    first = as_manager.get("/lists/")
    assert len(first.soup.select("tbody tr")) == 15
    assert says("Page %(number)s of %(last)s", number=1, last=3) in text(first)
    assert first.soup.select_one("[rel=next]")["href"] == "?page=2"
    last = as_manager.get("/lists/?page=3")
    assert len(last.soup.select("tbody tr")) == 10
    assert not last.soup.select_one("[rel=next]")


def counts(page):
    return [words(cell)[:6] for cell in page.soup.select("td.amount")]


@pytest.fixture
def ask_counts(as_support):
    def ask_counts():
        """What the page asks for once it is there: by id, what stands in each list's place."""
        link = as_support.get("/lists/").soup.select_one("#counts a")
        assert link["hx-trigger"] == "load"
        piece = as_support.piece(link["hx-get"])
        return {cell["hx-target"]: words(cell)[:5] for cell in piece.soup.select("hx-partial")}

    return ask_counts


def test_how_many_contacts_a_list_has_comes_after_the_page(
    as_support, sandbox, account, black, ask_counts
):
    long = sandbox.add_list(account, name="Длинный", contacts=[A_CONTACT] * 1234)
    assert counts(as_support.get("/lists/")) == ["", ""]
    assert methods(sandbox) == ["GET"]
    assert ask_counts() == {f"#count-{black}": "3", f"#count-{long}": "1 234"}
    assert len(methods(sandbox)) == 1 + 1 + 2


def test_without_javascript_they_come_with_the_page_when_asked_for(as_support, black, many):
    link = as_support.get("/lists/?page=3").soup.select_one("#counts a")
    page = as_support.get(f"/lists/{link['href']}")
    assert counts(page) == ["0"] * 11
    assert not page.soup.select("#counts [hx-get]")


def test_a_list_that_cannot_be_counted_holds_up_no_other(
    as_support, sandbox, account, black, ask_counts
):
    bad = sandbox.add_list(account, name="Больной")
    sandbox.fail("500", path=f"contact-lists/{bad}", times=None)
    assert ask_counts() == {f"#count-{black}": "3", f"#count-{bad}": "— Это"}
    assert counts(as_support.get("/lists/?counts=1")) == ["3", "— Этот"]


def test_counting_never_takes_the_page_from_the_person(as_support, sandbox, black):
    """A token that is refused meanwhile leads away when they do something themselves."""
    sandbox.fail("401", times=None)
    piece = as_support.piece(f"/lists/counts/?list={black}")
    assert (piece.status_code, "HX-Redirect" in piece) == (200, False)


def test_counting_leaves_half_of_the_calls_to_others(as_support, many, most_at_once, ask_counts):
    ask_counts()
    assert most_at_once() == 4


@pytest.mark.parametrize("asked", ["", "list=x&list=-1&list=٣", f"list={'9' * 19}"])
def test_odd_ids_are_not_counted(as_support, sandbox, asked):
    piece = as_support.piece(f"/lists/counts/?{asked}")
    assert (piece.status_code, methods(sandbox)) == (200, [])


def test_nobody_counts_more_than_a_page_can_show(as_support, sandbox):
    ids = "&".join(f"list={n}" for n in range(1, 301))
    as_support.piece(f"/lists/counts/?{ids}&list=1&list=1")
    assert len(methods(sandbox)) == 100


def test_counting_can_be_turned_off(as_support, sandbox, settings, black):
    settings.CONTACT_COUNTS = False
    page = as_support.get("/lists/?counts=1")
    assert not page.soup.select(".amount, #counts")
    assert as_support.piece(f"/lists/counts/?list={black}").headers["HX-Redirect"] == "/lists/"
    assert methods(sandbox) == ["GET"]


@pytest.fixture
def account_of_lists(sandbox, account):
    """Some of each type, with as many contacts as their number says."""
    for n, (name, kind) in enumerate(
        [("Спам 10", "black"), ("ёлки", "white"), ("спам 2", "black"), ("Ели", "white")]
    ):
        sandbox.add_list(account, name=name, type=kind, contacts=[A_CONTACT] * n)


def names(page):
    return [name.text for name in page.soup.select("#lists tbody th bdi")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("sort=name", ["Ели", "ёлки", "спам 2", "Спам 10"]),
        ("sort=-name", ["Спам 10", "спам 2", "ёлки", "Ели"]),
        ("sort=type", ["спам 2", "Спам 10", "Ели", "ёлки"]),
        ("sort=-count", ["Ели", "спам 2", "ёлки", "Спам 10"]),
        ("sort=count", ["Спам 10", "ёлки", "спам 2", "Ели"]),
        ("q=СПАМ", ["Спам 10", "спам 2"]),
        ("q=елк", ["ёлки"]),
        ("type=white", ["ёлки", "Ели"]),
        ("type=white&q=е&sort=name", ["Ели", "ёлки"]),
        ("type=grey", []),
    ],
)
def test_lists_are_found_chosen_and_sorted(as_support, account_of_lists, asked, found):
    page = as_support.get(f"/lists/?{asked}")
    assert (page.status_code, names(page)) == (200, found)
    assert (says("Nothing found.") in text(page)) is not found


def test_whatever_page_they_stand_on(as_support, sandbox, account, many):
    zero = sandbox.add_list(account, name="А")
    page = as_support.get("/lists/?sort=name")
    assert len(methods(sandbox)) == 3
    assert (names(page)[0], len(names(page))) == ("А", 41)
    assert names(as_support.get("/lists/?q=список 40")) == ["Список 40"]
    assert page.soup.select_one(f"#count-{zero}")


def test_a_sorted_account_is_paged_by_us_and_the_pages_keep_the_order(as_support, sandbox, account):
    for n in range(60):
        sandbox.add_list(account, name=f"Спам {n}")
    page = as_support.get("/lists/?sort=-name&q=спам")
    assert (len(names(page)), names(page)[0]) == (50, "Спам 59")
    rest = as_support.get(f"/lists/{page.soup.select_one('[rel=next]')['href']}")
    assert names(rest) == [f"Спам {n}" for n in range(9, -1, -1)]
    beyond = as_support.get("/lists/?sort=name&page=9")
    assert says("There is no page %(number)s: the last one is %(last)s.", number=9, last=2) in text(
        beyond
    )


def test_the_form_and_the_headings_keep_each_other(as_support, account_of_lists):
    page = as_support.get("/lists/?q=спам&type=black&sort=-name")
    sent = {field["name"]: field["value"] for field in page.soup.select("main search input")}
    assert sent == {"q": "спам", "sort": "-name"}
    assert page.soup.select_one("select [selected]")["value"] == "black"
    headings = [a["href"] for a in page.soup.select("thead a.sort")]
    asked = "?q=%D1%81%D0%BF%D0%B0%D0%BC&type=black&sort="
    assert headings == [f"{asked}{by}" for by in ("name", "type")]
    assert page.soup.select_one("[aria-sort=descending]").text.strip() == says("List")


def test_the_counted_heading_sorts_what_the_page_shows(as_support, account_of_lists):
    path = "/lists/?type=white"
    link = as_support.get(path).soup.select_one("#counts a")
    piece = as_support.piece(link["hx-get"], **{"HX-Current-URL": f"http://testserver{path}"})
    by_count = piece.soup.select_one("a.sort")["href"]
    assert by_count == "/lists/?type=white&sort=-count"
    page = as_support.get(by_count)
    assert (names(page), counts(page)) == (["Ели", "ёлки"], ["3", "1"])
    assert page.soup.select_one("#counts")["aria-sort"] == "descending"


def test_a_list_that_cannot_be_counted_stands_last_and_is_said_to(
    as_support, sandbox, account, account_of_lists
):
    bad = sandbox.add_list(account, name="Больной", contacts=[A_CONTACT] * 9)
    sandbox.fail("500", path=f"contact-lists/{bad}", times=None)
    page = as_support.get("/lists/?sort=-count")
    assert names(page)[-1] == "Больной"
    assert says("Not all lists could be read.") in text(page)


def test_sorting_by_count_takes_as_many_calls_at_once_as_counting(as_support, many, most_at_once):
    as_support.get("/lists/?sort=count")
    assert most_at_once() == 4


def test_where_counting_is_turned_off_nothing_is_sorted_by_it(
    as_support, sandbox, settings, account_of_lists
):
    settings.CONTACT_COUNTS = False
    page = as_support.get("/lists/?sort=count")
    assert names(page)[0] == "Спам 10"
    assert methods(sandbox) == ["GET"]


@pytest.mark.parametrize("odd", ["sort=x", "sort=--name", "q=", "q=+&type=&sort="])
def test_an_odd_wish_is_none_and_costs_one_call(as_support, sandbox, many, odd):
    assert len(names(as_support.get(f"/lists/?{odd}"))) == 15
    assert methods(sandbox) == ["GET"]


@pytest.mark.parametrize("words", ["\x00", "Я" * 201])
def test_words_that_no_name_has_are_told_in_the_form(as_support, many, words):
    page = as_support.get("/lists/", {"q": words})
    assert page.status_code == 422
    assert page.soup.select_one(".errorlist")


def test_pages_that_do_not_add_up_are_no_answer(as_support, sandbox, many):
    sandbox.fail("odd-page", path="contact-lists", skip=1, times=None)
    assert as_support.get("/lists/?sort=name").status_code == 502


@pytest.mark.parametrize("page", ["0", "-1", "abc", "", "1.5", "٣", "9" * 30])
def test_a_page_that_is_no_number_is_the_first(as_manager, many, page):
    answer = as_manager.get("/lists/", {"page": page})
    assert answer.status_code == 200
    assert says("Page %(number)s of %(last)s", number=1, last=3) in text(answer)


def test_a_page_beyond_the_last_says_so_and_leads_back(as_manager, many):
    answer = as_manager.get("/lists/?page=999")
    assert says(
        "There is no page %(number)s: the last one is %(last)s.", number=999, last=3
    ) in text(answer)
    assert answer.soup.select_one('a[href="?page=3"]')


def test_an_account_without_lists_is_not_a_failure(as_manager, as_support):
    assert says("There are no lists in this account yet.") in text(as_manager.get("/lists/"))
    assert not saying_one_of("Create", "Create the first list", "New list").search(
        text(as_support.get("/lists/"))
    )


def test_a_failed_page_never_looks_like_an_empty_one(as_manager, sandbox):
    sandbox.fail("odd-page")
    answer = as_manager.get("/lists/")
    assert answer.status_code == 502
    assert says("There are no lists in this account yet.") not in text(answer)


def test_a_list_is_created_and_opened(as_manager, sandbox, account):
    assert says("not used by Plusofon yet") in text(as_manager.get("/lists/new/"))
    sandbox.clear_calls()
    answer = as_manager.post("/lists/new/", {"name": "Спам", "type": "black"}, follow=True)
    ((list_id, stored),) = sandbox.lists(account).items()
    assert (stored["name"], stored["type"], stored["contacts"]) == ("Спам", "black", [])
    assert answer.redirect_chain == [(f"/lists/{list_id}/", 302)]
    assert says("List “%(name)s” is created.", name="Спам") in text(answer)
    assert methods(sandbox) == ["POST", "GET", "GET"]


def test_types_are_asked_for_once_an_hour(as_manager, sandbox):
    as_manager.get("/lists/new/")
    as_manager.get("/lists/new/")
    assert [call.path.rsplit("/")[-1] for call in sandbox.calls] == ["types"]


def test_a_nameless_list_is_refused_and_nothing_is_asked(as_manager, sandbox, account):
    as_manager.get("/lists/new/")
    sandbox.clear_calls()
    answer = as_manager.post("/lists/new/", {"name": "  ", "type": "white"})
    assert answer.status_code == 422
    assert says("Enter a name.") in text(answer)
    assert answer.soup.select_one("[value=white]").has_attr("checked")
    assert sandbox.calls == []


def test_a_type_that_the_api_does_not_offer_is_refused(as_manager, sandbox, account):
    answer = as_manager.post("/lists/new/", {"name": "Спам", "type": "purple"})
    assert answer.status_code == 422
    assert says("Plusofon has no such list type. Choose one of these.") in text(answer)
    assert sandbox.lists(account) == {}


def test_a_name_that_the_api_refuses_keeps_what_was_typed_and_shows_its_words(as_manager):
    long = "Я" * 300
    answer = as_manager.post("/lists/new/", {"name": long, "type": "black"})
    assert answer.status_code == 422
    field = answer.soup.select_one("#id_name")
    assert field["value"] == long
    assert answer.soup.select_one("#id_name_error").text.strip()


def test_a_list_whose_fate_is_unknown_says_so_and_keeps_what_was_typed(as_manager, sandbox):
    as_manager.get("/lists/new/")
    sandbox.fail("cut-after", method="POST")
    sandbox.fail("500", method="GET", times=None)
    answer = as_manager.post("/lists/new/", {"name": "Спам", "type": "black"})
    assert answer.status_code == 202
    assert says("It is in doubt whether this was saved") in text(answer)
    assert answer.soup.select_one("#id_name")["value"] == "Спам"


@pytest.mark.parametrize(
    "name", ["Спам 🤖", "\"кавычки\" и 'апострофы'", "<script>alert(1)</script>", "\u202eсписок"]
)
def test_odd_names_are_stored_as_typed_and_shown_as_text(as_manager, sandbox, account, name):
    answer = as_manager.post("/lists/new/", {"name": name, "type": "black"}, follow=True)
    (stored,) = sandbox.lists(account).values()
    assert stored["name"] == name
    assert answer.soup.select_one("h1 bdi").text == name
    assert b"<script>alert" not in answer.content


def test_a_rename_costs_three_calls_and_keeps_the_contacts(as_manager, sandbox, account, black):
    contacts = sandbox.lists(account)[black]["contacts"]
    form = as_manager.get(f"/lists/{black}/edit/")
    sandbox.clear_calls()
    as_manager.post(f"/lists/{black}/edit/", fields(form, name="Спам"))
    stored = sandbox.lists(account)[black]
    assert (stored["name"], stored["type"]) == ("Спам", "black")
    assert stored["contacts"] == contacts
    assert methods(sandbox) == ["GET", "PUT", "GET"]


@pytest.mark.parametrize("seen", ["", "{", "7", '["\\ud800", "\\ud800"]', "[" * 5000])
def test_a_rename_without_the_hidden_field_works_too(as_manager, sandbox, account, black, seen):
    data = {"name": "Спам", "type": "white", "seen": seen}
    as_manager.post(f"/lists/{black}/edit/", data)
    stored = sandbox.lists(account)[black]
    assert (stored["name"], stored["type"]) == ("Спам", "white")


def test_two_renames_at_once_show_both_names_and_keep_mine(as_manager, sandbox, account, black):
    form = as_manager.get(f"/lists/{black}/edit/")
    stored = sandbox.lists(account)[black]
    sandbox.put(account, black, {**stored, "name": "Их имя"})
    answer = as_manager.post(f"/lists/{black}/edit/", fields(form, name="Моё имя"))
    assert answer.status_code == 409
    assert "Их имя" in text(answer)
    assert answer.soup.select_one("#id_name")["value"] == "Моё имя"
    assert sandbox.lists(account)[black]["name"] == "Их имя"
    again = as_manager.post(f"/lists/{black}/edit/", fields(answer))
    assert again.status_code == 302
    assert sandbox.lists(account)[black]["name"] == "Моё имя"


def test_a_rename_does_not_undo_anothers_change_of_the_type(as_manager, sandbox, account, black):
    form = as_manager.get(f"/lists/{black}/edit/")
    sandbox.put(account, black, {**sandbox.lists(account)[black], "type": "white"})
    as_manager.post(f"/lists/{black}/edit/", fields(form, name="Спам"))
    stored = sandbox.lists(account)[black]
    assert (stored["name"], stored["type"]) == ("Спам", "white")


def test_a_list_of_a_type_that_can_no_longer_be_created_keeps_it(as_manager, sandbox, account):
    grey = sandbox.add_list(account, name="Серый", type="grey")
    sandbox.validate = False
    form = as_manager.get(f"/lists/{grey}/edit/")
    assert as_manager.post(f"/lists/{grey}/edit/", fields(form, name="Новый")).status_code == 302
    assert sandbox.lists(account)[grey]["type"] == "grey"


def test_a_refused_rename_because_of_an_old_contact_names_that_contact(as_manager, sandbox, black):
    form = as_manager.get(f"/lists/{black}/edit/")
    sandbox.strict_phones = True
    answer = as_manager.post(f"/lists/{black}/edit/", fields(form, name="Спам"))
    assert answer.status_code == 422
    assert saying(
        "Plusofon refuses the whole list because of another contact, “%(name)s” (%(phones)s):"
        " %(words)s",
        name="Пётр Петров",
    ).search(text(answer))
    assert answer.soup.select_one("#id_name")["value"] == "Спам"


def test_a_nameless_rename_and_an_unknown_one_keep_what_was_typed(as_manager, sandbox, black):
    path = f"/lists/{black}/edit/"
    form = as_manager.get(path)
    assert as_manager.post(path, fields(form, name="")).status_code == 422
    sandbox.fail("500", method="GET", skip=1, times=None)
    answer = as_manager.post(path, fields(form, name="Спам"))
    assert answer.status_code == 202
    assert answer.soup.select_one("#id_name")["value"] == "Спам"


def test_deleting_names_the_list_and_what_will_be_lost(as_manager, sandbox, account, black):
    question = as_manager.get(f"/lists/{black}/delete/")
    assert says(
        "The list “%(name)s” and %(contacts)s will be deleted.",
        name="Чёрный список 1",
        contacts=says_many("%(total)s contact", "%(total)s contacts", 3),
    ) in text(question)
    sandbox.clear_calls()
    answer = as_manager.post(f"/lists/{black}/delete/", fields(question), follow=True)
    assert says("List “%(name)s” is deleted.", name="Чёрный список 1") in text(answer)
    assert sandbox.lists(account) == {}
    assert methods(sandbox) == ["GET", "DELETE", "GET", "GET"]


def test_a_list_that_grew_since_the_question_asks_again(as_manager, api, sandbox, account, black):
    question = as_manager.get(f"/lists/{black}/delete/")
    stored = sandbox.lists(account)[black]
    stored["contacts"].append({"name": "Новый", "phones": ["102"]})
    sandbox.put(account, black, stored)
    answer = as_manager.post(f"/lists/{black}/delete/", fields(question))
    assert answer.status_code == 409
    assert says_many("%(total)s contact", "%(total)s contacts", 4) in text(answer)
    assert fields(answer)["seen"] == list_digest(api.get_list(black))
    assert black in sandbox.lists(account)


def test_an_unknown_deletion_says_so(as_manager, sandbox, black):
    sandbox.fail("500", method="GET", skip=1, times=None)
    answer = as_manager.post(f"/lists/{black}/delete/")
    assert answer.status_code == 202
    assert says("We could not find out whether this was saved.") in text(answer)
    wanted = says("delete the list “%(list)s”", list="Чёрный список 1")
    assert f"{says('You wanted to:')} {wanted}" in text(answer)


def test_the_dialog_is_the_same_question_for_htmx(as_manager, black):
    piece = as_manager.piece(f"/lists/{black}/delete/")
    assert piece.soup.dialog
    assert says_many("%(total)s contact", "%(total)s contacts", 3) in text(piece)
    answer = as_manager.piece(f"/lists/{black}/delete/", fields(piece), post=True)
    assert answer.headers["HX-Redirect"] == "/lists/"
    assert answer.content == b""
    assert says("List “%(name)s” is deleted.", name="Чёрный список 1") in text(
        as_manager.get("/lists/")
    )


@pytest.mark.parametrize("path", ["/lists/abc/", "/lists/1e3/", "/lists/-1/", "/nowhere/"])
def test_an_address_that_is_none_is_not_found(as_manager, sandbox, path):
    answer = as_manager.get(path)
    assert answer.status_code == 404
    assert says("There is no such page") in text(answer)
    assert sandbox.calls == []


def test_english_and_russian(as_manager, black):
    english = as_manager.get("/lists/", headers={"Accept-Language": "en"})
    assert english.soup.html["lang"] == "en"
    assert english.soup.h1.text == "Lists"
    russian = as_manager.get("/lists/", headers={"Accept-Language": "de"})
    assert (russian.soup.html["lang"], russian.soup.h1.text) == ("ru", says("Lists"))

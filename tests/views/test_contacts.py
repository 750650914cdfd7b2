"""One list, and its contacts edited where they stand."""

import pytest

from lists.models import Action, JournalEntry
from lists.phones import normalise
from lists.plusofon.values import Contact
from lists.sameness import contact_key
from tests.calls import methods
from tests.people import ATS, IVAN, PETR
from tests.words import saying, says, says_many

from ..client import fields, text
from ..factories import ContactPayloadFactory


@pytest.fixture
def edit_url(black):
    return lambda contact: f"/lists/{black}/contacts/{contact_key(contact)}/edit/"


@pytest.fixture
def delete_url(black):
    return lambda contact: f"/lists/{black}/contacts/{contact_key(contact)}/delete/"


@pytest.fixture
def stored(sandbox, account, black):
    return lambda: sandbox.lists(account)[black]["contacts"]


@pytest.fixture
def long(sandbox, account):
    contacts = ContactPayloadFactory.build_batch(120)
    return sandbox.add_list(account, name="Длинный", contacts=contacts)


class TestOneList:
    def test_costs_one_call_and_groups_numbers(self, as_support, sandbox, black):
        page = as_support.get(f"/lists/{black}/")
        assert methods(sandbox) == ["GET"]
        assert page.soup.select_one("h1 bdi").text == "Чёрный список 1"
        assert says_many("%(total)s contact", "%(total)s contacts", 3) in text(page)
        assert "+7 999 888-77-66" in text(page)

    def test_shows_the_stored_spelling_where_it_is_odd(self, as_support, black):
        page = as_support.get(f"/lists/{black}/")
        assert [odd.text for odd in page.soup.select(".stored")] == ["8 (812) 333-44-55"]

    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("иванов", ["Иван Иванов"]),
            ("ПЕТР", ["Пётр Петров"]),
            ("+7 (999) 888-77-66", ["Иван Иванов"]),
            ("8 999 888", ["Иван Иванов"]),
            ("888", ["Иван Иванов"]),
            ("88123334455", ["Пётр Петров"]),
            ("8123334455", ["Пётр Петров"]),
            ("101", ["АТС"]),
            ("7999*", ["АТС"]),
            (" ", ["Иван Иванов", "Пётр Петров", "АТС"]),
        ],
    )
    def test_is_filtered_by_name_or_number(self, as_support, black, query, names):
        page = as_support.get(f"/lists/{black}/", {"q": query})
        assert [name.text for name in page.soup.select("#rows .name")] == names
        assert page.soup.select_one("#q")["value"] == query

    def test_says_when_nothing_matches_and_keeps_the_query(self, as_support, black):
        page = as_support.get(f"/lists/{black}/", {"q": '"><script>'})
        assert says("No contact in this list matches “%(query)s”.", query='"><script>') in text(
            page
        )
        assert page.soup.select_one("#q")["value"] == '"><script>'

    def test_filtering_swaps_only_the_table_and_the_count(self, as_support, black):
        piece = as_support.piece(f"/lists/{black}/", {"q": "иванов"})
        assert not piece.soup.html
        assert piece.soup.select_one("hx-partial")["hx-target"] == "#count"
        assert saying(
            "%(found)s contact matches “%(query)s”",
            "%(found)s contacts match “%(query)s”",
            1,
            found=1,
        ).search(piece.soup.select_one("hx-partial").text)
        assert "HX-Request" in piece.headers["Vary"]
        assert "no-store" in piece.headers["Cache-Control"]

    def test_history_always_gets_whole_pages(self, as_support, black):
        page = as_support.piece(f"/lists/{black}/", **{"HX-History-Restore-Request": "true"})
        assert page.soup.html

    def test_is_paged_here_and_paging_keeps_the_filter(self, as_support, long):
        page = as_support.get(f"/lists/{long}/", {"q": "Контакт", "page": "2"})
        assert len(page.soup.select("#rows tr")) == 50
        assert says("Page %(number)s of %(last)s", number=2, last=3) in text(page)
        next_page = page.soup.select_one("[rel=next]")["href"]
        assert "page=3" in next_page
        assert "q=" in next_page

    def test_that_is_long_groups_its_count(self, as_support, sandbox, account):
        contacts = ContactPayloadFactory.build_batch(1200)
        list_id = sandbox.add_list(account, name="Очень длинный", contacts=contacts)
        total = says_many("%(total)s contact", "%(total)s contacts", 1200, total="1\xa0200")
        assert total in as_support.get(f"/lists/{list_id}/").soup.text

    def test_says_when_a_page_is_beyond_the_last(self, as_support, long):
        page = as_support.get(f"/lists/{long}/?page=999")
        assert says(
            "There is no page %(number)s: the last one is %(last)s.", number=999, last=3
        ) in text(page)

    def test_that_is_empty_says_so(self, as_manager, sandbox, account):
        empty = sandbox.add_list(account, name="Пустой")
        assert says("This list has no contacts yet.") in text(as_manager.get(f"/lists/{empty}/"))

    def test_with_the_same_contact_twice_has_no_id_twice(self, as_manager, sandbox, account):
        twice = [{"name": "Иван", "phones": ["101"]}] * 2
        list_id = sandbox.add_list(account, name="Двойной", contacts=twice)
        page = as_manager.get(f"/lists/{list_id}/")
        assert len(page.soup.select("#rows tr")) == 2


class TestEditing:
    def test_turns_the_row_into_a_form_and_back(self, as_manager, black, edit_url):
        form = as_manager.piece(edit_url(IVAN))
        row = form.soup.tr
        assert row["id"] == f"contact-{contact_key(IVAN)}"
        assert form.soup.select_one("[name=name]")["value"] == "Иван Иванов"
        assert form.soup.textarea.text.split("\n") == ["+7 999 888-77-66", "+7 999 222-33-00"]
        cancel = form.soup.select_one("[data-cancel]")["hx-get"]
        back = as_manager.piece(cancel)
        assert back.soup.tr["id"] == row["id"]
        assert not back.soup.form

    def test_costs_one_call_for_the_form_and_three_to_save(self, as_manager, sandbox, edit_url):
        form = as_manager.piece(edit_url(IVAN))
        assert methods(sandbox) == ["GET"]
        sandbox.clear_calls()
        as_manager.piece(edit_url(IVAN), fields(form, name="Анна"), post=True)
        assert methods(sandbox) == ["GET", "PUT", "GET"]

    def test_without_the_hidden_field_costs_three_calls_too(self, as_manager, sandbox, edit_url):
        data = {"name": "Пётр", "phones": "8 (812) 333-44-55\n102"}
        as_manager.post(edit_url(PETR), data)
        assert methods(sandbox) == ["GET", "PUT", "GET"]

    def test_answers_with_the_row_as_it_is_stored_now(self, as_manager, edit_url, stored):
        form = as_manager.piece(edit_url(IVAN))
        answer = as_manager.piece(edit_url(IVAN), fields(form, name="Анна"), post=True)
        anna = Contact("Анна", IVAN.phones)
        assert answer.soup.tr["id"] == f"contact-{contact_key(anna)}"
        assert answer.soup.select_one("[autofocus]")
        assert says("“%(name)s” is changed.", name="Анна") in text(answer)
        assert stored()[0] == {"name": "Анна", "phones": list(IVAN.phones)}

    def test_leaves_untouched_numbers_byte_for_byte(self, as_manager, edit_url, stored):
        for contact, name in ((PETR, "Пётр"), (ATS, "АТС-2")):
            form = as_manager.get(edit_url(contact))
            as_manager.post(edit_url(contact), fields(form, name=name))
        assert stored()[1] == {"name": "Пётр", "phones": ["8 (812) 333-44-55"], "note": "vip"}
        assert stored()[2]["phones"] == ["7999*", "101"]

    def test_leaves_untouched_numbers_alone_even_without_the_hidden_field(
        self, as_manager, edit_url, stored
    ):
        data = {"name": "Пётр", "phones": "8 (812) 333-44-55\n102"}
        as_manager.post(edit_url(PETR), data)
        assert stored()[1]["phones"] == ["8 (812) 333-44-55", "102"]

    def test_works_without_javascript(self, as_manager, black, edit_url, stored):
        page = as_manager.get(edit_url(PETR))
        assert page.soup.select_one("#rows tr.editing")["id"] == f"contact-{contact_key(PETR)}"
        assert len(page.soup.select("#rows tr")) == 3
        answer = as_manager.post(edit_url(PETR), fields(page, phones="101"), follow=True)
        key = contact_key(Contact("Пётр Петров", ("101",)))
        assert answer.redirect_chain == [(f"/lists/{black}/#contact-{key}", 302)]
        assert saying("“%(name)s” is changed.").search(text(answer))
        assert stored()[1]["phones"] == ["101"]

    def test_without_javascript_opens_the_page_of_the_list_where_the_contact_stands(
        self, as_manager, sandbox, account, long
    ):
        last = sandbox.lists(account)[long]["contacts"][-1]
        key = contact_key(Contact(last["name"], tuple(last["phones"])))
        url = f"/lists/{long}/contacts/{key}/edit/"
        page = as_manager.get(url)
        assert page.soup.select("#rows tr")[-1]["class"] == ["editing"]
        answer = as_manager.post(url, fields(page, name="Последний"))
        assert f"/lists/{long}/?page=3#contact-" in answer.url

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("+7 (999) 111-22-33", "79991112233"),
            ("8 999 111 22 33", "79991112233"),
            ("9991112233", "79991112233"),
            ("8-800-555-35-35", "78005553535"),
            ("+49 30 1234567", "49301234567"),
            ("101", "101"),
        ],
    )
    def test_normalises_what_was_typed_and_shows_it_before(
        self, as_manager, edit_url, stored, sandbox, typed, kept
    ):
        form = as_manager.piece(edit_url(IVAN))
        sandbox.clear_calls()
        data = fields(form, phones=typed)
        preview = as_manager.piece(edit_url(IVAN), data | {"preview": "1"}, post=True)
        assert says("will be stored as %(stored)s", stored=kept) in text(preview)
        assert sandbox.calls == []
        as_manager.piece(edit_url(IVAN), data, post=True)
        assert stored()[0]["phones"] == [kept]

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", says("Enter at least one number.")),
            (" ,;\n", says("Enter at least one number.")),
            (
                "abc",
                says(
                    "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.",
                    text="abc",
                ),
            ),
            (
                "4" * 40,
                says(
                    "“%(text)s” is too long for a phone number: 15 digits at most.", text="4" * 40
                ),
            ),
            (
                "5",
                says("“%(text)s” is too short for a phone number: two digits at least.", text="5"),
            ),
            (
                "79998887766\n<script>",
                says(
                    "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.",
                    text="<script>",
                ),
            ),
        ],
    )
    def test_refuses_what_is_no_number_beside_the_field_and_keeps_it(
        self, as_manager, edit_url, sandbox, typed, sentence
    ):
        form = as_manager.piece(edit_url(IVAN))
        sandbox.clear_calls()
        answer = as_manager.piece(edit_url(IVAN), fields(form, phones=typed), post=True)
        assert answer.status_code == 422
        field = answer.soup.textarea
        assert field["aria-invalid"] == "true"
        error = answer.soup.find(id=field["aria-describedby"].split()[-1])
        assert sentence in error.text
        assert field.text.removeprefix("\n") == typed
        assert sandbox.calls == []

    def test_refuses_an_empty_name_and_keeps_the_numbers(self, as_manager, edit_url, stored):
        before = stored()
        form = as_manager.get(edit_url(IVAN))
        answer = as_manager.post(edit_url(IVAN), fields(form, name=" ", phones="102"))
        assert answer.status_code == 422
        assert says("Enter a name.") in text(answer)
        assert answer.soup.textarea.text.strip() == "102"
        assert stored() == before

    def test_shows_the_apis_words_for_a_name_that_is_too_long(self, as_manager, edit_url):
        form = as_manager.piece(edit_url(IVAN))
        answer = as_manager.piece(edit_url(IVAN), fields(form, name="Я" * 300), post=True)
        assert answer.status_code == 422
        name = answer.soup.select_one("[name=name]")
        assert name["value"] == "Я" * 300
        assert answer.soup.find(id=name["aria-describedby"]).text.strip()

    def test_stores_a_number_typed_twice_once_and_says_so(self, as_manager, edit_url, stored):
        form = as_manager.piece(edit_url(IVAN))
        typed = "8 999 111 22 33\n+7 999 111-22-33"
        answer = as_manager.piece(edit_url(IVAN), fields(form, phones=typed), post=True)
        assert stored()[0]["phones"] == ["79991112233"]
        assert says_many(
            "%(numbers)s was entered twice and is saved once.",
            "%(numbers)s were entered twice and are saved once each.",
            1,
            numbers="+7 999 111-22-33",
        ) in text(answer)

    def test_an_untouched_number_typed_a_second_time_is_stored_once(
        self, as_manager, edit_url, stored
    ):
        form = as_manager.piece(edit_url(PETR))
        typed = "+7 812 333-44-55\n+7 812 333-44-55"
        as_manager.piece(edit_url(PETR), fields(form, phones=typed), post=True)
        assert stored()[1]["phones"] == ["8 (812) 333-44-55"]

    @pytest.mark.parametrize("name", ["Спам 🤖", '"О\'Нил"', "<script>", "\u202eнавИ", "a\u200fb"])
    def test_keeps_odd_names_as_typed(self, as_manager, edit_url, stored, name):
        form = as_manager.piece(edit_url(IVAN))
        answer = as_manager.piece(edit_url(IVAN), fields(form, name=name), post=True)
        assert stored()[0]["name"] == name
        assert answer.soup.select_one(".name bdi").text == name

    def test_saving_without_a_change_sends_nothing(self, as_manager, edit_url, sandbox):
        form = as_manager.piece(edit_url(IVAN))
        sandbox.clear_calls()
        answer = as_manager.piece(edit_url(IVAN), fields(form), post=True)
        assert saying("Nothing to change: “%(name)s” already looks like this.").search(text(answer))
        assert methods(sandbox) == ["GET"]

    def test_a_double_click_writes_once(self, as_manager, edit_url, sandbox, stored):
        form = as_manager.get(edit_url(IVAN))
        for _ in range(2):
            assert as_manager.post(edit_url(IVAN), fields(form, name="Анна")).status_code == 302
        assert methods(sandbox).count("PUT") == 1
        assert [contact["name"] for contact in stored()].count("Анна") == 1

    @pytest.mark.parametrize("htmx", [True, False])
    def test_of_what_somebody_else_changed_shows_both_and_keeps_mine(
        self, as_manager, edit_url, sandbox, stored, htmx
    ):
        form = as_manager.get(edit_url(IVAN))
        theirs = Contact("Иван И.", ("79998887766",))
        as_manager.post(edit_url(IVAN), {"name": theirs.name, "phones": theirs.phones[0]})
        mine = fields(form, name="Моё имя", phones="102")
        answer = (
            as_manager.piece(edit_url(IVAN), mine, post=True)
            if htmx
            else as_manager.post(edit_url(IVAN), mine)
        )
        assert answer.status_code == 409
        versions = answer.soup.select_one(".versions").text
        assert "Иван И." in versions
        assert "Моё имя" in versions
        assert answer.soup.select_one("[name=name]")["value"] == "Моё имя"
        assert stored()[0]["name"] == "Иван И."
        over = answer.soup.select_one("tr form")["action"]
        assert over == edit_url(theirs)
        as_manager.post(over, fields(answer))
        assert stored()[0] == {"name": "Моё имя", "phones": ["102"]}

    @pytest.mark.parametrize("htmx", [True, False])
    def test_of_what_is_gone_says_so_and_keeps_what_was_typed(
        self, as_manager, edit_url, delete_url, stored, htmx
    ):
        form = as_manager.get(edit_url(IVAN))
        as_manager.post(delete_url(IVAN))
        mine = fields(form, name="Моё имя", phones="102")
        answer = (
            as_manager.piece(edit_url(IVAN), mine, post=True)
            if htmx
            else as_manager.post(edit_url(IVAN), mine)
        )
        assert answer.status_code == 404
        assert says("This contact is no longer in the list.") in text(answer)
        assert answer.soup.select_one("[name=name]")["value"] == "Моё имя"
        assert len(stored()) == 2

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_in_a_list_that_is_gone_says_so(
        self, as_manager, edit_url, sandbox, account, black, method
    ):
        sandbox.drop(account, black)
        answer = getattr(as_manager, method)(edit_url(IVAN), {"name": "Моё", "phones": "102"})
        assert answer.status_code == 404
        assert says("List not found") in text(answer)

    def test_an_unknown_key_leads_back_to_the_list(self, as_manager, black):
        for path in ("", "edit/", "delete/"):
            answer = as_manager.get(f"/lists/{black}/contacts/{'0' * 16}/{path}")
            assert answer.status_code == 404
            assert answer.soup.select_one(f'main a.primary[href="/lists/{black}/"]')
            piece = as_manager.piece(f"/lists/{black}/contacts/{'0' * 16}/{path}")
            assert piece.status_code == 404
            assert piece.headers["HX-Retarget"] == "#notice"
            assert piece.soup.select_one(f'a[href="/lists/{black}/"]')

    def test_a_forged_hidden_field_is_not_believed(self, as_manager, edit_url, stored):
        odd = ["{", "7", '{"a": 1}', '["\\ud800"]', "[" * 5000]
        for seen in ('["Пётр Петров", "8 (812) 333-44-55"]', *odd):
            data = {"name": "Анна", "phones": "102", "seen": seen}
            as_manager.post(edit_url(IVAN), data)
        assert [contact["name"] for contact in stored()] == ["Анна", "Пётр Петров", "АТС"]

    def test_an_old_odd_contact_that_blocks_the_list_is_named(self, as_manager, edit_url, sandbox):
        form = as_manager.piece(edit_url(IVAN))
        sandbox.strict_phones = True
        answer = as_manager.piece(edit_url(IVAN), fields(form, name="Анна"), post=True)
        assert answer.status_code == 422
        assert saying(
            "Plusofon refuses the whole list because of another contact, “%(name)s” (%(phones)s):"
            " %(words)s",
            name="Пётр Петров",
            phones="+7 812 333-44-55",
        ).search(text(answer))
        assert answer.soup.select_one("[name=name]")["value"] == "Анна"

    @pytest.mark.parametrize("htmx", [True, False])
    def test_an_unknown_outcome_is_said_and_keeps_what_was_typed(
        self, as_manager, edit_url, sandbox, htmx
    ):
        mine = fields(as_manager.get(edit_url(IVAN)), name="Анна")
        sandbox.fail("500", method="GET", skip=1, times=None)
        answer = (
            as_manager.piece(edit_url(IVAN), mine, post=True)
            if htmx
            else as_manager.post(edit_url(IVAN), mine)
        )
        assert answer.status_code == 202
        assert says("We could not find out whether this was saved.") in text(answer)
        assert answer.soup.select_one("[name=name]")["value"] == "Анна"

    @pytest.mark.parametrize("quirk", ["trim", "normalise", "reorder", "dedupe", "ints"])
    def test_shows_what_the_api_made_of_it(self, as_manager, edit_url, sandbox, stored, quirk):
        sandbox.quirks = {quirk}
        form = as_manager.piece(edit_url(IVAN))
        phones = "102\n79998887766\n8 (812) 000-11-22"
        answer = as_manager.piece(edit_url(IVAN), fields(form, phones=phones), post=True)
        assert answer.status_code == 200
        shown = {n.text for n in answer.soup.select(".numbers .number")}
        assert shown == {"102", "+7 999 888-77-66", "+7 812 000-11-22"}
        kept = next(c for c in stored() if c["name"] == "Иван Иванов")["phones"]
        assert {normalise(str(phone)) for phone in kept} == {"102", "79998887766", "78120001122"}

    def test_a_contact_that_loses_a_number_is_not_told_as_removed(self, as_manager, edit_url):
        """The journal has it among the unblocks; but its message joins none of removed contacts."""
        form = fields(as_manager.piece(edit_url(IVAN)), phones="79998887766")
        answer = as_manager.piece(edit_url(IVAN), form, post=True)
        assert JournalEntry.objects.get().action == Action.REMOVE
        assert answer.soup.select_one("[data-toast] form")
        assert not answer.soup.select("[data-removal]")


class TestAdding:
    def test_adds_at_the_end_and_offers_the_next(self, as_manager, sandbox, black, stored):
        url = f"/lists/{black}/contacts/new/"
        form = as_manager.piece(url)
        assert sandbox.calls == []
        answer = as_manager.piece(url, fields(form, name="Анна", phones="102"), post=True)
        assert stored()[-1] == {"name": "Анна", "phones": ["102"]}
        assert answer.soup.select_one("form [name=name]")["value"] == ""
        targets = [p["hx-target"] for p in answer.soup.select("hx-partial")]
        assert targets == ["#rows", "#total", "#history", "#outside", "#toasts"]
        assert says_many("%(total)s contact", "%(total)s contacts", 4) in text(answer)

    def test_works_without_javascript(self, as_manager, black, stored):
        url = f"/lists/{black}/contacts/new/"
        page = as_manager.get(url)
        assert len(page.soup.select("#rows tr")) == 3
        assert as_manager.post(url, fields(page, name="Анна", phones="abc")).status_code == 422
        shown = as_manager.post(url, fields(page, name="Анна", phones="8102", preview="1"))
        assert says("will be stored as %(stored)s", stored="8102") in text(shown)
        as_manager.post(url, fields(page, name="Анна", phones="102"))
        assert stored()[-1]["name"] == "Анна"

    def test_twice_is_stored_once(self, as_manager, black, stored):
        url, data = f"/lists/{black}/contacts/new/", {"name": "Анна", "phones": "102"}
        as_manager.post(url, data)
        answer = as_manager.post(url, data, follow=True)
        assert saying("“%(name)s” with these numbers is already in the list.").search(text(answer))
        piece = as_manager.piece(url, data, post=True)
        assert not piece.soup.select_one("hx-partial[hx-target='#rows']")
        assert [contact["name"] for contact in stored()].count("Анна") == 1

    def test_what_the_api_refuses_keeps_what_was_typed(self, as_manager, sandbox, black):
        url = f"/lists/{black}/contacts/new/"
        answer = as_manager.piece(url, {"name": "Я" * 300, "phones": "102"}, post=True)
        assert answer.status_code == 422
        assert answer.soup.select_one("[name=name]")["value"] == "Я" * 300
        sandbox.fail("500", method="GET", skip=1, times=None)
        answer = as_manager.piece(url, {"name": "Анна", "phones": "102"}, post=True)
        assert answer.status_code == 202
        assert answer.soup.textarea.text.strip() == "102"


class TestRemoving:
    def test_asks_first_and_names_whom(self, as_manager, delete_url, stored):
        question = as_manager.piece(delete_url(IVAN))
        assert says("Remove “%(name)s” from the list?", name="Иван Иванов") in text(question)
        numbers = [number.text for number in question.soup.select(".lost .number")]
        assert numbers == ["+7 999 888-77-66", "+7 999 222-33-00"]
        assert len(stored()) == 3

    def test_takes_the_row_away_and_says_so(self, as_manager, sandbox, delete_url, stored):
        question = as_manager.piece(delete_url(IVAN))
        sandbox.clear_calls()
        answer = as_manager.piece(delete_url(IVAN), fields(question), post=True)
        assert [contact["name"] for contact in stored()] == ["Пётр Петров", "АТС"]
        assert methods(sandbox) == ["GET", "PUT", "GET"]
        row = answer.soup.select_one("hx-partial[hx-swap=delete]")
        assert row["hx-target"] == f"#contact-{contact_key(IVAN)}"
        assert says("“%(name)s” is removed from the list.", name="Иван Иванов") in text(answer)

    def test_works_without_javascript(self, as_manager, black, delete_url, stored):
        page = as_manager.get(delete_url(PETR))
        answer = as_manager.post(delete_url(PETR), fields(page))
        assert answer.url == f"/lists/{black}/"
        assert len(stored()) == 2

    def test_of_what_somebody_changed_asks_again_with_what_stands_there(
        self, as_manager, edit_url, delete_url, stored
    ):
        question = as_manager.piece(delete_url(IVAN))
        as_manager.post(edit_url(IVAN), {"name": "Иван И.", "phones": "79998887766"})
        answer = as_manager.piece(delete_url(IVAN), fields(question), post=True)
        assert answer.status_code == 409
        assert "Иван И." in text(answer)
        assert len(stored()) == 3
        as_manager.post(answer.soup.form["action"], fields(answer))
        assert len(stored()) == 2

    def test_of_what_is_gone_is_done_already_and_says_by_whom(self, as_manager, delete_url):
        question = as_manager.piece(delete_url(IVAN))
        as_manager.post(delete_url(IVAN), fields(question))
        answer = as_manager.post(delete_url(IVAN), fields(question), follow=True)
        assert answer.redirect_chain
        assert saying(
            "This contact is no longer in the list: removed by %(who)s at %(time)s.",
            who="manager",
        ).search(text(answer))

    def test_an_unknown_outcome_is_said(self, as_manager, sandbox, delete_url):
        question = as_manager.piece(delete_url(IVAN))
        sandbox.fail("500", method="GET", skip=1, times=None)
        answer = as_manager.piece(delete_url(IVAN), fields(question), post=True)
        assert answer.status_code == 202
        assert says("We could not find out whether this was saved.") in text(answer)

    def test_of_one_of_two_that_are_the_same_leaves_one(self, as_manager, sandbox, account):
        twice = [{"name": "Иван", "phones": ["101"]}] * 2
        list_id = sandbox.add_list(account, name="Двойной", contacts=twice)
        key = contact_key(Contact("Иван", ("101",)))
        answer = as_manager.post(f"/lists/{list_id}/contacts/{key}/delete/")
        assert answer.status_code == 302
        assert len(sandbox.lists(account)[list_id]["contacts"]) == 1

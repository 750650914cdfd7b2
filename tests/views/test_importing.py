"""A table into a list: sent, looked at as what it changes, written as the list is at that moment."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

from lists import uploads
from lists.models import JournalEntry
from tests.client import signed_in, text, words
from tests.factories import JournalEntryFactory
from tests.words import says, says_many

TABLE = (
    "Имя;Телефон\n"
    "Иван Иванов;8 999 888-77-66\n"  # there
    "Пётр Петров;78123334455, 79160000001\n"  # joined
    "Анна;79160000002\n"  # new
    "Анна;79160000003\n"
    "Олег;9.998887766E+10\n"  # refused
)


def path_of(list_id):
    return f"/lists/{list_id}/import/"


def a_file(content, name="table.csv"):
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def sent_with(page, **changed):
    """What a browser would send from the form of a preview."""
    form = page.soup.select_one("main form[enctype]")
    sent = {}
    for field in form.select("input[name]"):
        kind = field.get("type")
        if field["name"] == "csrfmiddlewaretoken" or kind == "file":
            continue
        if kind not in ("radio", "checkbox") or field.has_attr("checked"):
            sent[field["name"]] = field.get("value", "")
    sent |= {field["name"]: field.text.strip() for field in form.select("textarea")}
    for field in form.select("select"):
        sent[field["name"]] = field.select_one("option[selected]")["value"]
    return sent | changed


def section(page, name):
    found = page.soup.select_one(f"section.{name}")
    return words(found) if found else None


def preview(client, list_id, table=TABLE, **fields):
    return client.post(path_of(list_id), {"file": a_file(table), **fields})


def confirmed(client, page, path, **changed):
    return client.post(path, sent_with(page, confirm="1", **changed))


@pytest.fixture
def stored(api):
    """The contacts of a list as the stand-in has them."""
    return lambda list_id: [(c.name, c.phones) for c in api.get_list(list_id).contacts]


def kept(settings):
    folder = settings.UPLOADS_DIR
    return list(folder.iterdir()) if folder.exists() else []


def test_a_preview_says_what_becomes_of_each_row_and_writes_nothing(as_manager, black, sandbox):
    page = preview(as_manager, black)
    assert page.status_code == 200
    assert "Анна" in section(page, "new")
    assert "Иван Иванов" in section(page, "there")
    assert "Пётр Петров" in section(page, "joined")
    assert "9.998887766E+10" in section(page, "refused")
    assert not [call for call in sandbox.calls if call.method != "GET"]


def test_what_is_missing_is_added_in_one_replacement(as_manager, black, stored, sandbox):
    page = preview(as_manager, black)
    answer = confirmed(as_manager, page, path_of(black))
    assert (answer.status_code, answer.url) == (302, f"/lists/{black}/")
    assert stored(black) == [
        ("Иван Иванов", ("79998887766", "79992223300")),
        ("Пётр Петров", ("8 (812) 333-44-55", "79160000001")),
        ("АТС", ("7999*", "101")),
        ("Анна", ("79160000002", "79160000003")),
    ]
    assert len([call for call in sandbox.calls if call.method == "PUT"]) == 1
    assert JournalEntry.objects.count() == 1


def test_an_import_is_undone_as_one(as_manager, black, stored):
    before = stored(black)
    confirmed(as_manager, preview(as_manager, black), path_of(black))
    entry = JournalEntry.objects.get()
    as_manager.post(f"/journal/{entry.pk}/undo/")
    assert sorted(stored(black)) == sorted(before)


def test_a_list_is_made_equal_and_what_goes_is_named_and_counted_first(as_manager, black, stored):
    page = preview(as_manager, black, mode="equal")
    going = section(page, "going")
    assert "АТС" in going
    assert "Иван Иванов" in going  # loses a number
    counted = says_many(
        "Import %(coming)s, remove or shorten %(count)s contact",
        "Import %(coming)s, remove or shorten %(count)s contacts",
        2,
        coming=2,
    )
    assert counted in text(page)
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code == 302
    assert stored(black) == [
        ("Иван Иванов", ("79998887766",)),
        ("Пётр Петров", ("8 (812) 333-44-55", "79160000001")),
        ("Анна", ("79160000002", "79160000003")),
    ]


def test_a_list_that_has_other_contacts_to_lose_by_now_is_shown_again(
    as_manager, black, stored, api
):
    page = preview(as_manager, black, mode="equal")
    as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Новый", "phones": "102"})
    before = stored(black)
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code == 409
    assert says("Something has changed.") in text(answer)
    assert "Новый" in section(answer, "going")
    assert stored(black) == before
    assert confirmed(as_manager, answer, path_of(black)).status_code == 302


def test_what_came_into_the_list_meanwhile_stays(as_manager, black, stored):
    page = preview(as_manager, black)
    as_manager.post(f"/lists/{black}/contacts/new/", {"name": "Новый", "phones": "102"})
    assert confirmed(as_manager, page, path_of(black)).status_code == 302
    assert ("Новый", ("102",)) in stored(black)
    assert ("Анна", ("79160000002", "79160000003")) in stored(black)


def test_a_form_that_was_changed_after_its_preview_is_shown_first(as_manager, black, stored):
    before = stored(black)
    page = preview(as_manager, black)
    answer = confirmed(as_manager, page, path_of(black), mode="equal")
    assert answer.status_code == 409
    assert section(answer, "going")
    assert stored(black) == before


def test_columns_and_the_heading_are_changed_in_the_preview(as_manager, black, stored):
    page = preview(as_manager, black, "101;Иван Иванов\n102;Пётр Петров\n")
    sent = sent_with(page, **{"column-0": "name", "column-1": "nothing", "heading": "1"})
    again = as_manager.post(path_of(black), sent)
    assert "102" in section(again, "refused")
    assert "101" not in section(again, "refused")
    assert not again.soup.select("[name=confirm]")
    assert says("Nothing in this table would change the list.") in text(again)


def test_a_text_is_read_with_the_separator_and_in_the_encoding_that_are_chosen(
    as_manager, black, stored
):
    page = preview(as_manager, black, "Иванов, Анна;102\nИванов, Олег;103\n".encode("cp1251"))
    again = as_manager.post(path_of(black), sent_with(page, separator=",", encoding="cp1251"))
    assert "Анна;102" in words(again.soup.select_one("main form"))
    back = as_manager.post(path_of(black), sent_with(again, separator=";"))
    assert confirmed(as_manager, back, path_of(black)).status_code == 302
    assert stored(black)[-2:] == [("Иванов, Анна", ("102",)), ("Иванов, Олег", ("103",))]


def test_columns_of_another_reading_are_guessed_anew(as_manager, black):
    page = preview(as_manager, black, "101;Анна,102\n103;Олег,104\n")
    chosen = sent_with(page, **{"column-0": "nothing", "column-1": "name"}, separator=",")
    again = as_manager.post(path_of(black), chosen)
    assert sent_with(again)["column-1"] == "numbers"
    assert "102" in section(again, "new")


def test_another_reading_that_comes_with_the_confirmation_is_shown_first(as_manager, black, stored):
    before = stored(black)
    page = preview(as_manager, black)
    answer = confirmed(as_manager, page, path_of(black), separator=",")
    assert answer.status_code == 409
    assert stored(black) == before


def test_an_encoding_that_it_is_not_in_is_said_and_can_be_changed_again(as_manager, black):
    page = preview(as_manager, black, "Анна;102\n".encode("cp1251"))
    wrong = as_manager.post(path_of(black), sent_with(page, encoding="utf-8"))
    assert wrong.status_code == 422
    assert says("This table is not in this encoding. Choose another one.") in text(wrong)
    right = as_manager.post(path_of(black), sent_with(wrong, encoding="cp1251"))
    assert "Анна" in section(right, "new")


def test_another_sheet_of_a_workbook_is_chosen(as_manager, black, stored):
    file = io.BytesIO()
    with Workbook(file) as made:
        for name, number in (("Первый", "102"), ("Второй", "103")):
            made.add_worksheet(name).write_row(0, 0, ["Анна", number])
    page = preview(as_manager, black, file.getvalue())
    assert "102" in section(page, "new")
    again = as_manager.post(path_of(black), sent_with(page, sheet="1"))
    assert "Второй" in words(again.soup.select_one("[name=sheet] option[selected]"))
    assert confirmed(as_manager, again, path_of(black)).status_code == 302
    assert stored(black)[-1] == ("Анна", ("103",))


def test_another_table_is_read_as_it_seems_to_be(as_manager, black):
    page = preview(as_manager, black, "Анна;102\n")
    chosen = as_manager.post(path_of(black), sent_with(page, separator=","))
    sent = sent_with(chosen) | {"file": a_file("Олег;103\n")}
    assert "Олег" in section(as_manager.post(path_of(black), sent), "new")


@pytest.mark.parametrize("is_new", [False, True])
def test_a_table_whose_session_ended_is_shown_again_after_signing_in(
    as_manager, manager, black, sandbox, stored, is_new
):
    path = "/lists/import/" if is_new else path_of(black)
    named = {"name": "Банк", "type": "black"} if is_new else {}
    page = as_manager.post(path, {"file": a_file(TABLE), **named})
    sent = sent_with(page, confirm="1")
    as_manager.logout()
    as_manager.post(path, sent)
    as_manager.force_login(manager)
    again = as_manager.get(path)
    assert "Анна" in section(again, "new")
    assert not [call for call in sandbox.calls if call.method in ("PUT", "POST")]
    assert confirmed(as_manager, again, path).status_code == 302


@pytest.mark.parametrize(("path", "asked"), [("{black}/", "{black}"), ("", "types")])
def test_a_table_that_comes_while_the_api_fails_waits_and_is_read_later(
    as_manager, black, sandbox, path, asked
):
    path = f"/lists/{path.format(black=black)}import/"
    sandbox.fail("503", path=f"contact-lists/{asked.format(black=black)}", times=None)
    failed = as_manager.post(path, {"file": a_file(TABLE), "name": "Банк", "type": "black"})
    assert failed.status_code == 503
    sandbox.clear_faults()
    again = {
        field["name"]: field.get("value", "")
        for field in failed.soup.select("main form [name]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    assert "Анна" in section(as_manager.post(path, again), "new")


def test_it_is_not_read_as_the_one_before_it(as_manager, black, sandbox):
    page = preview(as_manager, black, "Олег;103\n".encode("cp1251"))
    chosen = sent_with(page, encoding="cp866", **{"column-0": "nothing"}, separator=",")
    sandbox.fail("503", path=f"contact-lists/{black}", times=None)
    failed = as_manager.post(path_of(black), chosen | {"file": a_file("Анна;102\n")})
    sandbox.clear_faults()
    again = {
        field["name"]: field.get("value", "")
        for field in failed.soup.select("main form [name]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    assert "Анна" in section(as_manager.post(path_of(black), again), "new")


def test_a_new_list_that_lacks_contacts_is_told_and_its_table_waits(as_manager, sandbox, settings):
    sandbox.quirks = {"no-contacts"}
    table = {"file": a_file("Анна;79160000002\n"), "name": "Банк", "type": "black"}
    page = as_manager.post("/lists/import/", table)
    answer = as_manager.post("/lists/import/", sent_with(page, confirm="1"), follow=True)
    missing = says("Plusofon did not save: %(names)s.", names=says("“%(name)s”", name="Анна"))
    assert missing in text(answer)
    assert len(kept(settings)) == 1


def test_what_is_taken_for_the_heading_is_said(as_manager, black):
    assert "Имя · Телефон" in words(preview(as_manager, black).soup.select_one("p.heading-row"))
    assert not preview(as_manager, black, "МЧС;112\n").soup.select("p.heading-row")


def test_a_table_may_be_pasted(as_manager, black, stored):
    page = as_manager.post(path_of(black), {"text": "Анна\t79160000002\nОлег\t79160000003"})
    assert confirmed(as_manager, page, path_of(black)).status_code == 302
    assert stored(black)[-2:] == [("Анна", ("79160000002",)), ("Олег", ("79160000003",))]


def test_what_was_pasted_is_read_as_the_form_says(as_manager, black, stored):
    page = as_manager.post(path_of(black), {"text": "101;Анна\n102;Олег\n"})
    assert page.soup.select_one("textarea").text.strip() == ""
    sent = sent_with(page, **{"column-1": "nothing", "heading": "1"})
    again = as_manager.post(path_of(black), sent)
    assert "101" not in section(again, "new")
    assert confirmed(as_manager, again, path_of(black)).status_code == 302
    assert stored(black)[-1] == ("102", ("102",))


def test_a_table_that_comes_with_the_confirmation_is_shown_first(as_manager, black, stored):
    before = stored(black)
    page = as_manager.post(path_of(black), {"text": "Анна;79160000002"})
    for other in ({"text": "Олег;79160000003"}, {"file": a_file("Олег;79160000003")}):
        answer = confirmed(as_manager, page, path_of(black), **other)
        assert answer.status_code == 409
        assert "Олег" in section(answer, "new")
        assert stored(black) == before
        page = answer
    assert confirmed(as_manager, page, path_of(black)).status_code == 302
    assert stored(black)[-1] == ("Олег", ("79160000003",))


def test_what_was_seen_of_one_table_is_no_consent_to_another(as_manager, black, stored):
    before = stored(black)
    seen = preview(as_manager, black, "Анна;79160000002")
    other = preview(as_manager, black, "Олег;79160000003")
    upload = sent_with(other)["upload"]
    answer = confirmed(as_manager, seen, path_of(black), upload=upload)
    assert answer.status_code == 409
    assert stored(black) == before


def test_a_file_and_a_pasted_table_together_are_refused_beside_the_field(
    as_manager, black, settings
):
    fields = {"file": a_file("Олег;79160000003"), "text": "Анна;79160000002"}
    page = as_manager.post(path_of(black), fields)
    assert page.status_code == 422
    sentence = "Send a file or a pasted table, not both: remove one of them."
    assert says(sentence) in words(page.soup.select_one("#import-text_error"))
    assert page.soup.select_one("textarea").text.strip() == "Анна;79160000002"
    assert kept(settings) == []


def test_a_pasted_table_is_confirmed_after_its_refused_rows_were_downloaded(
    as_manager, black, stored
):
    page = as_manager.post(path_of(black), {"text": "Анна;79160000002\nОлег;8E+10"})
    answer = as_manager.post(path_of(black), sent_with(page, refused="1"))
    assert "8E+10" in b"".join(answer).decode()
    assert confirmed(as_manager, page, path_of(black)).status_code == 302
    assert stored(black)[-1] == ("Анна", ("79160000002",))


def test_the_table_of_a_preview_stays_when_another_comes_with_the_wrong_button(as_manager, black):
    page = preview(as_manager, black)
    answer = as_manager.post(
        path_of(black), sent_with(page, refused="1", text="Имя;Номер\nОлег;8E+10")
    )
    assert "8E+10" in section(answer, "refused")


def toast(client, answer):
    return words(client.get(answer.url).soup.select_one(".toast"))


def test_what_came_in_is_counted_and_not_what_was_there(as_manager, black):
    table = TABLE.replace("Анна;79160000003\n", "")
    answer = confirmed(as_manager, preview(as_manager, black, table), path_of(black))
    one, many = (
        "The table is imported: %(count)s contact.",
        "The table is imported: %(count)s contacts.",
    )
    assert says_many(one, many, 2) in toast(as_manager, answer)
    page = preview(as_manager, black, "Иван Иванов;79998887766\nОля;101\n", mode="equal")
    said = toast(as_manager, confirmed(as_manager, page, path_of(black)))
    assert says_many(one, many, 1) in said
    assert says("Removed or shortened: %(count)s.", count=4) in said


def test_numbers_without_names_get_the_name_that_is_typed(as_manager, black, stored):
    page = as_manager.post(
        path_of(black), {"text": "79160000002\n79160000003", "unnamed": "Реклама"}
    )
    confirmed(as_manager, page, path_of(black))
    assert stored(black)[-1] == ("Реклама", ("79160000002", "79160000003"))


def test_a_new_list_is_made_with_all_of_the_table(as_manager, sandbox, stored, account):
    fields = {"name": "Банк", "type": "black", "file": a_file(TABLE)}
    page = as_manager.post("/lists/import/", fields)
    assert page.status_code == 200
    answer = confirmed(as_manager, page, "/lists/import/")
    assert answer.status_code == 302
    made = int(re.search(r"\d+", answer.url)[0])
    assert [name for name, _ in stored(made)] == ["Иван Иванов", "Пётр Петров", "Анна"]
    assert len([call for call in sandbox.calls if call.method == "POST"]) == 1


def test_a_new_list_needs_a_name_and_keeps_what_was_pasted(as_manager, sandbox):
    page = as_manager.post("/lists/import/", {"type": "black", "text": "Анна;79160000002"})
    assert page.status_code == 422
    assert says("Enter a name.") in text(page)
    assert page.soup.select_one("textarea").text.strip() == "Анна;79160000002"


def test_a_new_list_is_made_once_however_often_it_is_confirmed(as_manager, sandbox):
    fields = sent_with(as_manager.get("/lists/import/"), name="Банк", text="Анна;79160000002")
    page = as_manager.post("/lists/import/", fields)
    sent = sent_with(page, confirm="1")
    first = as_manager.post("/lists/import/", sent)
    # The file is gone by now, and comes once more.
    again = as_manager.post("/lists/import/", fields)
    sent["upload"] = sent_with(again)["upload"]
    second = as_manager.post("/lists/import/", sent)
    assert second.url == first.url


def test_what_is_not_imported_can_be_downloaded(as_manager, black):
    page = preview(as_manager, black)
    answer = as_manager.post(path_of(black), sent_with(page, refused="1"))
    table = b"".join(answer).decode().removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(table), delimiter=";"))
    assert rows[1][:2] == ["6", "9.998887766E+10"]
    assert len(rows) == 2


def test_numbers_in_other_lists_are_named(as_manager, black, sandbox, account):
    anna = [{"name": "Аня", "phones": ["8 916 000-00-02"]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=anna)
    sandbox.add_list(account, name="Другой", type="black", contacts=anna)
    page = preview(as_manager, black)
    assert "Белый" in section(page, "white")
    assert "Другой" in section(page, "elsewhere")


def test_numbers_in_several_rows_are_named_with_their_rows(as_manager, black):
    page = preview(as_manager, black, "Анна;79160000002\nОлег;8 916 000-00-02\n")
    assert "Анна" in section(page, "twice")
    assert "1, 2" in section(page, "twice")


def test_doubtful_numbers_are_named(as_manager, black):
    page = preview(as_manager, black, "Анна;799900000021\n")
    assert section(page, "doubtful")


def test_only_the_first_of_many_are_shown(as_manager, black):
    table = "".join(f"Абонент {n};7916{n:07}\n" for n in range(120))
    page = preview(as_manager, black, table)
    assert len(page.soup.select("section.new li")) == 50
    assert says("and %(more)s more", more=70) in section(page, "new")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ" + b"\0" * 500, "This is not a table. Send a CSV, TXT, XLSX, XLS or ODS file."),
        (b"", "There is nothing in this table."),
        (
            b"a" * (10 * 1024 * 1024 + 1),
            "This file is too large: 10 MB at most. Remove what is not needed, or split it.",
        ),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence_and_nothing_typed_is_lost(
    as_manager, black, content, sentence, settings
):
    fields = {"file": a_file(content, "table.xlsx"), "unnamed": "Реклама"}
    page = as_manager.post(path_of(black), fields)
    assert page.status_code == 422
    assert says(sentence) in text(page)
    assert page.soup.select_one("[name=unnamed]")["value"] == "Реклама"
    assert kept(settings) == []


def test_too_many_numbers_are_refused_in_a_sentence_and_their_columns_can_be_left_out(
    as_manager, black, settings
):
    row = ",".join(str(100 + n) for n in range(900))
    table = "Имя;Номера;Телефон\n"
    table += "".join(f'Имя {n};"{row}";79160000002\n' for n in range(112))
    page = preview(as_manager, black, table)
    assert page.status_code == 422
    sentence = says("More than %(most)s numbers. Split the table into parts.", most=100_000)
    assert sentence in text(page)
    again = as_manager.post(path_of(black), sent_with(page, **{"column-1": "nothing"}))
    assert again.status_code == 200
    assert len(kept(settings)) == 1


def test_a_cell_of_too_many_numbers_is_refused_with_its_row(as_manager, black):
    row = ",".join(str(100 + n) for n in range(1001))
    page = preview(as_manager, black, f'Имя;Номер\nОлег;"{row}"\n')
    sentence = says("too many numbers in one cell: %(most)s at most", most=1000)
    assert "2 100,101,102" in section(page, "refused")
    assert sentence in section(page, "refused")


def test_nothing_sent_is_asked_for(as_manager, black):
    page = as_manager.post(path_of(black), {})
    assert page.status_code == 422
    assert says("Choose a file or paste a table.") in text(page)


def test_the_file_is_gone_once_it_is_confirmed(as_manager, black, settings):
    page = preview(as_manager, black)
    assert len(kept(settings)) == 1
    confirmed(as_manager, page, path_of(black))
    assert kept(settings) == []


def test_the_file_is_gone_once_it_is_cancelled(as_manager, black, settings):
    page = preview(as_manager, black)
    answer = as_manager.post(path_of(black), sent_with(page, cancel="1"))
    assert answer.url == f"/lists/{black}/"
    assert kept(settings) == []


def test_another_file_takes_the_place_of_the_first(as_manager, black, settings):
    page = preview(as_manager, black)
    sent = sent_with(page, file=a_file("Олег;79160000009"))
    again = as_manager.post(path_of(black), sent)
    assert "Олег" in section(again, "new")
    assert "Анна" not in text(again)
    assert len(kept(settings)) == 1


def test_a_file_that_is_gone_is_asked_for_again(as_manager, black, stored, manager):
    before = stored(black)
    page = preview(as_manager, black)
    uploads.drop(sent_with(page)["upload"], of=manager)
    answer = confirmed(as_manager, page, path_of(black))
    assert (answer.status_code, answer.url) == (302, path_of(black))
    assert stored(black) == before


def test_nobody_takes_the_file_of_another(as_manager, black, anna, sandbox):
    page = preview(as_manager, black)
    answer = confirmed(signed_in(anna), page, path_of(black))
    assert (answer.status_code, answer.url) == (302, path_of(black))


def test_a_list_that_is_gone_by_then_is_said_to_be(as_manager, black, sandbox, api):
    page = preview(as_manager, black)
    api.delete_list(black)
    assert confirmed(as_manager, page, path_of(black)).status_code == 404


def test_an_import_that_the_api_refuses_says_so_and_may_be_tried_again(
    as_manager, black, sandbox, stored
):
    before = stored(black)
    page = preview(as_manager, black)
    sandbox.fail("422", method="PUT")
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code == 422
    assert stored(black) == before
    assert confirmed(as_manager, answer, path_of(black)).status_code == 302


def test_an_import_without_an_answer_is_in_doubt_and_is_not_offered_again(
    as_manager, black, sandbox, settings
):
    page = preview(as_manager, black)
    sandbox.fail("504-late", method="PUT")
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code == 202
    assert says("It is in doubt whether this was saved.") in text(answer)
    assert not answer.soup.select("[name=confirm]")
    assert len(kept(settings)) == 1


def test_the_table_stays_with_its_columns_until_it_is_known_to_have_arrived(
    as_manager, black, sandbox, settings
):
    page = preview(as_manager, black, "101;Анна\n102;Олег\n")
    page = as_manager.post(path_of(black), sent_with(page, **{"column-1": "nothing"}))
    sandbox.fail("504-late", method="PUT")
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code == 202
    again = as_manager.post(path_of(black), sent_with(answer))
    assert again.status_code == 200
    assert "102" in section(again, "new")
    assert "Олег" not in section(again, "new")
    as_manager.post(path_of(black), sent_with(again, cancel="1"))
    assert kept(settings) == []


def test_a_new_list_in_doubt_keeps_its_table(as_manager, sandbox, account, settings):
    fields = {"name": "Банк", "type": "black", "file": a_file(TABLE)}
    page = as_manager.post("/lists/import/", fields)
    sandbox.fail("504-late", method="POST")
    answer = confirmed(as_manager, page, "/lists/import/")
    assert answer.status_code == 202
    assert sent_with(answer)["once"] == sent_with(page)["once"]
    assert len(kept(settings)) == 1


def test_a_token_that_is_refused_in_between_leaves_the_list_and_the_file(
    as_manager, black, sandbox, stored, settings
):
    page = preview(as_manager, black)
    sandbox.fail("401", path="contact-lists")
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code != 200
    assert len(kept(settings)) == 1
    assert ("Анна", ("79160000002", "79160000003")) not in stored(black)


def test_a_locked_list_is_said_to_be_and_the_file_stays(
    as_manager, black, manager, settings, monkeypatch
):
    from django.utils import timezone

    from lists.models import Outcome
    from lists.writing import lock

    page = preview(as_manager, black)
    JournalEntryFactory(
        list_id=black, outcome=Outcome.LOCKED, started_at=timezone.now(), ended_at=None
    )
    monkeypatch.setattr(lock, "LONGEST_WAIT", 0.2)
    answer = confirmed(as_manager, page, path_of(black))
    assert answer.status_code == 503
    assert len(kept(settings)) == 1


def test_the_ways_to_an_import_are_on_the_pages(as_manager, as_support, black):
    for path, way in (("/lists/", "/lists/import/"), (f"/lists/{black}/", path_of(black))):
        assert as_manager.get(path).soup.select(f"a[href='{way}']")
        assert not as_support.get(path).soup.select(f"a[href='{way}']")

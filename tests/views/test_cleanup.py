"""The page of what is out of order: nothing is missed in silence, and nothing is written unseen."""

import csv
import io

import pytest

from lists.forms.cleanup import Chosen
from lists.models import Action, JournalEntry, Operation, Outcome
from tests.calls import methods, writes
from tests.client import text, words
from tests.words import says, says_many
from tests.workbooks import rows_of

PATH = "/cleanup/"
IVAN = {"name": "Иван", "phones": ["8 (999) 888-77-66"]}
SPAM = {"name": "Спам", "phones": ["79160000001"]}


@pytest.fixture
def odd(sandbox, account):
    contacts = [IVAN, SPAM, SPAM, {"name": "Маска", "phones": ["7999*"]}]
    return sandbox.add_list(account, name="Чёрный", contacts=contacts)


def looked(client):
    page = client.get(PATH, {"look": 1})
    assert page.status_code == 200
    return page


def choices(page, kind):
    """What chooses each finding of a kind."""
    section = page.soup.select_one(f"section[aria-labelledby={kind}]")
    return [box["value"] for box in section.select("[name=fix]")]


def sent_from(page, **changed):
    """What a browser would send from the form of the preview."""
    sent = {}
    for field in page.soup.select("main form input[name]"):
        sent.setdefault(field["name"], []).append(field["value"])
    del sent["csrfmiddlewaretoken"]
    return {**sent, "confirm": "1", **changed}


def stored(sandbox, account, list_id):
    return [(c["name"], *c["phones"]) for c in sandbox.lists(account)[list_id]["contacts"]]


def test_it_reads_nothing_until_it_is_asked_to(as_manager, sandbox, odd):
    page = as_manager.get(PATH)
    assert says("Check all lists") in text(page)
    assert methods(sandbox) == []


def test_the_page_of_lists_leads_managers_there(as_manager, as_support, odd):
    assert as_manager.get("/lists/").soup.select_one(f'a[href="{PATH}"]')
    assert not as_support.get("/lists/").soup.select(f'a[href="{PATH}"]')


def test_each_kind_is_told_with_why_it_matters_and_where(as_manager, odd):
    page = looked(as_manager)
    kinds = [section["aria-labelledby"] for section in page.soup.select("section.findings")]
    assert kinds == ["mask", "equal", "spelling"]
    assert [link["href"] for link in page.soup.select("nav.kinds a")] == [
        "#mask",
        "#equal",
        "#spelling",
    ]
    spelling = words(page.soup.select(".findings")[2])
    assert says("Other programs may not recognise a number that is spelled like this.") in spelling
    assert "8 (999) 888-77-66 → 79998887766" in spelling
    assert "Чёрный" in spelling
    assert page.soup.select_one(f'.findings a[href^="/lists/{odd}/?q=8"]')


def test_only_what_can_be_put_in_order_safely_can_be_chosen(as_manager, odd):
    page = looked(as_manager)
    assert choices(page, "mask") == []
    assert len(choices(page, "equal")) == 1


def test_lists_that_are_in_order_are_said_to_be(as_manager, sandbox, account):
    sandbox.add_list(account, name="Чёрный", contacts=[SPAM])
    page = looked(as_manager)
    assert says("All lists are in order.") in text(page)
    assert says_many(
        "%(read)s list read from Plusofon at %(time)s",
        "%(read)s lists read from Plusofon at %(time)s",
        1,
        time="",
    )[:10] in text(page)


def test_an_account_without_lists_is_in_order(as_manager, sandbox):
    assert says("All lists are in order.") in text(looked(as_manager))


def test_what_could_not_be_read_is_named_and_order_is_not_claimed(as_manager, sandbox, account):
    sandbox.add_list(account, name="Чёрный", contacts=[SPAM])
    locked = sandbox.add_list(account, name="Закрытый", contacts=[SPAM])
    sandbox.fail("403", path=f"contact-lists/{locked}", times=None)
    page = looked(as_manager)
    assert says("All lists are in order.") not in text(page)
    assert says("Not all lists could be read: there may be more to put in order.") in text(page)
    assert "Закрытый" in text(page)


def test_an_api_that_fails_at_once_is_a_page_of_its_own(as_manager, sandbox, odd):
    sandbox.fail("503-json:0", times=None)
    assert as_manager.get(PATH, {"look": 1}).status_code == 503


def test_empty_lists_and_lists_of_one_name_lead_to_where_they_are_mended(
    as_manager, sandbox, account
):
    first = sandbox.add_list(account, name="Спам", contacts=[SPAM])
    second = sandbox.add_list(account, name="спам")
    page = looked(as_manager)
    assert page.soup.select_one(f'[aria-labelledby=empty] a[href="/lists/{second}/delete/"]')
    merge = f"/lists/merge/?list={first}&list={second}"
    assert page.soup.select_one(f'[aria-labelledby=one-name] a[href="{merge}"]')
    assert not page.soup.select("button.primary")


def test_fifty_of_a_kind_are_shown_and_all_can_be_chosen(as_manager, sandbox, account):
    contacts = [{"name": f"К {n}", "phones": [f"8 916 000-{n:02}-00"]} for n in range(60)]
    list_id = sandbox.add_list(account, name="Чёрный", contacts=contacts)
    page = looked(as_manager)
    assert len(choices(page, "spelling")) == 50
    assert says_many(
        "And %(shown)s more, in the file.", "And %(shown)s more, in the file.", 10
    ) in text(page)
    every = page.soup.select_one("[name=all]")["value"]
    preview = as_manager.post(PATH, {"all": every})
    assert len(preview.soup.select("tbody tr")) == 20
    assert says("and %(more)s more", more=40) in text(preview)
    as_manager.post(PATH, sent_from(preview))
    assert stored(sandbox, account, list_id)[59] == ("К 59", "79160005900")


def test_a_preview_shows_before_and_after_and_writes_nothing(as_manager, sandbox, odd):
    page = looked(as_manager)
    chosen = [*choices(page, "equal"), *choices(page, "spelling")]
    sandbox.clear_calls()
    preview = as_manager.post(PATH, {"fix": chosen})
    assert preview.status_code == 200
    rows = [words(row) for row in preview.soup.select("tbody tr")]
    assert rows == [
        "Иван: 8 (999) 888-77-66 Иван: 79998887766",
        f"Спам: 79160000001 {says('will be removed')}",
    ]
    assert writes(sandbox) == []
    assert methods(sandbox) == ["GET"]  # the list that is concerned


def test_confirmed_it_is_one_act_that_can_be_undone(as_manager, sandbox, account, odd):
    page = looked(as_manager)
    preview = as_manager.post(PATH, {"fix": choices(page, "equal") + choices(page, "spelling")})
    sandbox.clear_calls()
    answer = as_manager.post(PATH, sent_from(preview))
    assert answer.status_code == 302
    assert answer["Location"] == f"{PATH}?look=1"
    assert stored(sandbox, account, odd) == [
        *[("Иван", "79998887766"), ("Спам", "79160000001"), ("Маска", "7999*")]
    ]
    assert methods(sandbox) == ["GET", "GET", "PUT", "GET"]
    after = as_manager.get(answer["Location"])
    told = says_many("Corrected in %(count)s list.", "Corrected in %(count)s lists.", 1)
    assert told in text(after)
    assert [one["aria-labelledby"] for one in after.soup.select("section.findings")] == ["mask"]
    entry = JournalEntry.objects.get(action=Action.CLEAN_UP)
    journal = as_manager.get("/journal/")
    sentence = (
        "%(who)s put %(lists_count)s list in order: %(lists)s",
        "%(who)s put %(lists_count)s lists in order: %(lists)s",
    )
    assert says_many(*sentence, 1, who="manager", lists_count=1, lists="Чёрный") in text(journal)
    done = "%(count)s contact put in order", "%(count)s contacts put in order"
    assert says_many(*done, 2) in text(as_manager.get(f"/journal/{entry.pk}/"))
    as_manager.post(f"/journal/{entry.pk}/undo/")
    assert sorted(stored(sandbox, account, odd)) == sorted(
        [
            ("Иван", "8 (999) 888-77-66"),
            ("Спам", "79160000001"),
            ("Спам", "79160000001"),
            ("Маска", "7999*"),
        ]
    )


def test_all_that_would_change_is_a_file_too(as_manager, sandbox, odd):
    preview = as_manager.post(PATH, {"all": f"equal@{odd}"})
    sent = sent_from(preview)
    del sent["confirm"]
    content = b"".join(as_manager.post(PATH, {**sent, "csv": "1"})).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))[1:]
    assert rows == [["Чёрный", str(odd), "Спам", "79160000001", "", ""]]
    book = rows_of(b"".join(as_manager.post(PATH, {**sent, "xlsx": "1"})))
    assert book[1][:4] == ["Чёрный", str(odd), "Спам", "79160000001"]
    assert writes(sandbox) == []


def test_pressed_twice_it_is_done_once(as_manager, sandbox, account, odd):
    preview = as_manager.post(PATH, {"fix": choices(looked(as_manager), "equal")})
    for _ in range(2):
        assert as_manager.post(PATH, sent_from(preview)).status_code in (200, 302)
    assert Operation.objects.count() == 1
    assert stored(sandbox, account, odd).count(("Спам", "79160000001")) == 1


def test_a_list_that_cannot_be_read_for_the_preview_is_named_and_left_out(
    as_manager, sandbox, account, odd
):
    contacts = [{"name": "А", "phones": ["+7 916 000-00-03"]}]
    other = sandbox.add_list(account, name="Второй", contacts=contacts)
    sandbox.fail("403", path=f"contact-lists/{other}", times=None)
    preview = as_manager.post(PATH, {"all": f"spelling@{odd},{other}"})
    assert says("These lists could not be read:") in text(preview)
    assert preview.soup.select_one(f'.notice a[href="/lists/{other}/"]')
    assert as_manager.post(PATH, sent_from(preview)).status_code == 302
    assert ("Иван", "79998887766") in stored(sandbox, account, odd)


def test_what_was_chosen_as_the_session_had_ended_is_previewed_again(
    as_manager, manager, sandbox, account, odd
):
    preview = as_manager.post(PATH, {"all": f"spelling@{odd}"})
    sent = sent_from(preview)
    as_manager.logout()
    as_manager.post(PATH, sent)
    as_manager.force_login(manager)
    again = as_manager.get(PATH)
    assert "79998887766" in text(again)
    assert ("Иван", "79998887766") not in stored(sandbox, account, odd)
    assert as_manager.post(PATH, sent_from(again)).status_code == 302
    assert ("Иван", "79998887766") in stored(sandbox, account, odd)


def test_of_many_numbers_those_that_change_are_shown(as_manager, sandbox, account):
    phones = [f"7916000{n:04}" for n in range(15)]
    contact = {"name": "Много", "phones": [*phones, "8 916 111-22-33"]}
    list_id = sandbox.add_list(account, name="Чёрный", contacts=[contact])
    preview = as_manager.post(PATH, {"all": f"spelling@{list_id}"})
    before, after = (words(cell) for cell in preview.soup.select("tbody tr")[0].select("th, td"))
    assert "8 916 111-22-33" in before
    assert "79161112233" in after


def test_what_can_be_put_in_order_comes_first_of_its_kind(as_manager, sandbox, account):
    unclear = [{"name": f"К {n}", "phones": [f"495, {n:07}"]} for n in range(60)]
    clear = {"name": "Ясно", "phones": ["79998887766, 79160000001"]}
    sandbox.add_list(account, name="Чёрный", contacts=[*unclear, clear])
    assert len(choices(looked(as_manager), "several")) == 1


def test_of_a_contradiction_both_sides_are_shown(as_manager, sandbox, account):
    for n in range(6):
        sandbox.add_list(account, name=f"Чёрный {n}", contacts=[SPAM])
    sandbox.add_list(account, name="Белый", type="white", contacts=[SPAM])
    section = looked(as_manager).soup.select_one("[aria-labelledby=contradiction]")
    assert "Белый" in words(section)


def test_contacts_that_are_exactly_alike_are_one_finding(as_manager, sandbox, account):
    list_id = sandbox.add_list(account, name="Чёрный", contacts=[IVAN, IVAN])
    (choice,) = choices(looked(as_manager), "spelling")
    preview = as_manager.post(PATH, {"fix": choice})
    as_manager.post(PATH, sent_from(preview))
    assert stored(sandbox, account, list_id) == [("Иван", "79998887766")] * 2


def test_only_lists_that_change_are_counted(as_manager, sandbox, account):
    sandbox.add_list(account, name="Чёрный", contacts=[SPAM])
    white = [{"name": "Друг", "phones": ["79160000001", "101"]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=white)
    preview = as_manager.post(PATH, {"fix": choices(looked(as_manager), "contradiction")})
    after = as_manager.post(PATH, sent_from(preview), follow=True)
    told = "Corrected in %(count)s list.", "Corrected in %(count)s lists."
    assert says_many(*told, 1) in text(after)


def test_an_undo_says_what_it_does_not_bring_back(as_manager, sandbox, account):
    empty = {"name": "Пусто", "phones": []}
    list_id = sandbox.add_list(account, name="Чёрный", contacts=[SPAM, empty])
    preview = as_manager.post(PATH, {"fix": choices(looked(as_manager), "numberless")})
    as_manager.post(PATH, sent_from(preview))
    entry = JournalEntry.objects.get(action=Action.CLEAN_UP)
    undone = as_manager.post(f"/journal/{entry.pk}/undo/", follow=True)
    lacking = "Not as it was before, since Plusofon takes no contact without a name or numbers: %(names)s."
    assert says(lacking, names="«Пусто»") in text(undone)
    assert len(stored(sandbox, account, list_id)) == 1


def test_without_a_token_of_ours_it_is_done_all_the_same(as_manager, sandbox, account, odd):
    preview = as_manager.post(PATH, {"fix": choices(looked(as_manager), "spelling")})
    as_manager.post(PATH, sent_from(preview, once="x"))
    assert ("Иван", "79998887766") in stored(sandbox, account, odd)


def test_what_others_have_changed_is_shown_again_and_nothing_is_sent(
    as_manager, sandbox, account, odd
):
    preview = as_manager.post(PATH, {"all": f"spelling@{odd}"})
    found = sandbox.lists(account)[odd]
    more = [*found["contacts"], {"name": "Анна", "phones": ["8 916 000-00-02"]}]
    sandbox.put(account, odd, {**found, "contacts": more})
    sandbox.clear_calls()
    again = as_manager.post(PATH, sent_from(preview))
    assert again.status_code == 409
    assert says("Something has changed.") in text(again)
    assert "79160000002" in text(again)
    assert writes(sandbox) == []
    assert as_manager.post(PATH, sent_from(again)).status_code == 302
    assert ("Анна", "79160000002") in stored(sandbox, account, odd)


def test_a_finding_that_is_another_by_now_is_left_out_and_said(as_manager, sandbox, account, odd):
    page = looked(as_manager)
    chosen = choices(page, "equal") + choices(page, "spelling")
    sandbox.put(account, odd, {**sandbox.lists(account)[odd], "contacts": [IVAN, SPAM]})
    preview = as_manager.post(PATH, {"fix": chosen})
    left_out = (
        "%(left)s of what you chose has changed since, and is left out.",
        "%(left)s of what you chose have changed since, and are left out.",
    )
    assert says_many(*left_out, 1) in text(preview)
    assert len(preview.soup.select("tbody tr")) == 1
    assert as_manager.post(PATH, sent_from(preview)).status_code == 302


def test_where_nothing_is_left_nothing_is_offered(as_manager, sandbox, account, odd):
    chosen = choices(looked(as_manager), "equal")
    sandbox.drop(account, odd)
    preview = as_manager.post(PATH, {"fix": chosen})
    assert says("Nothing of it is left to put in order.") in text(preview)
    assert not preview.soup.select("[name=confirm]")
    assert as_manager.post(PATH, sent_from(preview)).status_code == 409
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"fix": "x"}, {"fix": f"{'9' * 16}@"}, {"all": f"spelling@{9**30}"}]
)
def test_nothing_chosen_is_said(as_manager, sandbox, sent):
    answer = as_manager.post(PATH, sent, follow=True)
    assert says("Nothing is chosen.") in text(answer)


def test_what_could_not_be_done_is_told_list_by_list(as_manager, sandbox, account, odd):
    other = sandbox.add_list(
        account, name="Второй", contacts=[{"name": "А", "phones": ["+7 916 000-00-03"]}]
    )
    preview = as_manager.post(PATH, {"all": f"spelling@{odd},{other}"})
    sandbox.fail("422", method="PUT", path=f"contact-lists/{other}")
    answer = as_manager.post(PATH, sent_from(preview))
    assert answer.status_code == 207
    entry = JournalEntry.objects.get(action=Action.CLEAN_UP)
    assert entry.outcome == Outcome.PARTLY
    as_manager.post(f"/journal/{entry.pk}/go-on/")
    assert stored(sandbox, account, other) == [("А", "79160000003")]


def test_all_findings_are_a_file(as_manager, sandbox, account, odd):
    locked = sandbox.add_list(account, name="Закрытый")
    sandbox.fail("403", path=f"contact-lists/{locked}", times=None)
    answer = as_manager.get(PATH, {"format": "csv"})
    content = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))[1:]
    assert [row[0] for row in rows] == ["1", "2", "2", "3", "4"]
    assert [row[5:7] for row in rows[:2]] == [["Маска", "7999*"], ["Спам", "79160000001"]]
    assert rows[3][2] == "8 (999) 888-77-66"
    assert [row[7] for row in rows[:2]] == ["", "✓"]
    assert rows[4][3:5] == ["Закрытый", str(locked)]


def test_and_a_workbook(as_manager, odd):
    answer = as_manager.get(PATH, {"format": "xlsx"})
    rows = rows_of(b"".join(answer))
    assert len(rows) == 5
    assert as_manager.get(PATH, {"format": "pdf"}).status_code == 404


def test_a_file_says_where_not_even_the_lists_are_known(as_manager, sandbox, account):
    for number in range(16):
        sandbox.add_list(
            account, name=f"Л {number}", contacts=[{**SPAM, "phones": [f"7916{number:07}"]}]
        )
    sandbox.fail("500", path="contact-lists?page=2", times=None)
    content = b"".join(as_manager.get(PATH, {"format": "csv"})).decode("utf-8-sig")
    assert says("Not all lists are known.") in content


def test_a_choice_names_its_lists_once(rf):
    chosen = Chosen(rf.post("/", {"fix": ["1f@11,46", "2e@46"], "all": ["spelling@11", "no"]}).POST)
    assert (chosen.ids, chosen.kinds, chosen.list_ids) == ({"1f", "2e"}, {"spelling"}, (11, 46))

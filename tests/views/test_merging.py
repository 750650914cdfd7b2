"""Several lists become one: looked at first, and no contact is lost on the way."""

import pytest

from lists.models import Action, JournalEntry, Outcome
from lists.plusofon.values import Contact, ContactList
from lists.services import merging
from tests.calls import methods, writes
from tests.client import text, words
from tests.growth import assert_linear
from tests.words import says, says_many

PATH = "/lists/merge/"
A, B, C = (
    {"name": name, "phones": [phone]} for name, phone in (("А", "101"), ("Б", "102"), ("В", "103"))
)


@pytest.fixture
def target(sandbox, account):
    return sandbox.add_list(account, name="Главный", contacts=[A])


@pytest.fixture
def sources(sandbox, account):
    """One contact in common with the target, one with each other; one of a name with other numbers."""
    namesake = {"name": "А", "phones": ["201"]}
    joining = {"name": "Б", "phones": ["102", "202"]}
    return [
        sandbox.add_list(account, name="Алый", contacts=[A, B]),
        sandbox.add_list(account, name="Бурый", contacts=[joining, C, namesake]),
    ]


def sent_from(page, **changed):
    """What a browser would send from the form of the page."""
    form = page.soup.select_one("main form")
    sent = {
        field["name"]: field.get("value", "")
        for field in form.select("input[type=hidden], input[type=radio][checked]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    sent["list"] = [box["value"] for box in form.select("[name=list][checked]")]
    chosen = form.select_one("select [selected]")
    sent["target"] = chosen["value"] if chosen else ""
    return {**sent, **changed}


@pytest.fixture
def preview(as_manager, target, sources):
    def preview(**changed):
        link = "&".join(f"list={one}" for one in sources)
        page = as_manager.get(f"{PATH}?target={target}&{link}")
        return as_manager.post(PATH, sent_from(page, **changed))

    return preview


@pytest.fixture
def confirm(as_manager):
    def confirm(previewed, **changed):
        return as_manager.post(PATH, sent_from(previewed, confirm="1", **changed))

    return confirm


def stored(sandbox, account, list_id):
    return [(c["name"], *c["phones"]) for c in sandbox.lists(account)[list_id]["contacts"]]


def test_a_link_chooses_lists_and_nothing_else(as_manager, sandbox, target, sources):
    page = as_manager.get(f"{PATH}?list={sources[0]}&list=x&list={9**30}&target={target}")
    sent = sent_from(page)
    assert (sent["list"], sent["target"]) == ([str(sources[0])], str(target))
    assert page.soup.select_one("[name=list]")["value"] == str(sources[0])
    assert not page.soup.select("[name=confirm]")
    assert methods(sandbox) == ["GET"]


def test_both_pages_lead_there(as_manager, target, sources):
    assert as_manager.get("/lists/").soup.select_one(f'a[href="{PATH}"]')
    assert as_manager.get(f"/lists/{target}/").soup.select_one(f'a[href="{PATH}?list={target}"]')


def test_support_is_led_nowhere(as_support, target, sources):
    for path in ("/lists/", f"/lists/{target}/"):
        assert not as_support.get(path).soup.select(f'a[href^="{PATH}"]')


def test_a_preview_says_what_becomes_of_each_list_and_writes_nothing(preview, sandbox):
    page = preview()
    assert page.status_code == 200
    assert writes(sandbox) == []
    first, second = (words(row) for row in page.soup.select(".hits")[0].select("tbody tr"))
    new = "%(new)s contact is new there", "%(new)s contacts are new there"
    there = "%(there)s contact is there already", "%(there)s contacts are there already"
    joined = (
        "%(joined)s contact adds its numbers to the one of its name",
        "%(joined)s contacts add their numbers to those of their names",
    )
    deleted = "will be deleted with %(contacts)s"
    contacts = "%(total)s contact", "%(total)s contacts"
    assert says_many(*new, 1) in first
    assert says_many(*there, 1) in first
    assert says(deleted, contacts=says_many(*contacts, 2)) in first
    assert says_many(*new, 2) in second
    assert says_many(*joined, 1) in second
    assert says(deleted, contacts=says_many(*contacts, 3)) in second
    assert says("Afterwards it has %(then)s.", then=says_many(*contacts, 4)) in text(page)


def test_contacts_of_one_name_with_other_numbers_are_shown(preview):
    joins, beside = (words(row) for row in preview().soup.select(".hits")[1].select("tbody tr"))
    assert "102, 202" in joins
    assert says("they share a number and become one contact") in joins
    assert says("both are kept, one beside the other") in beside


def test_contacts_without_a_name_are_nobodys_namesakes(as_manager, sandbox, account):
    nameless = [[{"name": " ", "phones": [phone]}] for phone in ("101", "102")]
    ids = [sandbox.add_list(account, name=f"Л{n}", contacts=one) for n, one in enumerate(nameless)]
    page = as_manager.post(PATH, {"list": ids, "target": ids[0], "emptied": "keep"})
    assert len(page.soup.select(".hits")) == 1


def test_twenty_of_them_and_how_many_more(as_manager, sandbox, account):
    ids = [
        sandbox.add_list(
            account,
            name=f"Л{n}",
            contacts=[{"name": f"К {k}", "phones": [f"{n}{k:03}"]} for k in range(23)],
        )
        for n in (1, 2)
    ]
    page = as_manager.post(PATH, {"list": ids, "target": ids[0], "emptied": "keep"})
    assert len(page.soup.select(".hits")[1].select("tbody tr")) == 20
    assert says("and %(more)s more", more=3) in text(page)


def test_confirmed_every_number_is_in_the_target_and_the_lists_are_gone(
    preview, confirm, sandbox, account, target
):
    answer = confirm(preview())
    assert (answer.status_code, answer.url) == (302, f"/lists/{target}/")
    assert list(sandbox.lists(account)) == [target]
    assert stored(sandbox, account, target) == [
        ("А", "101"),
        ("Б", "102", "202"),
        ("В", "103"),
        ("А", "201"),
    ]
    whole = JournalEntry.objects.get(action=Action.MERGE)
    assert (whole.outcome, whole.parts.count()) == (Outcome.CONFIRMED, 3)


def test_one_toast_undoes_all_of_it(as_manager, preview, confirm, sandbox, account, target):
    answer = as_manager.get(confirm(preview()).url)
    assert says("The lists are merged into “%(name)s”.", name="Главный") in text(answer)
    undo = answer.soup.select_one("[data-toast] form")
    sent = {field["name"]: field.get("value", "") for field in undo.select("input")}
    as_manager.post(undo["action"], sent)
    assert stored(sandbox, account, target) == [("А", "101")]
    sizes = {one["name"]: len(one["contacts"]) for one in sandbox.lists(account).values()}
    assert sizes == {"Главный": 1, "Алый": 2, "Бурый": 3}


@pytest.mark.parametrize(("emptied", "left"), [("empty", (0, 0)), ("keep", (2, 3))])
def test_the_lists_may_stay(preview, confirm, sandbox, account, target, sources, emptied, left):
    page = preview(emptied=emptied)
    assert "danger" not in page.soup.select_one("[name=confirm]")["class"]
    confirm(page)
    assert tuple(len(stored(sandbox, account, one)) for one in sources) == left
    assert len(stored(sandbox, account, target)) == 4


def test_the_target_may_be_among_the_chosen(as_manager, sandbox, account, target, sources, confirm):
    page = as_manager.post(
        PATH, {"list": [target, *sources], "target": target, "emptied": "delete"}
    )
    assert len(page.soup.select(".hits")[0].select("tbody tr")) == 2
    confirm(page)
    assert list(sandbox.lists(account)) == [target]


@pytest.mark.parametrize("which", ["target", "first source"])
def test_a_list_that_changed_since_the_preview_is_shown_again(
    preview, confirm, sandbox, account, target, sources, which
):
    page = preview()
    changed = target if which == "target" else sources[0]
    found = sandbox.lists(account)[changed]
    found["contacts"].append({"name": "Новый", "phones": ["109"]})
    sandbox.put(account, changed, found)
    sandbox.clear_calls()
    again = confirm(page)
    assert again.status_code == 409
    assert says("Something has changed.") in text(again)
    assert writes(sandbox) == []
    confirm(again)
    assert ("Новый", "109") in stored(sandbox, account, target)


def test_what_was_chosen_otherwise_under_a_preview_is_shown_first(
    preview, confirm, sandbox, sources
):
    page = preview()
    sandbox.clear_calls()
    assert confirm(page, emptied="keep").status_code == 409
    assert confirm(page, list=sources[:1]).status_code == 409
    assert confirm(page, shown="").status_code == 409
    assert writes(sandbox) == []


def test_pressed_twice_it_is_one_act(preview, confirm, sandbox, account, target):
    page = preview()
    confirm(page)
    sandbox.clear_calls()
    answer = confirm(page)
    whole = JournalEntry.objects.get(action=Action.MERGE)
    assert (answer.status_code, answer.url) == (302, f"/journal/{whole.pk}/")
    assert (writes(sandbox), len(stored(sandbox, account, target))) == ([], 4)
    assert JournalEntry.objects.filter(action=Action.MERGE).count() == 1


def test_a_page_that_was_gone_back_to_and_changed_is_another_act(
    as_manager, preview, confirm, sandbox, account, sources
):
    page = preview(emptied="keep")
    confirm(page)
    again = as_manager.post(PATH, sent_from(page, list=sources[:1], emptied="empty"))
    assert sent_from(again)["once"] == sent_from(page)["once"]
    confirm(again)
    assert stored(sandbox, account, sources[0]) == []
    assert JournalEntry.objects.filter(action=Action.MERGE).count() == 2


def test_where_the_target_fails_no_list_is_touched_and_the_rest_is_done_later(
    as_manager, preview, confirm, sandbox, account, target, sources
):
    page = preview()
    sandbox.fail("422", method="PUT", path=f"contact-lists/{target}")
    answer = confirm(page)
    assert answer.status_code == 207
    assert [len(stored(sandbox, account, one)) for one in sources] == [2, 3]
    assert ("DELETE" in methods(sandbox)) is False
    rest = answer.soup.select_one("form[action$='/go-on/']")["action"]
    as_manager.post(rest)
    assert list(sandbox.lists(account)) == [target]
    assert len(stored(sandbox, account, target)) == 4


def test_what_may_not_have_arrived_in_the_target_keeps_every_list(
    preview, confirm, sandbox, account, target, sources
):
    """The answer is lost, and what was sent cannot be seen."""
    page = preview()
    sandbox.fail("503", method="PUT", path=f"contact-lists/{target}")
    assert confirm(page).status_code == 202
    assert [len(stored(sandbox, account, one)) for one in sources] == [2, 3]


def test_a_list_that_grew_while_the_target_was_written_is_not_deleted(
    preview, confirm, sandbox, account, target, sources
):
    page = preview()

    def grow():
        found = sandbox.lists(account)[sources[0]]
        found["contacts"].append({"name": "Новый", "phones": ["109"]})
        sandbox.put(account, sources[0], found)

    sandbox.before("PUT", f"contact-lists/{target}", grow)
    assert confirm(page).status_code == 207
    assert set(sandbox.lists(account)) == {target, sources[0]}
    assert ("Новый", "109") in stored(sandbox, account, sources[0])


def test_one_list_that_cannot_be_deleted_keeps_no_other(
    preview, confirm, sandbox, account, target, sources
):
    page = preview()
    sandbox.fail("no-access", method="DELETE", path=f"contact-lists/{sources[0]}")
    assert confirm(page).status_code == 207
    assert set(sandbox.lists(account)) == {target, sources[0]}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"list": []}, "Choose at least one list."),
        ({"target": ""}, "Choose the list that keeps the contacts."),
        ({"target": "999"}, "This list no longer exists. Choose another."),
        ({"list": ["999"]}, "This list no longer exists. Choose another."),
        ({"emptied": ""}, "Choose what becomes of the merged lists."),
    ],
)
def test_what_is_missing_is_said_beside_its_field(preview, sandbox, changed, sentence):
    answer = preview(**changed)
    assert answer.status_code == 422
    assert says(sentence) in text(answer)
    assert methods(sandbox) == ["GET", "GET"]


def test_a_list_is_not_merged_into_itself_alone(preview, target):
    answer = preview(list=[target])
    assert answer.status_code == 422
    assert says("Choose at least one list besides the one that keeps them.") in text(answer)


def test_nobody_merges_hundreds_at_once(as_manager, sandbox, account, target):
    ids = [sandbox.add_list(account, name=f"Л{n}") for n in range(51)]
    answer = as_manager.post(PATH, {"list": ids, "target": target, "emptied": "keep"})
    assert says("Choose %(most)s lists at most at once.", most=50) in text(answer)


def test_it_takes_two_lists(as_manager, target):
    page = as_manager.get(PATH)
    assert says("It takes two lists to merge.") in text(page)
    assert not page.soup.select("main form")


@pytest.mark.parametrize(
    ("into", "sentence"),
    [
        ("white", "These numbers will no longer be blocked."),
        ("black", "Numbers of a white list will be blocked."),
    ],
)
def test_numbers_that_change_sides_are_warned_of(as_manager, sandbox, account, into, sentence):
    black, white = (
        sandbox.add_list(account, name=kind, type=kind, contacts=[A]) for kind in ("black", "white")
    )
    target = white if into == "white" else black
    sent = {"list": [black, white], "target": target, "emptied": "delete"}
    assert says(sentence) in text(as_manager.post(PATH, sent))


def test_a_list_that_cannot_be_read_is_no_preview_and_what_was_chosen_is_kept(
    preview, sandbox, sources
):
    sandbox.fail("500", path=f"contact-lists/{sources[0]}", times=None)
    answer = preview()
    assert answer.status_code == 503
    assert answer.soup.select_one(f'[name=list][value="{sources[1]}"]')


def test_lists_are_read_four_at_once(as_manager, sandbox, account, most_at_once):
    ids = [sandbox.add_list(account, name=f"Л{n}") for n in range(12)]
    as_manager.post(PATH, {"list": ids, "target": ids[0], "emptied": "keep"})
    assert most_at_once() == 4


@pytest.mark.parametrize("name", ["Спам", "Спам {}"])
def test_a_preview_costs_each_contact_about_once(name):
    def prepare(size):
        def of(list_id, first):
            numbers = range(first, first + size // 2)
            contacts = tuple(Contact(name.format(n), (f"7999{n:07}",)) for n in numbers)
            return ContactList(list_id, "Л", "black", contacts)

        lists = merging.Lists(of(1, 0), (of(2, size // 4), of(3, size)))
        return lambda: (merging.preview(lists), lists.digest)

    assert_linear(prepare, 10_000, within=3)

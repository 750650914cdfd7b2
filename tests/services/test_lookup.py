"""Where is this number? "In none" is never said unless every list was read."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lists import bulkhead, connection
from lists.bulkhead import Bulkhead
from lists.plusofon import errors
from lists.plusofon.values import Contact, ListEntry
from lists.search_input import InputKind
from lists.services import lookup
from lists.services.lookup import Search
from lists.verdict import Verdict

NUMBER = "79998887766"
HIT = {"name": "Иван Иванов", "phones": ["8 (999) 888-77-66"]}
MISS = {"name": "Пётр Петров", "phones": ["79998887767"]}


def scan_for(*numbers, by):
    return lookup.scan(lookup.for_numbers(*(numbers or (NUMBER,))), by=by)


@pytest.fixture
def look(by):
    """What a scan for these numbers finds."""
    return lambda *numbers: lookup.result_of(scan_for(*numbers, by=by))


@pytest.fixture
def fill(sandbox, account):
    """Lists of one contact each; those in `where` hold the number."""

    def fill(count, *where, **fields):
        return [
            sandbox.add_list(
                account, name=f"Список {n}", contacts=[HIT if n in where else MISS], **fields
            )
            for n in range(count)
        ]

    return fill


def test_a_number_is_found_in_every_spelling_in_every_list(look, fill):
    ids = fill(20, 3, 17)
    for spelling in ("+7 (999) 888-77-66", "8 999 888 77 66", "9998887766", NUMBER):
        scan = look(spelling)
        assert scan.verdict == Verdict.BLOCKED
        assert [hit.list.id for hit in scan.hits] == [ids[3], ids[17]]
        assert scan.hits[0].contact == Contact("Иван Иванов", ("8 (999) 888-77-66",))


def test_a_number_that_is_nowhere_is_in_none_of_the_lists(look, fill):
    fill(20)
    scan = look()
    assert (scan.verdict, scan.total, scan.read) == (Verdict.NONE, 20, 20)
    assert look("8887766").verdict == Verdict.NONE  # the last digits of another


def test_an_account_without_lists_blocks_nobody(look):
    assert look().verdict == Verdict.NONE


def test_a_white_list_blocks_nobody(look, fill):
    fill(2, 0, type="white")
    scan = look()
    assert scan.verdict == Verdict.NONE
    assert len(scan.hits) == 1


@pytest.mark.parametrize(
    "stored",
    [
        *("7999*", "8(999)*", "*66", "+7 999 888-77-6*"),
        *("79998887766,79992223300", "8 (999) 888-77-66 / моб. 101", "тел.: 9998887766 доб. 12"),
        *("79998887766 79991112233", "79998887766 (101)", "79998887766\n79991112233"),
    ],
)
def test_what_is_no_number_but_may_mean_it_is_no_reason_for_not_blocked(
    look, sandbox, account, stored
):
    contacts = [{"name": "Странный", "phones": [stored]}]
    sandbox.add_list(account, name="Список", contacts=contacts)
    scan = look()
    assert scan.hits == ()
    assert [hit.contact.phones for hit in scan.possible] == [(stored,)]
    assert scan.verdict == Verdict.POSSIBLE
    sandbox.add_list(account, name="Точно", contacts=[HIT])
    assert look().verdict == Verdict.BLOCKED


@pytest.mark.parametrize("stored", ["7998*", "7999", "*77", "888-77-66 доб. 12", "+79998887767 а"])
def test_what_cannot_mean_it_is_not_told(look, sandbox, account, stored):
    contacts = [{"name": "Странный", "phones": [stored]}]
    sandbox.add_list(account, name="Список", contacts=contacts)
    scan = look()
    assert (scan.possible, scan.verdict) == ((), Verdict.NONE)


def test_what_may_mean_it_in_a_white_list_blocks_nobody(look, sandbox, account):
    contacts = [{"name": "Странный", "phones": ["7999*"]}]
    sandbox.add_list(account, name="Белый", type="white", contacts=contacts)
    scan = look()
    assert (len(scan.possible), scan.verdict) == (1, Verdict.NONE)


@pytest.mark.parametrize(
    ("asked", "stored", "verdict"),
    [
        ("+84 96 123 45 67", "+84 96 123 45 67", Verdict.BLOCKED),
        ("+84 96 123 45 67", "84961234567", Verdict.POSSIBLE),  # reads as 8 496 123-45-67
        ("+84 96 123 45 67", "74961234567", Verdict.NONE),
        ("8 496 123-45-67", "84961234567", Verdict.BLOCKED),
        ("8 496 123-45-67", "+84961234567", Verdict.NONE),
        ("84961234567", "+84961234567", Verdict.POSSIBLE),
        ("+47 31 23 45 67", "7 473 123-45-67", Verdict.NONE),
        ("+84 90 123 45 67", "84901234567", Verdict.BLOCKED),  # no Russian number has these digits
    ],
)
def test_a_number_of_another_country_is_no_russian_one(
    look, sandbox, account, asked, stored, verdict
):
    sandbox.add_list(account, name="Список", contacts=[{"name": "Ли", "phones": [stored]}])
    assert look(asked).verdict == verdict


def test_what_may_mean_one_of_many_numbers_stands_under_it(look, sandbox, account):
    contacts = [
        {"name": "Маска", "phones": ["7999*", "79998887766"]},
        {"name": "Два", "phones": ["79998887700 79991112233"]},
    ]
    sandbox.add_list(account, name="Список", contacts=contacts)
    numbers = ["79998887766", "79991112233", "79110000000"]
    scan = look(*numbers)
    found = lookup.possible_by_number(numbers, scan.possible)
    assert {number: [hit.contact.name for hit in hits] for number, hits in found.items()} == {
        "79998887766": ["Маска"],
        "79991112233": ["Маска", "Два"],
    }
    one = lookup.possible_by_number(numbers, scan.possible, most=1)
    assert [hit.contact.name for hit in one["79991112233"]] == ["Маска"]


def test_what_blocks_is_told_before_what_does_not_however_many_masks_there_are():
    white, black = ListEntry(1, "Белый", "white"), ListEntry(2, "Чёрный", "black")
    masks = [lookup.Hit(white, Contact("Маска", (f"*{n}*",))) for n in range(10)] * 1000
    hits = [*masks, lookup.Hit(black, Contact("Все", ("*",)))]
    numbers = [f"7999{n:07}" for n in range(1000)]
    started = time.process_time()
    found = lookup.possible_by_number(numbers, hits)
    assert time.process_time() - started < 10
    assert {len(hits) for hits in found.values()} == {lookup.MOST_POSSIBLE}
    assert {hits[0].list for hits in found.values()} == {black}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [("white", "black", Verdict.BLOCKED), ("black", "white", Verdict.NONE)],
)
def test_what_a_list_says_of_itself_counts_more_than_the_page_of_lists(
    look, fill, sandbox, account, before, after, verdict
):
    ids = fill(2, 0, type=before)

    def change():
        found = sandbox.lists(account)[ids[0]]
        sandbox.put(account, ids[0], found | {"type": after, "name": "Переименован"})

    sandbox.before("GET", f"contact-lists/{ids[0]}", change)
    scan = look()
    assert scan.verdict == verdict
    assert [(hit.list.name, hit.list.type) for hit in scan.hits] == [("Переименован", after)]


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (InputKind.NUMBER, Verdict.NONE),
        (InputKind.SHORT, Verdict.ABSENT),
        (InputKind.DOUBTFUL, Verdict.DOUBTFUL),
    ],
)
def test_not_blocked_is_said_of_whole_numbers_only(look, fill, kind, verdict):
    fill(2)
    scan = look()
    assert scan.verdict_on([], [], kind) == verdict
    cut = replace(scan, trouble=errors.NotUnderstood())
    assert cut.verdict_on([], [], kind) == Verdict.INCOMPLETE


def test_contacts_that_have_the_digits_somewhere_are_similar(by, fill):
    ids = fill(3, 1)
    search = Search(lookup.has_number("9998887"), resembles=lookup.has_digits("8 999 888-77-6"))
    scan = lookup.result_of(lookup.scan(search, by=by))
    assert (scan.hits, scan.possible) == ((), ())
    assert [hit.list.id for hit in scan.similar] == ids


def test_lists_are_found_by_their_own_names_read_or_not(by, sandbox, account):
    names = ["Спам Москва", "Новый", "Больной спам", "Ушедший спам"]
    ids = [sandbox.add_list(account, name=name) for name in names]
    sandbox.fail("500", path=f"contact-lists/{ids[2]}", times=None)
    rename = sandbox.lists(account)[ids[1]] | {"name": "Московский СПАМ"}
    sandbox.before("GET", f"contact-lists/{ids[1]}", lambda: sandbox.put(account, ids[1], rename))
    sandbox.before("GET", f"contact-lists/{ids[3]}", lambda: sandbox.drop(account, ids[3]))
    search = Search(lookup.has_name("спам"), names_list=lookup.named("спам"))
    scan = lookup.result_of(lookup.scan(search, by=by))
    assert [entry.name for entry in scan.lists] == [
        "Спам Москва",
        "Московский СПАМ",
        "Больной спам",
    ]


def test_a_name_is_found_in_any_case(by, fill):
    fill(3, 1)
    scan = lookup.result_of(lookup.scan(Search(lookup.has_name("ИВАН")), by=by))
    assert [hit.contact.name for hit in scan.hits] == ["Иван Иванов"]


def test_a_list_that_cannot_be_read_makes_it_incomplete(look, fill, sandbox):
    ids = fill(5)
    sandbox.fail("500", path=f"contact-lists/{ids[2]}", times=None)
    scan = look()
    assert scan.verdict == Verdict.INCOMPLETE
    assert [unread.list.id for unread in scan.unread] == [ids[2]]
    assert isinstance(scan.unread[0].error, errors.Unavailable)
    assert (scan.read, scan.total) == (4, 5)


def test_a_hit_is_told_though_others_could_not_be_read(look, fill, sandbox):
    ids = fill(5, 4)
    sandbox.fail("cut", path=f"contact-lists/{ids[2]}", times=None)
    scan = look()
    assert scan.verdict == Verdict.BLOCKED
    assert not scan.is_complete


def test_a_page_of_lists_that_cannot_be_read_makes_it_incomplete(look, fill, sandbox):
    fill(40, 5)
    sandbox.fail("500", path="contact-lists?page=2", times=None)
    scan = look()
    assert scan.trouble is not None
    assert scan.verdict == Verdict.BLOCKED
    assert look("101").verdict == Verdict.INCOMPLETE


def test_a_list_that_appears_meanwhile_is_read_too(look, fill, sandbox, account):
    ids = fill(3)
    sandbox.before(
        "GET",
        f"contact-lists/{ids[1]}",
        lambda: sandbox.add_list(account, name="Новый", contacts=[HIT]),
    )
    scan = look()
    assert [hit.list.name for hit in scan.hits] == ["Новый"]
    assert (scan.total, scan.is_complete) == (4, True)


def test_a_list_that_vanishes_meanwhile_is_not_missed(look, fill, sandbox, account):
    ids = fill(3, 0)
    sandbox.before("GET", f"contact-lists/{ids[1]}", lambda: sandbox.drop(account, ids[1]))
    scan = look()
    assert (scan.total, scan.is_complete) == (2, True)
    assert [hit.list.id for hit in scan.hits] == [ids[0]]


def test_one_that_goes_as_another_comes_hides_none_between_the_pages(look, fill, sandbox, account):
    """The lists move up by one: the sixteenth is on neither page, and the count is right."""
    ids = fill(31, 15)

    def churn():
        if [call for call in sandbox.calls if "page=1" in call.query]:
            sandbox.drop(account, ids[0])
            sandbox.add_list(account, name="Новый", contacts=[MISS])

    sandbox.before("GET", "contact-lists?page=2", churn)
    scan = look()
    assert scan.verdict == Verdict.BLOCKED
    assert [hit.list.id for hit in scan.hits] == [ids[15]]


def test_lists_that_never_stop_changing_make_it_incomplete(look, fill, sandbox, account):
    fill(2)

    def one_more():
        sandbox.add_list(account, name="Второй", contacts=[MISS])

    sandbox.before("GET", "contact-lists?page=1", one_more, times=None)
    scan = look()
    assert scan.verdict == Verdict.INCOMPLETE
    assert isinstance(scan.trouble, errors.NotUnderstood)


def test_lists_that_cannot_be_read_again_make_it_incomplete(look, fill, sandbox):
    fill(2)
    sandbox.fail("500", path="contact-lists?page=1", skip=1, times=None)
    assert look().verdict == Verdict.INCOMPLETE


def test_progress_is_true_and_hits_show_as_soon_as_they_are_found(by, fill, sandbox):
    fill(30, 0)
    sandbox.latency = 0.01
    *steps, result = scan_for(by=by)
    assert [(step.read, step.total) for step in steps] == [(n, 30) for n in range(31)]
    assert (result.read, result.total) == (30, 30)
    assert sum(len(step.hits) for step in steps[:10]) == 1  # told once, and early
    assert sum(len(step.hits) for step in steps) == len(result.hits) == 1
    assert [step.is_blocked for step in steps].count(True) == 1


def test_a_step_that_was_told_does_not_change(by, fill):
    fill(3, 0, 1, 2)
    steps = scan_for(by=by)
    told = [(step, repr(step)) for step in steps]
    assert all(repr(step) == before for step, before in told)
    with pytest.raises(FrozenInstanceError):
        told[0][0].read = 9


def test_a_first_page_that_does_not_answer_is_told_before_any_step(by, fill, sandbox, monkeypatch):
    fill(2)
    seats = Bulkhead(1)
    monkeypatch.setattr(bulkhead, "scans", seats)
    sandbox.fail("403", path="contact-lists?page=1")
    with pytest.raises(errors.NoAccess):
        scan_for(by=by)
    assert lookup.result_of(scan_for(by=by)).is_complete  # the seat is free again


def test_leaving_stops_the_work(by, fill, sandbox):
    fill(60)
    sandbox.latency = 0.02
    steps = scan_for(by=by)
    next(steps)
    next(steps)
    steps.close()
    time.sleep(0.1)
    calls = len(sandbox.calls)
    time.sleep(0.2)
    assert len(sandbox.calls) == calls < 40


def test_at_most_six_of_eight_calls_at_once_are_lookups_however_many_people_search(
    fill, most_at_once, by
):
    fill(20)
    apis = [
        connection.open_api(token="manager-token", client_id="10553", account="4821")
        for _ in range(4)
    ]
    scans = [scan_for(by=replace(by, api=api)) for api in apis]
    with ThreadPoolExecutor(4) as people:
        assert all(result.is_complete for result in people.map(lookup.result_of, scans))
    assert most_at_once() == 6


def test_many_numbers_cost_no_more_calls_than_one(look, fill, sandbox):
    fill(20, 7)
    sandbox.clear_calls()
    look()
    one = len(sandbox.calls)
    sandbox.clear_calls()
    scan = look(NUMBER, *(f"7900{n:07}" for n in range(999)))
    assert len(sandbox.calls) == one
    assert len(scan.hits) == 1


FAULTS = ["500", "502", "html", "cut", "truncated-json", "success-false", "missing-contacts", "404"]


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_not_blocked_is_never_said_of_a_blocked_number(sandbox, account, by, data):
    """Whatever fails, and whatever comes and goes: a black list that held the number all the time is
    told, or the answer is incomplete."""
    sandbox.clear_faults()
    for list_id in list(sandbox.lists(account)):
        sandbox.drop(account, list_id)
    count = data.draw(st.integers(1, 35))
    where = data.draw(st.integers(0, count - 1))
    ids = [
        sandbox.add_list(account, name=f"Список {n}", contacts=[HIT if n == where else MISS])
        for n in range(count)
    ]
    if data.draw(st.booleans()):
        lookup.result_of(scan_for(by=by))  # where the number is has been seen before
    paths = [f"contact-lists/{list_id}" for list_id in ids]
    paths += [f"contact-lists?page={n}" for n in (2, 3)]
    for path, fault in data.draw(
        st.lists(st.tuples(st.sampled_from(paths), st.sampled_from(FAULTS)), max_size=4)
    ):
        sandbox.fail(fault, path=path, times=None, skip=data.draw(st.integers(0, 1)))
    others = [list_id for list_id in ids if list_id != ids[where]]
    for path in data.draw(st.lists(st.sampled_from(paths), max_size=3)):

        def churn():
            there = [list_id for list_id in others if list_id in sandbox.lists(account)]
            if there:
                sandbox.drop(account, random.Random(0).choice(there))
            sandbox.add_list(account, name="Новый", contacts=[MISS])

        sandbox.before("GET", path, churn)
    scan = lookup.result_of(scan_for(by=by))
    assert scan.verdict != Verdict.NONE
    if scan.is_complete:
        assert [hit.list.id for hit in scan.hits] == [ids[where]]

"""Where a number stood when its list was last read: remembered within bounds, an account for itself."""

import gc
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

from lists.hints import Hints, hints_of
from lists.plusofon.values import Contact, ContactList


def list_of(list_id, *phones):
    return ContactList(list_id, "Список", "black", (Contact("Иван", phones),))


def test_a_number_is_remembered_in_any_spelling_with_the_list_that_was_read_last_first():
    hints = Hints()
    for list_id in (3, 5, 4):
        hints.note(list_of(list_id, "8 (999) 888-77-66", "101"))
    hints.note(list_of(7, "102"))
    assert hints.lists_with(["+7 999 888-77-66"]) == [4, 5, 3]
    assert hints.lists_with(["102", "101"]) == [7, 4, 5, 3]
    assert hints.lists_with(["79998887767"]) == hints.lists_with([]) == []


def test_only_what_a_list_held_when_it_was_last_read_counts():
    hints = Hints()
    hints.note(list_of(3, "101", "102"))
    hints.note(list_of(3, "102"))
    assert (hints.lists_with(["101"]), hints.lists_with(["102"])) == ([], [3])
    hints.note(list_of(3))
    assert hints.lists_with(["102"]) == []


def test_a_list_that_is_gone_is_forgotten():
    hints = Hints()
    hints.note(list_of(3, "101"))
    hints.forget(3)
    hints.forget(4)  # nobody knew it
    assert hints.lists_with(["101"]) == []


def test_accounts_share_nothing():
    hints_of("1").note(list_of(3, "101"))
    assert hints_of("2").lists_with(["101"]) == []
    assert hints_of("1").lists_with(["101"]) == [3]


def test_no_more_lists_are_remembered_than_may_be():
    hints = Hints(most_lists=2)
    for list_id in (3, 4):
        hints.note(list_of(list_id, "101"))
    hints.note(list_of(3, "101"))  # the oldest, but read again
    hints.note(list_of(5, "101"))
    assert hints.lists_with(["101"]) == [5, 3]


def test_no_more_numbers_are_remembered_than_may_be():
    hints = Hints(most_numbers=3)
    hints.note(list_of(3, "101", "102"))
    hints.note(list_of(4, "101"))
    hints.note(list_of(5, "101"))
    assert hints.lists_with(["101"]) == [5, 4]
    hints.note(list_of(6, *(str(n) for n in range(1000, 1010))))
    assert hints.lists_with(["101"]) == hints.lists_with(["1000"]) == []
    hints.note(list_of(7, "101"))
    assert hints.lists_with(["101"]) == [7]


def test_a_number_takes_eight_bytes():
    hints = Hints()
    lists = [list_of(n, *(f"7999{n:03}{m:04}" for m in range(1000))) for n in range(50)]
    hints.note(list_of(99, "101"))
    tracemalloc.start()
    for one in lists:
        hints.note(one)
    gc.collect()
    taken, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 12 * 50 * 1000


def test_no_number_is_kept_as_it_is():
    hints = Hints()
    hints.note(list_of(3, "79998887766"))
    assert "9998887766" not in repr(vars(hints))


def test_many_threads_may_read_lists_at_once():
    hints = Hints(most_lists=20, most_numbers=60)

    def work(worker):
        for n in range(300):
            hints.note(list_of((worker * 7 + n) % 40, "101", str(1000 + n), str(2000 + worker)))
            hints.lists_with(["101"])
            hints.forget(n % 40)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(hints.lists_with(["101"])) <= 20
    for list_id in range(40):
        hints.forget(list_id)
    hints.note(list_of(1, *(str(1000 + n) for n in range(60))))
    assert hints.lists_with(["1000"]) == [1]  # nothing was counted twice, nothing left out

"""What is out of order in lists, and what puts it in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lists.findings import Kind, find
from lists.mending import mend
from lists.phones import normalise
from lists.plusofon.values import UNUSED_TYPE, Contact, ContactList, ListEntry
from lists.readings import Wanted
from lists.stored_text import read_text
from tests.growth import assert_linear

TEXTS = [
    *("79998887766", "8 (999) 888-77-66", "+7 999 888 77 66", "79160000001", "8-916-000-00-01"),
    *("101", " 101", "84961234567", "+84961234567", "49301234567", "+46 8 123 456 00"),
    *("8 (916) 555-01-73, 8-916-555-01-74", "79998887766; 79160000001", "112,101", "7000000000000"),
    *("79998887766 79160000001", "8 495 123-45-67 доб. 12", "7999*", "8 (999) xxx-xx-xx"),
    *("не звонить", "", "5", "12345678901234567890", "70000000000"),
]
contacts = st.builds(
    Contact,
    st.sampled_from(["Спам", "Иван", "Иван ", ""]),
    st.lists(st.sampled_from(TEXTS), max_size=4).map(tuple),
    st.sampled_from([{}, {}, {}, {"note": "vip"}]),
)
several_lists = st.lists(
    st.tuples(st.sampled_from(["black", UNUSED_TYPE]), st.lists(contacts, max_size=6).map(tuple)),
    max_size=4,
).map(
    lambda drawn: [
        ContactList(number, f"Список {number % 2}", kind, found)
        for number, (kind, found) in enumerate(drawn, 1)
    ]
)


def black(*contacts, list_id=1):
    return ContactList(list_id, f"Список {list_id}", "black", contacts)


def white(*contacts):
    return ContactList(9, "Белый", UNUSED_TYPE, contacts)


def put_in_order(lists, chosen):
    mended = {one.list.id: one.change for one in mend(lists, chosen).lists}
    return [mended[one.id].apply_to(one) if one.id in mended else one for one in lists]


def mendable(lists):
    return [finding for finding in find(lists) if finding.is_mendable]


def held(lists, kind):
    """What the lists of a kind hold: numbers, and texts that are none."""
    return {
        what
        for one in lists
        if (one.type == UNUSED_TYPE) == (kind == UNUSED_TYPE)
        for contact in one.contacts
        for text in contact.phones
        for what in read_text(text).numbers or (text.strip(),)
    } - {""}


@given(several_lists)
def test_once_all_is_put_in_order_nothing_is_left_to_do_and_no_number_is_lost(lists):
    after = put_in_order(lists, mendable(lists))
    assert mendable(after) == []
    assert held(after, "black") == held(lists, "black")
    lost = held(lists, UNUSED_TYPE) - held(after, UNUSED_TYPE)
    assert lost <= held(after, "black")


NUMBERS = ("79998887766", "79160000001", "79165550173", "101", "112", "74961234567", "+84961234567")


def answers(lists):
    """What a lookup says of each number, in the lists that block: nothing, perhaps, blocked."""
    texts = {t for one in lists if one.type != UNUSED_TYPE for c in one.contacts for t in c.phones}
    found = {}
    for number in NUMBERS:
        wanted = Wanted(number)
        is_blocked = any(normalise(text) == number for text in texts)
        found[number] = 2 if is_blocked else int(any(map(wanted.may_be, texts)))
    return found


@given(several_lists)
def test_no_lookup_answers_less_than_before(lists):
    before, after = answers(lists), answers(put_in_order(lists, mendable(lists)))
    assert all(after[number] >= before[number] for number in NUMBERS)


@given(several_lists, st.data())
def test_some_of_it_put_in_order_loses_no_number_either_and_ends_too(lists, data):
    offered = mendable(lists)
    chosen = [one for one in offered if data.draw(st.booleans())]
    after = put_in_order(lists, chosen)
    assert held(after, "black") == held(lists, "black")
    assert held(lists, UNUSED_TYPE) - held(after, UNUSED_TYPE) <= held(after, "black")
    assert mendable(put_in_order(after, mendable(after))) == []


def contacts_after(*lists, kinds=None):
    """Of each list, once all of some kinds, or everything, is put in order."""
    chosen = [one for one in mendable(lists) if kinds is None or one.kind in kinds]
    return [one.contacts for one in put_in_order(lists, chosen)]


def test_a_text_becomes_the_numbers_that_it_is():
    odd = Contact("А", ("8 999 888-77-66", "8 (916) 555-01-73, 8-916-555-01-74", "7999*", ""))
    ((after,),) = contacts_after(black(odd))
    assert after.phones == ("79998887766", "79165550173", "79165550174", "7999*")


def test_of_a_number_that_is_there_twice_the_plain_one_stays():
    twice = Contact("А", ("8 999 888-77-66", "101", "79998887766"))
    ((after,),) = contacts_after(black(twice), kinds={Kind.TWICE})
    assert after.phones == ("79998887766", "101")


def test_of_a_number_that_is_spelled_oddly_both_times_one_stays():
    twice = Contact("А", ("8 999 888-77-66", "+7 999 888-77-66"))
    ((after,),) = contacts_after(black(twice), kinds={Kind.TWICE})
    assert after.phones == ("8 999 888-77-66",)


def test_a_text_with_two_readings_is_no_double_of_either():
    twice = Contact("А", ("84961234567", "74961234567"))
    assert mendable([black(twice)]) == []
    assert (
        mendable([black(Contact("А", ("84961234567",))), white(Contact("А", ("74961234567",)))])
        == []
    )


def test_a_text_of_several_is_taken_apart_where_one_of_them_is_there_twice():
    twice = Contact("А", ("79165550173, 79165550174", "79165550173"))
    ((after,),) = contacts_after(black(twice), kinds={Kind.TWICE})
    assert after.phones == ("79165550173", "79165550174")


def test_what_is_chosen_of_one_contact_leaves_its_double_alone():
    one, other = Contact("А", ("8 999 888-77-66",)), Contact("Б", ("8 999 888-77-66",))
    lists = [black(one, other)]
    chosen = [f for f in mendable(lists) if f.kind is Kind.SPELLING and f.places[0].contact == one]
    ((first, second),) = (found.contacts for found in put_in_order(lists, chosen))
    assert (first.phones, second) == (("79998887766",), other)


def test_contacts_of_one_name_become_one_where_the_first_stands():
    found = (
        Contact("Б", ("109",)),
        Contact("А", ("101", "102")),
        Contact("А", ("8 999 888-77-66, 79160000001", "102", "7999*")),
        Contact("А", ("79160000001",)),
    )
    ((other, joined),) = contacts_after(black(*found), kinds={Kind.NAMESAKES})
    assert other == found[0]
    assert joined.phones == ("101", "102", "79998887766", "79160000001", "7999*")


def test_contacts_that_share_only_a_text_that_is_no_number_are_not_one():
    found = (
        Contact("Клиент", ("101", "-")),
        Contact("Клиент", ("102", "-")),
        Contact("Клиент", ("нет",)),
    )
    assert mendable([black(*found)]) == []


def test_of_equal_contacts_that_have_no_number_none_goes():
    mask = Contact("Маска", ("7999*",))
    (found,) = (one for one in find([black(mask, mask)]) if one.kind is Kind.EQUAL)
    assert not found.is_mendable


def test_what_stands_in_a_text_of_several_stands_by_itself_once_they_are_one():
    found = (
        Contact("А", ("79998887766, 79160000001",)),
        Contact("А", ("79998887766", "79160000001")),
    )
    ((joined,),) = contacts_after(black(*found), kinds={Kind.EQUAL})
    assert joined.phones == ("79998887766", "79160000001")


def test_one_that_stays_as_it_is_has_to_be_there_still():
    first, second = Contact("А", ("101", "102")), Contact("А", ("102",))
    lists = [black(first, second)]
    (mended,) = mend(lists, mendable(lists)).lists
    assert mended.kept == (first,)
    changed = [black(Contact("А", ("8 999 888-77-66",)), Contact("А", ("79998887766", "101")))]
    (mended,) = mend(changed, mendable(changed)).lists
    assert mended.kept == ()  # the change itself says that it is as it was


def test_of_a_text_of_several_only_what_is_missing_comes_along():
    found = (Contact("А", ("79998887766",)), Contact("А", ("79998887766, 79160000001",)))
    ((joined,),) = contacts_after(black(*found), kinds={Kind.NAMESAKES})
    assert joined.phones == ("79998887766", "79160000001")


def test_one_without_a_name_gets_that_of_its_equal():
    found = (Contact("", ("79998887766",)), Contact("+7 999 888-77-66", ("8 999 888-77-66",)))
    ((joined,),) = contacts_after(black(*found), kinds={Kind.EQUAL})
    assert joined == Contact("+7 999 888-77-66", ("79998887766",))


def test_one_without_a_name_is_named_by_its_number():
    ((named,),) = contacts_after(black(Contact("", ("7999*", "8 999 888-77-66"))))
    assert named == Contact("+7 999 888-77-66", ("7999*", "79998887766"))


def test_a_number_that_is_blocked_leaves_the_white_list_and_nothing_else_does():
    blocking = black(Contact("Спам", ("79998887766",)), Contact("Ещё", ("101",)))
    contradicting = white(
        Contact("А", ("8 999 888-77-66",)), Contact("Б", ("102", "79998887766, 79160000001"))
    )
    lists = [blocking, contradicting]
    chosen = [one for one in mendable(lists) if one.kind is Kind.CONTRADICTION]
    mending = mend(lists, chosen)
    assert mending.blocked == {ListEntry(1, "Список 1", "black"): ("79998887766",)}
    (mended,) = mending.lists
    assert mended.loses
    assert mended.change.apply_to(contradicting).contacts == (Contact("Б", ("102", "79160000001")),)
    assert mending.total == 2


def test_what_blocks_stands_by_itself_before_the_other_goes():
    blocking = black(Contact("Спам", ("79998887766, 79160000001",)))
    lists = [blocking, white(Contact("А", ("79998887766",)))]
    chosen = [one for one in mendable(lists) if one.kind is Kind.CONTRADICTION]
    (spam,), after = (one.contacts for one in put_in_order(lists, chosen))
    assert spam.phones == ("79998887766", "79160000001")
    assert after == ()


def test_contacts_that_have_nothing_to_do_with_it_stay_in_the_white_list():
    others = (Contact("Без номеров", ()), Contact("Б", ("8 916 000-00-01", "8 916 000-00-01")))
    lists = [black(Contact("Спам", ("101",))), white(Contact("А", ("101", "102")), *others)]
    chosen = [one for one in mendable(lists) if one.kind is Kind.CONTRADICTION]
    _black, after = (one.contacts for one in put_in_order(lists, chosen))
    assert after == (Contact("А", ("102",)), *others)


def test_equal_contacts_that_all_lose_their_number_are_all_gone():
    contradicting = white(Contact("А", ("101",)), Contact("А", ("101",)))
    _black, after = contacts_after(black(Contact("Спам", ("101",))), contradicting)
    assert after == ()


def test_fields_that_we_do_not_know_stay_with_their_contact():
    odd = Contact("А", ("8 999 888-77-66",), {"note": "vip"})
    ((after,),) = contacts_after(black(odd))
    assert (after.phones, after.extra) == (("79998887766",), {"note": "vip"})


def test_what_cannot_be_put_in_order_is_not_taken_for_it():
    (mask,) = find([black(Contact("А", ("7999*",)))])
    with pytest.raises(AssertionError):
        mend([], [mask])


def test_four_times_as_many_contacts_take_four_times_as_long():
    def prepare(size):
        names = (f"Имя {number % (size // 2)}" for number in range(size))
        found = black(*(Contact(name, (f"8 916 {n:07}",)) for n, name in enumerate(names)))
        return lambda: mend([found], mendable([found]))

    assert_linear(prepare, 4_000, within=3)


def test_a_contact_of_thousands_of_odd_numbers_is_one_step_each():
    def prepare(size):
        odd = tuple(f"8 916 {n:07}" for n in range(size))
        found = black(Contact("Спам", odd), Contact("Спам", odd[:1]))
        ids = [one.id for one in mendable([found])[:1]]
        return lambda: (mend([found], mendable([found])), [o.id for o in find([found])], ids)

    assert_linear(prepare, 3_000, within=4)


def test_ten_thousand_namesakes_with_one_number_are_one_step_each():
    def prepare(size):
        found = black(*(Contact("Спам", ("101", f"7916{n:07}")) for n in range(size)))
        return lambda: mend([found], mendable([found]))

    assert_linear(prepare, 4_000, within=3)

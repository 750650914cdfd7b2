from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lists import sameness
from lists.changes import ContactChange, ListChange, TextChange
from lists.conflicts import Conflict, ContactGone
from lists.plusofon.values import Contact, ContactList
from lists.writing import records

from .strategies import contact_lists, contacts, names

IVAN = Contact("Иван", ("79998887766",))
PETR = Contact("Пётр", ("101", "102"))
ANNA = Contact("Анна", ("79991112233",))
NOBODY = ContactList(7, "Пустой", "black", ())
LIST = ContactList(7, "Чёрный список 1", "black", (IVAN, PETR), extra={"colour": "#000"})


def replaced(before, after):
    return ListChange(contacts=(ContactChange(before, after),))


@st.composite
def lists_and_changes(draw, count=1):
    """A list, and changes that a person could have asked for while looking at it."""
    found = draw(contact_lists)
    made = []
    for _ in range(count):
        seen = draw(st.sampled_from(found.contacts)) if found.contacts else None
        before = draw(st.sampled_from([seen, None]))
        after = draw(contacts if before is None else st.one_of(st.none(), contacts))
        renames = draw(st.booleans())
        name = TextChange(found.name, draw(st.sampled_from(["А", "Б"]))) if renames else None
        made.append(ListChange(contacts=(ContactChange(before, after),), name=name))
    return (found, *made)


def content(contact_list):
    return contact_list.name, contact_list.type, Counter(contact_list.contacts)


@given(lists_and_changes())
def test_the_inverse_undoes(drawn):
    found, change = drawn
    assert content(change.inverse().apply_to(change.apply_to(found))) == content(found)
    assert change.inverse().inverse() == change


@given(lists_and_changes(count=2))
def test_changes_of_different_contacts_can_come_in_any_order(drawn):
    found, one, other = drawn
    one, other = ListChange(contacts=one.contacts), ListChange(contacts=other.contacts)
    touched = [c for change in (one, other) for c in change.contacts]
    assume(touched[0].before is None or touched[0].before != touched[1].before)
    assert content(other.apply_to(one.apply_to(found))) == content(
        one.apply_to(other.apply_to(found))
    )


@given(lists_and_changes())
def test_untouched_contacts_come_out_as_they_went_in_byte_for_byte_and_in_order(drawn):
    found, change = drawn
    (touched,) = change.contacts
    changed = change.apply_to(found)
    place = found.contacts.index(touched.before) if touched.before else len(found.contacts)
    before = [*found.contacts[:place], *found.contacts[place + 1 :]]
    after = list(changed.contacts)
    if touched.after:
        after.pop(place)
    assert after == before
    assert [contact.extra for contact in after] == [contact.extra for contact in before]
    assert changed.extra == found.extra


@given(lists_and_changes())
def test_a_change_is_visible_once_it_is_applied_unless_a_double_hides_it(drawn):
    found, change = drawn
    (touched,) = change.contacts
    assume(touched.before is None or found.contacts.count(touched.before) == 1)
    meanings = [sameness.meaning(c) for c in found.contacts]
    assume(touched.before is None or meanings.count(sameness.meaning(touched.before)) == 1)
    assert change.is_visible_in(change.apply_to(found))


def test_a_replaced_contact_keeps_its_place_and_its_unknown_fields():
    found = ContactList(7, "А", "black", (Contact("Иван", ("101",), {"note": 5}), PETR))
    changed = replaced(Contact("Иван", ("101",)), Contact("Анна", ("101",))).apply_to(found)
    assert changed.contacts[0].name == "Анна"
    assert changed.contacts[0].extra == {"note": 5}


def test_a_contact_that_somebody_changed_is_a_conflict_that_shows_theirs():
    theirs = Contact("Иван Иванов", ("79998887766", "101"))
    found = ContactList(7, "А", "black", (PETR, theirs))
    with pytest.raises(Conflict) as conflict:
        replaced(IVAN, Contact("Иван И.", ("79998887766",))).apply_to(found)
    assert conflict.value.theirs == theirs


def test_a_contact_that_is_gone_is_a_conflict_with_nothing_to_show():
    for found in (ContactList(7, "А", "black", (PETR,)), ContactList(7, "А", "black", ())):
        with pytest.raises(ContactGone):
            replaced(IVAN, None).apply_to(found)


def test_another_contact_of_the_same_name_is_not_taken_for_the_one_that_is_gone():
    innocent = Contact("Иван", ("555",))
    assert sameness.counterpart((PETR, innocent), IVAN) is None


def test_nameless_contacts_are_not_taken_for_one_another():
    assert sameness.counterpart((Contact("", ("555",)),), Contact("", ("101",))) is None


def test_a_renamed_list_conflicts_with_another_name_and_not_with_the_same():
    rename = ListChange(name=TextChange("Чёрный список 1", "Спам"))
    assert rename.apply_to(LIST).name == "Спам"
    assert rename.apply_to(rename.apply_to(LIST)).name == "Спам"
    with pytest.raises(Conflict) as conflict:
        ListChange(name=TextChange("Старый", "Спам")).apply_to(LIST)
    assert conflict.value.theirs == "Чёрный список 1"


def test_the_type_changes_like_the_name_and_both_are_visible():
    change = ListChange(type=TextChange("black", "white"), name=TextChange(LIST.name, " Спам "))
    changed = change.apply_to(LIST)
    assert change.is_visible_in(changed)
    assert not change.is_visible_in(LIST)
    assert change.inverse().apply_to(changed) == LIST


def test_an_empty_change_changes_nothing_and_is_always_visible():
    for change in (ListChange(), replaced(None, None)):
        assert change.apply_to(LIST) == LIST
        assert change.is_visible_in(LIST)
        assert not change.only_adds


def test_several_changes_of_one_contact_are_undone_in_reverse():
    anna = Contact("Анна", ("101",))
    twice = ListChange(contacts=(ContactChange(IVAN, anna), ContactChange(anna, None)))
    assert content(twice.inverse().apply_to(twice.apply_to(LIST))) == content(LIST)


def test_only_an_addition_only_adds():
    assert replaced(None, IVAN).only_adds
    assert not replaced(PETR, IVAN).only_adds
    assert not ListChange(
        contacts=(ContactChange(None, IVAN),), name=TextChange("А", "Б")
    ).only_adds


def test_meaning_overlooks_order_spaces_and_spelling_and_nothing_else():
    assert sameness.meaning(Contact(" Иван ", ("101", "8 999 888 77 66"))) == sameness.meaning(
        Contact("Иван", ("79998887766", "101"))
    )
    assert sameness.meaning(IVAN) != sameness.meaning(Contact("иван", ("79998887766",)))
    assert sameness.meaning(IVAN) != sameness.meaning(Contact("Иван", ("79998887766", "101")))


def test_the_difference_names_what_is_missing_and_what_is_new():
    sent = ContactList(7, "А", "black", (IVAN, IVAN, PETR))
    found = ContactList(7, "А", "black", (Contact("Иван ", ("8 999 888 77 66",)), PETR))
    difference = sameness.difference(sent, found)
    assert difference is not None
    assert difference.missing == (IVAN,)
    assert difference.surplus == ()
    assert sameness.difference(sent, sent) is None


@given(contacts, contacts)
def test_a_key_tells_contacts_apart_by_what_a_person_sees(one, other):
    same = (one.name, one.phones) == (other.name, other.phones)
    assert (sameness.contact_key(one) == sameness.contact_key(other)) is same


def test_a_contact_is_found_by_its_key():
    assert sameness.find_contact(LIST.contacts, sameness.contact_key(PETR)) == PETR
    assert sameness.find_contact(LIST.contacts, "0" * 16) is None


def test_the_digest_of_a_list_changes_with_anything_that_a_person_sees():
    digests = {
        sameness.list_digest(contact_list)
        for contact_list in (
            LIST,
            ContactList(7, "Б", "black", (IVAN, PETR)),
            ContactList(7, "Чёрный список 1", "white", (IVAN, PETR)),
            ContactList(7, "Чёрный список 1", "black", (PETR, IVAN)),
            ContactList(7, "Чёрный список 1", "black", (IVAN,)),
        )
    }
    assert len(digests) == 5


class TestUndoing:
    def change(self, before, after):
        return ListChange(contacts=(ContactChange(before, after),))

    @given(contact_lists, contacts)
    def test_what_nobody_touched_since_is_as_it_was(self, found, contact):
        changed = self.change(None, contact)
        undone = (
            changed.inverse().merged_into(changed.apply_to(found)).apply_to(changed.apply_to(found))
        )
        assert Counter(undone.contacts) == Counter(found.contacts)

    def test_a_contact_that_somebody_brought_back_is_not_doubled(self):
        found = replace(NOBODY, contacts=(PETR,))
        assert self.change(PETR, None).inverse().merged_into(found) == ListChange()
        renamed = self.change(PETR, ANNA)
        assert renamed.inverse().merged_into(found) == ListChange()

    def test_a_contact_that_is_spelled_otherwise_by_now_is_the_same(self):
        spelled = replace(IVAN, phones=("8 (999) 888-77-66",))
        undo = self.change(None, IVAN).inverse().merged_into(replace(NOBODY, contacts=(spelled,)))
        assert undo == self.change(spelled, None)

    def test_a_contact_that_is_gone_needs_no_removing(self):
        assert self.change(None, PETR).inverse().merged_into(NOBODY) == ListChange()

    def test_a_contact_that_is_gone_cannot_become_what_it_was(self):
        with pytest.raises(ContactGone):
            self.change(PETR, ANNA).inverse().merged_into(NOBODY)

    def test_unknown_fields_are_found(self):
        found = replace(NOBODY, contacts=(replace(PETR, extra={"note": "vip"}),))
        change = self.change(PETR, None).as_found_in(found)
        assert change.contacts[0].before.extra == {"note": "vip"}


@given(contact_lists)
def test_a_list_survives_the_journal(found):
    read = records.read_list(records.write_list(found))
    assert read == found
    assert read.extra == found.extra
    assert [c.extra for c in read.contacts] == [c.extra for c in found.contacts]


@given(
    st.builds(
        ListChange,
        contacts=st.lists(st.builds(ContactChange, st.none() | contacts, st.none() | contacts)).map(
            tuple
        ),
        name=st.none() | st.builds(TextChange, names, names),
    )
)
def test_a_change_survives_the_journal(change):
    text = records.write_change(change)
    assert records.read_change(text) == change
    for most in (0, 1, 2, len(change.contacts)):
        assert records.read_first(text, most) == list(change.contacts[:most])


class TestEqualContacts:
    """The API takes them, and has no ids: only counting tells whether one of two has gone."""

    TWO = replace(NOBODY, contacts=(ANNA, PETR, ANNA))

    def applied(self, before, after, found):
        change = replaced(before, after).as_found_in(found)
        return change, change.apply_to(found)

    def test_the_removal_of_one_is_visible_though_the_other_is_there(self):
        change, changed = self.applied(ANNA, None, self.TWO)
        assert changed.contacts == (PETR, ANNA)
        assert change.is_visible_in(changed)
        assert not change.is_visible_in(self.TWO)

    def test_undoing_the_removal_of_one_brings_it_back(self):
        change, changed = self.applied(ANNA, None, self.TWO)
        undone = change.inverse().merged_into(changed).apply_to(changed)
        assert Counter(undone.contacts) == Counter(self.TWO.contacts)

    def test_undoing_it_twice_brings_it_back_once(self):
        change, _changed = self.applied(ANNA, None, self.TWO)
        assert change.inverse().merged_into(self.TWO).is_empty

    def test_undoing_what_made_two_equal_leaves_one(self):
        found = replace(NOBODY, contacts=(ANNA, PETR))
        change, changed = self.applied(PETR, ANNA, found)
        assert changed.contacts == (ANNA, ANNA)
        assert change.is_visible_in(changed)
        assert not change.is_visible_in(found)
        undone = change.inverse().merged_into(changed).apply_to(changed)
        assert Counter(undone.contacts) == Counter(found.contacts)

    def test_what_somebody_brought_back_meanwhile_is_not_doubled_by_undoing(self):
        found = replace(NOBODY, contacts=(PETR,))
        change, _changed = self.applied(PETR, ANNA, found)
        both = replace(NOBODY, contacts=(PETR, ANNA))
        undone = change.inverse().merged_into(both).apply_to(both)
        assert undone.contacts == (PETR,)

    def test_what_was_removed_and_added_again_is_visible(self):
        change = ListChange(contacts=(ContactChange(ANNA, None), ContactChange(None, ANNA)))
        found = replace(NOBODY, contacts=(ANNA,))
        assert change.as_found_in(found).is_visible_in(change.apply_to(found))


class TestRespelling:
    """Another spelling means the same: only the texts tell."""

    spelled = replace(IVAN, phones=("8 (999) 888-77-66",))

    def test_is_undone_by_the_texts(self):
        change = replaced(IVAN, self.spelled).as_found_in(LIST)
        changed = change.apply_to(LIST)
        assert change.inverse().merged_into(changed).apply_to(changed) == LIST

    def test_that_was_undone_already_needs_nothing(self):
        change = replaced(IVAN, self.spelled).as_found_in(LIST)
        assert change.inverse().merged_into(LIST).is_empty

    def test_of_a_contact_that_is_spelled_in_a_third_way_by_now(self):
        third = replace(IVAN, phones=("9998887766",))
        found = replace(LIST, contacts=(third, PETR))
        undone = replaced(IVAN, self.spelled).inverse().merged_into(found).apply_to(found)
        assert undone.contacts == (IVAN, PETR)

    def test_of_a_contact_that_is_gone_is_a_conflict(self):
        with pytest.raises(ContactGone):
            replaced(IVAN, self.spelled).inverse().merged_into(NOBODY)

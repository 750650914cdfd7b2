"""What a person asked for, resolved against the list as it is by now."""

import pytest

from lists.changes import ContactChange, ListChange, TextChange
from lists.conflicts import ContactChanged, ContactGone, PlanChanged, TextChanged
from lists.intents import (
    AddContact,
    BlockNumbers,
    CheckNumbers,
    EditContact,
    MendContacts,
    RemoveContact,
    RenameList,
    Repeat,
    UnblockNumber,
    Undo,
)
from lists.plusofon.values import Contact, ContactList
from lists.resolving import resolve, who_has
from lists.sameness import contact_key, digest_of

IVAN = Contact("Иван", ("79998887766", "79992223300"))
ODD = Contact("Пётр", ("79991112233, 79994445566",), {"note": "vip"})
ANNA = Contact("Анна", ("79991112233",))
LIST = ContactList(7, "Чёрный", "black", (IVAN, ODD))


def having(*contacts, **fields):
    return ContactList(7, fields.get("name", "Чёрный"), fields.get("type", "black"), contacts)


def one(change):
    (contact,) = change.contacts
    return contact.before, contact.after


def edit(contact, name, typed, *, seen=True):
    return EditContact(contact_key(contact), contact if seen else None, name, typed)


class TestAdding:
    def test_adds(self):
        assert one(resolve(AddContact(ANNA), LIST)) == (None, ANNA)

    def test_what_is_there_already_needs_nothing(self):
        assert resolve(AddContact(IVAN), LIST).is_empty


class TestEditing:
    @pytest.mark.parametrize("seen", [True, False])
    def test_numbers_that_nobody_touched_stay_byte_for_byte(self, seen):
        intent = edit(ODD, "Пётр П.", "79991112233, 79994445566", seen=seen)
        before, after = one(resolve(intent, LIST))
        assert before.extra == {"note": "vip"}
        assert after == Contact("Пётр П.", ODD.phones)

    def test_a_number_typed_twice_is_stored_once(self):
        intent = edit(IVAN, "Иван", "8 999 888-77-66\n+7 999 888-77-66")
        assert one(resolve(intent, LIST))[1] == Contact("Иван", ("79998887766",))

    def test_pressed_twice_it_is_done_already(self):
        for seen in (True, False):
            intent = edit(IVAN, "Анна", "79991112233", seen=seen)
            assert resolve(intent, having(ANNA)).is_empty

    def test_what_became_another_is_a_conflict_that_shows_it(self):
        theirs = Contact("Иван И.", ("79998887766",))
        for seen in (True, False):
            with pytest.raises(ContactChanged) as conflict:
                resolve(edit(IVAN, "Иван", "8 999 888 77 66, 101", seen=seen), having(theirs))
            assert conflict.value.theirs == theirs

    def test_another_of_the_same_name_is_innocent(self):
        namesake = Contact("Иван", ("101",))
        for seen in (True, False):
            with pytest.raises(ContactGone):
                resolve(edit(IVAN, "Иван", "79998887766", seen=seen), having(namesake))


class TestRemoving:
    @pytest.mark.parametrize("seen", [IVAN, None])
    def test_removes(self, seen):
        assert one(resolve(RemoveContact(contact_key(IVAN), seen), LIST)) == (IVAN, None)

    @pytest.mark.parametrize("seen", [IVAN, None])
    def test_what_is_gone_is_gone_whoever_has_its_name(self, seen):
        namesake = Contact("Иван", ("101",))
        with pytest.raises(ContactGone):
            resolve(RemoveContact(contact_key(IVAN), seen), having(namesake))


class TestRenaming:
    def test_changes_only_what_the_person_changed(self):
        intent = RenameList("Спам", "black", "Чёрный", "black")
        change = resolve(intent, having(type="white"))
        assert (change.name, change.type) == (TextChange("Чёрный", "Спам"), None)

    def test_of_a_list_that_nobody_showed_takes_it_as_it_is(self):
        change = resolve(RenameList("Спам", "white", None, None), LIST)
        assert change.type == TextChange("black", "white")

    def test_over_anothers_name_is_a_conflict(self):
        with pytest.raises(TextChanged) as conflict:
            resolve(RenameList("Спам", "black", "Чёрный", "black"), having(name="Робо"))
        assert conflict.value.theirs == "Робо"

    @pytest.mark.parametrize("now", ["Чёрный", "Спам"])
    def test_a_name_too_long_to_carry_along_is_known_by_its_digest(self, now):
        intent = RenameList("Спам", "black", None, "black", seen_digest=digest_of(["Чёрный"]))
        change = resolve(intent, having(name=now))
        assert change.is_empty if now == "Спам" else change.name == TextChange("Чёрный", "Спам")

    def test_over_anothers_name_is_a_conflict_for_a_long_one_too(self):
        intent = RenameList("Спам", "black", None, "black", seen_digest=digest_of(["Чёрный"]))
        with pytest.raises(TextChanged) as conflict:
            resolve(intent, having(name="Робо"))
        assert conflict.value.theirs == "Робо"


class TestBlocking:
    contact = Contact("Спам", ("79998887766", "101"))

    def test_adds_the_numbers_that_nobody_has(self):
        before, after = one(resolve(BlockNumbers(self.contact), LIST))
        assert (before, after) == (None, Contact("Спам", ("101",)))

    def test_writes_what_was_planned(self):
        assert one(resolve(BlockNumbers(self.contact, ("101",)), LIST))[1].phones == ("101",)

    @pytest.mark.parametrize("planned", [("79998887766", "101"), ("79998887766",), ()])
    def test_writes_nothing_else_than_was_planned(self, planned):
        with pytest.raises(PlanChanged):
            resolve(BlockNumbers(self.contact, planned), LIST)

    def test_what_is_all_there_needs_nothing_whatever_was_planned(self):
        there = Contact("Другое", ("101", "8 999 888 77 66"))
        assert resolve(BlockNumbers(self.contact, ("101",)), having(there)).is_empty


def keys(*contacts):
    return frozenset(map(contact_key, contacts))


class TestUnblocking:
    def test_takes_the_number_and_leaves_the_others(self):
        before, after = one(resolve(UnblockNumber("79998887766", keys(IVAN)), LIST))
        assert (before, after) == (IVAN, Contact("Иван", ("79992223300",)))

    def test_a_contact_that_loses_its_last_number_goes(self):
        assert one(resolve(UnblockNumber("79991112233", keys(ANNA)), having(ANNA))) == (ANNA, None)

    def test_of_two_equal_contacts_both_may_lose_it(self):
        change = resolve(UnblockNumber("79991112233", keys(ANNA)), having(ANNA, IVAN, ANNA))
        assert change.apply_to(having(ANNA, IVAN, ANNA)).contacts == (IVAN,)

    def test_what_is_gone_needs_nothing(self):
        assert resolve(UnblockNumber("79991112233", keys(ANNA)), LIST).is_empty

    def test_what_became_another_is_a_conflict(self):
        theirs = Contact("Анна К.", ANNA.phones)
        with pytest.raises(ContactChanged) as conflict:
            resolve(UnblockNumber("79991112233", keys(ANNA)), having(theirs))
        assert (conflict.value.seen, conflict.value.theirs) == (None, theirs)

    def test_who_was_seen_and_spared_is_not_taken_for_it(self):
        spared = Contact("Бухгалтерия", ANNA.phones)
        intent = UnblockNumber("79991112233", keys(ANNA), keys(spared))
        assert resolve(intent, having(spared)).is_empty

    def test_says_who_has_a_number(self):
        assert who_has("8 999 888-77-66", LIST.contacts) == (IVAN,)
        assert who_has("101", LIST.contacts) == ()


def test_undoing_and_repeating_merge_a_change_of_long_ago():
    change = ListChange(contacts=(ContactChange(IVAN, ANNA),))
    assert one(resolve(Undo(change), having(ANNA))) == (ANNA, IVAN)
    assert one(resolve(Repeat(change), having(IVAN))) == (IVAN, ANNA)
    assert resolve(Repeat(change), having(ANNA)).is_empty


def test_a_change_stands_for_itself():
    change = ListChange(contacts=(ContactChange(IVAN, None),))
    assert one(resolve(change, LIST)) == (IVAN, None)
    assert resolve(ListChange(), LIST).is_empty


class TestMending:
    def test_numbers_that_have_to_be_there_are_there_in_any_spelling(self):
        assert resolve(CheckNumbers(("8 999 888-77-66",)), LIST).is_empty

    @pytest.mark.parametrize("numbers", [("101",), ANNA.phones])
    def test_a_number_that_is_missing_or_stands_among_others_is_a_conflict(self, numbers):
        with pytest.raises(PlanChanged):
            resolve(CheckNumbers(numbers), LIST)

    def test_a_contact_that_has_to_be_there_may_have_become_another_or_be_gone(self):
        change = ListChange(contacts=(ContactChange(ODD, None),))
        assert one(resolve(MendContacts(change, (IVAN,)), LIST)) == (ODD, None)
        with pytest.raises(ContactChanged):
            resolve(MendContacts(change, (IVAN,)), having(Contact("Иван", ("79998887766",)), ODD))
        with pytest.raises(ContactGone):
            resolve(MendContacts(change, (IVAN,)), having(ODD))

    def test_of_two_that_look_alike_both_have_to_be_there(self):
        with pytest.raises(ContactChanged):
            resolve(MendContacts(ListChange(), (IVAN, IVAN)), LIST)

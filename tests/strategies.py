"""Lists and contacts for hypothesis: few names and numbers, so that they meet often."""

from hypothesis import strategies as st

from lists.plusofon.values import Contact, ContactList

names = st.sampled_from(["Иван", "Пётр", " Пётр ", "ООО «Ромашка»", "<b>", ""])
numbers = st.sampled_from(["79998887766", "8 (999) 888-77-66", "101", "7999*", "49301234567"])
extras = st.dictionaries(st.sampled_from(["note", "id"]), st.integers(), max_size=1)
contacts = st.builds(
    Contact, name=names, phones=st.lists(numbers, max_size=3).map(tuple), extra=extras
)
contact_lists = st.builds(
    ContactList,
    id=st.just(7),
    name=st.sampled_from(["Чёрный список 1", "Спам"]),
    type=st.sampled_from(["black", "white"]),
    contacts=st.lists(contacts, max_size=6).map(tuple),
    extra=extras,
)

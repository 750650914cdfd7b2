"""The cast of these tests: whose account it is, who stands in its lists, how a change is written down."""

from lists.changes import ContactChange, ListChange
from lists.plusofon.values import Contact, ContactList

OWNER = {
    "id": 4821,
    "email": "orlova@example.ru",
    "first_name": "Анна",
    "last_name": "Орлова",
}

IVAN = Contact("Иван Иванов", ("79998887766", "79992223300"))
PETR = Contact("Пётр Петров", ("8 (812) 333-44-55",))
ANNA = Contact("Анна Ким", ("79991112233",))
ATS = Contact("АТС", ("7999*", "101"))
SPAM = ContactList(id=0, name="Спам", type="black", contacts=())


def put(before, after):
    return ListChange(contacts=(ContactChange(before, after),))

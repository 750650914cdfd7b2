"""Who stands in the lists of these tests, and how a change of one of them is written down."""

from lists.changes import ContactChange, ListChange
from lists.plusofon.values import Contact, ContactList

IVAN = Contact("Иван Иванов", ("79998887766", "79992223300"))
PETR = Contact("Пётр Петров", ("8 (812) 333-44-55",))
ANNA = Contact("Анна Ким", ("79991112233",))
SPAM = ContactList(id=0, name="Спам", type="black", contacts=())


def put(before, after):
    return ListChange(contacts=(ContactChange(before, after),))

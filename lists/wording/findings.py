"""What was found out of order: what it is, why it matters, and what putting it in order does."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ..findings import Kind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TITLES: "dict[Kind, StrOrPromise]" = {
    Kind.NUMBERLESS: _("Contacts without numbers"),
    Kind.NAMELESS: _("Contacts without a name"),
    Kind.CONTRADICTION: _("In a black and a white list at once"),
    Kind.MASK: _("Masks"),
    Kind.SEVERAL: _("Several numbers in one text"),
    Kind.NO_NUMBER: _("No clear number"),
    Kind.UNASSIGNED: _("Numbers that no country gives out"),
    Kind.TWICE: _("A number twice in one contact"),
    Kind.EQUAL: _("Equal contacts in one list"),
    Kind.NAMESAKES: _("Contacts of one name that share a number"),
    Kind.SHARED: _("A number in several contacts of one list"),
    Kind.ACROSS: _("A number in several lists"),
    Kind.SPELLING: _("Unusual spelling"),
    Kind.EMPTY: _("Empty lists"),
    Kind.ONE_NAME: _("Lists of one name"),
}
WHY: "dict[Kind, StrOrPromise]" = {
    Kind.NUMBERLESS: _("They block nobody, and Plusofon refuses to save a list that has one."),
    Kind.NAMELESS: _(
        "Nobody can tell why the number is here, and Plusofon refuses to save a list that has one."
    ),
    Kind.CONTRADICTION: _(
        "The black list counts: Plusofon does not use white lists yet. Whoever put it there may think otherwise."
    ),
    Kind.MASK: _("Plusofon's description knows no masks: such an entry may block nobody."),
    Kind.SEVERAL: _("Plusofon expects one number here: it may know none of them."),
    Kind.NO_NUMBER: _("Plusofon may find no number in it: then it blocks nobody."),
    Kind.UNASSIGNED: _("Probably a digit is missing, or one is too many."),
    Kind.TWICE: _("Whoever removes one of them may think that the number is gone."),
    Kind.EQUAL: _("Whoever removes the number in one place leaves it in the other."),
    Kind.NAMESAKES: _("Whoever removes the number in one place leaves it in the other."),
    Kind.SHARED: _("Whoever removes the number in one place leaves it in the other."),
    Kind.ACROSS: _("Whoever removes the number in one place leaves it in the other."),
    Kind.SPELLING: _("Other programs may not recognise a number that is spelled like this."),
    Kind.EMPTY: _("They block nobody."),
    Kind.ONE_NAME: _("It is easy to change the wrong one."),
}
MENDS: "dict[Kind, StrOrPromise]" = {
    Kind.NUMBERLESS: _(
        "Removes them; an undo does not bring them back, since Plusofon refuses such contacts."
    ),
    Kind.NAMELESS: _("Names them by their numbers; an undo leaves them their names."),
    Kind.CONTRADICTION: _("Removes it from the white list; it stays in the black one."),
    Kind.SEVERAL: _("Makes separate numbers of it, where they are certain."),
    Kind.NO_NUMBER: _(
        "Removes empty ones; a contact with nothing else goes, and an undo does not bring it back."
    ),
    Kind.TWICE: _("Keeps it once."),
    Kind.EQUAL: _("Keeps one of them."),
    Kind.NAMESAKES: _("Makes one contact of them, with the numbers of all."),
    Kind.SPELLING: _("Stores the number as everywhere here."),
}

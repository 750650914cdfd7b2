"""What a table that somebody sends is, has and lacks, in words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..phones import Fault
from ..tables.cells import MOST_OF_CELL, Damage
from ..tables.columns import Role
from ..tables.contacts import LONGEST_NAME, Lack, Refused
from ..tables.table import (
    MOST_COLUMNS,
    MOST_NUMBERS,
    MOST_ROWS,
    Broken,
    CellTooLong,
    Empty,
    NotATable,
    OtherEncoding,
    Protected,
    TooLarge,
    TooManyColumns,
    TooManyNumbers,
    TooManyRows,
    TooMuchText,
    Unusable,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROLES: "dict[str, StrOrPromise]" = {
    Role.NAME: gettext_lazy("Name"),
    Role.NUMBERS: gettext_lazy("Numbers"),
    Role.NOTHING: gettext_lazy("not imported"),
}
ENCODINGS = {  # by Python's names
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1251": "Win-1251",
    "koi8_r": "KOI8-R",
    "cp866": "CP866",
}
SEPARATORS: "dict[str, StrOrPromise]" = {
    ",": gettext_lazy("comma"),
    ";": gettext_lazy("semicolon"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("vertical bar"),
}
_WHY: "dict[Fault | Damage | Lack, StrOrPromise]" = {
    Fault.NOT_DIGITS: gettext_lazy("not a phone number"),
    Fault.TOO_LONG: gettext_lazy("too long for a phone number: 15 digits at most"),
    Fault.TOO_SHORT: gettext_lazy("too short for a phone number: two digits at least"),
    Fault.SEVERAL: gettext_lazy("one number or several? Put a comma between several"),
    Damage.ROUNDED: gettext_lazy(
        "the spreadsheet has lost digits of this number: format the column as text and enter it again"
    ),
    Damage.DATE: gettext_lazy("this is a date"),
    Damage.FRACTION: gettext_lazy("this is a fraction, not a phone number"),
    Lack.NO_NUMBER: gettext_lazy("no number in this row"),
}


def why(refused: Refused) -> str:
    """Why a text of the table is not imported."""
    if refused.why is Lack.LONG_NAME:
        return _("This name is too long: %(most)s characters at most.") % {"most": LONGEST_NAME}
    if refused.why is Damage.MANY:
        return _("too many numbers in one cell: %(most)s at most") % {"most": MOST_OF_CELL}
    return str(_WHY[refused.why])


def unusable(error: Unusable) -> str:
    """Why nothing of the table is used."""
    match error:
        case Empty():
            return _("There is nothing in this table.")
        case TooLarge():
            return _(
                "This file is too large: 10 MB at most. Remove what is not needed, or split it."
            )
        case TooManyRows():
            return _("More than %(most)s rows. Split the table into parts.") % {"most": MOST_ROWS}
        case TooManyColumns():
            many = _("More than %(most)s columns. Keep only names and numbers.")
            return many % {"most": MOST_COLUMNS}
        case TooManyNumbers():
            numbers = _("More than %(most)s numbers. Split the table into parts.")
            return numbers % {"most": MOST_NUMBERS}
        case TooMuchText():
            return _("This workbook holds too much text. Keep only names and numbers.")
        case CellTooLong(row=row):
            long = _(
                "Row %(row)s: a cell holds more text than a spreadsheet can. Check its quotes."
            )
            return long % {"row": row}
        case Protected():
            return _("This workbook is protected with a password. Save it without one.")
        case Broken():
            return _("This workbook is damaged and cannot be read. Open it and save it anew.")
        case OtherEncoding():
            return _("This table is not in this encoding. Choose another one.")
        case NotATable():
            return _("This is not a table. Send a CSV, TXT, XLSX, XLS or ODS file.")
    raise AssertionError(error)

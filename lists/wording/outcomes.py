"""How a write ended, in a word or two."""

from django.utils.translation import gettext as _

from ..models import JournalEntry, Outcome


def outcome_name(entry: JournalEntry) -> str:
    """How a write ended, in a word or two."""
    if entry.overwritten_by_id:
        return _("overwritten")
    match entry.outcome:
        case Outcome.CONFIRMED:
            return _("confirmed")
        case Outcome.REFUSED:
            return _("not saved")
        case Outcome.PENDING:
            return _("being saved")
        case Outcome.IN_DOUBT:
            return _("in doubt")
    return _("not known")

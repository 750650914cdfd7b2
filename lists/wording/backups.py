"""Backups in words: why a file is refused, what it lacks, what differs from it and what restoring does."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .. import backup_file
from ..backup_file import Missing, Unusable
from ..changes import ListChange
from ..names import isolated, short
from ..plusofon import errors
from ..plusofon.errors import PlusofonError
from ..plusofon.values import Contact
from ..reverting import parts_of
from .contacts import names
from .errors import failure_of
from .types import type_name


def refused(error: Unusable) -> str:
    """Why nothing is restored from a file."""
    match error:
        case backup_file.EmptyFile():
            return _("This file is empty.")
        case backup_file.NotABackup():
            return _("This file is not a backup of this dashboard.")
        case backup_file.TooLarge():
            return _("This file is too large to be restored here.")
        case backup_file.NewerVersion(version=version):
            newer = _(
                "This backup was made by a newer version (format %(version)s). Update the dashboard."
            )
            return newer % {"version": version}
        case backup_file.ListTwice(list_id=list_id):
            twice = _("List no. %(id)s is twice in this file: it is not clear which one is meant.")
            return twice % {"id": list_id}
        case backup_file.Edited(part=part):
            edited = _(
                "This backup was changed after it was made: “%(part)s” is not as it was written."
            )
            return edited % {"part": short(part)}
    return _("This backup is damaged: a part of it is missing or cannot be read.")


def lacking(missing: Missing) -> tuple[str, str]:
    """What a backup lacks, and why."""
    name = _("which other lists there are") if missing.id is None else isolated(missing.name) or "—"
    kind = getattr(errors, missing.reason, PlusofonError)
    is_error = isinstance(kind, type) and issubclass(kind, PlusofonError)
    failure = failure_of(
        (kind if is_error and not issubclass(kind, errors.CircuitOpen) else PlusofonError)()
    )
    return name, ": ".join(filter(None, [str(failure.title), short(missing.words)]))


def differences(change: ListChange) -> list[str]:
    """How a list of the account differs from the backup."""
    missing, added, changed = parts_of(change)
    told = []
    if missing:
        gone = ngettext(
            "missing: %(count)s contact (%(names)s)",
            "missing: %(count)s contacts (%(names)s)",
            len(missing),
        )
        told.append(_told(gone, missing))
    if added:
        came = ngettext(
            "added since: %(count)s contact (%(names)s)",
            "added since: %(count)s contacts (%(names)s)",
            len(added),
        )
        told.append(_told(came, added))
    if changed:
        other = ngettext(
            "changed: %(count)s contact (%(names)s)",
            "changed: %(count)s contacts (%(names)s)",
            len(changed),
        )
        told.append(_told(other, changed))
    if change.name:
        told.append(_("its name is “%(name)s” now") % {"name": isolated(change.name.before)})
    if change.type:
        told.append(_("its type is “%(type)s” now") % {"type": type_name(change.type.before)})
    return told


def effects(change: ListChange) -> list[str]:
    """What restoring does to it."""
    missing, added, changed = parts_of(change)
    told = []
    if missing:
        back = ngettext(
            "%(count)s contact comes back: %(names)s",
            "%(count)s contacts come back: %(names)s",
            len(missing),
        )
        told.append(_told(back, missing))
    if added:
        goes = ngettext(
            "%(count)s contact is removed: %(names)s",
            "%(count)s contacts are removed: %(names)s",
            len(added),
        )
        told.append(_told(goes, added))
    if changed:
        again = ngettext(
            "%(count)s contact becomes what it was: %(names)s",
            "%(count)s contacts become what they were: %(names)s",
            len(changed),
        )
        told.append(_told(again, changed))
    if change.name:
        told.append(_("it is named “%(name)s” again") % {"name": isolated(change.name.after)})
    if change.type:
        told.append(_("its type becomes “%(type)s” again") % {"type": type_name(change.type.after)})
    return told


def _told(sentence: str, contacts: tuple[Contact, ...]) -> str:
    return sentence % {"count": len(contacts), "names": names(contacts)}

"""Why a person is not connected to Plusofon."""

from django.utils.translation import gettext as _

from ..connection import CredentialMissing, CredentialUnreadable


def why_not_connected(error: Exception) -> str:
    match error:
        case CredentialMissing():
            return _("You are not connected to Plusofon yet.")
        case CredentialUnreadable():
            return _("Your saved token can no longer be read. Enter it again.")
    return _("Plusofon does not accept your token.")

"""`manage.py check_plusofon USER`: when somebody says that it does not work; and after an upgrade.

In English, as all commands, checks and logs are; what people read on the pages is quoted in English too.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from lists.connection import Connection, CredentialMissing, NotConnected
from lists.management.trouble import database_trouble_told
from lists.plusofon import errors
from lists.plusofon.errors import PlusofonError
from lists.plusofon.values import ContactList, Owner, Page
from lists.services import credentials
from lists.services.checking import MOST_CALLS, Part, Tried, last_save, try_token
from lists.wording.connection import why_not_connected
from lists.wording.errors import failure_of

# What whoever runs the dashboard can do: the row of the error's class, or of the next one above.
REMEDIES: dict[type[Exception], str] = {
    errors.Unauthenticated: "{who} has to make a new token at lk.plusofon.ru and enter it under “Connection”.",
    errors.NoAccess: "The token needs the right to contact lists: it is given at lk.plusofon.ru, or to a new"
    " token, which {who} enters under “Connection”.",
    errors.NotFound: "Check PLUSOFON_API_URL; or the API has changed (docs/operations.md).",
    errors.RateLimited: "Try again in a minute.",
    errors.NotSent: "Check PLUSOFON_API_URL, and whether this machine may reach it.",
    errors.NotUnderstood: "Check PLUSOFON_API_URL: a proxy may have answered. Or the API has changed"
    " (docs/operations.md).",
    PlusofonError: "Try again in a few minutes; if it stays so, ask Plusofon.",
}


class Command(BaseCommand):
    help = (
        "Say whether the Plusofon token of USER works and what it may, by reading: at most"
        f" {MOST_CALLS} calls, each tried up to three times where Plusofon does not answer. Ends with 1 and a"
        " sentence where it does not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="whose token is tried")

    @database_trouble_told
    def handle(self, *args: Any, user: str, **options: Any) -> None:
        with translation.override("en"):
            by = _connection_of(user)
            self.stdout.write(
                f"{settings.PLUSOFON_API_URL}, client code {by.user.credential.client_id}"
                f"{' (made-up data)' if settings.SANDBOX else ''}"
            )
            faults = []
            for tried in try_token(by):
                if fault := _fault(tried, by):
                    faults.append(fault)
                else:
                    self.stdout.write(f"{tried.part}: {_told(tried)}, {tried.ms} ms")
            if faults:
                raise CommandError("\n".join(faults))
            self.stdout.write(_told_of_writing(by))


def _connection_of(username: str) -> Connection:
    try:
        user = User.objects.get(username=username)
        if not user.is_active:
            raise CommandError(
                f"{username} is deactivated: a token of theirs is never used, and prune_sign_ins erases it."
            )
        return credentials.connection_of(user)
    except User.DoesNotExist:
        raise CommandError(f"There is nobody called {username}.") from None
    except NotConnected as error:
        remedy = f"{username} has to enter a token under “Connection”."
        if not isinstance(error, CredentialMissing):
            remedy += " If all tokens are like this, a key is missing in CREDENTIAL_KEYS."
        raise CommandError(f"{username} reads: “{why_not_connected(error)}” {remedy}") from None


def _fault(tried: Tried, by: Connection) -> str:
    """What does not work, why, and what to do; "" where it works. Without the API's words: they may name a
    number."""
    error = tried.answer
    if not isinstance(error, PlusofonError) or _tells_no_owner(tried):
        return ""
    failure = failure_of(error)
    reads = f"{str(failure.title).rstrip('.')}. {failure.advice}"
    cause = error.detail or str(error.__cause__ or "")
    remedy = next(REMEDIES[kind] for kind in type(error).__mro__ if kind in REMEDIES)
    return (
        f"{tried.part}: {by.user.get_username()} reads: “{reads}”"
        f" ({type(error).__name__}{f': {cause}' if cause else ''}; {tried.ms} ms)"
        f" {remedy.format(who=by.user.get_username())}"
    )


def _tells_no_owner(tried: Tried) -> bool:
    """Such a token can work with lists too (see `services.accounts`)."""
    return tried.part is Part.ACCOUNT and isinstance(
        tried.answer, (errors.NotFound, errors.NoAccess)
    )


def _told(tried: Tried) -> str:
    match tried.answer:
        case Owner() as owner:
            named = ", ".join(filter(None, [owner.name, owner.email]))
            return f"{named or 'without a name'}, no. {owner.id}"
        case Page(total=total):
            return f"{total} can be listed"
        case ContactList():
            return "those of the first list can be read"
        case PlusofonError():
            return "Plusofon does not tell whose it is"
        case types:
            return ", ".join(kind.code for kind in types)


def _told_of_writing(by: Connection) -> str:
    """No call tells it without writing."""
    credential, name = by.user.credential, by.user.get_username()
    if not by.user.has_perm("lists.change_lists"):
        may = f"{name} may not, in this dashboard"
    else:
        may = f"{name} may, in this dashboard; whether the token may was not tried, since that would write"
    saved = last_save(credential)
    if saved is None:
        return f"Changing lists: {may}. Nothing was saved with this token yet."
    at = timezone.localtime(saved)
    return f"Changing lists: {may}. Something was last saved with it on {at:%Y-%m-%d at %H:%M}."

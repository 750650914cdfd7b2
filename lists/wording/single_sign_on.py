"""What to say to who comes with the company's account and is not let in."""

from django.utils.translation import gettext_lazy as _

from ..single_sign_on import errors
from .errors import Failure

ROWS: dict[type[errors.NotLetIn], Failure] = {
    errors.UnusableName: Failure(
        403,
        _("Your name did not arrive"),
        _(
            "The company's account came without a name that can be used here. Tell the administrator of Plusofon Admin."
        ),
    ),
    errors.NobodyNamed: Failure(
        403,
        _("Your name did not arrive"),
        _(
            "Plusofon Admin is opened with the company's account, and was not told whose it is. Open it by the link on the intranet; if you did, tell the administrator of Plusofon Admin."
        ),
    ),
    errors.NoRole: Failure(
        403,
        _("Your account has no access here"),
        _(
            "It is in none of the groups that work with Plusofon Admin. Ask its administrator to be added to one."
        ),
    ),
    errors.Deactivated: Failure(
        403,
        _("Your account is switched off here"),
        _("Ask the administrator of Plusofon Admin to switch it on again."),
    ),
    errors.HasPassword: Failure(
        403,
        _("This name has a password here"),
        _(
            "Sign in with it, or ask the administrator of Plusofon Admin to let you in with the company's account instead."
        ),
    ),
    errors.NameTaken: Failure(
        403,
        _("This name belongs to somebody else here"),
        _(
            "Somebody with the same name has worked here before. Ask the administrator of Plusofon Admin to rename them."
        ),
    ),
    errors.PasswordsOff: Failure(
        403,
        _("Passwords are not used here"),
        _("Sign in with the company's account."),
    ),
    errors.Cancelled: Failure(
        403,
        _("You are not signed in"),
        _("The sign-in with the company's account was cancelled or refused."),
    ),
    errors.Outdated: Failure(
        400,
        _("This sign-in is out of date"),
        _("It was begun too long ago, in another browser, or is completed already."),
    ),
    errors.ProviderSilent: Failure(
        503,
        _("The company's sign-in does not answer"),
        _("Try again in a minute. If it still does not, tell the administrator of Plusofon Admin."),
    ),
    errors.Untrusted: Failure(
        502,
        _("The company's sign-in cannot be trusted"),
        _(
            "What it answered about you did not pass the checks. Try again; if that does not help, tell the administrator of Plusofon Admin: the reason is in the log."
        ),
    ),
}


def failure_of(refusal: errors.NotLetIn) -> Failure:
    return ROWS[type(refusal)]

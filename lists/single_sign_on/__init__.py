"""Signing in with the company's own accounts, off by default: by a header that the intranet's proxy sets
(`header`), or by OpenID Connect (`openid`). Either tells a name and groups; who that is here, and what they
may do, is decided in one place for both (`people`, `roles`).

docs/operations.md#signing-in-with-the-companys-own-accounts
"""

from django.conf import settings

# How a session was made stands in it by its backend: one that is no longer configured opens nothing.
HEADER = "lists.single_sign_on.backends.Header"
OPENID = "lists.single_sign_on.backends.OpenID"
ID_TOKEN = "id_token"  # noqa: S105 - in such a session: the provider's, to be shown to it at the end


def is_on() -> bool:
    return bool(settings.SSO_HEADER or settings.OIDC_ISSUER)

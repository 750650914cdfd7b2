"""The person whom an OpenID provider vouches for (https://openid.net/specs/openid-connect-core-1_0.html).

mozilla-django-oidc makes the requests: the authorization code flow with state, nonce and PKCE, RS256. It
checks neither issuer nor audience of a token, nor whether it ends at all, nor whom the userinfo is about: that
is done here. Its endpoints come from the provider's own document, read when they are first needed.

Imported only where `OIDC_ISSUER` is set: the package is an extra.
"""

import logging
import time
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import jwt
import requests
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from jwt.exceptions import InvalidSubjectError
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import import_from_settings
from mozilla_django_oidc.views import OIDCAuthenticationRequestView

from .errors import Cancelled, Failed, Outdated, ProviderSilent, Untrusted, UnusableName
from .people import Subject

logger = logging.getLogger("lists.single_sign_on")

STATES = "oidc_states"  # in the session: mozilla-django-oidc's, what was begun in this browser
BEGUN_FOR = 30 * 60  # seconds that somebody may take at the provider
KNOWN_FOR = 60 * 60  # seconds after which the provider's document is read again
LEEWAY = 60  # seconds that its clock and ours may differ
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
# What a provider may say instead of a code (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6).
ITS_FAULT = {"server_error", "temporarily_unavailable"}
ERRORS = ITS_FAULT | {
    *("access_denied", "consent_required", "interaction_required", "invalid_request"),
    *("invalid_scope", "login_required", "unauthorized_client", "unsupported_response_type"),
}


class Begun(NamedTuple):
    """A sign-in that this browser has begun, and where it goes on afterwards."""

    nonce: str
    code_verifier: str
    to: str


class Vouched(NamedTuple):
    """Somebody whom the provider has vouched for. `id_token`: to be shown to it as they sign out."""

    name: str
    groups: frozenset[str]
    subject: Subject
    id_token: str


def begin(request: HttpRequest, *, to: str) -> HttpResponse:
    """Lead to the provider. Raises `Failed`."""
    provider()
    answer: HttpResponse = _Beginning.as_view()(request)
    newest = list(request.session[STATES])[-1]
    request.session[STATES][newest]["to"] = to
    return answer


def take(session: SessionBase, state: str) -> Begun:
    """What was begun with this state: once, and not too long ago. Raises `Outdated`."""
    begun = session.get(STATES, {}).pop(state, None)
    if begun is None:
        raise Outdated
    session.save()  # now: nobody else shall find it there while the provider is asked
    if begun["added_on"] < time.time() - BEGUN_FOR:
        raise Outdated
    return Begun(begun["nonce"], begun["code_verifier"], begun["to"])


def vouched(request: HttpRequest, begun: Begun) -> Vouched:
    """Whom the provider's answer is about. Raises `Failed`, or `UnusableName`."""
    _raise_what_it_says(request)
    provider()
    backend = _Backend()
    try:
        claims = backend.authenticate(request, nonce=begun.nonce, code_verifier=begun.code_verifier)
    except requests.HTTPError as error:
        raise _of(error.response) from None
    except requests.JSONDecodeError as error:
        raise _untrusted(error) from None
    except requests.RequestException as error:
        logger.warning("the OpenID provider does not answer: %s", type(error).__name__)
        raise ProviderSilent from None
    except (
        *(jwt.PyJWTError, SuspiciousOperation),
        # Of whatever it answers that is not of the shape it should be.
        *(AttributeError, KeyError, TypeError, ValueError),
    ) as error:
        raise _untrusted(error) from None
    if claims is None:  # no code came with the state
        raise Outdated
    return Vouched(
        _name_in(claims),
        _groups_in(claims),
        Subject(claims["iss"], claims["sub"]),
        backend.id_token,
    )


def way_out(request: HttpRequest, id_token: str | None) -> str | None:
    """Where the provider's session ends and people come back from, None where it does not say
    (https://openid.net/specs/openid-connect-rpinitiated-1_0.html)."""
    try:
        endpoint = provider().get("end_session_endpoint")
    except Failed:
        return None
    if not endpoint:
        return None
    query = {
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("signed-out")),
        **({"id_token_hint": id_token} if id_token else {}),
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def provider() -> dict[str, Any]:
    """The provider's document about itself (OpenID Connect Discovery 1.0). Raises `Failed`."""
    key = f"openid:{settings.OIDC_ISSUER}"
    document: dict[str, Any] | None = cache.get(key)
    if document is None:
        document = _discovered()
        cache.set(key, document, KNOWN_FOR)
    return document


def _discovered() -> dict[str, Any]:
    address = f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration"
    try:
        answer = requests.get(address, timeout=settings.OIDC_TIMEOUT, allow_redirects=False)
        answer.raise_for_status()
        document = answer.json()
    except requests.JSONDecodeError as error:
        raise _untrusted(error) from None
    except requests.RequestException as error:
        logger.warning("the OpenID provider does not answer: %s", type(error).__name__)
        raise ProviderSilent from None
    if not isinstance(document, dict) or not _is_of_issuer(document):
        logger.warning("the OpenID provider's document is not that of OIDC_ISSUER")
        raise Untrusted
    return document


def _is_of_issuer(document: dict[str, Any]) -> bool:
    """A slash at the end is forgotten easily; what tokens are compared with is the provider's own spelling."""
    issuer, endpoints = document.get("issuer"), [document.get(name) for name in ENDPOINTS.values()]
    if not isinstance(issuer, str) or issuer.rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
        return False
    if document.get("end_session_endpoint"):
        endpoints.append(document["end_session_endpoint"])
    scheme = urlsplit(issuer).scheme
    return all(
        isinstance(url, str) and urlsplit(url).scheme in {"https", scheme} for url in endpoints
    )


def _setting(name: str, *default: Any) -> Any:
    """mozilla-django-oidc's settings, of which the provider itself tells some."""
    if name in ENDPOINTS:
        return provider()[ENDPOINTS[name]]
    if name == "OIDC_TOKEN_USE_BASIC_AUTH":
        ways = provider().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" not in ways
    return import_from_settings(name, *default)


class _Beginning(OIDCAuthenticationRequestView):
    get_settings = staticmethod(_setting)


class _Backend(OIDCAuthenticationBackend):
    """Its `authenticate` returns claims: who that is here is not decided here."""

    id_token = ""
    get_settings = staticmethod(_setting)

    def get_payload_data(self, token: str, key: Any) -> dict[str, Any]:
        """The claims of a token that is signed by the provider, for us, and has not ended."""
        return jwt.decode(
            token,
            key,
            algorithms=[settings.OIDC_RP_SIGN_ALGO],
            issuer=provider()["issuer"],
            audience=settings.OIDC_RP_CLIENT_ID,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        party = payload.get("azp")
        is_for_several = isinstance(payload["aud"], list) and len(payload["aud"]) > 1
        if (party or is_for_several) and party != settings.OIDC_RP_CLIENT_ID:
            raise jwt.InvalidAudienceError
        return payload

    def store_tokens(self, access_token: str, id_token: str) -> None:
        """Not yet in the session, which may become another by signing in."""
        self.id_token = id_token

    def get_or_create_user(
        self, access_token: str, id_token: str, payload: dict[str, Any]
    ) -> dict[str, Any]:
        """What the token and the userinfo say, which has to be about the same person."""
        info = self.get_userinfo(access_token, id_token, payload)
        if info["sub"] != payload["sub"]:
            raise InvalidSubjectError
        return {**payload, **info, "iss": payload["iss"]}


def _raise_what_it_says(request: HttpRequest) -> None:
    """Raises for a provider's answer that carries no code, or comes from another one (RFC 9207)."""
    if request.GET.get("iss", provider()["issuer"]) != provider()["issuer"]:
        logger.warning("an answer came from another OpenID provider")
        raise Untrusted
    if said := request.GET.get("error"):
        logger.warning(
            "the OpenID provider says %s", said if said in ERRORS else "some other error"
        )
        raise ProviderSilent if said in ITS_FAULT else Cancelled


def _of(answer: requests.Response | None) -> Failed:
    """An HTTP error of the provider. Its words stay out of the log: they may have tokens in them."""
    status = answer.status_code if answer is not None else HTTPStatus.BAD_GATEWAY
    logger.warning("the OpenID provider answered %s", status)
    if status == HTTPStatus.BAD_REQUEST:  # the code is used already, or too old
        return Outdated()
    return ProviderSilent() if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Untrusted()


def _untrusted(error: Exception) -> Untrusted:
    """Which check failed, by name alone."""
    logger.warning("the OpenID provider's answer is not believed: %s", type(error).__name__)
    return Untrusted()


def _name_in(claims: dict[str, Any]) -> str:
    name = claims.get(settings.OIDC_USERNAME_CLAIM)
    is_unverified = (
        settings.OIDC_USERNAME_CLAIM == "email" and claims.get("email_verified") is False
    )
    if not isinstance(name, str) or is_unverified:
        logger.warning("the OpenID provider tells no %s that counts", settings.OIDC_USERNAME_CLAIM)
        raise UnusableName
    return name


def _groups_in(claims: dict[str, Any]) -> frozenset[str]:
    """Some providers tell a single group by itself."""
    groups = claims.get(settings.OIDC_GROUPS_CLAIM)
    listed = groups if isinstance(groups, list) else [groups]
    return frozenset(group for group in listed if isinstance(group, str))

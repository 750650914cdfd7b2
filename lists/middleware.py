"""What holds for every answer: who may keep it, how htmx gets it, and what an error looks like."""

import logging
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRedirect

from . import sessions
from .access import PageRequest
from .database import is_trouble, name_of, once_more
from .single_sign_on import header
from .telemetry import context, events
from .views import failures, refusals, signed_out, trouble
from .views.redirects import page_behind
from .writing import sent

logger = logging.getLogger("lists")

GetResponse = Callable[[PageRequest], HttpResponse]


class HeadersMiddleware:
    """`RESPONSE_HEADERS`, and the request's id, for whatever answers. Only outermost it sees every error and
    every file."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers[context.HEADER] = context.request_id()
        if (about := context.current()) and not about.route and _is_file(request, response):
            about.route = "static"
        return response

    def process_view(self, request: PageRequest, *view: object) -> None:
        """Noted for the request's line in the log."""
        if (about := context.current()) and request.resolver_match:
            about.route = request.resolver_match.view_name


def _is_file(request: PageRequest, response: HttpResponse) -> bool:
    """Of our own: WhiteNoise answers before any view is looked for."""
    return response.status_code < 400 and request.path.startswith(settings.STATIC_URL)


class CookiesMiddleware:
    """Of one host with other programs (`BASE_PATH`): our cookies go to none of them, and none of theirs passes
    for ours.

    A browser sends the cookie of the longest path first (RFC 6265, section 5.4); of two with one name Django
    takes the last.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        if sent := request.META.get("HTTP_COOKIE"):
            request.META["HTTP_COOKIE"] = ";".join(reversed(sent.split(";")))
        response = self.get_response(request)
        for cookie in response.cookies.values():
            cookie["path"] = f"{settings.BASE_PATH}/"
        return response


class PersonalPagesMiddleware:
    """Pages carry names and numbers: no cache keeps them, and a piece is never taken for a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["HX-Request"])
        return response


class HtmxRedirectMiddleware:
    """A redirect that `fetch` followed would swap a whole page into a piece: the browser goes there.

    Signed out meanwhile, it comes back from the login to the page it was on, not to the piece; but
    from a POST to the form's own page, where what was typed is.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        response = self.get_response(request)
        location = response.headers.get("Location")
        if not request.htmx or location is None or not 300 <= response.status_code < 400:
            return response
        if request.method != "POST" and urlsplit(location).path == reverse("login"):
            location = f"{reverse('login')}?{urlencode({'next': page_behind(request)})}"
        redirect = HttpResponseClientRedirect(location)
        redirect.cookies = response.cookies
        return redirect


class PersonMiddleware(AuthenticationMiddleware):
    """Who asks: the person of the session, as long as the company's proxy names them too where it began with that.
    On any page, those that need nobody included."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if settings.SSO_HEADER:
            user = request.user
            request.user = cast("User", SimpleLazyObject(lambda: header.still(request, user)))


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Every view is private by default; what was typed as the session had ended is kept.

    It stands behind the CSRF check: nothing is kept of what another site sent. And who is signed in
    stays so while they work: a page that asks by itself (`X-Poll`) does not count.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        # To look who it is empties a session that has ended by a change of password, or by the proxy's header.
        of = request.session.get(SESSION_KEY)
        if request.user.is_authenticated:
            if about := context.current():
                about.user_id = request.user.pk
            if sessions.is_over(request.session):
                logout(request)
            elif "X-Poll" not in request.headers:
                sessions.keep_alive(request.session)
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and request.method == "POST" and hasattr(view_func, signed_out.MARK):
            of = of or sessions.owner_of_ended(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
            signed_out.keep(cast("PageRequest", request), of=of)
        return answer


class HtmxMessagesMiddleware:
    """Messages for a page that is already there come along with the piece, as toasts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            request.htmx
            and not request.htmx.history_restore_request
            and "HX-Redirect" not in response
            and response.headers.get("Content-Type", "").startswith("text/html")
            and (messages := list(get_messages(request)))
        ):
            toasts = render_to_string("components/toasts.html#oob", {"messages": messages}, request)
            response.write(toasts)
        return response


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, told apart what it calls a deleted session: our database's trouble.

    An answer that tells of what was sent, and a page that was only read, go out though the session could
    not be saved.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return self._save(request, response)
        except DatabaseTrouble as error:
            if not sent.anything() and request.method not in ("GET", "HEAD"):
                raise
            told = {"event": events.DATABASE_FAILED}
            logger.warning("a session was not saved: %s", name_of(error), extra=told)
            return response

    @once_more
    def _save(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        key = request.session.session_key
        try:
            return super().process_response(request, response)
        except DatabaseTrouble:
            # A new session has its key before it is stored; once more, it would be taken for a deleted one.
            request.session._session_key = key
            raise
        except SessionInterrupted as error:
            # <- UpdateError <- what the database said
            cause = error.__context__ and error.__context__.__context__
            if isinstance(cause, DatabaseTrouble) and is_trouble(cause):
                raise cause from cause.__cause__
            raise


class ErrorPagesMiddleware:
    """Turns the API's errors and our database's into answers; no view mentions one unless it acts on it.
    And a method that a view refuses without a word into a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = refusals.not_allowed(request)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(self, request: PageRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, failures.API_ERRORS):
            return failures.answer(request, exception)
        if is_trouble(exception):
            return trouble.answer(request, exception)
        return None

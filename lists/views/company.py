"""To the company's OpenID provider, and back."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from .. import single_sign_on
from ..access import PageRequest
from ..single_sign_on import people
from ..single_sign_on.errors import NotLetIn
from . import not_let_in, signed_out
from .redirects import local_url


@login_not_required
@require_GET
def begin(request: PageRequest) -> HttpResponse:
    _only_where_it_is_set()
    from ..single_sign_on import openid

    to = local_url(request, request.GET.get("next", ""), default=reverse("overview"))
    if not request.user.is_authenticated:
        request.session.set_expiry(int(signed_out.KEPT_FOR.total_seconds()))
    try:
        return openid.begin(request, to=to)
    except NotLetIn as refusal:
        return not_let_in.answer(request, refusal, to=to)


@login_not_required
@require_GET
def callback(request: PageRequest) -> HttpResponse:
    """Whoever the provider vouches for is signed in, whoever was signed in before."""
    _only_where_it_is_set()
    from ..single_sign_on import openid

    to = ""
    try:
        begun = openid.take(request.session, request.GET.get("state", ""))
        to = begun.to
        vouched = openid.vouched(request, begun)
        user = people.arrive(vouched.name, vouched.groups, subject=vouched.subject)
    except NotLetIn as refusal:
        return not_let_in.answer(request, refusal, to=to)
    login(request, user, backend=single_sign_on.OPENID)
    request.session[single_sign_on.ID_TOKEN] = vouched.id_token
    return redirect(to)


def _only_where_it_is_set() -> None:
    """What comes next needs the extra package."""
    if not settings.OIDC_ISSUER:
        raise Http404

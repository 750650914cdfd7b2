"""A person's own password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import throttle
from ..access import PageRequest
from ..forms.password import PasswordForm
from .page import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def password(request: PageRequest) -> HttpResponse:
    """Changed, it ends every session but this one (Django's doing: they prove the old password). Who comes with
    the company's account has none here."""
    if not request.user.has_usable_password():
        status = 403 if request.method == "POST" else 200
        return render_page(request, "password.html", {}, status=status)
    if request.method != "POST":
        return render_page(request, "password.html", {"form": PasswordForm(request)})
    form = PasswordForm(request, request.POST)
    is_valid = form.is_valid()
    if "old_password" in form.cleaned_data:
        throttle.forget(request.user.get_username(), throttle.address_of(request))
    if not is_valid:
        return render_page(request, "password.html", {"form": form}, status=422)
    form.save(commit=False).save(update_fields=["password"])
    update_session_auth_hash(request, form.user)
    messages.success(request, _("Password changed. You are signed out everywhere else."))
    return redirect("password")

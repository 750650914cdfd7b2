"""Everything that has an address."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from lists.views.sign_in import SignIn

urlpatterns = [
    path("", include("lists.urls")),
    path("login/", SignIn.as_view(), name="login"),
    # Who presses it when the session has ended already is led to the login too, and not back here.
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    # On the login page too.
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
]

handler400 = "lists.views.refusals.bad_request"
handler403 = "lists.views.refusals.forbidden"
handler404 = "lists.views.refusals.not_found"
handler500 = "lists.views.trouble.server_error"

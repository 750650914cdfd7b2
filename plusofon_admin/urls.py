"""Everything that has an address."""

from django.contrib import admin
from django.urls import include, path

from lists.views.preferences import language
from lists.views.sign_in import SignIn, staff_sign_in
from lists.views.sign_out import sign_out

urlpatterns = [
    path("", include("lists.urls")),
    path("login/", SignIn.as_view(), name="login"),
    # The second door opens and closes as the first does.
    path("admin/login/", staff_sign_in, name="staff-login"),
    path("admin/logout/", sign_out, name="staff-logout"),
    path("i18n/setlang/", language, name="set_language"),
    path("admin/", admin.site.urls),
]

handler400 = "lists.views.refusals.bad_request"
handler403 = "lists.views.refusals.forbidden"
handler404 = "lists.views.refusals.not_found"
handler500 = "lists.views.trouble.server_error"

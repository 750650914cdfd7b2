"""Django's own admin, for users and groups."""

from django.contrib import admin

from .forms.base import StaffSignInForm

admin.site.login_form = StaffSignInForm

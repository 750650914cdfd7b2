"""Django's own admin, for users and groups."""

from django.contrib import admin

from .forms.sign_in import StaffSignInForm

admin.site.login_form = StaffSignInForm

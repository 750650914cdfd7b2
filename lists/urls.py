"""The pages. Intranet pages link to these addresses: they do not change (design §13)."""

from django.urls import path
from django.views.generic import RedirectView

from .views import connection, contacts, health, lists, preferences

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="lists"), name="home"),
    path("connection/", connection.connection, name="connection"),
    path("lists/", lists.index, name="lists"),
    path("lists/new/", lists.new, name="list-new"),
    path("lists/<int:list_id>/", contacts.contact_list, name="list"),
    path("lists/<int:list_id>/edit/", lists.edit, name="list-edit"),
    path("lists/<int:list_id>/delete/", lists.delete, name="list-delete"),
    path("lists/<int:list_id>/contacts/new/", contacts.new, name="contact-new"),
    path("lists/<int:list_id>/contacts/<slug:key>/", contacts.row, name="contact"),
    path("lists/<int:list_id>/contacts/<slug:key>/edit/", contacts.edit, name="contact-edit"),
    path("lists/<int:list_id>/contacts/<slug:key>/delete/", contacts.delete, name="contact-delete"),
    path("theme/", preferences.theme, name="theme"),
    path("healthz", health.healthz, name="healthz"),
]

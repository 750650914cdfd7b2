"""The pages. Intranet pages link to these addresses: they do not change.

docs/architecture.md#addresses
"""

from django.urls import path, register_converter
from django.urls.converters import IntConverter
from django.views.generic import RedirectView

from .plusofon.values import ID
from .views import (
    asking,
    backup,
    block,
    choosing,
    cleanup,
    company,
    connection,
    contact_list,
    contacts,
    deciding,
    export,
    health,
    icons,
    importing,
    journal,
    limits,
    lists,
    lookup,
    lookup_many,
    merging,
    metrics,
    operations,
    overview,
    password,
    preferences,
    removal,
    requests,
    restore,
    sign_out,
    unblock,
    undo_all,
)


class IdConverter(IntConverter):
    """What a database takes for an id: a longer one leads nowhere."""

    regex = ID


register_converter(IdConverter, "id")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="overview"), name="home"),
    path("overview/", overview.index, name="overview"),
    path("overview/now/", overview.now, name="overview-now"),
    path("overview/lists/", overview.sizes, name="overview-lists"),
    path("connection/", connection.connection, name="connection"),
    path("lists/", lists.index, name="lists"),
    path("lists/counts/", lists.counts, name="list-counts"),
    path("lists/new/", lists.new, name="list-new"),
    path("lists/import/", importing.into_new, name="lists-import"),
    path("lists/merge/", merging.merge, name="lists-merge"),
    path("lists/<id:list_id>/", contact_list.page, name="list"),
    path("lists/<id:list_id>/edit/", lists.edit, name="list-edit"),
    path("lists/<id:list_id>/delete/", lists.delete, name="list-delete"),
    path("lists/<id:list_id>/import/", importing.into_list, name="list-import"),
    path("lists/<id:list_id>/export/", export.export, name="list-export"),
    path("lists/<id:list_id>/contacts/", choosing.choosing, name="contacts"),
    path("lists/<id:list_id>/contacts/new/", contacts.new, name="contact-new"),
    path("lists/<id:list_id>/contacts/<slug:key>/", contact_list.row, name="contact"),
    path("lists/<id:list_id>/contacts/<slug:key>/edit/", contacts.edit, name="contact-edit"),
    path("lists/<id:list_id>/contacts/<slug:key>/delete/", removal.remove, name="contact-delete"),
    path("lookup/", lookup.number, name="lookup"),
    path("lookup/many/", lookup_many.many, name="lookup-many"),
    path("block/", block.block, name="block"),
    path("unblock/", unblock.unblock, name="unblock"),
    path("requests/", requests.index, name="requests"),
    path("requests/new/", asking.new, name="request-new"),
    path("requests/new/unblock/", asking.new_unblock, name="request-new-unblock"),
    path("requests/waiting/", requests.waiting, name="requests-waiting"),
    path("requests/<id:request_id>/", requests.row, name="request"),
    path("requests/<id:request_id>/accept/", deciding.accept, name="request-accept"),
    path("requests/<id:request_id>/accept/here/", deciding.accept_here, name="request-accept-here"),
    path("requests/<id:request_id>/decline/", deciding.decline, name="request-decline"),
    path("requests/<id:request_id>/withdraw/", asking.withdraw, name="request-withdraw"),
    path("journal/", journal.index, name="journal"),
    path("journal/journal.csv", journal.export, name="journal-export"),
    path("journal/journal.xlsx", journal.export_xlsx, name="journal-export-xlsx"),
    path("journal/undo/", undo_all.undo_all, name="journal-undo-all"),
    path("journal/<id:entry_id>/", operations.page, name="operation"),
    path("journal/<id:entry_id>/go-on/", operations.go_on, name="operation-go-on"),
    path("journal/<id:entry_id>/undo/", journal.undo, name="journal-undo"),
    path("journal/<id:entry_id>/repeat/", journal.repeat, name="journal-repeat"),
    path("journal/<id:entry_id>/check/", journal.check, name="journal-check"),
    path("backup/", backup.backup, name="backup"),
    path("cleanup/", cleanup.page, name="cleanup"),
    path("restore/", restore.restore, name="restore"),
    path("password/", password.password, name="password"),
    path("login/company/", company.begin, name="company-begin"),
    path("login/company/callback/", company.callback, name="company-callback"),
    path("logout/", sign_out.sign_out, name="logout"),
    path("logout/everywhere/", sign_out.everywhere, name="logout-everywhere"),
    path("signed-out/", sign_out.signed_out, name="signed-out"),
    path("limits/", limits.limits, name="limits"),
    path("theme/", preferences.theme, name="theme"),
    path("icons/<slug:digest>.svg", icons.sprite, name="icons"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]

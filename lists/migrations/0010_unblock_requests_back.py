"""Going back: what an earlier version would misread. A migration of its own, since PostgreSQL does not
alter a table in the transaction that has deleted from it."""

from django.db import migrations


def forget(apps, schema_editor):
    """Requests to unblock would be read as requests to block, so they go, with the journal's notes of
    them; what was written to lists stays. A request without a list has one that is gone: choose another."""
    requests = apps.get_model("lists", "BlockRequest").objects
    entries = apps.get_model("lists", "JournalEntry").objects
    entries.filter(request__kind="unblock").delete()
    requests.filter(kind="unblock").delete()
    entries.filter(action="withdraw").delete()
    requests.filter(state="withdrawn").update(state="declined")
    requests.filter(list_id=None).update(list_id=0)


class Migration(migrations.Migration):
    dependencies = [("lists", "0009_unblock_requests")]

    operations = [migrations.RunPython(migrations.RunPython.noop, forget)]

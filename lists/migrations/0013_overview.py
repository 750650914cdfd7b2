"""What the overview counts is counted by indexes alone; a request is found by its reason, those of before as well."""

from django.conf import settings
from django.db import migrations, models

LONGEST = 200


def folded(name):
    return name.casefold().replace("ё", "е").replace("\x00", "")[:LONGEST]


def fill(apps, schema_editor):
    entries = apps.get_model("lists", "JournalEntry").objects.exclude(request=None)
    name_of = apps.get_model("lists", "JournalName")
    reasons = entries.values_list("pk", "request__reason").iterator(chunk_size=500)
    rows = [name_of(entry_id=pk, name=folded(reason)) for pk, reason in reasons if folded(reason)]
    name_of.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0012_operations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="journalentry",
            name="journal_of_day",
        ),
        migrations.AddIndex(
            model_name="blockrequest",
            index=models.Index(fields=["account", "asked_at"], name="requests_of_days"),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(
                fields=[
                    "account",
                    "started_at",
                    "outcome",
                    "action",
                    "username",
                    "part_of",
                    "overwritten_by",
                    "id",
                ],
                name="journal_of_days",
            ),
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["account", "outcome", "-id"], name="journal_of_outcome"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

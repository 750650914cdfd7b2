"""Writes may be in doubt; a list that is being created has no id."""

import django.db.models.deletion
from django.db import migrations, models

OUTCOMES = [
    ("locked", "Locked"),
    ("pending", "Pending"),
    ("in_doubt", "In Doubt"),
    ("confirmed", "Confirmed"),
    ("refused", "Refused"),
    ("unknown", "Unknown"),
]


def name_the_states(apps, schema_editor):
    """What was under way when the old version stopped: a lock of which nothing was sent goes, the rest
    is unknown until somebody reads its list."""
    entries = apps.get_model("lists", "JournalEntry").objects
    entries.filter(outcome="pending", action="").delete()
    entries.filter(outcome="pending").update(outcome="unknown")
    entries.filter(list_id=0).update(list_id=None)


def name_no_states(apps, schema_editor):
    entries = apps.get_model("lists", "JournalEntry").objects
    entries.filter(outcome="locked").delete()
    entries.filter(outcome__in=["pending", "in_doubt"]).update(outcome="unknown")
    entries.filter(list_id=None).update(list_id=0)


class Migration(migrations.Migration):
    dependencies = [("lists", "0004_requests")]

    operations = [
        migrations.RemoveConstraint(model_name="journalentry", name="one_pending_write_per_list"),
        migrations.AlterField(
            model_name="journalentry", name="list_id", field=models.BigIntegerField(null=True)
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="outcome",
            field=models.CharField(choices=OUTCOMES, default="locked", max_length=10),
        ),
        migrations.AddField(
            model_name="journalentry", name="sent_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="journalentry", name="newest_before", field=models.BigIntegerField(null=True)
        ),
        migrations.AddField(
            model_name="journalentry",
            name="overwritten_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="overwrote",
                to="lists.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="journalentry",
            name="repeats",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="repeated_by",
                to="lists.journalentry",
            ),
        ),
        migrations.AddField(
            model_name="blockrequest", name="white_lists", field=models.TextField(blank=True)
        ),
        migrations.RunPython(name_the_states, name_no_states),
    ]

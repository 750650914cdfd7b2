"""A lock needs only the list's id. On its own: PostgreSQL makes no index over rows just changed."""

from django.db import migrations, models

HOLDING = ["locked", "pending", "in_doubt"]


class Migration(migrations.Migration):
    dependencies = [("lists", "0005_in_doubt")]

    operations = [
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["list_id", "-id"], name="journal_of_lock"),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", HOLDING)),
                fields=("list_id",),
                name="one_unended_write_per_list",
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("list_id", None), ("outcome__in", HOLDING)),
                fields=("account",),
                name="one_unended_creation",
            ),
        ),
    ]

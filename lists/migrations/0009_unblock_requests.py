from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0008_lock_token")]

    operations = [
        migrations.AddField(
            model_name="blockrequest",
            name="kind",
            field=models.CharField(
                choices=[("block", "Block"), ("unblock", "Unblock")],
                default="block",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="blockrequest",
            name="list_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="blockrequest",
            name="left_in",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="blockrequest",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("accepted", "Accepted"),
                    ("declined", "Declined"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="open",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="journalentry",
            name="action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("create", "Create"),
                    ("delete", "Delete"),
                    ("rename", "Rename"),
                    ("add", "Add"),
                    ("edit", "Edit"),
                    ("remove", "Remove"),
                    ("ask", "Ask"),
                    ("accept", "Accept"),
                    ("decline", "Decline"),
                    ("withdraw", "Withdraw"),
                ],
                max_length=10,
            ),
        ),
    ]

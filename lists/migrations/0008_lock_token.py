from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lists", "0007_sign_out")]

    operations = [
        migrations.AddField(
            model_name="journalentry",
            name="lock_token",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]

"""Support looks, managers change (docs/architecture.md#roles)."""

from django.db import migrations


def make_groups(apps, schema_editor):
    # Permissions are made after all migrations; this one is needed now.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="lists", model="credential"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="change_lists",
        defaults={"name": "May change contact lists"},
    )
    Group = apps.get_model("auth", "Group")
    Group.objects.get_or_create(name="Support")
    managers, _ = Group.objects.get_or_create(name="Managers")
    managers.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]

"""Entries are found by name too: those of before as well."""

import json

import django.db.models.deletion
from django.db import migrations, models

AT_A_TIME = 500
LONGEST = 200


def folded(name):
    return name.casefold().replace("ё", "е").replace("\x00", "")[:LONGEST]


def names_of(entry):
    change = json.loads(entry.change or "{}")
    whole = json.loads(entry.whole_list or "{}")
    pairs = change.get("contacts", ())
    contacts = [contact for pair in pairs for contact in (pair["before"], pair["after"]) if contact]
    contacts += whole.get("contacts", ())
    names = {entry.list_name, *change.get("name", ()), *(contact["name"] for contact in contacts)}
    return {folded(name) for name in names} - {""}


def fill(apps, schema_editor):
    entries = apps.get_model("lists", "JournalEntry").objects.order_by("pk")
    name_of = apps.get_model("lists", "JournalName")
    for entry in entries.only("list_name", "change", "whole_list").iterator(chunk_size=AT_A_TIME):
        rows = [name_of(entry_id=entry.pk, name=name) for name in names_of(entry)]
        name_of.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("lists", "0010_unblock_requests_back")]

    operations = [
        migrations.CreateModel(
            name="JournalName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="lists.journalentry",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("name", "entry"), name="name_of_entry")
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

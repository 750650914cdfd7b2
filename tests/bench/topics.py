"""All topics, and how one is run. Imports nothing of Django before it knows its database."""

import os
import tempfile
from importlib import import_module

import django

from .rows import Section

TOPICS = ("pages", "cpu", "sizes", "lookup", "operations", "cleanup", "journal", "weight")


def measured(topic):
    """What it finds, on a database with nothing in it. For a process that has done nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        django.setup()
        from django.core.management import call_command

        from plusofon_admin import server

        call_command("migrate", verbosity=0)
        server.post_worker_init(None)  # garbage is looked for as where it is served, on both sides
        module = import_module(f"{__package__}.{topic}")
        results = list(module.measure())
    assert [result.row for result in results] == list(module.ROWS)
    return Section(module.TITLE, module.ABOUT, results)

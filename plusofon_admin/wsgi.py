"""What the server serves. Settings that cannot work stop it with a sentence, whoever starts it."""

import os

from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application

from lists.checks import SETTINGS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plusofon_admin.settings")

application = get_wsgi_application()
# Not the database: a worker that comes up while that is down tells people so.
BaseCommand().check(tags=[SETTINGS, Tags.translation])

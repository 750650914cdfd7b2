"""Points in time, as people write them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format


def hour(moment: datetime) -> str:
    """ "14:03": what has happened, where nobody waits for the second."""
    return time_format(timezone.localtime(moment), "H:i")


def clock(moment: datetime) -> str:
    """ "14:03:12" """
    return time_format(timezone.localtime(moment), "H:i:s")

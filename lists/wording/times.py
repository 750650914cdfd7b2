"""Points in time, as people write them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format


def clock(moment: datetime) -> str:
    """ "14:03:12" """
    return time_format(timezone.localtime(moment), "H:i:s")

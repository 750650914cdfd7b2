"""Points in time, as people write them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.timesince import timesince


def hour(when: datetime) -> str:
    """ "14:03": what has happened, where nobody waits for the second."""
    return time_format(timezone.localtime(when), "H:i")


def clock(when: datetime) -> str:
    """ "14:03:12" """
    return time_format(timezone.localtime(when), "H:i:s")


def moment(when: datetime) -> str:
    """ "31.12.2026 14:03": of a day that may be long gone."""
    local = timezone.localtime(when)
    return f"{date_format(local, 'SHORT_DATE_FORMAT')} {time_format(local, 'H:i')}"


def age(when: datetime) -> str:
    """ "3 days": how long ago, in the largest unit that fits."""
    return timesince(when, depth=1)


def since(when: datetime) -> str:
    """ "14:03" of today, else with its day."""
    is_today = timezone.localtime(when).date() == timezone.localdate()
    return hour(when) if is_today else moment(when)

"""Quiet hours: when the doors to the outside open again. The inbox has none. Pure."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def opens_at(now: datetime, *, start: time, end: time, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet time that `now` lies in (it may run over midnight), or None outside."""
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = start > end
    quiet = (clock >= start or clock < end) if over_midnight else start <= clock < end
    if not quiet:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and clock >= start else 0)
    return datetime.combine(day, end, tzinfo=zone)


def city_opens_at(now: datetime, *, policy: Mapping[str, Any], zone: ZoneInfo) -> datetime | None:
    """The same for the hours of the city's policy; a city may have none. Source: domain 9c, 21:00 to 07:30."""
    hours = policy.get("quiet_hours")
    if not hours:
        return None
    start, end = time.fromisoformat(hours["from"]), time.fromisoformat(hours["to"])
    return opens_at(now, start=start, end=end, zone=zone)

"""The calendar that deadline tests share: Chinese office hours, 2024 to 2026 published, 2027 and 2028 provisional."""

import datetime as dt
from functools import cache

import pendulum

from models.calendar import Calendar, Span
from models.calendar_sources import seed_days

OFFICE_HOURS = (Span(dt.time(9), dt.time(12)), Span(dt.time(13), dt.time(17)))


@cache
def a_calendar() -> Calendar:
    days = {day.date: day for day in seed_days(range(2024, 2029))}
    return Calendar(version=1, timezone="Asia/Shanghai", spans=OFFICE_HOURS, days=days)


def local(text: str) -> pendulum.DateTime:
    """“2026-09-29 10:00” in Zigong, as UTC."""
    moment = pendulum.parse(text, tz="Asia/Shanghai")
    assert isinstance(moment, pendulum.DateTime)
    return moment.in_timezone("UTC")


def shown(at: dt.datetime) -> str:
    """The way back: UTC as the wall clock in Zigong."""
    return pendulum.instance(at).in_timezone("Asia/Shanghai").format("YYYY-MM-DD HH:mm:ss")

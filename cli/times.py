"""Times as people write and read them: in the city's zone. Nothing here asks what time it is."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from models.errors import TimeInThePast, WrongValue

_city: list[ZoneInfo] = [ZoneInfo("Asia/Shanghai")]
FORMS = "2026-12-01 09:00, 2026-12-01, 2026-12-01T09:00+08:00"
LONGEST_STEP = timedelta(days=3660)
"""A clock moved out of the calendar could not be moved back."""
UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_STEP = re.compile(r"(\d{1,6})\s*([wdhms])", re.IGNORECASE)
_TO = re.compile(r"(?:to|until|到|至)\s*(.+)", re.IGNORECASE)


def use_zone(name: str) -> None:
    """The zone that times are read and shown in from now on: the loaded city's."""
    _city[:] = [ZoneInfo(name)]


def zone() -> ZoneInfo:
    """The city's zone."""
    return _city[0]


def shown(at: datetime | date | None) -> str:
    """A time in the city, to the minute; nothing for none."""
    if at is None:
        return ""
    return at.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if isinstance(at, datetime) else at.isoformat()


def iso(at: datetime | date) -> str:
    """A time for programs: ISO 8601 with the city's offset."""
    return at.astimezone(zone()).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def read_time(written: str, *, field: str) -> datetime:
    """A time in UTC; one without an offset is the city's, a date alone its first moment. Raises WrongValue."""
    try:
        at = datetime.fromisoformat(written.strip())
    except ValueError:
        raise WrongValue(field=field, value=written, expected=FORMS) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone())).astimezone(UTC)


def read_day(written: str, *, field: str) -> date:
    """A day of the city. Raises WrongValue."""
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise WrongValue(field=field, value=written, expected="2026-12-01") from None


def last_moment(day: date) -> datetime:
    """The end of a city's day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone()).astimezone(UTC)


def read_step(written: str, *, now: Callable[[], datetime]) -> timedelta:
    """How far to move, ten years at most: `3d`, `2h30m`, or `to 2026-12-01 09:00` (from `now`).

    Raises WrongValue, TimeInThePast.
    """
    to = _TO.fullmatch(written.strip())
    step = _until(read_time(to[1], field="forward"), now()) if to else _sum(written)
    if step > LONGEST_STEP:
        raise WrongValue(field="forward", value=written, expected=f"≤ {LONGEST_STEP.days}d")
    return step


def _sum(written: str) -> timedelta:
    parts = _STEP.findall(written)
    if not parts or _STEP.sub("", written).strip():
        raise WrongValue(field="forward", value=written, expected="3d, 2h, 30m, 1d12h, “to 2026-12-01 09:00”")
    return sum((timedelta(**{UNITS[unit.lower()]: int(n)}) for n, unit in parts), timedelta())


def _until(at: datetime, now: datetime) -> timedelta:
    if at <= now:
        raise TimeInThePast(field="forward", value=shown(at))
    return timedelta(seconds=ceil((at - now).total_seconds()))  # a clock moves in whole seconds; not just short of it


def how_long(delta: timedelta) -> str:
    """A stretch of time in two figures at most, such as 3d 4h."""
    minutes = int(abs(delta).total_seconds() // 60)
    days, hours, left = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "m")) if n]
    return " ".join(parts[:2]) or "0m"

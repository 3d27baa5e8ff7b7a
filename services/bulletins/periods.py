"""What period a bulletin covers, and its number in the year."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.errors import WrongValue
from models.publication import PublicationKind

KINDS = (PublicationKind.HALF_MONTH, PublicationKind.WEEKLY, PublicationKind.MONTHLY)
MIDDLE = 15
WEEK = timedelta(days=7)
EARLIEST = date(2000, 1, 1)
Period = tuple[date, date]


def kind_of_bulletin(written: str) -> PublicationKind:
    """Raises WrongValue for a kind that is no bulletin's."""
    found = next((kind for kind in KINDS if kind.value == written), None)
    if found is None:
        raise WrongValue(field="kind", value=written, expected=", ".join(KINDS))
    return found


def period_before(kind: PublicationKind, on: date) -> Period:
    """The period of that kind that ended last before a day, both days included.

    Half months are the 1st to 15th and the 16th to the end, weeks begin on Monday. Raises WrongValue for a day before
    2000, or a kind that is no bulletin's.
    """
    if on < EARLIEST:
        raise WrongValue(field="on", value=on.isoformat(), expected=f"{EARLIEST.isoformat()} or later")
    return {
        PublicationKind.HALF_MONTH: _half_month,
        PublicationKind.WEEKLY: _week,
        PublicationKind.MONTHLY: _month,
    }[kind_of_bulletin(kind)](on)


def _half_month(on: date) -> Period:
    first = on.replace(day=1)
    if on.day > MIDDLE:
        return first, first.replace(day=MIDDLE)
    end = first - timedelta(days=1)
    return end.replace(day=MIDDLE + 1), end


def _week(on: date) -> Period:
    monday = on - timedelta(days=on.weekday())
    return monday - WEEK, monday - timedelta(days=1)


def _month(on: date) -> Period:
    end = on.replace(day=1) - timedelta(days=1)
    return end.replace(day=1), end


def numbered(kind: PublicationKind, period: Period) -> tuple[int, int]:
    """The year and the number in it: the 21st half month, the 46th week (by ISO 8601), the 11th month."""
    first, _last = period
    if kind is PublicationKind.WEEKLY:
        year, week, _ = first.isocalendar()
        return year, week
    if kind is PublicationKind.MONTHLY:
        return first.year, first.month
    return first.year, 2 * first.month - (1 if first.day == 1 else 0)


def instants(period: Period, zone: str) -> Mapping[str, datetime]:
    """The instants at which a period of city days begins, and at which it is over."""
    first, last = period
    return {
        "start": datetime.combine(first, time(), ZoneInfo(zone)),
        "end": datetime.combine(last + timedelta(days=1), time(), ZoneInfo(zone)),
    }


def length(period: Period) -> int:
    """In days."""
    return (period[1] - period[0]).days + 1

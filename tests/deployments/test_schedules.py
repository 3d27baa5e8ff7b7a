"""The timers against the days they are for: no period without a bulletin, none twice, by the clock of the city."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prefect import Flow
from prefect.server.schemas.schedules import CronSchedule

from deployments.catalog import CATALOG, Planned
from models.publication import PublicationKind
from runtime.settings import PROJECT
from services.bulletins.periods import KINDS, period_before

ZONE = "Asia/Shanghai"
BULLETINS = {
    "weekly_bulletin": PublicationKind.WEEKLY,
    "half_month_dispatch": PublicationKind.HALF_MONTH,
    "monthly_appraisal": PublicationKind.MONTHLY,
}
BY_NAME = {planned.name: planned for planned in CATALOG}
START = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""Monday, one o'clock in the night, in the city."""


async def slots(planned: Planned, count: int, *, zone: str = ZONE) -> list[datetime]:
    """The next times of a deployment, by Prefect's own reckoning, as the city's clocks show them."""
    schedule = CronSchedule(cron=planned.cron or "", timezone=zone)
    return [at.astimezone(ZoneInfo(zone)) for at in await schedule.get_dates(count, start=START)]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("weekly_bulletin", ["11-23 08:12", "11-30 08:12", "12-07 08:12"]),
        ("half_month_dispatch", ["12-01 08:10", "12-16 08:10", "01-01 08:10"]),
        ("monthly_appraisal", ["12-03 08:14", "01-03 08:14", "02-03 08:14"]),
        ("daily_digest", ["11-23 08:20", "11-24 08:20", "11-25 08:20"]),
        ("housekeeping", ["11-23 02:30", "11-24 02:30", "11-25 02:30"]),
        ("watchdog", ["11-23 01:00", "11-23 01:10", "11-23 01:20"]),
        ("lifecycle", ["11-23 01:00", "11-23 01:01", "11-23 01:02"]),
        ("deliver", ["11-23 01:00", "11-23 01:04", "11-23 01:08"]),
    ],
)
async def test_the_next_three_times_are_those_that_the_description_promises(name: str, wanted: list[str]) -> None:
    planned = BY_NAME[name]
    assert [f"{at:%m-%d %H:%M}" for at in await slots(planned, 3)] == wanted
    hour = wanted[0].split()[1]
    assert hour in planned.description or name not in (*BULLETINS, "daily_digest")


@pytest.mark.parametrize("zone", [ZONE, "Asia/Urumqi", "Europe/Berlin"])
async def test_a_city_elsewhere_has_them_at_the_same_hours_of_its_own(zone: str) -> None:
    """Berlin puts its clocks forward and back within these days: a slot is there on each, once."""
    found = await slots(BY_NAME["daily_digest"], 400, zone=zone)
    assert {f"{at:%H:%M}" for at in found} == {"08:20"}
    assert [at.date() - found[0].date() for at in found] == [timedelta(days=n) for n in range(400)]


@pytest.mark.parametrize("name", BULLETINS)
async def test_the_bulletins_of_two_years_follow_each_other_without_a_gap(name: str) -> None:
    periods = [period_before(BULLETINS[name], at.date()) for at in await slots(BY_NAME[name], 104)]
    assert [first for first, _ in periods[1:]] == [last + timedelta(days=1) for _, last in periods[:-1]]
    days = [at.date() for at in await slots(BY_NAME[name], 104)]
    assert all(timedelta() < day - last <= timedelta(days=3) for day, (_, last) in zip(days, periods, strict=True))


def test_each_kind_of_bulletin_has_its_timer() -> None:
    assert sorted(BULLETINS.values()) == sorted(KINDS)
    assert all(BY_NAME[name].cron for name in BULLETINS)


def test_every_flow_that_is_written_is_deployed() -> None:
    written = {
        f"flows.{file.stem}.{name}"
        for file in Path(PROJECT / "flows").glob("[a-z]*.py")
        for name, found in vars(import_module(f"flows.{file.stem}")).items()
        if isinstance(found, Flow) and found.fn.__module__ == f"flows.{file.stem}"
    }
    assert written == {planned.entrypoint for planned in CATALOG}


def test_a_period_ends_before_the_day_it_is_asked_on() -> None:
    """Also where somebody starts the flow by hand, on any day of a leap year."""
    for n in range(366):
        on = date(2028, 1, 1) + timedelta(days=n)
        assert all(period_before(kind, on)[1] < on for kind in KINDS)

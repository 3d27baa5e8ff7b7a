"""Progress: how far each class, unit and campaign is. Numbers of issues lead to the list that shows those."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from models.errors import DubanError, WrongValue
from models.permissions import Right
from runtime.i18n import language, say
from services.list_choices import name_of
from services.tag_filter import tag_settings
from services.tasks.progress import Asked, By, Progress, progress, total
from services.tasks.settings import TaskSettings
from web.deps import Desk, Here
from web.errors import status_of
from web.lists.asked import address as list_address
from web.lists.reading import board_scope, zone_of
from web.login import Reader, allowed
from web.tasks.asked import address, asked, known_years, settings_of, year_asked

router = APIRouter(prefix="/tasks")
Leads = Annotated[Reader, Depends(allowed(Right.SEE_BOARDS))]


@dataclass(frozen=True)
class Period:
    """Days of the city, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Line:
    """One row with where its numbers lead; empty where no list shows exactly those."""

    row: Progress
    name_leads: str
    open: str
    overdue: str
    closed: str


@router.get("/progress", response_class=HTMLResponse)
def page(here: Here, reader: Leads) -> HTMLResponse:
    """One year's board; where the filter cannot be used, it is said and the board of the whole year shown."""
    known = known_years(here)
    zone = ZoneInfo(zone_of(here))
    try:
        year = year_asked(here, known=known)
        return _page(here, reader, known, year, _period(here, year), zone)
    except DubanError as error:
        here.session.rollback()
        return here.pages.show(
            here.request, "error", status=status_of(error), status_code=status_of(error), words=say(error)
        )


def _page(here: Desk, reader: Reader, known: Sequence[int], year: int, period: Period, zone: ZoneInfo) -> HTMLResponse:
    by, settings = _by(here), settings_of(here)
    wanted = Asked(
        year=year,
        start=datetime.combine(period.first, time(), zone),
        end=datetime.combine(period.last + timedelta(days=1), time(), zone),
        area=asked(here, "area"),
        tag=asked(here, "tag"),
        round=asked(here, "round"),
    )
    scope = board_scope(reader)
    rows = progress(here.session, wanted, by=by, settings=settings, now=here.now, lang=language(), scope=scope)
    filters = {"year": year, "from": period.first, "to": period.last, "area": wanted.area, "round": wanted.round}
    how: dict[str, Any] = {"counted": scope is not None, "filters": filters, "listed": tag_settings(here.session).tags}
    lines = [_line(row, by, wanted, period, **how) for row in rows]
    return here.pages.show(
        here.request,
        "tasks/progress",
        year=year,
        years=known,
        by=by,
        views=[(one, address("/tasks/progress", **filters, tag=wanted.tag, by=one.value)) for one in By],
        period=period,
        wanted=wanted,
        area_name=name_of(here.session, "area", wanted.area) if wanted.area else "",
        lines=lines,
        sets=_sets(settings, lines) if by is By.TAG else (),
        total=total(rows) if by is not By.TAG else None,
        tags=_tags(settings),
    )


def _by(here: Desk) -> By:
    written = asked(here, "by") or By.CLASS.value
    if written not in tuple(By):
        raise WrongValue(field="by", value=written, expected=", ".join(By))
    return By(written)


def _period(here: Desk, year: int) -> Period:
    """The days of the address; else the whole year. Raises WrongValue."""
    first, last = _day(here, "from", date(year, 1, 1)), _day(here, "to", date(year, 12, 31))
    if last < first:
        raise WrongValue(field="to", value=last, expected=f"≥ {first}")
    return Period(first, last)


def _day(here: Desk, name: str, otherwise: date) -> date:
    written = asked(here, name)
    if not written:
        return otherwise
    try:
        found = date.fromisoformat(written)
    except ValueError:
        found = date.min
    if not 2000 <= found.year <= 2100:
        raise WrongValue(field=name, value=written, expected="2026-11-02")
    return found


def _line(
    row: Progress,
    by: By,
    wanted: Asked,
    period: Period,
    *,
    counted: bool,
    filters: dict[str, object],
    listed: Collection[str],
) -> Line:
    """`listed`: the tags that lists know."""
    name_leads = address("/tasks/progress", **filters, by=By.CLASS.value, tag=row.code) if by is By.TAG else ""
    tag = row.code if by is By.TAG else wanted.tag
    if (by is By.CLASS and not row.code) or (tag and tag not in listed):  # no list shows those
        return Line(row, name_leads, "", "", "")
    what = {By.CLASS: {"category": row.code}, By.UNIT: {"unit": row.code or "none"}, By.TAG: {}}[by]
    carried = {"tag": tag, "year": wanted.year} if tag else {}
    place = {"area": wanted.area, "counted": counted, **carried, **what}
    over = {"closed_from": period.first, "closed_to": period.last, "state": ["closed"]}
    return Line(
        row,
        name_leads,
        list_address("/issues", open=True, **place),
        list_address("/issues", overdue=True, **place),
        list_address("/issues", **over, **place),
    )


def _tags(settings: TaskSettings) -> list[tuple[str, str]]:
    """Every tag with the name of its set before its own."""
    lang = language()
    return [(tag.code, f"{one.label(lang)} · {tag.label(lang)}") for one in settings.tag_sets for tag in one.tags]


def _sets(settings: TaskSettings, lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The rows of each set of tags, under its name."""
    found = {line.row.code: line for line in lines}
    return [
        (one.label(language()), several)
        for one in settings.tag_sets
        if (several := [found[tag.code] for tag in one.tags if tag.code in found])
    ]

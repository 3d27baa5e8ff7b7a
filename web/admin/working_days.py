"""The calendar of a year, and a notice taken in: first what it would change is shown, then it is done."""

import csv
import io
import tempfile
from calendar import monthcalendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from models.calendar import WORKED, Calendar, CalendarDay, DayKind
from models.calendar_sources import NoticeDay
from models.errors import BadRows, DubanError, MissingInput, WrongValue
from models.permissions import Right
from runtime.i18n import gettext as _
from runtime.i18n import say
from services import calendars, rulebook
from services.calendar_files import COLUMNS, WORDS, read_notice
from services.calendars import NoticeDiff
from services.people import city_day
from services.uploads import clean_name
from web import forms
from web.admin.shared import MANAGER, show
from web.deps import Desk, Here
from web.errors import status_of
from web.forms import Sent
from web.login import Reader, allowed

router = APIRouter(prefix="/admin/calendar")
Importer = Annotated[Reader, Depends(allowed(Right.IMPORT_NOTICE))]
LARGEST_NOTICE = 256 * 1024
SHOWN_ISSUES = 200


@dataclass(frozen=True)
class Month:
    """One month in weeks from Monday to Sunday; None stands for a day of another month."""

    number: int
    weeks: Sequence[Sequence[CalendarDay | None]]
    worked: int


@router.get("", response_class=HTMLResponse)
def year(here: Here, _reader: MANAGER) -> HTMLResponse:
    """The months of a year that the calendar knows: this one, unless the address names another."""
    calendar = _in_force(here)
    years = sorted({day.year for day in calendar.days})
    asked = here.request.query_params.get("year", "")
    this = int(asked) if asked in map(str, years) else city_day(here.session, here.now).year
    return show(
        here,
        "calendar",
        year=this,
        years=years,
        months=[_month(calendar, this, month) for month in range(1, 13)],
        odd=[day for day in _days_of(calendar, this) if day.kind in (DayKind.HOLIDAY, DayKind.MAKE_UP)],
        sources=sorted({day.source for day in _days_of(calendar, this) if day.source}),
        published=calendar.is_published(date(this, 1, 1), date(this, 12, 31)),
        spans=", ".join(f"{span.start:%H:%M}–{span.end:%H:%M}" for span in calendar.spans),
        week=(_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")),
        version=calendar.version,
        until=calendar.published_until,
        taken="taken" in here.request.query_params,
    )


def _in_force(here: Desk) -> Calendar:
    return rulebook.calendar(here.session, rulebook.the_city(here.session).calendar_version or 0)


def _days_of(calendar: Calendar, of: int) -> Iterator[CalendarDay]:
    return (calendar.days[at] for at in sorted(calendar.days) if at.year == of)


def _month(calendar: Calendar, of: int, month: int) -> Month:
    weeks = [[calendar.day(date(of, month, day)) if day else None for day in week] for week in monthcalendar(of, month)]
    return Month(month, weeks, sum(day is not None and day.kind in WORKED for week in weeks for day in week))


@dataclass(frozen=True)
class Given:
    """A notice as it was sent: `notice` is the file's text, which the form carries from the look to the deed."""

    source: str = ""
    notice: str = ""


@router.get("/notice", response_class=HTMLResponse)
def notice(here: Here, _reader: Importer) -> HTMLResponse:
    """The form: a file, or one day."""
    day = here.request.query_params.get("date", "")
    return _page(here, Given(), one={"date": day if _is_day(day) else "", "kind": "", "name": ""})


@router.post("/notice")
def take(here: Here, reader: Importer, form: Sent) -> Response:
    """What the notice would change; with `sure`, take it in."""
    given, sure = Given(), "sure" in form
    one = {name: forms.cleaned(form.get(f"day-{name}"))[:100] for name in COLUMNS}
    try:
        given = _given(form, one)
        diff = _imported(here, reader, given, commit=sure)
    except DubanError as error:
        here.session.rollback()
        bad = error.rows if isinstance(error, BadRows) else ()
        given = Given(forms.cleaned(form.get("source"))[:200])
        return _page(here, given, one=one, wrong=say(error), bad=bad, status=status_of(error))
    if not sure:
        here.session.rollback()
        return _page(here, given, one=one, diff=diff)
    here.session.commit()
    first = diff.days[0].date.year if diff.days else city_day(here.session, here.now).year
    return RedirectResponse(f"/admin/calendar?year={first}&taken=1", 303)


def _given(form: FormData, one: dict[str, str]) -> Given:
    """Raises MissingInput, WrongValue."""
    source = forms.text(form, "source", longest=200)
    carried = forms.text(form, "notice", longest=LARGEST_NOTICE)
    uploads = forms.files(form, "file")
    if carried:
        return Given(source, carried)
    if uploads:
        name = clean_name(uploads[0].filename or "")
        return Given(source, _decoded(uploads[0].file.read(LARGEST_NOTICE + 1), name))
    if one["date"] and one["kind"]:
        return Given(source, _as_csv(one))
    raise MissingInput(action="import_notice", missing="file")


def _decoded(data: bytes, name: str) -> str:
    if len(data) > LARGEST_NOTICE:
        raise WrongValue(field="file", value=name, expected=f"at most {LARGEST_NOTICE // 1024} KB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongValue(field="file", value=name, expected="CSV (UTF-8)") from None


def _as_csv(one: dict[str, str]) -> str:
    written = io.StringIO()
    lines = csv.DictWriter(written, COLUMNS, lineterminator="\n")
    lines.writeheader()
    lines.writerow(one)
    return written.getvalue()


def _imported(here: Desk, reader: Reader, given: Given, *, commit: bool) -> NoticeDiff:
    if not given.source:
        raise MissingInput(action="import_notice", missing="source")
    rows = _rows(here, given)
    return calendars.import_notice(
        here.session, rows=rows, source=given.source, now=here.now, by=reader.actor, commit=commit
    )


def _rows(here: Desk, given: Given) -> list[NoticeDay]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notice.csv"
        path.write_text(given.notice, "utf-8", newline="")
        return read_notice(path, calendar=_in_force(here))


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


def _page(here: Desk, given: Given, *, one: dict[str, str], status: int = 200, **more: Any) -> HTMLResponse:
    told = {"wrong": "", "bad": (), "diff": None, **more}
    return show(
        here,
        "notice",
        status=status,
        given=given,
        one=one,
        kinds=[kind.value for kind in DayKind],
        words=", ".join(WORDS),
        columns=", ".join(COLUMNS),
        most=SHOWN_ISSUES,
        **told,
    )

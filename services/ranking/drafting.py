"""The month's appraisal: drafted, open to appeals, made anew where one is upheld, approved, published, frozen.

The publication itself is services/publications.py's; here is what an appraisal needs beside it. The draft says until
when units may appeal. It is approved once that time is over and every appeal is decided.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.appeal import Appeal, AppealDecision
from models.errors import NotFound
from models.permissions import Right, must_hold
from models.publication import Publication, PublicationState
from models.rights import SYSTEM, Actor
from services import publications
from services.people import city_day
from services.ranking import appeal_messages, past
from services.ranking.editions import KIND, appeals_until, current, window_end
from services.ranking.errors import AppealsUndecided, NotOver, WindowOpen
from services.ranking.live import live, path_of
from services.ranking.making import made
from services.ranking.months import Month
from services.ranking.relief import reliefs
from services.ranking.table import Table, to_content
from services.rulebook import the_city
from services.scores.formula import by_code, keep_in_force


def table_now(
    session: Session,
    *,
    month: Month,
    area_code: str,
    now: datetime,
    formula: str | None = None,
    detail: Collection[str] | None = None,
) -> Table:
    """Everybody's line as it stands. `formula`: other rules than those in force. `detail`: the units whose cases and
    number trees are wanted; None: all of them. Raises NotFound, WrongValue.
    """
    found = live(
        session, month=month, area_code=area_code, now=now, rules=by_code(session, formula) if formula else None
    )
    issues = (case.id for cases in found.field.cases.values() for case in cases)
    return made(
        session,
        found,
        beside=past.beside(session, found),
        reliefs=reliefs(session, issues, area_path=found.area_path),
        detail=detail,
    )


def draft(session: Session, *, month: Month, area_code: str, by: Actor, now: datetime) -> Publication:
    """Write the draft of a month that is over and tell the units' leaders; the edition that is there, if there is one.

    Raises ActionNotAllowed, NotFound, NotOver, WrongValue. The caller commits.
    """
    _may_draft(session, area_code, by=by)
    if month.last >= city_day(session, now):
        raise NotOver(month=month, day=month.after.first)
    there = current(session, month, area_code=area_code)
    return there or _drafted(session, month, area_code, edition=1, by=by, now=now)


def draft_before(session: Session, day: date, *, by: Actor, now: datetime) -> Publication:
    """The same for the whole city and the month before that of a city day. Raises as `draft` does."""
    return draft(session, month=Month.of(day).before, area_code=the_city(session).code, by=by, now=now)


def correct(session: Session, *, month: Month, area_code: str, by: Actor, now: datetime) -> Publication:
    """Draft the next edition of a month that was published wrongly; what was published stays as it is.

    The draft that is under way, where there is one. Raises as `draft` does.
    """
    _may_draft(session, area_code, by=by)
    there = must_find(session, month, area_code=area_code)
    if there.state is not PublicationState.PUBLISHED:
        return there
    return _drafted(session, month, area_code, edition=there.edition + 1, by=by, now=now)


def _may_draft(session: Session, area_code: str, *, by: Actor) -> None:
    if not by.is_system:
        city = the_city(session).code
        must_hold(by, Right.PREPARE_PUBLICATION, city=city, area_path=path_of(session, area_code))


def _drafted(session: Session, month: Month, area_code: str, *, edition: int, by: Actor, now: datetime) -> Publication:
    rules = keep_in_force(session, now=now)
    table = table_now(session, month=month, area_code=area_code, now=now, formula=rules.version)
    until = window_end(session, drafted_at=now, days=rules.appeals.window)
    table = replace(table, appeals_until=until.isoformat(), window=rules.appeals.window)
    row = publications.draft(
        session,
        kind=KIND,
        area_code=area_code,
        period_from=month.first,
        period_to=month.last,
        content=to_content(table),
        formula=table.formula,
        edition=edition,
        by=by,
        now=now,
    )
    appeal_messages.tell_open(session, row, table, now=now)
    return row


def compute_again(session: Session, row: Publication, *, by: Actor, seen: str, now: datetime) -> Publication:
    """Put today's figures into a draft; until when units may appeal stays. Raises as publications.change does."""
    return publications.change(session, row.id or 0, content=_content(session, row, now=now), by=by, seen=seen, now=now)


def make_anew(session: Session, row: Publication, *, why: str, now: datetime) -> Publication:
    """The same after a decision about an appeal. The system does it: who decided may still approve the draft."""
    content = _content(session, row, now=now)
    return publications.change(
        session, row.id or 0, content=content, by=SYSTEM, seen=row.content_sha256, now=now, why=why
    )


def _content(session: Session, row: Publication, *, now: datetime) -> dict[str, object]:
    """By the formula of the draft, which it names; only another draft takes another."""
    month = Month.of(row.period_from)
    table = table_now(session, month=month, area_code=row.area_code, now=now, formula=row.formula)
    kept = row.content
    table = replace(table, appeals_until=kept["appeals_until"], window=kept["window_working_days"])
    return to_content(table)


def approve(session: Session, row: Publication, *, by: Actor, seen: str, now: datetime, why: str = "") -> Publication:
    """Approve a draft whose window is over and whose appeals are decided.

    Raises AppealsUndecided, WindowOpen, and what publications.approve does.
    """
    session.refresh(row, with_for_update=True)  # no appeal comes in between
    if row.state is PublicationState.DRAFT:
        until = appeals_until(row.content)
        if now <= until:
            raise WindowOpen(until=city_time(session, until))
        if waiting := len(undecided(session, row)):
            raise AppealsUndecided(count=waiting)
    return publications.approve(session, row.id or 0, by=by, seen=seen, now=now, why=why)


def undecided(session: Session, row: Publication) -> list[Appeal]:
    """The appeals against a month that nobody has decided yet, the oldest first."""
    query = (
        select(Appeal)
        .join(AppealDecision, col(AppealDecision.appeal_id) == col(Appeal.id), isouter=True)
        .where(
            Appeal.area_code == row.area_code,
            Appeal.period_from == row.period_from,
            Appeal.period_to == row.period_to,
            col(AppealDecision.id).is_(None),
        )
        .order_by(col(Appeal.id))
    )
    return list(session.exec(query))


def must_find(session: Session, month: Month, *, area_code: str) -> Publication:
    """The edition under way, or the last one published. Raises NotFound."""
    row = current(session, month, area_code=area_code)
    if row is None:
        raise NotFound(what="publication", code=month)
    return row


def city_time(session: Session, at: datetime) -> str:
    """A moment on the city's clock, to the minute."""
    return f"{at.astimezone(ZoneInfo(the_city(session).timezone)):%Y-%m-%d %H:%M}"

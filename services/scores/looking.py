"""What scores there are: rounds with what was published of them, months with cases, years with rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.area import Area
from models.audit import Round, RoundKind
from models.publication import Publication, PublicationKind, PublicationState
from models.rights import Actor
from models.scoring.number import Number
from models.standard import EvaluationSystem, EvaluationVersion
from services.people import city_day
from services.scores.frozen import number_in
from services.scores.seeing import sees_live

ROUNDS, MONTHS = 60, 12


@dataclass(frozen=True)
class RoundLine:
    """A round in the list. `score`: as published; `state`: of the newest edition, None where none was drafted."""

    number: str
    kind: str
    area: str
    on_date: date
    finished: bool
    score: Number | None
    formula: str
    state: PublicationState | None


@dataclass(frozen=True)
class YearLine:
    """A year of one system. `score`: as published."""

    year: int
    system: str
    name: tuple[str, str]
    rounds: int
    score: Number | None
    formula: str


def rounds(session: Session, actor: Actor) -> list[RoundLine]:
    """The newest rounds that have figures for this reader, newest first."""
    query = select(Round, Area).join(Area, col(Area.code) == col(Round.area_code))
    several = session.exec(
        query.where(Round.kind != RoundKind.SAME_FAULT).order_by(col(Round.id).desc()).limit(ROUNDS * 2)
    ).all()
    rows = _publications(session, PublicationKind.ROUND_SCORES, [one.number for one, _ in several])
    found = []
    for one, area in several:
        published = rows.get((one.number, True))
        if published is not None or sees_live(session, actor, one):
            found.append(_line(one, area, published, rows.get((one.number, False))))
    return found[:ROUNDS]


def _line(one: Round, area: Area, published: Publication | None, under_way: Publication | None) -> RoundLine:
    newest = under_way or published
    return RoundLine(
        number=one.number,
        kind=one.kind.value,
        area=area.name,
        on_date=one.on_date,
        finished=one.finished_at is not None,
        score=number_in(published.content, "score") if published else None,
        formula=published.formula if published else "",
        state=newest.state if newest else None,
    )


def _publications(
    session: Session, kind: PublicationKind, subjects: Sequence[str]
) -> dict[tuple[str, bool], Publication]:
    """The newest edition of each subject: the one published, and the one under way."""
    query = select(Publication).where(
        Publication.kind == kind,
        col(Publication.subject).in_(subjects),
        Publication.state != PublicationState.WITHDRAWN,
    )
    rows = session.exec(query.order_by(col(Publication.edition)))
    return {(row.subject, row.state is PublicationState.PUBLISHED): row for row in rows}


def months(session: Session, *, now: datetime) -> list[date]:
    """The first days of the last months, newest first."""
    first = city_day(session, now).replace(day=1)
    found = []
    for _ in range(MONTHS):
        found.append(first)
        first = (
            (first.replace(year=first.year - 1, month=12)) if first.month == 1 else first.replace(month=first.month - 1)
        )
    return found


def years(session: Session, *, area_code: str) -> list[YearLine]:
    """The years in which there were rounds in an area, by system, newest first."""
    year = func.extract("year", col(Round.on_date))
    query = (
        select(year, EvaluationSystem, func.count())
        .select_from(Round)
        .join(EvaluationVersion, col(EvaluationVersion.code) == col(Round.version_code))
        .join(EvaluationSystem, col(EvaluationSystem.code) == col(EvaluationVersion.system_code))
        .where(
            Round.area_code == area_code,
            Round.kind != RoundKind.SAME_FAULT,
            (col(Round.kind) != RoundKind.COVERT) | col(Round.published_at).is_not(None),
        )
        .group_by(year, col(EvaluationSystem.code))
        .order_by(year.desc(), col(EvaluationSystem.code))
    )
    return [_year(session, int(one), system, count, area_code) for one, system, count in session.exec(query).all()]


def _year(session: Session, year: int, system: EvaluationSystem, count: int, area_code: str) -> YearLine:
    query = select(Publication).where(
        Publication.kind == PublicationKind.ANNUAL,
        Publication.area_code == area_code,
        Publication.subject == system.code,
        Publication.period_from == date(year, 1, 1),
        Publication.state == PublicationState.PUBLISHED,
    )
    row = session.exec(query.order_by(col(Publication.edition).desc()).limit(1)).first()
    return YearLine(
        year=year,
        system=system.code,
        name=(system.name, system.name_en or system.name),
        rounds=count,
        score=number_in(row.content, "score") if row else None,
        formula=row.formula if row else "",
    )

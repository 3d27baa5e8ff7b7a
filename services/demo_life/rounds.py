"""Announced rounds of the last two months, whose faults the units have worked at since; a covert one under way."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from models.area import Area
from models.audit import Round, RoundKind
from models.issue import Issue
from services import audits
from services.audits import AuditOrder
from services.demo_life import lives, sheets
from services.demo_life.stage import Stage
from services.ranking.months import Month

INSPECTORS = 3
DISTRICT = 2


def start(
    stage: Stage, kind: RoundKind, *, points: int, at: datetime, seed: int, area: str = "", key: str = ""
) -> Round:
    """The city's office has a round drawn."""
    order = AuditOrder(
        kind=kind,
        area_code=area or stage.city,
        points=points,
        seed=seed,
        inspectors=tuple(stage.holders("inspector")[:INSPECTORS]),
        on_date=at.date(),
        requested_by=stage.one("office"),
        key=key or None,
    )
    started = audits.start(stage.session, order, now=at)
    return stage.session.get_one(Round, started.round_id)


def before_last(stage: Stage, *, turn: int) -> None:
    """Rounds in the month before the last one, district by district: what the appraisal of that month is about."""
    month = Month.of(stage.today).before.before
    _announced(stage, turn, stage.on(month.first + timedelta(days=3 + turn), 9), points=13, seed=20_260_900)


def last(stage: Stage, *, turn: int) -> None:
    """Rounds in the last month."""
    month = Month.of(stage.today).before
    _announced(stage, turn, stage.on(month.first + timedelta(days=9 + turn), 9), points=11, seed=20_261_000)


def _announced(stage: Stage, turn: int, at: datetime, *, points: int, seed: int) -> None:
    """In one of the city's districts. Each is short: whoever finds something meanwhile waits for its numbers."""
    query = select(Area.code).where(Area.level == DISTRICT, col(Area.path).startswith(stage.city)).order_by(Area.code)
    district = stage.session.exec(query.offset(turn).limit(1)).first()
    if district is None:
        return
    round_ = start(stage, RoundKind.ANNOUNCED, points=points, at=at, seed=seed + turn, area=district)
    sheets.fill(stage, round_, begin=at, of=6)
    issues = select(Issue.id).where(Issue.round_id == round_.id).order_by(col(Issue.id))
    lives.live(stage, [key for key in stage.session.exec(issues) if key])


def under_way(stage: Stage) -> None:
    """A covert round that began yesterday: a third of its sheets is full, and no unit knows of it."""
    at = stage.ago(1, 14)
    round_ = start(stage, RoundKind.COVERT, points=24, at=at, seed=20_261_120)
    sheets.fill(stage, round_, begin=at, of=7, most=9)

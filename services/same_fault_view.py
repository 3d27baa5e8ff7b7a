"""Same-fault sweeps as people see them on an issue: where it came from, what was looked at because of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.audit import Round
from models.issue import Issue
from models.lifecycle import State
from models.rights import Actor
from models.unit import Person, Unit
from services.audit_view import sees_round
from services.sight import sees


@dataclass(frozen=True)
class Born:
    """An issue that came of a sweep."""

    number: str
    state: State
    description: str
    point: str | None


@dataclass(frozen=True)
class SweepLine:
    """One sweep of an issue. `seen`: the reader may open it; `issues`: those that they may see, `hidden`: how many
    more there are. Ended before its last sheet: `why`."""

    number: str
    standard: str
    started_at: datetime
    started_by: str
    due_at: datetime | None
    finished_at: datetime | None
    why: str
    sheets: int
    filled: int
    met: int
    not_met: int
    not_applicable: int
    seen: bool
    issues: Sequence[Born]
    hidden: int


@dataclass(frozen=True)
class Related:
    """What a sweep ties an issue to. `first`: the issue in whose sweep this one was found, `sweep` that round."""

    first: str | None
    first_seen: bool
    sweep: str | None
    sweeps: Sequence[SweepLine]

    @property
    def under_way(self) -> str | None:
        """The number of the sweep that is not finished."""
        return next((one.number for one in self.sweeps if one.finished_at is None), None)


_COUNTS = text(
    "SELECT s.round_id, count(DISTINCT s.id), count(DISTINCT s.id) FILTER (WHERE s.filled_at IS NOT NULL),"
    " count(o.id) FILTER (WHERE o.result = 'met'), count(o.id) FILTER (WHERE o.result = 'not_met'),"
    " count(o.id) FILTER (WHERE o.result = 'not_applicable')"
    " FROM sheet s LEFT JOIN observation o ON o.sheet_id = s.id WHERE s.round_id = ANY(:ids) GROUP BY s.round_id"
)


def related(session: Session, issue: Issue, *, reader: Actor) -> Related:
    """The first issue, and the sweeps of this one, newest first. What the reader may not see is only counted."""
    query = select(Round).where(Round.for_issue == issue.id).order_by(col(Round.id).desc())
    rounds = session.exec(query).all()
    counts = _counts(session, [round_.id for round_ in rounds])
    lines = [_line(session, round_, counts.get(round_.id or 0, (0,) * 5), reader) for round_ in rounds]
    first, sweep = _first(session, issue)
    return Related(
        first=first.number if first else None,
        first_seen=bool(first and sees(reader, first)),
        sweep=sweep.number if first and sweep else None,
        sweeps=lines,
    )


def names_of(session: Session, codes: Collection[str | None]) -> Mapping[str, str]:
    """The names of units and persons."""
    found: dict[str, str] = {}
    for table in (Unit, Person):
        found |= dict(session.exec(select(col(table.code), col(table.name)).where(col(table.code).in_(codes))).all())
    return found


def _first(session: Session, issue: Issue) -> tuple[Issue | None, Round | None]:
    round_ = session.get(Round, issue.round_id) if issue.round_id else None
    first = session.get(Issue, round_.for_issue) if round_ and round_.for_issue else None
    return first, round_


def first_of(session: Session, round_: Round, *, reader: Actor) -> tuple[str, bool] | None:
    """The number of the issue that a round sweeps for, and whether the reader may see it; None for other rounds."""
    first = session.get(Issue, round_.for_issue) if round_.for_issue else None
    return (first.number, sees(reader, first)) if first else None


def _counts(session: Session, ids: Sequence[int | None]) -> Mapping[int, tuple[int, ...]]:
    rows = session.connection().execute(_COUNTS, {"ids": list(ids)}) if ids else ()
    return {key: tuple(counts) for key, *counts in rows}


def _line(session: Session, round_: Round, counts: tuple[int, ...], reader: Actor) -> SweepLine:
    born = session.exec(select(Issue).where(Issue.round_id == round_.id).order_by(col(Issue.id))).all()
    shown = [one for one in born if sees(reader, one)]
    person = session.get(Person, round_.requested_by)
    sheets, filled, met, not_met, not_applicable = counts
    return SweepLine(
        number=round_.number,
        standard=round_.standard_code or "",
        started_at=round_.created_at,
        started_by=person.name if person else round_.requested_by,
        due_at=round_.due_at,
        finished_at=round_.finished_at,
        why=round_.ended_why,
        sheets=sheets,
        filled=filled,
        met=met,
        not_met=not_met,
        not_applicable=not_applicable,
        seen=sees_round(session, reader, round_),
        issues=[Born(one.number, one.state, one.description, one.point_code) for one in shown],
        hidden=len(born) - len(shown),
    )

"""Why an issue is due when it is: the rule, the clock, and every day of it. Facts only; the edges find the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models.calendar import Calendar
from models.deadline_lines import DayLine, Pause, explain
from models.deadlines import ClockType, Limit
from models.errors import NotFound
from models.issue import Issue, IssueEvent
from models.lifecycle import Action, State
from models.rule import CalendarVersion
from services import rulebook

STARTS = frozenset({Action.ASSIGN, Action.FAIL, Action.DISPUTE, Action.REOPEN, Action.RELAPSE, Action.TAKE_OVER})
MOVES = frozenset({Action.GRANT_EXTENSION, Action.RESUME, Action.REAPPLY_RULES, Action.RECOMPUTE})

CLOCK = ("clock_started_at", "limit", "due_at")
"""What an event must say to start a clock; an issue taken over from a ledger may come without."""


@dataclass(frozen=True)
class Move:
    """Something that moved the deadline. `reason`: what was said with it; `amount`: of a granted extension."""

    action: Action
    at: datetime
    old_due_at: datetime | None
    new_due_at: datetime | None
    amount: str | None
    reason: str


@dataclass(frozen=True)
class Clock:
    """One run of the deadline's clock, from the action that started it. `lines` tell every day of it."""

    started_by: Action
    cycle: int
    started_at: datetime
    limit: str
    due_at: datetime
    provisional: bool
    pauses: tuple[Pause, ...]
    moves: tuple[Move, ...]
    lines: tuple[DayLine, ...]


@dataclass(frozen=True)
class Why:
    """A deadline explained. `clocks` in the order in which they ran; the last one is the present deadline.

    `running` tells whether it runs now; `stage_due_at` is the clock that runs instead (verifying, closing out, …).
    """

    number: str
    state: State
    severity: str
    severity_name: str
    severity_name_en: str
    rule_set_code: str | None
    calendar_version: int | None
    calendar_source: str
    sign_in_due_at: datetime | None
    due_at: datetime | None
    provisional: bool
    stage_due_at: datetime | None
    remaining_minutes: float | None
    clocks: tuple[Clock, ...]

    @property
    def running(self) -> bool:
        return self.state in {State.ASSIGNED, State.RECTIFYING}

    @property
    def now_running(self) -> Clock | None:
        """The clock behind the present deadline; None before the issue is assigned."""
        return self.clocks[-1] if self.clocks and self.due_at else None


@dataclass
class _Run:
    """A clock while its events are read."""

    started_by: Action
    cycle: int
    started_at: datetime
    limit: str
    due_at: datetime
    provisional: bool
    pauses: list[Pause]
    moves: list[Move]
    shelved_at: datetime | None = None


def why(session: Session, issue_id: int) -> Why:
    """Explain the deadline of an issue and those before it. Raises NotFound."""
    issue = session.get(Issue, issue_id)
    if issue is None:
        raise NotFound(what="issue", code=issue_id)
    city = rulebook.the_city(session)
    rules = rulebook.rules(session, issue.rule_set_code or city.rule_set_code or "")
    version = issue.calendar_version or city.calendar_version or 0
    calendar = rulebook.calendar(session, version)
    severity = rules.severity(issue.severity)
    query = select(IssueEvent).where(IssueEvent.issue_id == issue_id).order_by(col(IssueEvent.seq))
    return Why(
        number=issue.number,
        state=issue.state,
        severity=issue.severity,
        severity_name=severity.name,
        severity_name_en=severity.name_en,
        rule_set_code=issue.rule_set_code,
        calendar_version=issue.calendar_version,
        calendar_source=session.get_one(CalendarVersion, version).source,
        sign_in_due_at=issue.sign_in_due_at,
        due_at=issue.due_at,
        provisional=issue.due_provisional,
        stage_due_at=issue.stage_due_at,
        remaining_minutes=issue.remaining_minutes,
        clocks=tuple(_clock(run, calendar) for run in runs(session.exec(query).all())),
    )


def runs(events: Sequence[IssueEvent]) -> list[_Run]:
    """The runs of the deadline's clock, as the events tell them. Pure."""
    found: list[_Run] = []
    for event in events:
        if event.action in STARTS and all(event.facts.get(name) for name in CLOCK):
            found.append(_begin(event))
        elif found:
            _go_on(found[-1], event)
    return found


def _begin(event: IssueEvent) -> _Run:
    facts = event.facts
    return _Run(
        started_by=event.action,
        cycle=event.cycle,
        started_at=datetime.fromisoformat(facts["clock_started_at"]),
        limit=facts["limit"],
        due_at=datetime.fromisoformat(facts["due_at"]),
        provisional=bool(facts.get("due_provisional")),
        pauses=[],
        moves=[],
    )


def _go_on(run: _Run, event: IssueEvent) -> None:
    """What an event does to the clock that runs: stops it, starts it again, moves its end."""
    facts = event.facts
    if event.action is Action.GRANT_SHELVING:
        run.shelved_at = event.at
    elif event.action is Action.RESUME and run.shelved_at:
        run.pauses.append((run.shelved_at, event.at))
        run.shelved_at = None
    if event.action in MOVES and facts.get("due_at"):
        new = datetime.fromisoformat(facts["due_at"])
        if new != run.due_at:
            run.moves.append(Move(event.action, event.at, run.due_at, new, facts.get("amount"), event.reason))
        run.due_at, run.limit = new, facts.get("limit") or run.limit
        run.provisional = bool(facts.get("due_provisional"))


def _clock(run: _Run, calendar: Calendar) -> Clock:
    pauses = tuple(_pauses(run))
    lines = explain(calendar, start=run.started_at, due_at=run.due_at, clock=_type(run.limit), pauses=pauses)
    return Clock(
        started_by=run.started_by,
        cycle=run.cycle,
        started_at=run.started_at,
        limit=run.limit,
        due_at=run.due_at,
        provisional=run.provisional,
        pauses=pauses,
        moves=tuple(run.moves),
        lines=lines,
    )


def _pauses(run: _Run) -> Iterator[Pause]:
    yield from run.pauses
    if run.shelved_at and run.shelved_at < run.due_at:
        yield run.shelved_at, run.due_at  # still on the shelf: the rest of the time is kept, not used


def _type(limit: str) -> ClockType:
    return Limit.parse(limit).clock

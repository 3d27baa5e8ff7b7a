"""Which clock runs on an issue now, until when, and how much of it is left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.calendar import Calendar
from models.deadlines import ClockType, day_length, time_between
from models.issue import Issue
from models.lifecycle import State
from models.rules import Rules, SeverityRule
from services import rulebook
from services.link_view import Left


@dataclass(frozen=True)
class Running:
    """The clock that runs: for what (the state it waits in), until when, the time left by that clock.

    `late` goes by the wall: after hours no working time passes, and yet a deadline of the afternoon has passed.
    """

    what: State
    due_at: datetime
    left: Left
    late: bool


Ends = Callable[[Issue], datetime | None]
Clocks = Callable[[SeverityRule, Rules], ClockType]

_OF_STATE: Mapping[State, tuple[Ends, Clocks]] = {
    State.FOUND: (lambda issue: issue.stage_due_at, lambda _, rules: rules.assign_within.clock),
    State.ASSIGNED: (lambda issue: issue.sign_in_due_at, lambda severity, _: severity.sign_in.clock),
    State.RECTIFYING: (lambda issue: issue.due_at, lambda severity, _: severity.limit.clock),
    State.RECTIFIED: (lambda issue: issue.stage_due_at, lambda severity, _: severity.verify.clock),
    State.VERIFIED: (lambda issue: issue.stage_due_at, lambda severity, _: severity.close.clock),
    State.SHELVED: (lambda issue: issue.stage_due_at, lambda *_: ClockType.NATURAL_DAYS),
    State.CLOSED: (lambda issue: issue.stage_due_at, lambda *_: ClockType.NATURAL_DAYS),
}
"""Where each state's clock ends, and by which clock it is counted. A milestone and a look-back are dates."""


class Watch:
    """Tells the clocks of many issues, reading the city and each calendar once."""

    def __init__(self, session: Session) -> None:
        self._session, self._city = session, rulebook.the_city(session)
        self._calendars: dict[int, Calendar] = {}

    def running(self, issue: Issue, *, now: datetime) -> Running | None:
        """The clock that runs on the issue; None where none does. `now` is aware."""
        ends = _OF_STATE.get(issue.state)
        due_at = ends[0](issue) if ends else None
        if ends is None or due_at is None:
            return None
        rules = rulebook.rules(self._session, issue.rule_set_code or self._city.rule_set_code or "")
        clock = ends[1](rules.severity(issue.severity), rules)
        left = _left(self._calendar(issue.calendar_version or self._city.calendar_version or 0), now, due_at, clock)
        return Running(issue.state, due_at, left, late=due_at <= now)

    def _calendar(self, version: int) -> Calendar:
        if version not in self._calendars:
            self._calendars[version] = rulebook.calendar(self._session, version)
        return self._calendars[version]


def running(session: Session, issue: Issue, *, now: datetime) -> Running | None:
    """The clock that runs on one issue."""
    return Watch(session).running(issue, now=now)


def _left(calendar: Calendar, now: datetime, due_at: datetime, clock: ClockType) -> Left:
    minutes = time_between(calendar, start=now, end=due_at, clock=clock)
    days = ClockType.WORKING_DAYS if clock.is_working else ClockType.NATURAL_DAYS
    return Left(minutes, day_length(calendar, days) / 60_000_000, clock.is_working)

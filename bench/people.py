"""What the people of a city do in a year: when they assign, sign in, hand in, check, ask for time; drawn by lot.

Most are in time; some are late and climb the ladder, some ask for more time, some fail the check, a few relapse.
"""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, ClassVar

from sqlalchemy import text
from sqlmodel import Session

from bench.town import Town
from models.issue import Source
from models.lifecycle import Action
from models.rights import Actor
from services import people
from services.commands import Command
from services.findings import Finding

LATE_SIGN_IN, RETURNED, LATE, VERY_LATE, EXTENDED, FAILED, RELAPSED = 0.10, 0.03, 0.10, 0.03, 0.06, 0.12, 0.02
HOUR = 3_600_000_000
"""Microseconds: the unit in which the calendar counts."""
SOURCES = (Source.COVERT, Source.ANNOUNCED, Source.SELF_CHECK, Source.COVERT, Source.SNAPSHOT)
KNOWN = (
    "SELECT id, due_at, lead_unit, handler, source, area_path, orders_unanswered, sweep_required, state FROM issue"
    " WHERE id = ANY(:ids)"
)


class People:
    """Their agenda. A thing to do is (when, issue); it is taken up in the first hour that comes after."""

    ORDER: ClassVar[tuple[Action, ...]] = (
        *(Action.GRANT_EXTENSION, Action.ASSIGN, Action.SIGN_IN, Action.RETURN, Action.ASK_EXTENSION),
        *(Action.REPLY_ORDER, Action.WAIVE_SWEEP, Action.SUBMIT, Action.FAIL, Action.PASS, Action.CALL_BACK),
        Action.RELAPSE,
    )

    def __init__(self, town: Town, *, seed: int) -> None:
        self.town, self.lot = town, Random(seed)
        self._agenda: dict[Action, list[tuple[datetime, int]]] = defaultdict(list)
        self._actors: dict[tuple[str, int], Actor] = {}
        self._known: dict[int, Any] = {}
        self._failed: set[int] = set()
        self._returned: set[int] = set()

    def findings(self, count: int) -> list[Finding]:
        return [self._finding() for _ in range(count)]

    def _finding(self) -> Finding:
        point, category = self.lot.choice(self.town.points)
        standards = self.town.standards.get(category)
        source = self.lot.choice(SOURCES)
        return Finding(
            description=f"{point} 处发现问题：垃圾桶满溢，未及时清运",
            point=point,
            standard=self.lot.choice(standards) if standards else None,
            severity=self.lot.choice(("S2", "S3", "S3", "S4", "S5")),
            source=source,
        )

    def inspector(self, session: Session, now: datetime) -> Actor:
        return self._actor(session, self.town.holders[f"{self.town.city}:inspector"], now)

    def plan(self, action: Action, issue_id: int, now: datetime, *, hours: tuple[float, float]) -> None:
        """So many working hours from now, drawn from a range; a working day has eight."""
        calendar = self.town.calendar
        wait = int(self.lot.uniform(*hours) * HOUR)
        self._put(action, issue_id, calendar.moment_going_on(calendar.worked(now) + wait))

    def _put(self, action: Action, issue_id: int, at: datetime) -> None:
        heapq.heappush(self._agenda[action], (at, issue_id))

    def commands(self, session: Session, *, now: datetime) -> list[Command]:
        """Everything that is to be done by now."""
        wanted = [(action, key) for action in self.ORDER for key in self._due(action, now)]
        rows = session.connection().execute(text(KNOWN), {"ids": [key for _, key in wanted]})
        self._known = {row.id: row for row in rows}
        return [command for action, key in wanted for command in self._commands(session, action, key, now)]

    def _due(self, action: Action, now: datetime) -> list[int]:
        agenda, found = self._agenda[action], []
        while agenda and agenda[0][0] <= now:
            found.append(heapq.heappop(agenda)[1])
        return found

    def _commands(self, session: Session, action: Action, key: int, now: datetime) -> Iterable[Command]:
        issue = self._known[key]
        if action is Action.SUBMIT:
            yield from self._before_submitting(session, issue, now)
        by = self._actor(session, self._who(action, issue), now)
        yield Command(action, by, key, self._data(action, issue))

    def _before_submitting(self, session: Session, issue: Any, now: datetime) -> Iterable[Command]:
        by = self._actor(session, self._who(Action.SUBMIT, issue), now)
        if issue.orders_unanswered:
            yield Command(Action.REPLY_ORDER, by, issue.id, {"reply": "已按督办要求完成整改"})
        if issue.sweep_required:
            office = self._actor(session, self.town.holders[f"{self.town.city}:office"], now)
            yield Command(Action.WAIVE_SWEEP, office, issue.id, {"reason": "近期已全面排查"})

    def _who(self, action: Action, issue: Any) -> str:
        holders, city = self.town.holders, self.town.city
        if action in (Action.ASSIGN, Action.GRANT_EXTENSION, Action.CALL_BACK):
            return holders[f"{city}:office"]
        if action in (Action.PASS, Action.FAIL):
            return holders[f"{city}:verifier"]
        if action is Action.RELAPSE:
            return holders[f"{city}:inspector"]
        return str(issue.handler or self.town.handlers[issue.lead_unit])

    def _data(self, action: Action, issue: Any) -> Mapping[str, Any]:
        if action is Action.SUBMIT:
            photo = {"kind": "after", "sha256": hashlib.sha256(f"{issue.id} {issue.due_at}".encode()).hexdigest()}
            return {"result": "已整改到位", "measure": "立行立改", "evidence": [photo]}
        if action is Action.ASSIGN and issue.id in self._returned:
            return {"to": "T" + issue.area_path.split("/")[1]}
        return DATA.get(action, {})

    def _actor(self, session: Session, code: str, now: datetime) -> Actor:
        """Looked up once a month: rights change with posts, and a day's work asks for hundreds of people."""
        month = now.year * 12 + now.month
        if (code, month) not in self._actors:
            self._actors[code, month] = people.actor(session, code, now=now)
        return self._actors[code, month]

    def go_on(self, command: Command, now: datetime) -> None:
        """What comes next for this issue, now that this was accepted."""
        key, lot = command.issue_id or 0, self.lot.random()
        if command.action is Action.ASSIGN:
            self._after_assigning(key, now, lot)
        elif command.action is Action.SIGN_IN:
            self._rectify(key, now, lot)
        elif command.action is Action.RETURN:
            self._returned.add(key)
            self.plan(Action.ASSIGN, key, now, hours=(1, 6))
        elif command.action is Action.ASK_EXTENSION:
            self.plan(Action.GRANT_EXTENSION, key, now, hours=(0, 3))
        elif command.action is Action.SUBMIT:
            self._check(key, now, lot)
        elif command.action in (Action.FAIL, Action.RELAPSE):
            self.plan(Action.SUBMIT, key, now, hours=(2, 10))
        elif command.action is Action.PASS:
            self._after_passing(key, now, lot)

    def _after_assigning(self, key: int, now: datetime, lot: float) -> None:
        if lot < RETURNED and key not in self._returned:
            self.plan(Action.RETURN, key, now, hours=(0, 2))
        elif lot < RETURNED + LATE_SIGN_IN:
            self.plan(Action.SIGN_IN, key, now, hours=(8, 30))
        else:
            self.plan(Action.SIGN_IN, key, now, hours=(0, 3))

    def _rectify(self, key: int, now: datetime, lot: float) -> None:
        """In time, late by some days, or late by many; a few ask for more time early on."""
        due = self._known[key].due_at
        if lot < VERY_LATE:
            self.plan(Action.SUBMIT, key, max(due, now), hours=(40, 90))
        elif lot < VERY_LATE + LATE:
            self.plan(Action.SUBMIT, key, max(due, now), hours=(1, 30))
        else:
            self._put(Action.SUBMIT, key, now + max(due - now, timedelta()) * self.lot.uniform(0.1, 0.9))
        if lot > 1 - EXTENDED:
            self.plan(Action.ASK_EXTENSION, key, now, hours=(0, 1))

    def _check(self, key: int, now: datetime, lot: float) -> None:
        failed = lot < FAILED and key not in self._failed
        if failed:
            self._failed.add(key)
        self.plan(Action.FAIL if failed else Action.PASS, key, now, hours=(1, 12))

    def _after_passing(self, key: int, now: datetime, lot: float) -> None:
        if self._known[key].source in (Source.SNAPSHOT.value, Source.HOTLINE.value):
            self.plan(Action.CALL_BACK, key, now, hours=(0, 4))
        if lot < RELAPSED:
            self.plan(Action.RELAPSE, key, now, hours=(60, 150))


DATA: Mapping[Action, Mapping[str, Any]] = {
    Action.RETURN: {"reason": "不属于本单位职责"},
    Action.ASK_EXTENSION: {"reason": "连续降雨，无法施工", "amount": "2 working_days"},
    Action.FAIL: {"reason": "仍有残留，未整改到位"},
    Action.RELAPSE: {"reason": "同一处再次出现"},
    Action.CALL_BACK: {"answer": "satisfied"},
}

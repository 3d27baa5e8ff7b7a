"""One walk: what happens, to the real city and to the model at once; both must agree after every move.

A move is a few numbers; what they mean depends on how the issues stand, so that walks go deep and still shrink.
"""

import copy
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import note
from sqlalchemy import Connection
from sqlmodel import Session, col, select

from models.calendar import WORKED
from models.errors import DubanError
from models.issue import Issue
from models.lifecycle import Action
from models.rights import SYSTEM, Actor
from models.rule import CalendarDayRow
from services import issues, people
from services.commands import Command
from services.transition import apply
from tests.cast import ZONE
from tests.properties.commands import DOES, GAPS, WAYS, Move, as_the_city_takes_it, somebody, wanted, with_what
from tests.properties.model import Refusal, Thing, World
from tests.properties.model_people import People
from tests.properties.naive_time import Office
from tests.small_city import HOLDERS, NAMES, rule_code

RULES = {"A": rule_code(), "B": "walk-b"}
HOURS = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(17)))
Days = dict[dt.date, tuple[bool, bool]]
"""Per day: whether it is worked, whether a notice says so."""


class Walk:
    """A city in an open transaction, which the caller rolls back, and its model."""

    def __init__(self, connection: Connection, start: dt.datetime, days: Days) -> None:
        self.sessions: Callable[[], Session] = lambda: Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        self.session = self.sessions()
        self.days: dict[int, Days] = {1: days}
        self.world = World({1: office(days)}, 1, start, people=first_people())
        self.commands = 0

    def actor(self, code: str) -> Actor:
        return SYSTEM if code == "system" else people.actor(self.session, code, now=self.now)

    @property
    def now(self) -> dt.datetime:
        return self.world.now

    @property
    def things(self) -> list[Thing]:
        return list(self.world.things.values())

    def say(self, what: str) -> None:
        """A line of the story that is shown when a walk fails."""
        note(f"{self.now.astimezone(ZONE):%Y-%m-%d %H:%M} {what}")

    def forward(self, thing: Thing, far: int) -> None:
        """Some way through its life, by the people whose work it is."""
        for action in WAYS[far].split():
            role = DOES.get(action, "handler")
            who = next(who for who in NAMES if role in self.world.roles(who, thing))
            self.both(action, [thing], who, with_what(action, 2, now=self.now, keys=[thing.key]))

    def wait(self, move: Move) -> bool:
        """Let the time before a move pass; whether any did."""
        self.world.now += dt.timedelta(minutes=GAPS[move.gap])
        return GAPS[move.gap] > 0

    def act(self, move: Move) -> None:
        thing = self.things[move.which % len(self.things)]
        action = wanted(thing, move)
        together = [t for t in self.things if t.state == thing.state] if move.how % 9 == 8 else [thing]
        data = with_what(action, move.how, now=self.now, keys=list(self.world.things))
        self.both(action, together, somebody(self.world, action, thing, move), data)

    # The same in both

    def both(self, action: str, things: Sequence[Thing], who: str, data: dict[str, Any]) -> None:
        keys, clocks = [thing.key for thing in things], self.clocks()
        refused = self.in_model(action, things, who, data)
        error = self.in_city(action, keys, who, data)
        self.say(said := f"{who} {action} {keys} {data}: {f'refused, {refused}' if refused else 'done'}")
        assert (refused is None) == (error is None), f"{said}, but the city: {error!r}"
        if action in ("comment", "unreachable"):
            assert clocks == self.clocks(), said

    def in_model(self, action: str, things: Sequence[Thing], who: str, data: dict[str, Any]) -> Refusal | None:
        before = {thing.key: copy.deepcopy(thing) for thing in things}
        try:
            for thing in things:
                self.world.act(action, thing, who, **data)
        except Refusal as refusal:
            for thing in things:
                vars(thing).update(vars(before[thing.key]))
            return refusal
        return None

    def in_city(self, action: str, ids: Sequence[int], who: str, data: dict[str, Any]) -> DubanError | None:
        given, by = as_the_city_takes_it(action, data), self.actor(who)
        self.commands += 1
        try:
            if action == "merge":
                issues.merge(self.session, issue_ids=ids, by=by, now=self.now, into=data["into"])
            else:
                self.door([Command(Action(action), by, key, given, key=f"walk-{self.commands}") for key in ids])
        except DubanError as error:
            return error
        return None

    def door(self, commands: Sequence[Command]) -> None:
        """Through the one door; some commands arrive twice, and then nothing more is done."""
        apply(self.session, commands, now=self.now)
        if self.commands % 4 == 0:
            assert all(outcome.repeated for outcome in apply(self.session, commands, now=self.now))

    def clocks(self) -> list[Any]:
        columns = (Issue.id, Issue.state, Issue.due_at, Issue.stage_due_at, Issue.sign_in_due_at, Issue.next_step_at)
        return list(self.session.exec(select(*columns, Issue.clock_started_at).order_by(col(Issue.id))))


def first_days(session: Session) -> Days:
    return {row.date: (row.kind in WORKED, row.published) for row in session.exec(select(CalendarDayRow))}


def office(days: Days) -> Office:
    def known(date: dt.date) -> tuple[bool, bool]:
        return days.get(date, (date.isoweekday() <= 5, False))

    return Office(ZoneInfo("Asia/Shanghai"), HOURS, lambda date: known(date)[0], lambda date: known(date)[1])


def first_people() -> People:
    held = ((f"{owner}:{kind}", who) for owner, kind, _, who in HOLDERS if who)
    return People([(post, who, dt.date(2024, 1, 1), dt.date.max) for post, who in held])

"""Somebody acts at the very moment of the tick: what comes of it is what one of the two orders would have brought.

Each race is run in three ways: the person is first but has not committed, the round is first but has not committed,
and both start at one moment. Two like issues before it show what each order brings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from models.issue import RequestKind
from services import issues, sweeps
from services.sweeps import Sessions
from tests.cast import HANDLER, MONDAY, OFFICE, an_issue, at, messages, read, trail, who
from tests.concurrency.course import Course, refusal
from tests.concurrency.crowd import at_once, deadlocks, is_sealed
from tests.corners import verbs

DUE = at("2026-11-05 17:00")  # of an S3 issue assigned on MONDAY
DRAWN = "S1"  # always looked at again after it was closed
LATER = at("2026-11-10 11:00")
TURNS = 3
Verb = Callable[[Session, int, datetime], object]


@dataclass(frozen=True)
class Race:
    """An issue brought somewhere, what somebody does with it, and when the round comes."""

    state: str
    verb: Verb
    now: datetime = DUE
    before: Verb = lambda *_: None
    severity: str = "S3"


def close_out(city: Session, key: int, now: datetime) -> object:
    return issues.close_out(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now)


def dispute(city: Session, key: int, now: datetime) -> object:
    return issues.dispute(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, reason="群众不认可")


def void(city: Session, key: int, now: datetime) -> object:
    return issues.void(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, reason="误报")


def reopen(city: Session, key: int, now: datetime) -> object:
    return issues.reopen(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now, reason="未整改到位")


def resume(city: Session, key: int, now: datetime) -> object:
    return issues.resume(city, issue_ids=[key], by=who(city, OFFICE, now=now), now=now)


def asked(kind: RequestKind) -> Verb:
    """Asked for on MONDAY."""

    def ask(city: Session, key: int, _: datetime) -> None:
        if kind is RequestKind.EXTENSION:
            verbs.ask_extension(city, key)
        elif kind is RequestKind.SHELVING:
            verbs.ask_shelving(city, key, milestone=at("2026-11-09 10:00"))
        else:
            verbs.requests.ask_return(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, reason="权属不清")

    return ask


def granted(kind: RequestKind) -> Verb:
    return lambda city, key, now: verbs.grant(city, key, kind, now=now)


def shelved(city: Session, key: int, now: datetime) -> None:
    asked(RequestKind.SHELVING)(city, key, now)
    verbs.grant(city, key, RequestKind.SHELVING)


def by_verb(verb: Callable[..., object], **more: Any) -> Verb:
    return lambda city, key, now: verb(city, key, now=now, **more)


RACES = {
    "closing": Race("verified", close_out, MONDAY, severity=DRAWN),
    "disputing": Race("verified", dispute, MONDAY, severity=DRAWN),
    "voiding": Race("found", void, MONDAY),
    "assigning": Race("found", by_verb(verbs.assign), MONDAY),
    "signing in": Race("assigned", by_verb(verbs.sign_in)),
    "returning": Race("assigned", by_verb(verbs.give_back)),
    "handing in": Race("rectifying", by_verb(verbs.submit)),
    "commenting": Race("rectifying", by_verb(verbs.comment)),
    "changing the rules": Race("rectifying", by_verb(verbs.reapply, severity="S5")),
    "extending": Race("rectifying", granted(RequestKind.EXTENSION), before=asked(RequestKind.EXTENSION)),
    "reassigning": Race("rectifying", granted(RequestKind.RETURN), before=asked(RequestKind.RETURN)),
    "shelving": Race("rectifying", granted(RequestKind.SHELVING), before=asked(RequestKind.SHELVING)),
    "resuming": Race("rectifying", resume, LATER, before=shelved),
    "passing": Race("rectified", by_verb(verbs.verify), LATER, severity=DRAWN),
    "failing": Race("rectified", by_verb(verbs.fail), LATER),
    # Each is looked at again on a day of its own lot; by then all of them are due.
    "reopening": Race("closed", reopen, at("2026-12-21 10:00"), severity=DRAWN),
}


class Ring:
    """Where a race is run: entrants, the two who meet, and what came of it."""

    def __init__(self, city: Session, engine: Engine, sessions: Sessions, race: Race) -> None:
        self.city, self.sessions, self.race = city, sessions, race
        self.course = Course(engine, sessions)

    def entrant(self) -> int:
        key = an_issue(self.city, state=self.race.state, severity=self.race.severity)
        self.race.before(self.city, key, MONDAY)
        self.city.commit()
        return key

    def person(self, key: int) -> Callable[[Sessions], None]:
        def act(sessions: Sessions) -> None:
            with sessions() as session:
                self.race.verb(session, key, self.race.now)
                session.commit()

        return act

    def round(self, sessions: Sessions) -> None:
        """All stages, without the lock of the round: its session must not wait."""
        for stage in sweeps.STAGES:
            sweeps.sweep(sessions, stage, now=self.race.now)

    def outcome(self, key: int, refused: str | None) -> tuple[object, ...]:
        """Everything that the two orders may differ in, after one more round. When a closed issue is looked at again is
        drawn by its own lot, whatever the order was.
        """
        self.round(self.sessions)
        self.city.rollback()
        issue = read(self.city, key)
        ahead = (issue.stage_due_at, issue.next_step, issue.next_step_at)
        dates = (issue.due_at, None if issue.state == "closed" else ahead)
        course = (trail(self.city, key), sorted(messages(self.city, key)))
        return refused, issue.state, issue.cycle, dates, course, issue.set_aside

    def orders(self) -> list[tuple[object, ...]]:
        """What comes of it when the person is first, and when the round is."""
        first = self.entrant()
        person_first = self.outcome(first, refusal(self.person(first), self.sessions))
        second = self.entrant()
        self.round(self.sessions)
        return [person_first, self.outcome(second, refusal(self.person(second), self.sessions))]


@pytest.fixture(params=RACES.values(), ids=RACES)
def ring(request: pytest.FixtureRequest, city: Session, engine: Engine, sessions: Sessions) -> Ring:
    return Ring(city, engine, sessions, request.param)


def test_a_race_with_the_round_ends_like_one_of_the_two_orders(ring: Ring) -> None:
    legal = ring.orders()

    key = ring.entrant()
    refused, _ = ring.course.one_after_the_other(ring.person(key), ring.round)
    assert ring.outcome(key, refused) in legal, "the person was first"

    key = ring.entrant()
    _, refused = ring.course.one_after_the_other(ring.round, ring.person(key))
    assert ring.outcome(key, refused) in legal, "the round was first"

    for _ in range(TURNS):
        key = ring.entrant()
        act = partial(refusal, ring.person(key), ring.sessions)
        refused, broken = at_once(act, partial(ring.round, ring.sessions))
        assert broken is None
        assert ring.outcome(key, refused) in legal, "both at once"
    assert deadlocks(ring.city) == 0
    assert is_sealed(ring.city)

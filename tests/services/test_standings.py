"""Counts kept beforehand: at every time they say what a plain count says."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from models.errors import DubanError
from models.issue import Issue, RequestKind
from models.lifecycle import State
from services import boards, issues, requests, standings, tallies
from services.standings import LATE_STATES
from tests.cast import HANDLER, MONDAY, OFFICE, PHOTO, VERIFIER, an_issue, at, read, who
from tests.services.test_boards import as_counted, as_shown, below, moves, rows

DAYS = timedelta(days=2)
DUE = at("2026-11-05 17:00")
Verb = Callable[[Session, int, datetime], object]


def _by(name: str, actor: str, **given: object) -> Verb:
    return lambda session, key, now: getattr(issues, name)(
        session, issue_ids=[key], by=who(session, actor, now=now), now=now, **given
    )


def _shelve(session: Session, key: int, now: datetime) -> None:
    given = {"issue_ids": [key], "by": who(session, OFFICE, now=now), "now": now}
    requests.grant(session, kind=RequestKind.SHELVING, reason="待施工", milestone=now + timedelta(days=9), **given)


SUBMIT, SIGN_IN = _by("submit", HANDLER, result="已清理", evidence=[PHOTO]), _by("sign_in", HANDLER)
VERBS: Mapping[State, tuple[Verb, ...]] = {
    State.FOUND: (
        *[_by("assign", OFFICE, to="D-CGJ")] * 3,
        _by("assign", OFFICE, to="D-SCJGJ"),
        _by("void", OFFICE, reason="重复"),
    ),
    State.ASSIGNED: (SIGN_IN, SIGN_IN, _by("give_back", HANDLER, reason="不属本单位")),
    State.RECTIFYING: (SUBMIT, SUBMIT, _shelve),
    State.RECTIFIED: (_by("pass_verification", VERIFIER), _by("fail_verification", VERIFIER, reason="未到位")),
    State.VERIFIED: (_by("close_out", OFFICE), _by("dispute", OFFICE, reason="未到位")),
    State.CLOSED: (_by("reopen", OFFICE, reason="反弹"),),
    State.SHELVED: (_by("resume", OFFICE),),
    State.VOID: (SIGN_IN,),
}


def agree(session: Session, *, now: datetime) -> None:
    """The boards and the city's counts beside a plain count over all issues."""
    session.expire_all()
    several = rows(session)
    board = boards.by_area(session, now=now, soon=DAYS)
    assert as_shown(board.all) == as_counted(several, now=now)
    for part in board.parts:
        assert as_shown(part) == as_counted(rows(session, below(f"5103/{part.code}")), now=now)
    for part in boards.by_unit(session, now=now, soon=DAYS).parts:
        assert as_shown(part) == as_counted([i for i in several if i.lead_unit == part.code], now=now)
    counts = tallies.counts(session, now=now)
    assert counts.late == sum(
        i.state in LATE_STATES and bool(i.stage_due_at) and i.stage_due_at <= now for i in several
    )
    assert Counter({state: n for state, n in counts.by_state.items() if n}) == Counter(i.state for i in several)
    assert counts.next_step_at == min((i.next_step_at for i in several if i.next_step_at), default=None)


@pytest.mark.parametrize("seed", range(3))
def test_after_many_verbs_the_counts_are_those_of_a_plain_count(city: Session, tick, seed: int) -> None:
    chance, now, done = Random(seed), MONDAY, 0
    keys = [an_issue(city, point=chance.choice(["P-0001", "P-0002", "P-0003"]), standard=None) for _ in range(12)]
    for turn in range(60):
        now += timedelta(hours=chance.choice([0, 1, 3, 8]))
        key = chance.choice(keys)
        with suppress(DubanError):
            chance.choice(VERBS[read(city, key).state])(city, key, now)
            done += 1
        if turn % 12 == 11:
            tick(now)
        if turn % 17 == 16:
            standings.settle(city, now=now + timedelta(hours=chance.choice([-90, 0, 90])))
        if turn % 6 == 5:
            agree(city, now=now + timedelta(hours=chance.choice([-100, -9, 0, 9, 100])))
    assert done > 25


@pytest.mark.parametrize("settled", [MONDAY, DUE, DUE + timedelta(days=9)])
@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_an_issue_is_overdue_from_its_deadline_on_whenever_it_was_settled(
    city: Session, settled: datetime, hours: int
) -> None:
    an_issue(city, state="rectifying")
    standings.settle(city, now=settled)

    board = boards.by_area(city, now=DUE + timedelta(hours=hours))

    assert (board.all.overdue, board.all.due_soon) == ((1, 0) if hours >= 0 else (0, 1))


def test_settling_again_with_another_clock_keeps_the_counts(city: Session) -> None:
    an_issue(city, state="rectifying")
    an_issue(city, state="rectified")
    for settled in (MONDAY, DUE + 9 * DAYS, MONDAY + DAYS, DUE):
        standings.settle(city, now=settled)
        for now in (MONDAY, DUE, DUE + 20 * DAYS):
            agree(city, now=now)


def test_what_was_rolled_back_is_not_counted(city: Session) -> None:
    an_issue(city)
    city.commit()
    an_issue(city)
    city.rollback()
    assert boards.by_area(city, now=MONDAY).all.total == 1


def test_settling_beside_somebody_who_writes_loses_and_doubles_nothing(city: Session, engine: Engine) -> None:
    key = an_issue(city, state="rectifying")
    city.commit()
    issues.submit(city, issue_ids=[key], by=who(city, HANDLER), now=MONDAY, result="已清理", evidence=[PHOTO])
    with Session(engine) as other:
        standings.settle(other, now=MONDAY)
        other.commit()
        assert boards.by_area(other, now=MONDAY).all.by_state[State.RECTIFYING] == 1
    city.commit()
    agree(city, now=DUE)
    standings.settle(city, now=DUE)
    agree(city, now=DUE)


def test_of_two_who_settle_at_once_the_second_leaves_it_to_the_first(city: Session, engine: Engine) -> None:
    an_issue(city)
    standings.settle(city, now=MONDAY)
    an_issue(city)
    city.commit()
    assert standings.settle(city, now=MONDAY) > 0
    with Session(engine) as other:
        assert standings.settle(other, now=MONDAY) == 0
        assert boards.by_area(other, now=MONDAY).all.total == 2
    city.commit()
    agree(city, now=DUE)


def test_what_came_in_without_triggers_is_counted_anew(city: Session) -> None:
    an_issue(city, state="rectifying")
    standings.settle(city, now=MONDAY)
    connection = city.connection()
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text("UPDATE issue SET state = 'shelved', step = 3"))
    assert boards.by_area(city, now=MONDAY).all.by_state[State.SHELVED] == 0

    standings.recount(city, now=DUE)

    agree(city, now=DUE)


def test_many_that_move_together_are_few_rows(city: Session) -> None:
    for _ in range(5):
        an_issue(city, state="rectifying")
    standings.settle(city, now=MONDAY)

    city.connection().execute(text("UPDATE issue SET step = 4"))
    assert moves(city) == 2
    city.connection().execute(text("UPDATE issue SET version = version + 1"))
    assert moves(city) == 2


def test_the_counts_of_a_unit_and_an_area_look_at_nothing_else(city: Session) -> None:
    for point in ("P-0001", "P-0003"):
        an_issue(city, point=point, standard=None, state="rectifying")
    several = list(city.exec(select(Issue).where(col(Issue.area_path).startswith("5103/510302"))))
    counts = tallies.counts(city, wanted=tallies.Wanted(area="510302", unit="D-CGJ"), now=DUE)
    assert (counts.open, counts.overdue) == (len(several), 1)


def test_a_round_settles_when_many_have_moved(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    an_issue(city, state="rectifying")
    assert not standings.settle_if_many(city, now=MONDAY)

    monkeypatch.setattr(standings, "MANY", 0)
    assert standings.settle_if_many(city, now=MONDAY)
    assert not standings.settle_if_many(city, now=MONDAY)
    agree(city, now=MONDAY)

"""One machine's clock is wrong by hours: nobody's issue pays for it, and somebody hears of it."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from flows import common
from models.city import City
from models.issue import IssueEvent
from models.message import Message
from runtime import clock
from services import rounds, sweeps
from services.alarms import AGAIN_AFTER
from tests.cast import an_issue
from tests.outages.hearing import hearing

AHEAD, BEHIND = timedelta(hours=2), timedelta(hours=-2)
MINUTE = timedelta(minutes=1)
truth = clock._machine
Machine = Callable[[timedelta], None]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Makes this process one of a machine whose clock is wrong by so much."""
    monkeypatch.setattr(clock, "_said", [])

    def wrong_by(amount: timedelta) -> None:
        monkeypatch.setattr(clock, "_machine", lambda: truth() + amount)

    return wrong_by


@pytest.fixture
def due(city: Session) -> int:
    """An issue whose next step falls due an hour from now by the true time."""
    key = an_issue(city, state="assigned")
    city.connection().execute(text("UPDATE issue SET next_step_at = clock_timestamp() + interval '1 hour'"))
    city.commit()
    return key


def a_round(engine: Engine) -> int:
    """As `duban tick` runs it: the time is asked, then everything due is done."""
    with Session(engine) as session:
        now = clock.now(session)
    return sweeps.tick(lambda: Session(engine), now=now).due


def test_a_worker_ahead_of_the_others_escalates_nothing_early(due: int, engine: Engine, machine: Machine) -> None:
    machine(AHEAD)

    assert a_round(engine) == 0


def test_a_worker_behind_the_others_does_what_is_due(due: int, city: Session, engine: Engine, machine: Machine) -> None:
    city.connection().execute(text("UPDATE issue SET next_step_at = clock_timestamp() - interval '1 minute'"))
    city.commit()
    machine(BEHIND)

    assert a_round(engine) == 1


def test_workers_whose_clocks_differ_take_each_step_once(
    due: int, city: Session, engine: Engine, machine: Machine
) -> None:
    city.connection().execute(text("UPDATE issue SET next_step_at = clock_timestamp() - interval '1 minute'"))
    city.commit()
    for amount in (AHEAD, BEHIND, AHEAD, timedelta()):
        machine(amount)
        a_round(engine)

    query = select(IssueEvent.step).where(IssueEvent.issue_id == due, col(IssueEvent.step).is_not(None))
    assert set(Counter(city.exec(query).all()).values()) == {1}


@pytest.mark.parametrize("amount", [AHEAD, BEHIND])
def test_a_wrong_clock_is_measured(city: Session, machine: Machine, amount: timedelta) -> None:
    machine(amount)

    assert abs(clock.skew(city) - amount) < timedelta(seconds=1)
    assert abs(clock.true_now(city) - truth()) < timedelta(seconds=1)


@pytest.mark.parametrize("seconds", [4, -4])
def test_a_few_seconds_are_no_wrong_clock(city: Session, machine: Machine, seconds: int) -> None:
    machine(timedelta(seconds=seconds))

    assert not clock.skew(city)


def test_an_answer_that_takes_long_is_no_wrong_clock(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = iter([truth() - timedelta(seconds=30), truth() + timedelta(seconds=30)])
    monkeypatch.setattr(clock, "_machine", lambda: next(asked))

    assert not clock.skew(city)


def test_a_demo_citys_moved_clock_is_no_wrong_clock(city: Session, machine: Machine) -> None:
    city.connection().execute(text("UPDATE city SET demo = true"))
    clock.forward(city, timedelta(days=3))
    machine(timedelta())

    assert not clock.skew(city)
    assert abs(clock.now(city) - truth() - timedelta(days=3)) < timedelta(seconds=1)


def test_a_wrong_clock_is_written_to_the_log_once_and_its_end_once(city: Session, machine: Machine) -> None:
    with hearing("duban.clock") as said:
        for amount in (AHEAD, AHEAD, timedelta(), timedelta()):
            machine(amount)
            clock.now(city)

    assert len(said) == 2
    assert "+7200 s" in said[0]
    assert "again" in said[1]


def test_the_duty_officer_hears_of_a_wrong_clock_once_and_of_its_end(city: Session) -> None:
    begin = datetime(2026, 11, 2, 2, tzinfo=UTC)
    story = [(0, AHEAD), (1, AHEAD), (30, AHEAD), (40, timedelta()), (41, timedelta())]

    told = [
        rounds.tell_clock(city, machine="worker-2", ahead=ahead, now=begin + minutes * MINUTE)
        for minutes, ahead in story
    ]

    assert told == [2, 0, 0, 2, 0]
    first = city.exec(select(Message).where(Message.kind == "watchdog").order_by(col(Message.id))).first()
    assert first
    assert first.post_code == "5103:duty_officer"
    assert first.facts["problems"] == ["worker-2 的时钟与数据库相差 +7200 秒，现以数据库时钟为准，请校时"]


def test_the_clock_of_another_machine_is_another_alarm(city: Session) -> None:
    begin = datetime(2026, 11, 2, 2, tzinfo=UTC)

    told = [rounds.tell_clock(city, machine=name, ahead=AHEAD, now=begin) for name in ("worker-1", "worker-2")]

    assert told == [2, 2]
    assert rounds.tell_clock(city, machine="worker-1", ahead=AHEAD, now=begin + AGAIN_AFTER + MINUTE) == 2


def test_a_worker_ahead_does_not_hide_that_rounds_stand_still(city: Session, machine: Machine) -> None:
    machine(AHEAD)
    rounds.ended(city, at=clock.true_now(city))
    machine(timedelta())

    assert rounds.stand_still(city, at=clock.true_now(city) + 4 * MINUTE, since=clock.true_now(city) - AHEAD)


@pytest.mark.parametrize(("late", "gives_way"), [(timedelta(seconds=5), False), (timedelta(minutes=2), True)])
def test_a_worker_ahead_gives_way_only_when_a_run_is_really_late(
    city: Session,
    database_url: str,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    late: timedelta,
    gives_way: bool,
) -> None:
    city.commit()
    monkeypatch.setenv("DUBAN_DATABASE_URL", database_url)
    run = SimpleNamespace(auto_scheduled=True, expected_start_time=truth() - late, id=uuid4())
    monkeypatch.setattr(common, "FlowRunContext", SimpleNamespace(get=lambda: SimpleNamespace(flow_run=run)))
    machine(AHEAD)

    assert common.superseded(every=MINUTE) is gives_way


def test_an_unloaded_city_has_a_time_too(session: Session, machine: Machine) -> None:
    machine(AHEAD)

    assert session.exec(select(City)).first() is None
    assert abs(clock.now(session) - truth()) < timedelta(seconds=1)

"""Flows on a real Prefect server, whose data lie in the same PostgreSQL: one goes, or both, and comes back."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from cli.tree import app
from models.city import City
from models.issue import IssueEvent
from models.message import Message, MessageState
from runtime import clock
from runtime.settings import PROJECT
from tests.cast import an_issue
from tests.outages.server import Server
from tests.small_city import a_city

pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(180)]
ISSUES = 12
NEVER = "never"


@dataclass(frozen=True)
class Ended:
    """How a run ended, and what its log says went wrong."""

    type: str
    message: str
    seen: bool
    complaints: list[str]


@pytest.fixture
def city(session: Session, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A small demo city in the environment of the flows, with a dozen issues that are late by weeks."""
    a_city(session)
    session.exec(select(City)).one().demo = True
    for _ in range(ISSUES):
        an_issue(session, state="assigned", now=clock.system_now() - timedelta(days=20))
    session.commit()
    monkeypatch.setenv("DUBAN_DATABASE_URL", database_url)
    monkeypatch.setenv("DUBAN_HOME", str(tmp_path / "home"))
    return session


def run(flow: str, server: Server, *, restart_at: str = NEVER) -> Ended:
    command = [sys.executable, "-m", "tests.outages.running", flow, restart_at, str(server.cluster.folder)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    complaints = [line for line in done.stderr.splitlines() if "Retry" in line or "ERROR" in line or "WARN" in line]
    return Ended(**json.loads(done.stdout.splitlines()[-1]), complaints=complaints)


def steps(session: Session) -> Counter[tuple[int, str | None]]:
    """How often each step of each issue is on record."""
    session.rollback()
    query = select(IssueEvent.issue_id, IssueEvent.step).where(col(IssueEvent.step).is_not(None))
    return Counter(session.exec(query).all())


def states(session: Session) -> Counter[MessageState]:
    session.rollback()
    return Counter(session.exec(select(Message.state)).all())


def test_a_round_in_work_goes_on_by_itself_when_the_database_is_back(
    prefect: str, city: Session, server: Server
) -> None:
    ended = run("lifecycle", server, restart_at="UPDATE")

    assert (ended.type, ended.seen) == ("COMPLETED", True), ended
    counted = steps(city)
    assert len(counted) > ISSUES
    assert set(counted.values()) == {1}
    assert len(ended.complaints) == 1


def test_delivery_in_work_goes_on_by_itself_when_the_database_is_back(
    prefect: str, city: Session, server: Server
) -> None:
    ended = run("deliver", server, restart_at="UPDATE message")

    assert (ended.type, ended.seen) == ("COMPLETED", True), ended
    assert len(ended.complaints) == 1
    assert not {MessageState.SENDING, MessageState.UNKNOWN} & states(city).keys()


def test_ticks_by_hand_do_the_work_of_an_hour_without_prefect_and_its_next_round_finds_nothing_left(
    prefect: str, city: Session, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
        for _ in range(3):
            assert CliRunner().invoke(app, ["tick"]).exit_code == 0
            assert CliRunner().invoke(app, ["clock", "forward", "20m"]).exit_code == 0
        assert CliRunner().invoke(app, ["tick"]).exit_code == 0
    by_hand = steps(city)

    ended = run("lifecycle", server)

    assert ended.message.startswith("0 moved, 0 passed up"), ended
    assert steps(city) == by_hand
    assert set(by_hand.values()) == {1}
    assert ended.complaints == []

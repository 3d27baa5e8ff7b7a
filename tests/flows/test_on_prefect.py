"""The flows on a real Prefect server: by schedule, ad hoc, two at once, woken by the database."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey, FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runner import Runner
from prefect.states import Pending
from sqlmodel import Session, col, select

from deployments.catalog import deployments
from flows import deliver as delivering
from flows.lifecycle import lifecycle
from models.audit import Round, Sheet
from models.message import Message, MessageState
from models.unit import PostKind
from notifications.outbox import wake
from runtime import clock
from runtime.listening import ring
from runtime.settings import PROJECT
from runtime.stopping import STOP, this_machine
from services import bulk
from services.message_rows import message_row
from services.sweeps import one_round
from tests.cast import INSPECTOR, OFFICE, STRANGER, an_issue

T = TypeVar("T")
pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(180)]


async def test_a_deployment_with_an_interval_really_runs(prefect: str, tmp_path: Path) -> None:
    with (tmp_path / "serve.log").open("wb") as log:
        command = [sys.executable, "-c", "from tests.flows.tiny import main; main()"]
        server = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
    try:
        run = await _eventually(lambda: _completed("tiny"), seconds=60)
    finally:
        server.terminate()
        server.wait(20)

    assert run is not None, (tmp_path / "serve.log").read_text()


async def test_a_round_moves_what_is_due_and_shows_it(prefect: str, city: Session) -> None:
    an_issue(city, state="assigned", now=clock.system_now() - timedelta(days=20))
    city.commit()

    round_ = await lifecycle()

    assert round_.moved > 0
    assert [stage.stage for stage in round_.stages] == ["assigned"]
    async with get_client() as client:
        shown = ArtifactFilter(key=ArtifactFilterKey(any_=["lifecycle-round"]))
        (artifact,) = await client.read_artifacts(artifact_filter=shown)
    assert "待签收 assigned" in str(artifact.data)


async def test_a_round_gives_way_to_another_that_is_under_way(prefect: str, city: Session) -> None:
    with one_round(lambda: Session(city.get_bind())):
        state = await lifecycle(return_state=True)

    assert state.type is StateType.CANCELLED


async def test_prefect_cancels_a_second_run_of_the_lifecycle(prefect: str, city: Session) -> None:
    deployment = await _registered("lifecycle")
    async with get_client() as client:
        first, second = [await client.create_flow_run_from_deployment(deployment) for _ in range(2)]
        taken_on = await client.set_flow_run_state(first.id, Pending())
        refused = await client.set_flow_run_state(second.id, Pending())

    assert taken_on.state.type is StateType.PENDING
    assert refused.state.type is StateType.CANCELLED


async def test_an_audit_from_the_form_makes_sheets(prefect: str, city: Session) -> None:
    deployment = await _registered("audit")
    created = _submit(prefect, deployment, kind="暗访 covert", requested_by=OFFICE)

    await Runner(pause_on_shutdown=False).execute_flow_run(created.json()["id"])

    (round_,) = city.exec(select(Round)).all()
    assert len(city.exec(select(Sheet).where(Sheet.round_id == round_.id)).all()) == 2


async def test_the_form_refuses_a_kind_that_there_is_not(prefect: str, city: Session) -> None:
    answer = _submit(prefect, await _registered("audit"), kind="whatever", requested_by=OFFICE)

    assert answer.is_client_error
    assert "whatever" in answer.text


async def test_an_audit_by_somebody_without_the_right_fails_with_a_sentence(prefect: str, city: Session) -> None:
    deployment = await _registered("audit")
    created = _submit(prefect, deployment, kind="明察 announced", requested_by=STRANGER).json()["id"]

    await Runner(pause_on_shutdown=False).execute_flow_run(created)

    async with get_client() as client:
        run = await client.read_flow_run(created)
    assert run.state
    assert run.state.type is StateType.FAILED
    assert "Traceback" not in str(run.state.message)
    assert city.exec(select(Round)).all() == []


async def test_a_committed_message_leaves_at_once(
    prefect: str, city: Session, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LOOK_EVERY", 60.0)  # only the word from the database can be quick
    run = asyncio.create_task(delivering.deliver(seconds=60.0))
    await _eventually(lambda: _listens(city), seconds=20)

    _write_message(city)
    sent = await _eventually(lambda: _sent(city), seconds=5)
    ring(database_url, channel=STOP, text=this_machine())
    total = await run

    assert sent
    assert total.messages["sent"] == 1


def _submit(api: str, deployment: object, *, kind: str, requested_by: str) -> httpx.Response:
    """What the form in Prefect's page posts."""
    tomorrow = date.fromisoformat(str(clock.system_now().date())) + timedelta(days=1)
    parameters = {
        **{"kind": kind, "area": "5103", "points": 2, "inspectors": [INSPECTOR], "on_date": str(tomorrow)},
        **{"requested_by": requested_by, "categories": [], "seed": 7},
    }
    url = f"{api}/deployments/{deployment}/create_flow_run"
    return httpx.post(url, json={"parameters": parameters, "state": {"type": "SCHEDULED"}}, trust_env=False)


async def _registered(name: str) -> object:
    for deployment in await deployments(city="5103", timezone="Asia/Shanghai"):
        if deployment.name == name:
            deployment.schedules = []  # nothing of it by itself while tests run
            return await deployment.apply()
    raise AssertionError(name)


async def _completed(flow: str) -> FlowRun | None:
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])))
    return next((run for run in runs if run.state and run.state.is_completed()), None)


async def _listens(city: Session) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND starts_with(query, 'LISTEN')"
    found = city.connection().exec_driver_sql(query).scalar_one()
    city.rollback()
    return bool(found)


async def _sent(city: Session) -> bool:
    city.rollback()
    return bool(city.exec(select(Message).where(col(Message.state) == MessageState.SENT)).all())


def _write_message(city: Session) -> None:
    row = message_row(
        key="test",
        kind="watchdog",
        why="L1.duty_officer",
        post=f"5103:{PostKind.DUTY_OFFICER}",
        area_path="5103",
        channels=("app",),
        facts={"problems": ["–"]},
        now=clock.system_now(),
    )
    bulk.insert(city, Message, [row])
    wake(city)
    city.commit()


async def _eventually(look: Callable[[], Awaitable[T]], *, seconds: float) -> T | None:
    give_up = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < give_up:
        if found := await look():
            return found
        await asyncio.sleep(0.1)
    return None

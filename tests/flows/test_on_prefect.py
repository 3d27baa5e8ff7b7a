"""The flows on a real Prefect server: by schedule, ad hoc, two at once.

Each run is a process of its own, as the flow server makes it; the test only talks to the server.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Pending
from sqlmodel import Session, select

from deployments.catalog import deployments
from models.audit import Round, Sheet
from models.publication import Publication
from runtime import clock
from runtime.settings import PROJECT
from services.sweeps import one_round
from tests.cast import INSPECTOR, OFFICE, STRANGER, an_issue

T = TypeVar("T")
pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(180)]


async def test_a_deployment_with_an_interval_really_runs(prefect: str, tmp_path: Path) -> None:
    with (tmp_path / "serve.log").open("wb") as log:
        command = [sys.executable, "-c", "from tests.flows.tiny import main; main()"]
        environment = {**os.environ, "TMPDIR": str(tmp_path)}
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    try:
        run = await _eventually(lambda: _completed("tiny"), seconds=60)
    finally:
        server.terminate()
        server.wait(60)  # a run that has just begun is let go on

    assert run is not None, (tmp_path / "serve.log").read_text()


async def test_a_round_moves_what_is_due_and_shows_it(prefect: str, city: Session) -> None:
    an_issue(city, state="assigned", now=clock.system_now() - timedelta(days=20))
    city.commit()

    run = await _run(prefect, "lifecycle", {})

    assert run.state
    assert run.state.type is StateType.COMPLETED
    assert " 0 moved" not in f" {run.state.message}"
    wanted = {"artifacts": {"key": {"any_": ["lifecycle-round"]}}}
    (artifact,) = httpx.post(f"{prefect}/artifacts/filter", json=wanted, trust_env=False).json()
    assert {row["阶段 stage"] for row in httpx.Response(200, text=artifact["data"]).json()} == {"待签收 assigned"}


async def test_a_round_gives_way_to_another_that_is_under_way(prefect: str, city: Session) -> None:
    with one_round(lambda: Session(city.get_bind())):
        run = await _run(prefect, "lifecycle", {})

    assert run.state
    assert run.state.type is StateType.CANCELLED


async def test_prefect_cancels_a_second_run_of_the_lifecycle(prefect: str, city: Session) -> None:
    deployment = await _registered("lifecycle")
    first, second = [_submit(prefect, deployment, {}).json()["id"] for _ in range(2)]
    async with get_client() as client:
        taken_on = await client.set_flow_run_state(first, Pending())
        refused = await client.set_flow_run_state(second, Pending())

    assert taken_on.state
    assert taken_on.state.type is StateType.PENDING
    assert refused.state
    assert refused.state.type is StateType.CANCELLED


async def test_an_audit_from_the_form_makes_sheets(prefect: str, city: Session) -> None:
    run = await _run(prefect, "audit", _form(kind="暗访 covert", requested_by=OFFICE))

    assert run.state
    assert run.state.type is StateType.COMPLETED, run.state.message
    (round_,) = city.exec(select(Round)).all()
    assert len(city.exec(select(Sheet).where(Sheet.round_id == round_.id)).all()) == 2


async def test_the_form_refuses_a_kind_that_there_is_not(prefect: str, city: Session) -> None:
    answer = _submit(prefect, await _registered("audit"), _form(kind="whatever", requested_by=OFFICE))

    assert answer.is_client_error
    assert "whatever" in answer.text


async def test_an_audit_by_somebody_without_the_right_fails_with_a_sentence(prefect: str, city: Session) -> None:
    run = await _run(prefect, "audit", _form(kind="明察 announced", requested_by=STRANGER))

    assert run.state
    assert run.state.type is StateType.FAILED
    assert "R00099" in str(run.state.message) or "audit" in str(run.state.message)
    assert city.exec(select(Round)).all() == []


async def test_a_flow_that_runs_twice_for_one_week_drafts_one_bulletin(prefect: str, city: Session) -> None:
    today = clock.system_now().date()
    first, second = [await _run(prefect, "weekly_bulletin", {"on": str(today)}) for _ in range(2)]

    assert first.state
    assert second.state
    assert [first.state.type, second.state.type] == [StateType.COMPLETED] * 2, first.state.message
    assert ("drafted" in str(first.state.message), "already" in str(second.state.message)) == (True, True)
    (row,) = city.exec(select(Publication)).all()
    shown = httpx.post(f"{prefect}/artifacts/filter", json={}, trust_env=False).text
    assert f"/bulletins/{row.id}" in shown
    assert os.environ["DUBAN_DATABASE_URL"] not in shown


def _form(*, kind: str, requested_by: str) -> Mapping[str, Any]:
    """The fields of the form in Prefect's page."""
    tomorrow = (clock.system_now() + timedelta(days=1)).date()
    fields = {"kind": kind, "area": "5103", "points": 2, "inspectors": [INSPECTOR], "on_date": str(tomorrow)}
    return {**fields, "requested_by": requested_by, "categories": [], "seed": 7}


def _submit(api: str, deployment: object, parameters: Mapping[str, Any]) -> httpx.Response:
    """What the form posts."""
    body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
    return httpx.post(f"{api}/deployments/{deployment}/create_flow_run", json=body, trust_env=False)


async def _run(api: str, name: str, parameters: Mapping[str, Any]) -> FlowRun:
    """Submit a run and carry it out, as the flow server would."""
    key = _submit(api, await _registered(name), parameters).json()["id"]
    command = [sys.executable, "-m", "prefect.engine", key]
    done = await asyncio.to_thread(subprocess.run, command, cwd=PROJECT, capture_output=True, timeout=60, check=False)
    async with get_client() as client:
        run = await client.read_flow_run(key)
    assert run.state is not None, done.stderr
    return run


async def _registered(name: str) -> object:
    for deployment in await deployments(city="5103", timezone="Asia/Shanghai"):
        if deployment.name == name:
            deployment.schedules = []  # nothing of it by itself while tests run
            return await deployment.apply()  # type: ignore[misc]
    raise AssertionError(name)


async def _completed(flow: str) -> FlowRun | None:
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_filter=FlowFilter(name=FlowFilterName(any_=[flow])))
    return next((run for run in runs if run.state and run.state.is_completed()), None)


async def _eventually(look: Callable[[], Awaitable[T]], *, seconds: float) -> T | None:
    give_up = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < give_up:
        if found := await look():
            return found
        await asyncio.sleep(0.2)
    return None
